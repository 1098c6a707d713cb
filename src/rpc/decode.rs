use super::proto::{
    DynamicValue, RawState, ResourceIdentityData, apply_resource_change, import_resource_state,
    plan_resource_change, read_resource,
};
use crate::provider::{DataSource, ImportTarget, Instance, ResourceType};
use crate::tf::{Diagnostic, Diagnostics, IdentitySchema, Schema, Type, Value, json, msgpack};

/// What a plan starts from.
pub(super) struct Plan {
    pub(super) prior: Instance,
    pub(super) proposed: Value,
    pub(super) config: Value,
}

/// What an apply starts from.
pub(super) struct Apply {
    pub(super) prior: Value,
    pub(super) planned: Instance,
    pub(super) config: Value,
}

/// The configuration of a provider block, a resource or a data source.
pub(super) fn config(
    message: Option<&DynamicValue>,
    schema: &Schema,
) -> Result<Value, Diagnostics> {
    let mut parts = Parts::default();
    let config = parts.value(message, &schema.value_type(), "configuration");
    parts.whole(config)
}

/// The state for which a configuration is wanted.
pub(super) fn state(message: Option<&DynamicValue>, schema: &Schema) -> Result<Value, Diagnostics> {
    let mut parts = Parts::default();
    let state = parts.value(message, &schema.value_type(), "state");
    parts.whole(state)
}

/// The JSON of an object as it was stored.
pub(super) fn raw<'a>(message: Option<&'a RawState>, name: &str) -> Result<&'a [u8], Diagnostics> {
    let detail = match message {
        Some(raw) if !raw.json.is_empty() => return Ok(&raw.json),
        Some(raw) if !raw.flatmap.is_empty() => format!(
            "The stored {name} has the form that Terraform used before version 0.12, which this \
             provider has never written and cannot read. Remove the object from the state with \
             terraform state rm and import it again."
        ),
        _ => format!(
            "Terraform sent no stored {name} to be upgraded. This is a fault of Terraform or of a \
             program between it and the provider."
        ),
    };
    Err(Diagnostic::error(format!("Cannot read the stored {name}"), detail).into())
}

/// The instance to be read anew.
pub(super) fn read(
    request: &read_resource::Request,
    of: &ResourceType,
) -> Result<Instance, Diagnostics> {
    let mut parts = Parts::default();
    let instance = Instance {
        state: parts.value(request.current_state.as_ref(), &of.schema.value_type(), "state"),
        private: request.private.clone(),
        identity: parts.identity(request.current_identity.as_ref(), of.identity),
    };
    parts.whole(instance)
}

/// What is to be planned.
pub(super) fn plan(
    request: &plan_resource_change::Request,
    of: &ResourceType,
) -> Result<Plan, Diagnostics> {
    let (mut parts, object) = (Parts::default(), of.schema.value_type());
    let plan = Plan {
        prior: Instance {
            state: parts.value(request.prior_state.as_ref(), &object, "prior state"),
            private: request.prior_private.clone(),
            identity: parts.identity(request.prior_identity.as_ref(), of.identity),
        },
        proposed: parts.value(request.proposed_new_state.as_ref(), &object, "proposed state"),
        config: parts.value(request.config.as_ref(), &object, "configuration"),
    };
    parts.whole(plan)
}

/// What is to be applied.
pub(super) fn apply(
    request: &apply_resource_change::Request,
    of: &ResourceType,
) -> Result<Apply, Diagnostics> {
    let (mut parts, object) = (Parts::default(), of.schema.value_type());
    let apply = Apply {
        prior: parts.value(request.prior_state.as_ref(), &object, "prior state"),
        planned: Instance {
            state: parts.value(request.planned_state.as_ref(), &object, "planned state"),
            private: request.planned_private.clone(),
            identity: parts.identity(request.planned_identity.as_ref(), of.identity),
        },
        config: parts.value(request.config.as_ref(), &object, "configuration"),
    };
    parts.whole(apply)
}

