use super::proto::{
    DynamicValue, RawState, ResourceIdentityData, apply_resource_change, import_resource_state,
    plan_resource_change, read_resource,
};
use crate::provider::{
    ActionType, DataSource, Function, ImportTarget, Instance, ListResource, ResourceType,
};
use crate::tf::{Diagnostic, Diagnostics, IdentitySchema, Schema, Type, Value, json, msgpack};

/// The values of a PlanResourceChange request.
pub(super) struct Plan {
    pub(super) prior: Instance,
    pub(super) proposed: Value,
    pub(super) config: Value,
}

/// The values of an ApplyResourceChange request.
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
    let mut decoder = Decoder::default();
    let config = decoder.value(message, &schema.value_type(), "configuration");
    decoder.finish(config)
}

/// The state to generate configuration for.
pub(super) fn state(message: Option<&DynamicValue>, schema: &Schema) -> Result<Value, Diagnostics> {
    let mut decoder = Decoder::default();
    let state = decoder.value(message, &schema.value_type(), "state");
    decoder.finish(state)
}

/// The JSON of a stored state or identity.
pub(super) fn raw<'a>(message: Option<&'a RawState>, name: &str) -> Result<&'a [u8], Diagnostics> {
    let detail = match message {
        Some(raw) if !raw.json.is_empty() => return Ok(&raw.json),
        Some(raw) if !raw.flatmap.is_empty() => format!(
            "The stored {name} is in the format of Terraform 0.11 and earlier, which this provider \
             does not support. Remove the resource from the state with terraform state rm and \
             import it again."
        ),
        _ => format!(
            "Terraform sent no stored {name} to upgrade. This is a bug in Terraform or in a program \
             between Terraform and the provider."
        ),
    };
    Err(Diagnostic::error(format!("Cannot read the stored {name}"), detail).into())
}

/// The instance to refresh.
pub(super) fn read(
    request: &read_resource::Request,
    resource: &ResourceType,
) -> Result<Instance, Diagnostics> {
    let mut decoder = Decoder::default();
    let instance = Instance {
        state: decoder.value(
            request.current_state.as_ref(),
            &resource.schema.value_type(),
            "state",
        ),
        private: request.private.clone(),
        identity: decoder.identity(request.current_identity.as_ref(), resource.identity),
    };
    decoder.finish(instance)
}

/// The instance to plan.
pub(super) fn plan(
    request: &plan_resource_change::Request,
    resource: &ResourceType,
) -> Result<Plan, Diagnostics> {
    let (mut decoder, object) = (Decoder::default(), resource.schema.value_type());
    let plan = Plan {
        prior: Instance {
            state: decoder.value(request.prior_state.as_ref(), &object, "prior state"),
            private: request.prior_private.clone(),
            identity: decoder.identity(request.prior_identity.as_ref(), resource.identity),
        },
        proposed: decoder.value(request.proposed_new_state.as_ref(), &object, "proposed state"),
        config: decoder.value(request.config.as_ref(), &object, "configuration"),
    };
    decoder.finish(plan)
}

/// The plan to apply.
pub(super) fn apply(
    request: &apply_resource_change::Request,
    resource: &ResourceType,
) -> Result<Apply, Diagnostics> {
    let (mut decoder, object) = (Decoder::default(), resource.schema.value_type());
    let apply = Apply {
        prior: decoder.value(request.prior_state.as_ref(), &object, "prior state"),
        planned: Instance {
            state: decoder.value(request.planned_state.as_ref(), &object, "planned state"),
            private: request.planned_private.clone(),
            identity: decoder.identity(request.planned_identity.as_ref(), resource.identity),
        },
        config: decoder.value(request.config.as_ref(), &object, "configuration"),
    };
    decoder.finish(apply)
}

/// What to import: an ID or an identity.
pub(super) fn import(
    request: &import_resource_state::Request,
    resource: &ResourceType,
) -> Result<ImportTarget, Diagnostics> {
    let mut decoder = Decoder::default();
    let identity = decoder.identity(request.identity.as_ref(), resource.identity);
    let identity = decoder.finish(identity)?;
    let problem = match (request.id.is_empty(), identity.is_null()) {
        (false, true) => return Ok(ImportTarget::Id(request.id.clone())),
        (true, false) => return Ok(ImportTarget::Identity(identity)),
        (true, true) => "The request has neither an ID nor an identity.",
        (false, false) => "The request has both an ID and an identity.",
    };
    let detail = format!(
        "{problem} Set exactly one of the two, for example with `terraform import {}.NAME ID`.",
        resource.name
    );
    Err(Diagnostic::error(format!("Cannot import {}", resource.name), detail).into())
}

