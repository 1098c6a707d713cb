//! The schemas, with the attributes that the examples use. The pages of the registry describe them:
//! <https://registry.terraform.io/providers/hashicorp/aws/latest/docs>.

use terraform_provider_aws_workspaces::tf::{Attribute, Block, NestedBlock, Nesting, Schema, Type};

pub(super) const ALIAS: &str = "aws_workspaces_connection_alias";
pub(super) const RECORD: &str = "aws_route53_record";
const HEALTH_CHECK: &str = "aws_route53_health_check";
pub(super) const DIRECTORY: &str = "aws_workspaces_directory";

/// The provider block.
pub(super) fn provider() -> Schema {
    schema(["region", "sts_region"].map(optional).into())
}

/// The resources by name.
pub(super) fn resources() -> [(&'static str, Schema); 3] {
    [(ALIAS, alias()), (RECORD, record()), (HEALTH_CHECK, health_check())]
}

/// The resource with this name.
pub(super) fn resource(name: &str) -> Schema {
    let found = resources().into_iter().find(|(other, _)| *other == name);
    found.expect("Terraform knows the names").1
}

fn alias() -> Schema {
    schema(vec![
        computed("id"),
        computed("owner_account_id"),
        computed("state"),
        Attribute::optional_computed("region", Type::String, "").requires_replace(),
        required("connection_string").requires_replace(),
        Attribute::optional("tags", Type::map(Type::String), ""),
    ])
}

fn record() -> Schema {
    let mut record = schema(vec![
        computed("id"),
        computed("fqdn"),
        required("zone_id").requires_replace(),
        required("name").requires_replace(),
        required("type"),
        optional("set_identifier").requires_replace(),
        optional("health_check_id"),
        Attribute::optional("ttl", Type::Number, ""),
        Attribute::optional("records", Type::set(Type::String), ""),
    ]);
    record.block.blocks.push(NestedBlock {
        name: "failover_routing_policy",
        nesting: Nesting::List { maximum: 1 },
        block: schema(vec![required("type")]).block,
    });
    record
}

fn health_check() -> Schema {
    let texts =
        ["cloudwatch_alarm_name", "cloudwatch_alarm_region", "insufficient_data_health_status"];
    let mut attributes: Vec<Attribute> = texts.map(optional).into();
    attributes.extend([
        computed("id"),
        computed("arn"),
        required("type").requires_replace(),
        Attribute::optional("invert_healthcheck", Type::Bool, ""),
    ]);
    schema(attributes)
}

/// The data source.
pub(super) fn directory() -> Schema {
    let mut attributes: Vec<Attribute> =
        ["id", "directory_name", "directory_type", "registration_code"].map(computed).into();
    attributes.push(Attribute::optional_computed("region", Type::String, ""));
    attributes.push(required("directory_id"));
    schema(attributes)
}

fn schema(attributes: Vec<Attribute>) -> Schema {
    Schema { version: 0, block: Block { description: "", attributes, blocks: Vec::new() } }
}

fn required(name: &'static str) -> Attribute {
    Attribute::required(name, Type::String, "")
}

fn optional(name: &'static str) -> Attribute {
    Attribute::optional(name, Type::String, "")
}

fn computed(name: &'static str) -> Attribute {
    Attribute::computed(name, Type::String, "")
}
