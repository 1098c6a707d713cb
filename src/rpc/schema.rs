use super::proto::{
    self, ServerCapabilities, StringKind, get_metadata, get_provider_schema,
    get_resource_identity_schemas, resource_identity_schema,
};
use crate::provider::{DataSource, ResourceType};
use crate::tf::{Attribute, Block, IdentitySchema, Mode, NestedBlock, Nesting, Schema, Type};

/// What the provider offers beyond the base of the protocol; the same in every answer that tells it.
pub(super) fn capabilities() -> ServerCapabilities {
    ServerCapabilities {
        plan_destroy: true,
        get_provider_schema_optional: true,
        move_resource_state: false,
        generate_resource_config: true,
    }
}

/// The names of everything the provider has.
pub(super) fn metadata(
    resources: &[ResourceType],
    data_sources: &[DataSource],
) -> get_metadata::Response {
    let data_sources = data_sources
        .iter()
        .map(|of| get_metadata::DataSourceMetadata { type_name: of.name.to_owned() });
    let resources =
        resources.iter().map(|of| get_metadata::ResourceMetadata { type_name: of.name.to_owned() });
    get_metadata::Response {
        server_capabilities: Some(capabilities()),
        data_sources: data_sources.collect(),
        resources: resources.collect(),
        ..get_metadata::Response::default()
    }
}

/// Every schema of the provider.
pub(super) fn schemas(
    provider: &Schema,
    resources: &[ResourceType],
    data_sources: &[DataSource],
) -> get_provider_schema::Response {
    get_provider_schema::Response {
        provider: Some(schema(provider)),
        resource_schemas: resources
            .iter()
            .map(|of| (of.name.to_owned(), schema(of.schema)))
            .collect(),
        data_source_schemas: data_sources
            .iter()
            .map(|of| (of.name.to_owned(), schema(of.schema)))
            .collect(),
        server_capabilities: Some(capabilities()),
        ..get_provider_schema::Response::default()
    }
}

/// The identity schema of every resource type.
pub(super) fn identity_schemas(
    resources: &[ResourceType],
) -> get_resource_identity_schemas::Response {
    get_resource_identity_schemas::Response {
        identity_schemas: resources
            .iter()
            .map(|of| (of.name.to_owned(), identity_schema(of.identity)))
            .collect(),
        diagnostics: Vec::new(),
    }
}

fn schema(schema: &Schema) -> proto::Schema {
    proto::Schema { version: schema.version, block: Some(block(&schema.block)) }
}

fn block(of: &Block) -> proto::schema::Block {
    proto::schema::Block {
        attributes: of.attributes.iter().map(attribute).collect(),
        block_types: of.blocks.iter().map(nested_block).collect(),
        description: of.description.to_owned(),
        description_kind: StringKind::Markdown.into(),
        ..proto::schema::Block::default()
    }
}

fn attribute(of: &Attribute) -> proto::schema::Attribute {
    proto::schema::Attribute {
        name: of.name.to_owned(),
        r#type: type_constraint(&of.ty),
        description: of.description.to_owned(),
        description_kind: StringKind::Markdown.into(),
        required: of.mode == Mode::Required,
        optional: matches!(of.mode, Mode::Optional | Mode::OptionalComputed),
        computed: of.mode.is_computed(),
        sensitive: of.sensitive,
        deprecated: of.deprecated.is_some(),
        deprecation_message: of.deprecated.unwrap_or_default().to_owned(),
        nested_type: None,
        write_only: false,
    }
}

fn nested_block(of: &NestedBlock) -> proto::schema::NestedBlock {
    use proto::schema::nested_block::NestingMode;
    let (nesting, max_items) = match of.nesting {
        Nesting::Single => (NestingMode::Single, 0),
        Nesting::List { maximum } => (NestingMode::List, maximum),
    };
    proto::schema::NestedBlock {
        type_name: of.name.to_owned(),
        block: Some(block(&of.block)),
        nesting: nesting.into(),
        min_items: 0,
        max_items,
    }
}

fn identity_schema(of: &IdentitySchema) -> proto::ResourceIdentitySchema {
    use resource_identity_schema::IdentityAttribute;
    let attributes = of.attributes.iter().map(|attribute| IdentityAttribute {
        name: attribute.name.to_owned(),
        r#type: type_constraint(&attribute.ty),
        required_for_import: attribute.required_for_import,
        optional_for_import: !attribute.required_for_import,
        description: attribute.description.to_owned(),
    });
    proto::ResourceIdentitySchema { version: of.version, identity_attributes: attributes.collect() }
}

/// The JSON form of a type, compact.
fn type_constraint(of: &Type) -> Vec<u8> {
    of.to_json().to_string().into_bytes()
}
