use super::proto::{
    self, AttributePath, DynamicValue, ResourceIdentityData, apply_resource_change, attribute_path,
    generate_resource_config, get_metadata, get_provider_schema, get_resource_identity_schemas,
    import_resource_state, plan_resource_change, read_data_source, read_resource,
    upgrade_resource_identity, upgrade_resource_state,
};
use super::{decode, schema};
use crate::provider::{DataSource, Instance, Outcome, PlannedChange, ResourceType};
use crate::tf::{
    Diagnostic, Diagnostics, IdentitySchema, Path, Severity, Step, Type, Value, msgpack,
};

/// The answer to GetMetadata when there is none.
pub(super) fn no_metadata(problems: Diagnostics) -> get_metadata::Response {
    get_metadata::Response {
        server_capabilities: Some(schema::capabilities()),
        diagnostics: diagnostics(problems),
        ..get_metadata::Response::default()
    }
}

/// The answer to GetProviderSchema when there is none.
pub(super) fn no_schemas(problems: Diagnostics) -> get_provider_schema::Response {
    get_provider_schema::Response {
        server_capabilities: Some(schema::capabilities()),
        diagnostics: diagnostics(problems),
        ..get_provider_schema::Response::default()
    }
}

/// The answer to GetResourceIdentitySchemas when there is none.
pub(super) fn no_identity_schemas(
    problems: Diagnostics,
) -> get_resource_identity_schemas::Response {
    get_resource_identity_schemas::Response {
        diagnostics: diagnostics(problems),
        ..get_resource_identity_schemas::Response::default()
    }
}

/// A stored state in today's form; nothing beside an error, since null would say that it is gone.
pub(super) fn upgraded_state(
    of: &ResourceType,
    (state, problems): (Value, Diagnostics),
) -> Result<upgrade_resource_state::Response, Diagnostics> {
    if problems.has_errors() {
        return Err(problems);
    }
    if state.is_null() {
        let detail = "The stored state holds no object. If the state file was edited by hand, \
                      restore a backup of it; else remove the object with terraform state rm and \
                      import it again.";
        return Err(
            Diagnostic::error(format!("Cannot read the state of {}", of.name), detail).into()
        );
    }
    let mut parts = Parts::of(problems);
    let upgraded_state = parts.value(&state, &of.schema.value_type(), "upgraded state");
    parts.whole(|diagnostics| upgrade_resource_state::Response {
        upgraded_state: Some(upgraded_state),
        diagnostics,
    })
}

/// The answer when a stored state cannot be brought to today's form.
pub(super) fn no_upgraded_state(problems: Diagnostics) -> upgrade_resource_state::Response {
    upgrade_resource_state::Response { upgraded_state: None, diagnostics: diagnostics(problems) }
}

/// A stored identity in today's form.
pub(super) fn upgraded_identity(
    of: &ResourceType,
    (identity, problems): (Value, Diagnostics),
) -> Result<upgrade_resource_identity::Response, Diagnostics> {
    if problems.has_errors() {
        return Err(problems);
    }
    let mut parts = Parts::of(problems);
    let upgraded_identity = parts.identity(&identity, of.identity);
    parts
        .whole(|diagnostics| upgrade_resource_identity::Response { upgraded_identity, diagnostics })
}

/// The answer when a stored identity cannot be brought to today's form.
pub(super) fn no_upgraded_identity(problems: Diagnostics) -> upgrade_resource_identity::Response {
    upgrade_resource_identity::Response {
        upgraded_identity: None,
        diagnostics: diagnostics(problems),
    }
}

/// What a read has found; an error in it sends [`not_read`] instead, since a read that has failed
/// tells nothing about the object.
pub(super) fn read(
    of: &ResourceType,
    outcome: Outcome,
) -> Result<read_resource::Response, Diagnostics> {
    if outcome.diagnostics.has_errors() {
        return Err(outcome.diagnostics);
    }
    let Instance { state, private, identity } = outcome.instance;
    let mut parts = Parts::of(outcome.diagnostics);
    let new_state = parts.value(&state, &of.schema.value_type(), "state");
    let new_identity = parts.identity(&identity, of.identity);
    parts.whole(|diagnostics| read_resource::Response {
        new_state: Some(new_state),
        diagnostics,
        private,
        deferred: None,
        new_identity,
    })
}

