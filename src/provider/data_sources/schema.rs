use std::sync::LazyLock;

use crate::provider::config::REGION;
use crate::provider::standby;
use crate::tf::{Attribute, Block, Mode, NestedBlock, Nesting, Schema, Type, Validator};

/// What the resource has and a standby in AWS has not.
const OURS_ALONE: [&str; 1] = ["wait_for_ready"];

/// What takes a call for each standby to know, and is therefore not in the list of many.
const COSTLY: [&str; 2] = ["tags", "tags_all"];

/// What names the one standby to read.
const NAMING: [&str; 4] = ["id", "primary_workspace_id", "directory_id", "region"];

/// The data source `aws_workspaces_standby`.
pub(in crate::provider) fn one() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(|| Schema {
        version: 0,
        block: Block {
            description: "One standby WorkSpace that exists: by `id`, or by its primary in \
                          `primary_workspace_id` and `directory_id`. What matches none, or more \
                          than one, is an error.",
            attributes: shown().map(one_attribute).collect(),
            blocks: Vec::new(),
        },
    });
    &SCHEMA
}

/// The data source `aws_workspaces_standbys`.
pub(in crate::provider) fn many() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(|| Schema { version: 0, block: many_block() });
    &SCHEMA
}

/// The names of what `aws_workspaces_standbys` shows of each standby.
pub(super) fn item_names() -> impl Iterator<Item = &'static str> {
    shown().map(|attribute| attribute.name).filter(|name| !COSTLY.contains(name))
}

/// The names of what `aws_workspaces_standby` shows.
pub(super) fn one_names() -> impl Iterator<Item = &'static str> {
    shown().map(|attribute| attribute.name)
}

/// What the resource declares of a standby.
fn shown() -> impl Iterator<Item = &'static Attribute> {
    let all = &standby::schema().block.attributes;
    all.iter().filter(|attribute| !OURS_ALONE.contains(&attribute.name))
}

fn one_attribute(of: &Attribute) -> Attribute {
    let description = match of.name {
        "id" => "WorkSpace id of the standby.",
        "primary_workspace_id" => "Id of the primary WorkSpace. Needs `directory_id` too.",
        "primary_region" => "Region of the primary WorkSpace.",
        "directory_id" => "Id of the directory, in the standby Region, that the standby is in.",
        "region" => "Region of the standby; the provider's Region when absent.",
        "volume_encryption_key" => "ARN of the KMS key that encrypts the volumes.",
        "data_replication" => "`PRIMARY_AS_SOURCE` or `NO_REPLICATION`.",
        "tags" => "All tags of the standby but those that the provider block ignores.",
        "tags_all" => "The same as `tags`.",
        _ => of.description,
    };
    if !NAMING.contains(&of.name) {
        return Attribute::new(of.name, of.ty.clone(), Mode::Computed, description);
    }
    let mut naming = Attribute::optional_computed(of.name, of.ty.clone(), description);
    naming.validators.clone_from(&of.validators);
    match of.name {
        "id" => naming
            .validator(Validator::Pattern(
                standby::WORKSPACE_ID,
                "a WorkSpace id such as `ws-0a1b2c3d4`",
            ))
            .validator(Validator::ConflictsWith(&["primary_workspace_id", "directory_id"])),
        "primary_workspace_id" => naming.validator(Validator::AlsoRequires(&["directory_id"])),
        _ => naming,
    }
}

fn many_block() -> Block {
    let items = Type::Object(
        shown()
            .filter(|attribute| !COSTLY.contains(&attribute.name))
            .map(|attribute| (attribute.name.to_owned(), attribute.ty.clone()))
            .collect(),
    );
    let directory_id = standby::schema().block.attribute("directory_id");
    let mut directory = Attribute::optional(
        "directory_id",
        Type::String,
        "Only standbys in this directory. Fewer calls to AWS than all of the Region.",
    );
    directory.validators = directory_id.map(|of| of.validators.clone()).unwrap_or_default();
    Block {
        description: "The standby WorkSpaces of a Region, none being no error. AWS does not show a \
                      new standby for a while; with `wait_for_ready` those that this run of \
                      Terraform has made are waited for all the same, so let `depends_on` name \
                      them.",
        attributes: vec![
            directory,
            Attribute::optional(
                "primary_region",
                Type::String,
                "Only standbys of primaries in this Region, which is not asked.",
            )
            .validator(Validator::Pattern(REGION, "a Region such as `us-east-1`")),
            Attribute::optional(
                "state",
                Type::String,
                "Only standbys in this state, such as `AVAILABLE`. It does not narrow what \
                 `wait_for_ready` waits for.",
            )
            .validator(Validator::Pattern("^[A-Z_]+$", "a state such as `AVAILABLE`")),
            Attribute::optional_computed(
                "region",
                Type::String,
                "Region of the standbys; the provider's Region when absent.",
            )
            .validator(Validator::Pattern(REGION, "a Region such as `eu-west-1`")),
            Attribute::optional(
                "wait_for_ready",
                Type::Bool,
                "Whether to wait until all of them are `AVAILABLE` or `STOPPED`, `false` by \
                 default: one wait for a fleet whose resources do not wait. One that fails is an \
                 error; one that is being terminated is not waited for. Terraform reads data \
                 sources while it plans, too.",
            ),
            Attribute::computed("ids", Type::list(Type::String), "Their WorkSpace ids, sorted."),
            Attribute::computed(
                "standbys",
                Type::list(items),
                "What AWS says of each, in the order of `ids`: the attributes of the data source \
                 `aws_workspaces_standby` but for the tags, which would take a call for each.",
            ),
        ],
        blocks: vec![NestedBlock {
            name: "timeouts",
            nesting: Nesting::Single,
            block: Block {
                description: "How long to wait before giving up.",
                attributes: vec![standby::timeout_argument(
                    "read",
                    "Wait for all standbys to become ready, `90m` by default.",
                )],
                blocks: Vec::new(),
            },
        }],
    }
}
