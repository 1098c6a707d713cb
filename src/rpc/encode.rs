use super::proto::{
    self, AttributePath, DynamicValue, ResourceIdentityData, apply_resource_change, attribute_path,
    generate_resource_config, get_metadata, get_provider_schema, get_resource_identity_schemas,
    import_resource_state, plan_resource_change, read_data_source, read_resource,
    upgrade_resource_identity, upgrade_resource_state,
};
use super::{decode, schema};
use crate::provider::{DataSource, Instance, Outcome, PlannedChange, ResourceType, hide_secrets};
use crate::tf::{
    Diagnostic, Diagnostics, IdentitySchema, Path, Severity, Step, Type, Value, msgpack,
};

/// The response to a GetMetadata call that failed.
pub(super) fn no_metadata(errors: Diagnostics) -> get_metadata::Response {
    get_metadata::Response {
        server_capabilities: Some(schema::capabilities()),
        diagnostics: diagnostics(errors),
        ..get_metadata::Response::default()
    }
}

/// The response to a GetProviderSchema call that failed.
pub(super) fn no_schemas(errors: Diagnostics) -> get_provider_schema::Response {
    get_provider_schema::Response {
        server_capabilities: Some(schema::capabilities()),
        diagnostics: diagnostics(errors),
        ..get_provider_schema::Response::default()
    }
}

/// The response to a GetResourceIdentitySchemas call that failed.
pub(super) fn no_identity_schemas(errors: Diagnostics) -> get_resource_identity_schemas::Response {
    get_resource_identity_schemas::Response {
        diagnostics: diagnostics(errors),
        ..get_resource_identity_schemas::Response::default()
    }
}

/// An upgraded state. An error has no state, because null would mean that the resource is gone.
pub(super) fn upgraded_state(
    resource: &ResourceType,
    (state, diagnostics): (Value, Diagnostics),
) -> Result<upgrade_resource_state::Response, Diagnostics> {
    if diagnostics.has_errors() {
        return Err(diagnostics);
    }
    if state.is_null() {
        let detail = "The stored state is empty. If the state file was edited by hand, restore a \
                      backup. Otherwise remove the resource with terraform state rm and import it \
                      again.";
        return Err(Diagnostic::error(
            format!("Cannot read the state of {}", resource.name),
            detail,
        )
        .into());
    }
    let mut encoder = Encoder::new(diagnostics);
    let upgraded_state = encoder.value(&state, &resource.schema.value_type(), "upgraded state");
    encoder.finish(|diagnostics| upgrade_resource_state::Response {
        upgraded_state: Some(upgraded_state),
        diagnostics,
    })
}

/// The response to an UpgradeResourceState call that failed.
pub(super) fn no_upgraded_state(errors: Diagnostics) -> upgrade_resource_state::Response {
    upgrade_resource_state::Response { upgraded_state: None, diagnostics: diagnostics(errors) }
}

/// An upgraded identity.
pub(super) fn upgraded_identity(
    resource: &ResourceType,
    (identity, diagnostics): (Value, Diagnostics),
) -> Result<upgrade_resource_identity::Response, Diagnostics> {
    if diagnostics.has_errors() {
        return Err(diagnostics);
    }
    let mut encoder = Encoder::new(diagnostics);
    let upgraded_identity = encoder.identity(&identity, resource.identity);
    encoder.finish(|diagnostics| upgrade_resource_identity::Response {
        upgraded_identity,
        diagnostics,
    })
}

/// The response to an UpgradeResourceIdentity call that failed.
pub(super) fn no_upgraded_identity(errors: Diagnostics) -> upgrade_resource_identity::Response {
    upgrade_resource_identity::Response {
        upgraded_identity: None,
        diagnostics: diagnostics(errors),
    }
}

/// The result of a read. If it has an error, [`not_read`] builds the response: a failed read says
/// nothing about the resource.
pub(super) fn read(
    resource: &ResourceType,
    outcome: Outcome,
) -> Result<read_resource::Response, Diagnostics> {
    if outcome.diagnostics.has_errors() {
        return Err(outcome.diagnostics);
    }
    let Instance { state, private, identity } = outcome.instance;
    let mut encoder = Encoder::new(outcome.diagnostics);
    let new_state = encoder.value(&state, &resource.schema.value_type(), "state");
    let new_identity = encoder.identity(&identity, resource.identity);
    encoder.finish(|diagnostics| read_resource::Response {
        new_state: Some(new_state),
        diagnostics,
        private,
        deferred: None,
        new_identity,
    })
}

