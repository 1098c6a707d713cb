use std::collections::BTreeMap;

use super::proto::{
    self, ServerCapabilities, StringKind, function, get_metadata, get_provider_schema,
    get_resource_identity_schemas, resource_identity_schema,
};
use crate::provider::{Function, Provider, ResourceType};
use crate::tf::{Attribute, Block, IdentitySchema, Mode, NestedBlock, Nesting, Schema, Type};

/// The optional parts of the protocol that the provider supports, the same in every response.
pub(super) fn capabilities() -> ServerCapabilities {
    ServerCapabilities {
        plan_destroy: true,
        get_provider_schema_optional: true,
        move_resource_state: false,
        generate_resource_config: true,
    }
}

/// The names of all types and functions.
pub(super) fn metadata(of: &Provider) -> get_metadata::Response {
    let data_sources = of
        .data_sources()
        .iter()
        .map(|each| get_metadata::DataSourceMetadata { type_name: each.name.to_owned() });
    let resources = of
        .resources()
        .iter()
        .map(|each| get_metadata::ResourceMetadata { type_name: each.name.to_owned() });
    let list_resources = of
        .list_resources()
        .iter()
        .map(|each| get_metadata::ListResourceMetadata { type_name: each.name.to_owned() });
    let actions = of
        .actions()
        .iter()
        .map(|each| get_metadata::ActionMetadata { type_name: each.name.to_owned() });
    let functions = of
        .functions()
        .iter()
        .map(|each| get_metadata::FunctionMetadata { name: each.name.to_owned() });
    get_metadata::Response {
        server_capabilities: Some(capabilities()),
        data_sources: data_sources.collect(),
        resources: resources.collect(),
        list_resources: list_resources.collect(),
        functions: functions.collect(),
        actions: actions.collect(),
        ..get_metadata::Response::default()
    }
}

/// All schemas of the provider.
pub(super) fn schemas(of: &Provider) -> get_provider_schema::Response {
    let all = |schemas: &mut dyn Iterator<Item = (&'static str, &'static Schema)>| {
        schemas.map(|(name, each)| (name.to_owned(), schema(each))).collect()
    };
    get_provider_schema::Response {
        provider: Some(schema(of.schema())),
        resource_schemas: all(&mut of.resources().iter().map(|each| (each.name, each.schema))),
        data_source_schemas: all(&mut of
            .data_sources()
            .iter()
            .map(|each| (each.name, each.schema))),
        list_resource_schemas: all(&mut of
            .list_resources()
            .iter()
            .map(|each| (each.name, each.schema))),
        functions: functions(of.functions()),
        action_schemas: of
            .actions()
            .iter()
            .map(|each| {
                let schema = Some(schema(each.schema));
                (each.name.to_owned(), proto::ActionSchema { schema })
            })
            .collect(),
        server_capabilities: Some(capabilities()),
        ..get_provider_schema::Response::default()
    }
}

/// The identity schemas of all resource types.
pub(super) fn identity_schemas(
    resources: &[ResourceType],
) -> get_resource_identity_schemas::Response {
    get_resource_identity_schemas::Response {
        identity_schemas: resources
            .iter()
            .map(|each| (each.name.to_owned(), identity_schema(each.identity)))
            .collect(),
        diagnostics: Vec::new(),
    }
}

/// The signatures of all functions by name.
pub(super) fn functions(all: &[Function]) -> BTreeMap<String, proto::Function> {
    all.iter().map(|each| (each.name.to_owned(), signature(each))).collect()
}

fn signature(of: &Function) -> proto::Function {
    let parameters = of.parameters.iter().map(|parameter| function::Parameter {
        name: parameter.name.to_owned(),
        r#type: type_constraint(&of.parameter_type()),
        allow_null_value: false,
        allow_unknown_values: false,
        description: parameter.description.to_owned(),
        description_kind: StringKind::Markdown.into(),
    });
    proto::Function {
        parameters: parameters.collect(),
        r#return: Some(function::Return { r#type: type_constraint(&of.result) }),
        summary: of.summary.to_owned(),
        description: of.description.to_owned(),
        description_kind: StringKind::Markdown.into(),
        ..proto::Function::default()
    }
}

/// A schema as a message.
pub fn schema(schema: &Schema) -> proto::Schema {
    proto::Schema { version: schema.version, block: Some(block(&schema.block)) }
}

fn block(block: &Block) -> proto::schema::Block {
    proto::schema::Block {
        attributes: block.attributes.iter().map(attribute).collect(),
        block_types: block.blocks.iter().map(nested_block).collect(),
        description: block.description.to_owned(),
        description_kind: StringKind::Markdown.into(),
        ..proto::schema::Block::default()
    }
}

fn attribute(attribute: &Attribute) -> proto::schema::Attribute {
    proto::schema::Attribute {
        name: attribute.name.to_owned(),
        r#type: type_constraint(&attribute.ty),
        description: attribute.description.to_owned(),
        description_kind: StringKind::Markdown.into(),
        required: attribute.mode == Mode::Required,
        optional: matches!(attribute.mode, Mode::Optional | Mode::OptionalComputed),
        computed: attribute.mode.is_computed(),
        sensitive: attribute.sensitive,
        deprecated: attribute.deprecated.is_some(),
        deprecation_message: attribute.deprecated.unwrap_or_default().to_owned(),
        nested_type: None,
        write_only: false,
    }
}

fn nested_block(nested: &NestedBlock) -> proto::schema::NestedBlock {
    use proto::schema::nested_block::NestingMode;
    let (nesting, max_items) = match nested.nesting {
        Nesting::Single => (NestingMode::Single, 0),
        Nesting::List { maximum } => (NestingMode::List, maximum),
    };
    proto::schema::NestedBlock {
        type_name: nested.name.to_owned(),
        block: Some(block(&nested.block)),
        nesting: nesting.into(),
        min_items: 0,
        max_items,
    }
}

fn identity_schema(schema: &IdentitySchema) -> proto::ResourceIdentitySchema {
    use resource_identity_schema::IdentityAttribute;
    let attributes = schema.attributes.iter().map(|attribute| IdentityAttribute {
        name: attribute.name.to_owned(),
        r#type: type_constraint(&attribute.ty),
        required_for_import: attribute.required_for_import,
        optional_for_import: !attribute.required_for_import,
        description: attribute.description.to_owned(),
    });
    proto::ResourceIdentitySchema {
        version: schema.version,
        identity_attributes: attributes.collect(),
    }
}

/// The JSON form of a type.
fn type_constraint(ty: &Type) -> Vec<u8> {
    ty.to_json().to_string().into_bytes()
}