/// The answer to a read without result: everything as it was, because Terraform stores it.
pub(super) fn not_read(
    request: read_resource::Request,
    problems: Diagnostics,
) -> read_resource::Response {
    read_resource::Response {
        new_state: request.current_state,
        diagnostics: diagnostics(problems),
        private: request.private,
        deferred: None,
        new_identity: request.current_identity,
    }
}

/// What is planned.
pub(super) fn plan(
    of: &ResourceType,
    planned: PlannedChange,
) -> Result<plan_resource_change::Response, Diagnostics> {
    let Instance { state, private, identity } = planned.instance;
    let mut parts = Parts::of(planned.diagnostics);
    let planned_state = parts.value(&state, &of.schema.value_type(), "planned state");
    let planned_identity = parts.identity(&identity, of.identity);
    parts.whole(|diagnostics| plan_resource_change::Response {
        planned_state: Some(planned_state),
        requires_replace: planned.requires_replace.iter().map(path).collect(),
        planned_private: private,
        diagnostics,
        legacy_type_system: false,
        deferred: None,
        planned_identity,
    })
}

/// The answer to a plan without result: no change.
pub(super) fn not_planned(
    request: plan_resource_change::Request,
    problems: Diagnostics,
) -> plan_resource_change::Response {
    plan_resource_change::Response {
        planned_state: request.prior_state,
        planned_private: request.prior_private,
        diagnostics: diagnostics(problems),
        planned_identity: request.prior_identity,
        ..plan_resource_change::Response::default()
    }
}

/// What an apply leaves. When it has failed and leaves nothing, [`not_applied`] answers, which
/// looks for something to save.
pub(super) fn apply(
    of: &ResourceType,
    outcome: Outcome,
) -> Result<apply_resource_change::Response, Diagnostics> {
    let failed = outcome.diagnostics.has_errors();
    if failed && outcome.instance.is_absent() {
        return Err(outcome.diagnostics);
    }
    let Instance { mut state, private, mut identity } = outcome.instance;
    if failed {
        // Terraform stores a partial result unchecked, and an unknown value cannot be stored.
        (state, identity) = (state.unknown_as_null(), identity.unknown_as_null());
    }
    let mut parts = Parts::of(outcome.diagnostics);
    let new_state = parts.value(&state, &of.schema.value_type(), "new state");
    let new_identity = parts.identity(&identity, of.identity);
    parts.whole(|diagnostics| apply_resource_change::Response {
        new_state: Some(new_state),
        private,
        diagnostics,
        legacy_type_system: false,
        new_identity,
    })
}

/// The answer to an apply without result: the checkpoint if there is one, else the prior state,
/// which is null for a create.
pub(super) fn not_applied(
    of: Option<&ResourceType>,
    request: apply_resource_change::Request,
    checkpoint: Option<Instance>,
    mut problems: Diagnostics,
) -> apply_resource_change::Response {
    if let (Some(of), Some(instance)) = (of, checkpoint) {
        match apply(of, Outcome { instance, diagnostics: problems }) {
            Ok(saved) => return saved,
            Err(more) => problems = more,
        }
    }
    // The prior identity does not come with the request, but an update never changes it: the
    // planned one is the same. That of a create is not known yet and has nothing to identify.
    let known = |identity: &ResourceIdentityData| {
        let message = identity.identity_data.as_ref();
        let decoded = of.map(|of| decode::value(message, &of.identity.value_type(), "identity"));
        matches!(decoded, Some(Ok(identity)) if identity.is_wholly_known())
    };
    apply_resource_change::Response {
        new_state: request.prior_state,
        private: request.planned_private,
        diagnostics: diagnostics(problems),
        legacy_type_system: false,
        new_identity: request.planned_identity.filter(known),
    }
}

/// What an import has found: one object, or none beside an error.
pub(super) fn import(
    of: &ResourceType,
    outcome: Outcome,
) -> Result<import_resource_state::Response, Diagnostics> {
    if outcome.diagnostics.has_errors() {
        return Err(outcome.diagnostics);
    }
    let Instance { state, private, identity } = outcome.instance;
    let mut parts = Parts::of(outcome.diagnostics);
    let imported = import_resource_state::ImportedResource {
        type_name: of.name.to_owned(),
        state: Some(parts.value(&state, &of.schema.value_type(), "imported state")),
        private,
        identity: parts.identity(&identity, of.identity),
    };
    parts.whole(|diagnostics| import_resource_state::Response {
        imported_resources: vec![imported],
        diagnostics,
        deferred: None,
    })
}