/// The response to a read that failed: everything unchanged, because Terraform stores it.
pub(super) fn not_read(
    request: read_resource::Request,
    errors: Diagnostics,
) -> read_resource::Response {
    read_resource::Response {
        new_state: request.current_state,
        diagnostics: diagnostics(errors),
        private: request.private,
        deferred: None,
        new_identity: request.current_identity,
    }
}

/// The result of a plan.
pub(super) fn plan(
    resource: &ResourceType,
    planned: PlannedChange,
) -> Result<plan_resource_change::Response, Diagnostics> {
    let Instance { state, private, identity } = planned.instance;
    let mut encoder = Encoder::new(planned.diagnostics);
    let planned_state = encoder.value(&state, &resource.schema.value_type(), "planned state");
    let planned_identity = encoder.identity(&identity, resource.identity);
    encoder.finish(|diagnostics| plan_resource_change::Response {
        planned_state: Some(planned_state),
        requires_replace: planned.requires_replace.iter().map(path).collect(),
        planned_private: private,
        diagnostics,
        legacy_type_system: false,
        deferred: None,
        planned_identity,
    })
}

/// The response to a plan that failed: no change.
pub(super) fn not_planned(
    request: plan_resource_change::Request,
    errors: Diagnostics,
) -> plan_resource_change::Response {
    plan_resource_change::Response {
        planned_state: request.prior_state,
        planned_private: request.prior_private,
        diagnostics: diagnostics(errors),
        planned_identity: request.prior_identity,
        ..plan_resource_change::Response::default()
    }
}

/// The result of an apply. If it failed and returned no state, [`not_applied`] builds the response
/// from the checkpoint.
pub(super) fn apply(
    resource: &ResourceType,
    outcome: Outcome,
) -> Result<apply_resource_change::Response, Diagnostics> {
    let failed = outcome.diagnostics.has_errors();
    if failed && outcome.instance.is_absent() {
        return Err(outcome.diagnostics);
    }
    let Instance { mut state, private, mut identity } = outcome.instance;
    if failed {
        // Terraform stores a partial result without checks, and cannot store unknown values.
        (state, identity) = (state.unknown_as_null(), identity.unknown_as_null());
    }
    let mut encoder = Encoder::new(outcome.diagnostics);
    let new_state = encoder.value(&state, &resource.schema.value_type(), "new state");
    let new_identity = encoder.identity(&identity, resource.identity);
    encoder.finish(|diagnostics| apply_resource_change::Response {
        new_state: Some(new_state),
        private,
        diagnostics,
        legacy_type_system: false,
        new_identity,
    })
}

/// The response to an apply that failed: the checkpoint if there is one, otherwise the prior state,
/// which is null when creating.
pub(super) fn not_applied(
    resource: Option<&ResourceType>,
    request: apply_resource_change::Request,
    checkpoint: Option<Instance>,
    mut errors: Diagnostics,
) -> apply_resource_change::Response {
    if let (Some(resource), Some(instance)) = (resource, checkpoint) {
        match apply(resource, Outcome { instance, diagnostics: errors }) {
            Ok(saved) => return saved,
            Err(more) => errors = more,
        }
    }
    // The request does not contain the prior identity. An update does not change it, so the planned
    // identity is the same. When creating, the planned identity is unknown and is omitted.
    let known = |identity: &ResourceIdentityData| {
        let message = identity.identity_data.as_ref();
        let decoded = resource
            .map(|resource| decode::value(message, &resource.identity.value_type(), "identity"));
        matches!(decoded, Some(Ok(identity)) if identity.is_wholly_known())
    };
    apply_resource_change::Response {
        new_state: request.prior_state,
        private: request.planned_private,
        diagnostics: diagnostics(errors),
        legacy_type_system: false,
        new_identity: request.planned_identity.filter(known),
    }
}

/// The result of an import: one resource.
pub(super) fn import(
    resource: &ResourceType,
    outcome: Outcome,
) -> Result<import_resource_state::Response, Diagnostics> {
    if outcome.diagnostics.has_errors() {
        return Err(outcome.diagnostics);
    }
    let Instance { state, private, identity } = outcome.instance;
    let mut encoder = Encoder::new(outcome.diagnostics);
    let imported = import_resource_state::ImportedResource {
        type_name: resource.name.to_owned(),
        state: Some(encoder.value(&state, &resource.schema.value_type(), "imported state")),
        private,
        identity: encoder.identity(&identity, resource.identity),
    };
    encoder.finish(|diagnostics| import_resource_state::Response {
        imported_resources: vec![imported],
        diagnostics,
        deferred: None,
    })
}

