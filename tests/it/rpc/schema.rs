//! GetMetadata, GetProviderSchema and GetResourceIdentitySchemas.

use std::collections::{BTreeMap, BTreeSet};

use prost::Message;
use terraform_provider_aws_workspaces::rpc::proto::{
    ServerCapabilities, get_metadata, get_provider_schema, get_resource_identity_schemas, schema,
};
use terraform_provider_aws_workspaces::tf::{Type, Value};

use super::session::Session;
use crate::support::requests::{Core, STANDBY, errors, no_errors, type_from_json};

#[tokio::test]
async fn metadata_and_schemas_list_the_same_types_and_capabilities() {
    let mut session = Session::unconfigured().await;
    let client = &mut session.core.client;
    let metadata = client.get_metadata(get_metadata::Request {}).await.expect("OK").into_inner();
    let schemas =
        client.get_provider_schema(get_provider_schema::Request {}).await.expect("OK").into_inner();

    let named: BTreeSet<_> = metadata.resources.iter().map(|of| of.type_name.clone()).collect();
    assert_eq!(named, schemas.resource_schemas.keys().cloned().collect());
    assert!(named.iter().all(|name| name.starts_with("aws_workspaces_")), "{named:?}");
    let named: BTreeSet<_> = metadata.data_sources.iter().map(|of| of.type_name.clone()).collect();
    assert_eq!(named, schemas.data_source_schemas.keys().cloned().collect());
    let named: BTreeSet<_> =
        metadata.list_resources.iter().map(|of| of.type_name.clone()).collect();
    assert_eq!(named, schemas.list_resource_schemas.keys().cloned().collect());

    let capabilities = ServerCapabilities {
        plan_destroy: true,
        get_provider_schema_optional: true,
        generate_resource_config: true,
        ..ServerCapabilities::default()
    };
    assert_eq!(metadata.server_capabilities, Some(capabilities));
    assert_eq!(schemas.server_capabilities, metadata.server_capabilities);
    assert_eq!(errors(&metadata.diagnostics), no_errors());
    assert_eq!(errors(&schemas.diagnostics), no_errors());
    assert_eq!(schemas.provider_meta, None);
}

#[tokio::test]
async fn schemas_are_the_same_in_every_call_and_process_and_small() {
    let mut answers = Vec::new();
    for _ in 0..2 {
        let mut session = Session::unconfigured().await;
        for _ in 0..2 {
            let answer =
                session.core.client.get_provider_schema(get_provider_schema::Request {}).await;
            answers.push(answer.expect("OK").into_inner());
        }
    }
    let bytes: Vec<_> = answers.iter().map(Message::encode_to_vec).collect();
    assert!(bytes.windows(2).all(|pair| pair[0] == pair[1]), "byte for byte");
    assert!(answers[0].encoded_len() < 4 << 20, "{} bytes", answers[0].encoded_len());
}

#[tokio::test]
async fn calls_work_in_a_process_that_was_not_asked_for_its_schema() {
    let known = Session::unconfigured().await.core.clone();
    let other = Session::bare().await;
    let core = Core { client: other.terraform.provider(), ..known };
    let config = core.standby.config([("directory_id", Value::from("nonsense"))]);
    assert!(!errors(&core.validate(&config).await).is_empty());
}

/// What Terraform itself checks when it loads a schema; one violation makes the whole provider unusable.
#[tokio::test]
async fn schemas_obey_the_rules_terraform_enforces() {
    let mut session = Session::unconfigured().await;
    let client = &mut session.core.client;
    let schemas =
        client.get_provider_schema(get_provider_schema::Request {}).await.expect("OK").into_inner();
    let provider = schemas.provider.expect("even an empty provider block has a schema");
    let mut roots = BTreeMap::from([("provider".to_owned(), provider)]);
    roots.extend(schemas.resource_schemas.clone());
    roots.extend(schemas.data_source_schemas);
    // Each lists the resource of its name, and Terraform puts its arguments into a block "config".
    for (name, schema) in schemas.list_resource_schemas {
        assert!(schemas.resource_schemas.contains_key(&name), "{name}");
        roots.insert(format!("list {name}"), schema);
    }

    let mut problems = Vec::new();
    for (name, schema) in &roots {
        if schema.version < 0 {
            problems.push(format!("{name} has a negative version"));
        }
        check_block(name, schema.block.as_ref().expect("a schema has a block"), &mut problems);
    }
    for (name, schema) in &schemas.resource_schemas {
        let block = schema.block.as_ref().expect("a schema has a block");
        let reserved = [
            "count",
            "for_each",
            "provider",
            "lifecycle",
            "depends_on",
            "connection",
            "provisioner",
        ];
        let taken = names(block).into_iter().filter(|taken| reserved.contains(&taken.as_str()));
        problems.extend(taken.map(|taken| format!("{name}.{taken} is reserved by Terraform")));
    }
    assert_eq!(problems, Vec::<String>::new());
}