/// What is to be imported: an id or an identity, not both.
pub(super) fn import(
    request: &import_resource_state::Request,
    of: &ResourceType,
) -> Result<ImportTarget, Diagnostics> {
    let mut parts = Parts::default();
    let identity = parts.identity(request.identity.as_ref(), of.identity);
    let identity = parts.whole(identity)?;
    let problem = match (request.id.is_empty(), identity.is_null()) {
        (false, true) => return Ok(ImportTarget::Id(request.id.clone())),
        (true, false) => return Ok(ImportTarget::Identity(identity)),
        (true, true) => "Neither an id nor an identity was given.",
        (false, false) => "Both an id and an identity were given.",
    };
    let detail = format!(
        "{problem} Name the object to import by exactly one of the two, such as `terraform import \
         {}.NAME ID`.",
        of.name
    );
    Err(Diagnostic::error(format!("Cannot import {}", of.name), detail).into())
}

/// The resource type of that name.
pub(super) fn resource_type<'a>(
    all: &'a [ResourceType],
    type_name: &str,
) -> Result<&'a ResourceType, Diagnostics> {
    let known = || all.iter().map(|of| of.name).collect::<Vec<_>>();
    all.iter()
        .find(|of| of.name == type_name)
        .ok_or_else(|| unknown_type("resource type", type_name, &known()))
}

/// The data source of that name.
pub(super) fn data_source<'a>(
    all: &'a [DataSource],
    type_name: &str,
) -> Result<&'a DataSource, Diagnostics> {
    let known = || all.iter().map(|of| of.name).collect::<Vec<_>>();
    all.iter()
        .find(|of| of.name == type_name)
        .ok_or_else(|| unknown_type("data source", type_name, &known()))
}

fn unknown_type(what: &str, type_name: &str, known: &[&str]) -> Diagnostics {
    let detail = format!(
        "This version of the provider has no {what} {type_name:?}; it has: {}. If you expect it to \
         be there, upgrade the provider with terraform init -upgrade.",
        known.join(", ")
    );
    Diagnostic::error(format!("Unknown {what}"), detail).into()
}

/// The value in a message; an absent or empty one is null.
pub(super) fn value(
    message: Option<&DynamicValue>,
    of: &Type,
    name: &str,
) -> Result<Value, Diagnostic> {
    let decoded = match message {
        Some(message) if !message.msgpack.is_empty() => msgpack::decode(&message.msgpack, of),
        Some(message) if !message.json.is_empty() => json::decode(&message.json, of),
        _ => return Ok(Value::Null),
    };
    decoded.map_err(|error| {
        let detail = format!(
            "The {name} that Terraform sent does not fit the schema of this provider: {error}. \
             Check that the provider's version is the one that terraform init has chosen; if it \
             is, this is a bug in the provider or in Terraform, so please report it."
        );
        let diagnostic = Diagnostic::error(format!("Cannot read the {name}"), detail);
        match error.path.steps.is_empty() {
            true => diagnostic,
            false => diagnostic.at(error.path),
        }
    })
}

/// Reads the parts of a request one after the other, so that all problems are reported at once.
#[derive(Default)]
struct Parts {
    problems: Diagnostics,
}

impl Parts {
    fn value(&mut self, message: Option<&DynamicValue>, of: &Type, name: &str) -> Value {
        value(message, of, name).unwrap_or_else(|problem| {
            self.problems.push(problem);
            Value::Null
        })
    }

    fn identity(&mut self, message: Option<&ResourceIdentityData>, of: &IdentitySchema) -> Value {
        let message = message.and_then(|identity| identity.identity_data.as_ref());
        value(message, &of.value_type(), "identity").unwrap_or_else(|problem| {
            // A path would point into the configuration, where the identity is not.
            self.problems.push(Diagnostic { path: None, ..problem });
            Value::Null
        })
    }

    fn whole<T>(self, parts: T) -> Result<T, Diagnostics> {
        if self.problems.has_errors() { Err(self.problems) } else { Ok(parts) }
    }
}
