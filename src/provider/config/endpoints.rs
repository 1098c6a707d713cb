//! Custom endpoints.

use crate::aws::Settings;
use crate::tf::{Attribute, NestedBlock, Type, Value};

use super::unused::IGNORED;
use super::{Input, nested, non_empty, text, url};

/// Services of hashicorp/aws 6 that this provider does not use, by all their names.
///
/// A provider block that serves both providers often sets their endpoints, for example to use an AWS
/// emulator. Terraform accepts only what the schema has: neither a map attribute nor a block with
/// arbitrary names fits `endpoints { s3 = … }`. So they are in the schema, and deprecated, which sets
/// them apart in documentation and editors.
///
/// <https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/custom-service-endpoints>
const UNUSED: &str = include_str!("services.txt");

pub(super) fn block() -> NestedBlock {
    let mut attributes = vec![
        text(
            "workspaces",
            "Endpoint of Amazon WorkSpaces in every Region. Also set by \
             `AWS_ENDPOINT_URL_WORKSPACES` and `AWS_ENDPOINT_URL`.",
        )
        .validator(url()),
        text(
            "resourcegroupstaggingapi",
            "Endpoint of the Resource Groups Tagging API in every Region. Also set by \
             `AWS_ENDPOINT_URL_RESOURCE_GROUPS_TAGGING_API` and `AWS_ENDPOINT_URL`.",
        )
        .validator(url()),
        text("resourcegroupstagging", "Alias of `resourcegroupstaggingapi`.").validator(url()),
        text(
            "sts",
            "Endpoint of AWS STS. Also set by `AWS_ENDPOINT_URL_STS`, `TF_AWS_STS_ENDPOINT` and \
             `AWS_ENDPOINT_URL`.",
        )
        .validator(url()),
    ];
    let unused = |service| Attribute {
        deprecated: Some("The provider does not call this service. Remove the endpoint."),
        ..Attribute::optional(service, Type::String, IGNORED)
    };
    attributes.extend(UNUSED.split_whitespace().map(unused));
    nested(
        "endpoints",
        "Custom endpoints. The endpoints of all other services of hashicorp/aws are accepted, ignored \
         and deprecated.",
        attributes,
        0,
    )
}

/// Sets the endpoints of unused services to null. Terraform would show a deprecation warning for each
/// of them, at every run, although a block that serves both providers needs them.
pub(super) fn without_unused(block: &mut Value) {
    let endpoints = block.get("endpoints").as_items().unwrap_or_default().iter();
    let kept = endpoints.map(|endpoints| {
        let mut endpoints = endpoints.clone();
        for service in UNUSED.split_whitespace() {
            endpoints.set(service, Value::Null);
        }
        endpoints
    });
    let kept = kept.collect();
    if block.get("endpoints").as_items().is_some() {
        block.set("endpoints", Value::List(kept));
    }
}

pub(super) fn read(input: &Input<'_>, settings: &mut Settings) {
    // Several `endpoints` blocks are read as one; the last to name a service wins.
    let named = |service: &str| {
        input.blocks("endpoints").iter().rev().find_map(|block| non_empty(block.get(service)))
    };
    settings.workspaces_endpoint = named("workspaces");
    settings.tagging_endpoint =
        named("resourcegroupstaggingapi").or_else(|| named("resourcegroupstagging"));
    settings.sts_endpoint = named("sts");
}