/// The result of reading a data source.
pub(super) fn data(
    data_source: &DataSource,
    (state, warnings): (Value, Diagnostics),
) -> Result<read_data_source::Response, Diagnostics> {
    let mut encoder = Encoder::new(warnings);
    let state = encoder.value(&state, &data_source.schema.value_type(), "state");
    encoder.finish(|diagnostics| read_data_source::Response {
        state: Some(state),
        diagnostics,
        deferred: None,
    })
}

/// The response to a read of a data source that failed.
pub(super) fn no_data(errors: Diagnostics) -> read_data_source::Response {
    read_data_source::Response { state: None, diagnostics: diagnostics(errors), deferred: None }
}

/// The generated configuration of an existing resource.
pub(super) fn generated(
    resource: &ResourceType,
    config: &Value,
) -> Result<generate_resource_config::Response, Diagnostics> {
    let config = value(config, &resource.schema.value_type(), "configuration")?;
    Ok(generate_resource_config::Response { config: Some(config), diagnostics: Vec::new() })
}

/// The response to a GenerateResourceConfig call that failed.
pub(super) fn not_generated(errors: Diagnostics) -> generate_resource_config::Response {
    generate_resource_config::Response { config: None, diagnostics: diagnostics(errors) }
}

/// The response to an import that failed.
pub(super) fn not_imported(errors: Diagnostics) -> import_resource_state::Response {
    import_resource_state::Response {
        diagnostics: diagnostics(errors),
        ..import_resource_state::Response::default()
    }
}

/// Encodes a value, always as MessagePack.
pub(super) fn value(value: &Value, ty: &Type, name: &str) -> Result<DynamicValue, Diagnostic> {
    let encoded = msgpack::encode(value, ty).map_err(|error| {
        let detail = format!(
            "The provider returned a {name} that does not match its schema: {error}. This is a bug \
             in the provider, not in your configuration. Please report it to the provider \
             developers."
        );
        Diagnostic::error(format!("Cannot send the {name}"), detail)
    })?;
    Ok(DynamicValue { msgpack: encoded, json: Vec::new() })
}

/// Encodes diagnostics.
pub(super) fn diagnostics(all: Diagnostics) -> Vec<proto::Diagnostic> {
    all.into_iter().map(|one| diagnostic(&one)).collect()
}

/// Encodes a path.
pub(super) fn path(path: &Path) -> AttributePath {
    AttributePath { steps: path.steps.iter().map(step).collect() }
}

fn diagnostic(diagnostic: &Diagnostic) -> proto::Diagnostic {
    let severity = match diagnostic.severity {
        Severity::Error => proto::diagnostic::Severity::Error,
        Severity::Warning => proto::diagnostic::Severity::Warning,
    };
    proto::Diagnostic {
        severity: severity.into(),
        summary: visible(hide_secrets(&diagnostic.summary)),
        detail: visible(hide_secrets(&diagnostic.detail)),
        attribute: diagnostic.path.as_ref().filter(|path| !path.steps.is_empty()).map(path),
    }
}

/// The text with control characters as escapes, except line breaks: Terraform writes it to a terminal,
/// and part of it can come from AWS, a proxy or a file.
fn visible(text: String) -> String {
    let is_hidden = |letter: char| letter.is_control() && letter != '\n';
    if !text.contains(is_hidden) {
        return text;
    }
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        match is_hidden(letter) {
            true => shown.extend(letter.escape_default()),
            false => shown.push(letter),
        }
    }
    shown
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

/// Encodes the values of a response and collects its diagnostics.
struct Encoder {
    diagnostics: Diagnostics,
    /// Whether a value could not be encoded.
    failed: bool,
}

impl Encoder {
    fn new(diagnostics: Diagnostics) -> Self {
        Self { diagnostics, failed: false }
    }

    fn value(&mut self, decoded: &Value, ty: &Type, name: &str) -> DynamicValue {
        value(decoded, ty, name).unwrap_or_else(|error| {
            self.diagnostics.push(error);
            self.failed = true;
            DynamicValue::default()
        })
    }

    /// Omits a null identity: a response with an identity message says that there is one.
    fn identity(
        &mut self,
        identity: &Value,
        schema: &IdentitySchema,
    ) -> Option<ResourceIdentityData> {
        if identity.is_null() {
            return None;
        }
        let identity_data = Some(self.value(identity, &schema.value_type(), "identity"));
        Some(ResourceIdentityData { identity_data })
    }

    /// The response with its diagnostics, or the errors.
    fn finish<T>(
        self,
        response: impl FnOnce(Vec<proto::Diagnostic>) -> T,
    ) -> Result<T, Diagnostics> {
        if self.failed {
            Err(self.diagnostics)
        } else {
            Ok(response(diagnostics(self.diagnostics)))
        }
    }
}