/// What a data source has read.
pub(super) fn data(
    of: &DataSource,
    (state, warnings): (Value, Diagnostics),
) -> Result<read_data_source::Response, Diagnostics> {
    let mut parts = Parts::of(warnings);
    let state = parts.value(&state, &of.schema.value_type(), "state");
    parts.whole(|diagnostics| read_data_source::Response {
        state: Some(state),
        diagnostics,
        deferred: None,
    })
}

/// The answer to the read of a data source without result.
pub(super) fn no_data(problems: Diagnostics) -> read_data_source::Response {
    read_data_source::Response { state: None, diagnostics: diagnostics(problems), deferred: None }
}

/// The configuration for an instance that exists.
pub(super) fn generated(
    of: &ResourceType,
    config: &Value,
) -> Result<generate_resource_config::Response, Diagnostics> {
    let config = value(config, &of.schema.value_type(), "configuration")?;
    Ok(generate_resource_config::Response { config: Some(config), diagnostics: Vec::new() })
}

/// The same answer where no configuration could be made.
pub(super) fn not_generated(problems: Diagnostics) -> generate_resource_config::Response {
    generate_resource_config::Response { config: None, diagnostics: diagnostics(problems) }
}

/// The answer to an import without result.
pub(super) fn not_imported(problems: Diagnostics) -> import_resource_state::Response {
    import_resource_state::Response {
        diagnostics: diagnostics(problems),
        ..import_resource_state::Response::default()
    }
}

/// The message of a value, always in MessagePack.
pub(super) fn value(value: &Value, of: &Type, name: &str) -> Result<DynamicValue, Diagnostic> {
    let encoded = msgpack::encode(value, of).map_err(|error| {
        let detail = format!(
            "The provider made a {name} that does not fit its own schema: {error}. This is a bug \
             in the provider, not in your configuration; please report it to its authors."
        );
        Diagnostic::error(format!("Cannot send the {name}"), detail)
    })?;
    Ok(DynamicValue { msgpack: encoded, json: Vec::new() })
}

/// The messages of diagnostics.
pub(super) fn diagnostics(all: Diagnostics) -> Vec<proto::Diagnostic> {
    all.into_iter().map(diagnostic).collect()
}

/// The message of a path.
pub(super) fn path(path: &Path) -> AttributePath {
    AttributePath { steps: path.steps.iter().map(step).collect() }
}

fn diagnostic(diagnostic: Diagnostic) -> proto::Diagnostic {
    let severity = match diagnostic.severity {
        Severity::Error => proto::diagnostic::Severity::Error,
        Severity::Warning => proto::diagnostic::Severity::Warning,
    };
    proto::Diagnostic {
        severity: severity.into(),
        summary: diagnostic.summary,
        detail: diagnostic.detail,
        attribute: diagnostic.path.as_ref().filter(|path| !path.steps.is_empty()).map(path),
    }
}

fn step(step: &Step) -> attribute_path::Step {
    use attribute_path::step::Selector;
    let selector = match step {
        Step::Attribute(name) => Selector::AttributeName(name.clone()),
        Step::Key(key) => Selector::ElementKeyString(key.clone()),
        Step::Index(index) => Selector::ElementKeyInt(*index),
    };
    attribute_path::Step { selector: Some(selector) }
}

/// Writes the parts of an answer one after the other, beside the diagnostics that go with it.
struct Parts {
    diagnostics: Diagnostics,
    /// Whether a part could not be written.
    broken: bool,
}

impl Parts {
    fn of(diagnostics: Diagnostics) -> Self {
        Self { diagnostics, broken: false }
    }

    fn value(&mut self, of_value: &Value, of: &Type, name: &str) -> DynamicValue {
        value(of_value, of, name).unwrap_or_else(|problem| {
            self.diagnostics.push(problem);
            self.broken = true;
            DynamicValue::default()
        })
    }

    /// Null identities are left out: an answer with one says that there is an identity.
    fn identity(&mut self, identity: &Value, of: &IdentitySchema) -> Option<ResourceIdentityData> {
        if identity.is_null() {
            return None;
        }
        let identity_data = Some(self.value(identity, &of.value_type(), "identity"));
        Some(ResourceIdentityData { identity_data })
    }

    fn whole<T>(self, answer: impl FnOnce(Vec<proto::Diagnostic>) -> T) -> Result<T, Diagnostics> {
        if self.broken { Err(self.diagnostics) } else { Ok(answer(diagnostics(self.diagnostics))) }
    }
}