/// The resource type with this name.
pub(super) fn resource_type<'a>(
    all: &'a [ResourceType],
    name: &str,
) -> Result<&'a ResourceType, Diagnostics> {
    named("resource type", all, |each| each.name, name)
}

/// The data source with this name.
pub(super) fn data_source<'a>(
    all: &'a [DataSource],
    name: &str,
) -> Result<&'a DataSource, Diagnostics> {
    named("data source", all, |each| each.name, name)
}

/// The action type with this name.
pub(super) fn action<'a>(all: &'a [ActionType], name: &str) -> Result<&'a ActionType, Diagnostics> {
    named("action", all, |each| each.name, name)
}

/// The list resource with this name.
pub(super) fn list_resource<'a>(
    all: &'a [ListResource],
    name: &str,
) -> Result<&'a ListResource, Diagnostics> {
    named("list resource", all, |each| each.name, name)
}

/// The function with this name.
pub(super) fn function<'a>(all: &'a [Function], name: &str) -> Result<&'a Function, Diagnostics> {
    named("function", all, |each| each.name, name)
}

fn named<'a, T>(
    what: &str,
    all: &'a [T],
    name_of: fn(&T) -> &'static str,
    name: &str,
) -> Result<&'a T, Diagnostics> {
    let found = all.iter().find(|each| name_of(each) == name);
    found.ok_or_else(|| unknown_type(what, name, &all.iter().map(name_of).collect::<Vec<_>>()))
}

fn unknown_type(what: &str, type_name: &str, known: &[&str]) -> Diagnostics {
    let detail = format!(
        "This version of the provider has no {what} {type_name:?}. It has: {}. A newer version may \
         have it; run terraform init -upgrade to upgrade the provider.",
        known.join(", ")
    );
    Diagnostic::error(format!("Unknown {what}"), detail).into()
}

/// The value in a message. An absent or empty message is null.
pub(super) fn value(
    message: Option<&DynamicValue>,
    ty: &Type,
    name: &str,
) -> Result<Value, Diagnostic> {
    let decoded = match message {
        Some(message) if !message.msgpack.is_empty() => msgpack::decode(&message.msgpack, ty),
        Some(message) if !message.json.is_empty() => json::decode(&message.json, ty),
        _ => return Ok(Value::Null),
    };
    decoded.map_err(|error| {
        let detail = format!(
            "The {name} that Terraform sent does not match the schema of this provider: {error}. \
             Check that the provider is the version that terraform init selected. If it is, this \
             is a bug in the provider or in Terraform. Please report it."
        );
        let diagnostic = Diagnostic::error(format!("Cannot read the {name}"), detail);
        match error.path.steps.is_empty() {
            true => diagnostic,
            false => diagnostic.at(error.path),
        }
    })
}

/// Decodes the values of a request and collects all errors.
#[derive(Default)]
struct Decoder {
    errors: Diagnostics,
}

impl Decoder {
    fn value(&mut self, message: Option<&DynamicValue>, ty: &Type, name: &str) -> Value {
        value(message, ty, name).unwrap_or_else(|error| {
            self.errors.push(error);
            Value::Null
        })
    }

    fn identity(
        &mut self,
        message: Option<&ResourceIdentityData>,
        schema: &IdentitySchema,
    ) -> Value {
        let message = message.and_then(|identity| identity.identity_data.as_ref());
        value(message, &schema.value_type(), "identity").unwrap_or_else(|error| {
            // Terraform would look up the path in the configuration, which has no identity.
            self.errors.push(Diagnostic { path: None, ..error });
            Value::Null
        })
    }

    /// The decoded values, or the errors.
    fn finish<T>(self, values: T) -> Result<T, Diagnostics> {
        if self.errors.has_errors() { Err(self.errors) } else { Ok(values) }
    }
}