#[tokio::test]
async fn secrets_are_marked_sensitive() {
    let session = Session::unconfigured().await;
    let attributes = &session.core.provider.block.attributes;
    for name in ["secret_key", "token"] {
        let attribute = attributes.iter().find(|attribute| attribute.name == name).expect(name);
        assert!(attribute.sensitive, "{name}");
    }
}

#[tokio::test]
async fn identity_schemas_belong_to_resources_and_can_be_imported() {
    let mut session = Session::unconfigured().await;
    let client = &mut session.core.client;
    let request = get_resource_identity_schemas::Request {};
    let identities = client.get_resource_identity_schemas(request).await.expect("OK").into_inner();
    let schemas =
        client.get_provider_schema(get_provider_schema::Request {}).await.expect("OK").into_inner();
    assert_eq!(errors(&identities.diagnostics), no_errors());
    assert!(identities.identity_schemas.contains_key(STANDBY));
    for (name, schema) in &identities.identity_schemas {
        assert!(schemas.resource_schemas.contains_key(name), "{name}");
        assert!(schema.version >= 0, "{name}");
        assert!(
            schema.identity_attributes.iter().any(|attribute| attribute.required_for_import),
            "{name}"
        );
        for attribute in &schema.identity_attributes {
            let of = type_from_json(&attribute.r#type);
            let simple = |of: &Type| matches!(of, Type::Bool | Type::Number | Type::String);
            assert!(
                simple(&of) || matches!(&of, Type::List(of) if simple(of)),
                "{}: {of:?}",
                attribute.name
            );
            assert_ne!(
                attribute.required_for_import, attribute.optional_for_import,
                "{}",
                attribute.name
            );
            assert!(!attribute.description.is_empty(), "{}", attribute.name);
        }
    }
}

fn check_block(path: &str, block: &schema::Block, problems: &mut Vec<String>) {
    let mut seen = BTreeSet::new();
    for name in names(block) {
        let fits =
            |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
        if name.is_empty() || !name.chars().all(fits) {
            problems.push(format!("{path}.{name} is not spelled as Terraform wants"));
        }
        if !seen.insert(name.clone()) {
            problems.push(format!("{path}.{name} is there twice"));
        }
    }
    if block.deprecation_message.is_empty() == block.deprecated {
        problems.push(format!("{path}: a deprecation and its message go together"));
    }
    for attribute in &block.attributes {
        problems.extend(
            check_attribute(attribute)
                .map(|problem| format!("{path}.{}: {problem}", attribute.name)),
        );
    }
    for nested in &block.block_types {
        let path = format!("{path}.{}", nested.type_name);
        problems.extend(check_nesting(nested).map(|problem| format!("{path}: {problem}")));
        check_block(&path, nested.block.as_ref().expect("a nested block has a block"), problems);
    }
}

fn check_attribute(attribute: &schema::Attribute) -> impl Iterator<Item = &'static str> {
    let schema::Attribute { required, optional, computed, .. } = *attribute;
    let typed = !attribute.r#type.is_empty();
    let parsed = typed.then(|| type_from_json(&attribute.r#type));
    let rules = [
        (typed == attribute.nested_type.is_some(), "either a type or a nested type"),
        (typed && parsed.is_none(), "the type is not a type"),
        (!(required || optional || computed), "neither required nor optional nor computed"),
        (required && (optional || computed), "required excludes optional and computed"),
        (attribute.write_only && computed, "write-only excludes computed"),
        (
            attribute.deprecation_message.is_empty() == attribute.deprecated,
            "deprecation without message, or reverse",
        ),
        (attribute.description.trim().is_empty(), "no description"),
    ];
    rules.into_iter().filter(|(broken, _)| *broken).map(|(_, rule)| rule)
}

fn check_nesting(nested: &schema::NestedBlock) -> impl Iterator<Item = &'static str> {
    use schema::nested_block::NestingMode;
    let (min, max) = (nested.min_items, nested.max_items);
    let broken = match nested.nesting() {
        NestingMode::Invalid => true,
        NestingMode::Single => min != max || !(0..=1).contains(&min),
        NestingMode::Group | NestingMode::Map => (min, max) != (0, 0),
        NestingMode::List | NestingMode::Set => min < 0 || max < 0 || (max != 0 && min > max),
    };
    broken.then_some("the nesting and the numbers of blocks do not go together").into_iter()
}

fn names(block: &schema::Block) -> Vec<String> {
    let attributes = block.attributes.iter().map(|attribute| attribute.name.clone());
    attributes.chain(block.block_types.iter().map(|nested| nested.type_name.clone())).collect()
}
