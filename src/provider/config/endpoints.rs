//! Other addresses than AWS's own.

use crate::aws::Settings;
use crate::tf::{Attribute, NestedBlock, Type};

use super::{Input, nested, non_empty, text, url};

/// Services of hashicorp/aws 6 that this provider has no use for, by all their names, but whose
/// addresses often stand in a block that serves both, for example with a stand-in for all of AWS.
///
/// <https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/custom-service-endpoints>
const UNUSED: &str = include_str!("services.txt");

/// The variables that name the address of one service.
pub(super) const VARIABLES: [&str; 3] = [
    "AWS_ENDPOINT_URL_WORKSPACES",
    "AWS_ENDPOINT_URL_STS",
    "AWS_ENDPOINT_URL_RESOURCE_GROUPS_TAGGING_API",
];

pub(super) fn block() -> NestedBlock {
    let mut attributes = vec![
        text(
            "workspaces",
            "Address of Amazon WorkSpaces, for every Region. Also `AWS_ENDPOINT_URL_WORKSPACES` and \
             `AWS_ENDPOINT_URL`.",
        )
        .validator(url()),
        text(
            "resourcegroupstaggingapi",
            "Address of the Resource Groups Tagging API, for every Region. Also \
             `AWS_ENDPOINT_URL_RESOURCE_GROUPS_TAGGING_API` and `AWS_ENDPOINT_URL`.",
        )
        .validator(url()),
        text("resourcegroupstagging", "The same as `resourcegroupstaggingapi`.").validator(url()),
        text(
            "sts",
            "Address of AWS STS. Also `AWS_ENDPOINT_URL_STS`, `TF_AWS_STS_ENDPOINT` and \
             `AWS_ENDPOINT_URL`.",
        )
        .validator(url()),
    ];
    let unused = |service| {
        let described = "Without effect here: accepted so that one block fits hashicorp/aws too.";
        Attribute::optional(service, Type::String, described)
    };
    attributes.extend(UNUSED.split_whitespace().map(unused));
    nested("endpoints", "Other addresses than AWS's own.", attributes, 0)
}

pub(super) fn read(input: &Input<'_>, settings: &mut Settings) {
    // Several `endpoints` blocks are read as one; the last to name a service wins.
    let named = |service: &str| {
        input.blocks("endpoints").iter().rev().find_map(|block| non_empty(block.get(service)))
    };
    settings.workspaces_endpoint = named("workspaces");
    settings.tagging_endpoint =
        named("resourcegroupstaggingapi").or_else(|| named("resourcegroupstagging"));
    settings.sts_endpoint_first = named("sts").is_some();
    settings.sts_endpoint = named("sts")
        .or_else(|| input.variable("TF_AWS_STS_ENDPOINT"))
        .or_else(|| input.variable("AWS_STS_ENDPOINT"));
    // The SDK reads these itself. They matter here because an address that is given leaves no room
    // for another kind of endpoint.
    let obeyed = !input.switch("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS").unwrap_or_default();
    let variable = |name: &str| {
        input.variable(name).or_else(|| input.variable("AWS_ENDPOINT_URL")).filter(|_| obeyed)
    };
    let places = [
        &mut settings.workspaces_endpoint,
        &mut settings.sts_endpoint,
        &mut settings.tagging_endpoint,
    ];
    for (endpoint, name) in places.into_iter().zip(VARIABLES) {
        if endpoint.is_none() {
            *endpoint = variable(name);
        }
    }
}
