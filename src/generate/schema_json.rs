//! The schema in the form of `terraform providers schema -json`.
//!
//! <https://developer.hashicorp.com/terraform/cli/commands/providers/schema>

use serde_json::{Map, Value, json};

use super::File;
use crate::provider::{self, Function, Provider};
use crate::tf::{Attribute, Block, IdentitySchema, Mode, NestedBlock, Nesting, Schema};

/// Where the schema is stored, so that a change shows in a review.
const PATH: &str = "tests/golden/schema.json";

/// The schema of the whole provider.
pub(super) fn file(of: &Provider) -> File {
    let resources = of.resources().iter().map(|each| (each.name, schema(each.schema)));
    let identities = of.resources().iter().map(|each| (each.name, identity(each.identity)));
    let data_sources = of.data_sources().iter().map(|each| (each.name, schema(each.schema)));
    let lists = of.list_resources().iter().map(|each| (each.name, schema(each.schema)));
    let actions = of.actions().iter().map(|each| (each.name, schema(each.schema)));
    let functions = of.functions().iter().map(|each| (each.name, function(each)));
    let whole = json!({
        "format_version": "1.0",
        "provider_schemas": {
            provider::ADDRESS: {
                "provider": schema(of.schema()),
                "resource_schemas": object(resources),
                "data_source_schemas": object(data_sources),
                "list_resource_schemas": object(lists),
                "action_schemas": object(actions),
                "resource_identity_schemas": object(identities),
                "functions": object(functions),
            },
        },
    });
    File { path: PATH.to_owned(), text: format!("{whole:#}\n") }
}

fn object(entries: impl Iterator<Item = (&'static str, Value)>) -> Value {
    entries.map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>().into()
}

fn schema(of: &Schema) -> Value {
    json!({ "version": of.version, "block": block(&of.block) })
}

fn block(of: &Block) -> Value {
    let mut json = json!({ "description_kind": "markdown" });
    if !of.description.is_empty() {
        json["description"] = of.description.into();
    }
    if !of.attributes.is_empty() {
        json["attributes"] = object(of.attributes.iter().map(|each| (each.name, attribute(each))));
    }
    if !of.blocks.is_empty() {
        json["block_types"] = object(of.blocks.iter().map(|each| (each.name, nested(each))));
    }
    json
}

fn attribute(of: &Attribute) -> Value {
    let mut json = json!({ "type": of.ty.to_json(), "description_kind": "markdown" });
    if !of.description.is_empty() {
        json["description"] = of.description.into();
    }
    let flags = [
        ("required", of.mode == Mode::Required),
        ("optional", matches!(of.mode, Mode::Optional | Mode::OptionalComputed)),
        ("computed", of.mode.is_computed()),
        ("sensitive", of.sensitive),
        ("deprecated", of.deprecated.is_some()),
    ];
    for (name, _) in flags.into_iter().filter(|(_, holds)| *holds) {
        json[name] = true.into();
    }
    json
}

fn nested(of: &NestedBlock) -> Value {
    let mut json = json!({ "block": block(&of.block) });
    match of.nesting {
        Nesting::Single => json["nesting_mode"] = "single".into(),
        Nesting::List { maximum } => {
            json["nesting_mode"] = "list".into();
            if maximum > 0 {
                json["max_items"] = maximum.into();
            }
        }
    }
    json
}

fn function(of: &Function) -> Value {
    let parameters = of.parameters.iter().map(|each| {
        json!({
            "name": each.name,
            "description": each.description,
            "type": of.parameter_type().to_json(),
        })
    });
    json!({
        "summary": of.summary,
        "description": of.description,
        "return_type": of.result.to_json(),
        "parameters": parameters.collect::<Vec<_>>(),
    })
}

fn identity(of: &IdentitySchema) -> Value {
    let attributes = of.attributes.iter().map(|each| {
        let mut json = json!({ "type": each.ty.to_json(), "description": each.description });
        let import =
            if each.required_for_import { "required_for_import" } else { "optional_for_import" };
        json[import] = true.into();
        (each.name, json)
    });
    json!({ "version": of.version, "attributes": object(attributes) })
}
