use std::sync::LazyLock;
use std::time::Duration;

use crate::provider::managed::arguments::{directory, region, timeout};
use crate::provider::region::REGION;
use crate::provider::standby;
use crate::tf::{Attribute, Block, Mode, NestedBlock, Nesting, Schema, Type, Validator};

/// Settings of the resource that AWS does not have.
const OURS_ALONE: [&str; 2] = ["wait_for_ready", "adopt_existing"];

/// Arguments that select the standby to read.
const NAMING: [&str; 4] = ["id", "primary_workspace_id", "directory_id", "region"];

/// The data source `aws_workspaces_standby`.
pub(in crate::provider) fn one() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(|| Schema {
        version: 0,
        block: Block {
            description: "An existing standby WorkSpace, selected by `id`, or by \
                          `primary_workspace_id` and `directory_id`. No match, or more than one, \
                          is an error.",
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

/// The attributes of `aws_workspaces_standby`, and of each item of `aws_workspaces_standbys`.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    shown().map(|attribute| attribute.name)
}

/// The attributes of the resource that AWS has too.
fn shown() -> impl Iterator<Item = &'static Attribute> {
    let all = &standby::schema().block.attributes;
    all.iter().filter(|attribute| !OURS_ALONE.contains(&attribute.name))
}

fn one_attribute(of: &Attribute) -> Attribute {
    let description = match of.name {
        "id" => "WorkSpace ID of the standby.",
        "primary_workspace_id" => "ID of the primary WorkSpace. Requires `directory_id`.",
        "primary_region" => "Region of the primary WorkSpace.",
        "directory_id" => "ID of the directory of the standby.",
        "region" => "Region of the standby. The default is the provider's Region.",
        "volume_encryption_key" => "ARN of the KMS key that encrypts the volumes.",
        "data_replication" => "`PRIMARY_AS_SOURCE` or `NO_REPLICATION`.",
        "tags" => "Tags of the standby, without those that the provider block ignores.",
        "tags_all" => "Same as `tags`.",
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
                "a WorkSpace ID such as `ws-0a1b2c3d4`",
            ))
            .validator(Validator::ConflictsWith(&["primary_workspace_id", "directory_id"])),
        "primary_workspace_id" => naming.validator(Validator::AlsoRequires(&["directory_id"])),
        _ => naming,
    }
}

fn many_block() -> Block {
    let items = Type::Object(
        shown().map(|attribute| (attribute.name.to_owned(), attribute.ty.clone())).collect(),
    );
    Block {
        description: "The standby WorkSpaces of a Region. The list may be empty. AWS does not show \
                      new standbys immediately; `wait_for_ready` also waits for those that this run \
                      of Terraform has created. Use `depends_on` to read them after they are \
                      created.",
        attributes: vec![
            directory(Attribute::optional(
                "directory_id",
                Type::String,
                "Only standbys in this directory. Needs fewer calls to AWS than the whole \
                 Region.",
            )),
            Attribute::optional(
                "primary_region",
                Type::String,
                "Only standbys of primaries in this Region. Does not call that Region.",
            )
            .validator(Validator::Pattern(REGION, "a Region such as `us-east-1`")),
            Attribute::optional(
                "state",
                Type::String,
                "Only standbys in this state, such as `AVAILABLE`. `wait_for_ready` also waits \
                 for standbys in other states.",
            )
            .validator(Validator::Pattern("^[A-Z_]+$", "a state such as `AVAILABLE`")),
            region(Attribute::optional_computed(
                "region",
                Type::String,
                "Region of the standbys. The default is the provider's Region.",
            )),
            Attribute::optional(
                "wait_for_ready",
                Type::Bool,
                "Whether to wait until all of them are `AVAILABLE` or `STOPPED`. The default is \
                 `false`. This is one wait for many standbys that were created with \
                 `wait_for_ready = false`. A standby that fails is an error at once. The wait \
                 ignores standbys that are being terminated. Terraform also reads data sources \
                 during plans.",
            ),
            Attribute::optional(
                "include_tags",
                Type::Bool,
                "Whether to read the tags of the standbys. The default is `false`. Needs a call \
                 for each 100 standbys with the permission `tag:GetResources`, and otherwise one \
                 for each standby.",
            ),
            Attribute::optional(
                "stale_after",
                Type::String,
                "How old the last recovery snapshot of a standby may be, such as `24h`. Older ones \
                 are in `stale`.",
            )
            .validator(Validator::Duration(Duration::from_secs(1))),
            Attribute::computed(
                "ids",
                Type::list(Type::String),
                "WorkSpace IDs of the standbys, sorted.",
            ),
            Attribute::computed(
                "standbys",
                Type::list(items),
                "The standbys, in the order of `ids`, with the attributes of the data source \
                 `aws_workspaces_standby`. `tags` and `tags_all` are null without \
                 `include_tags`. `tags` does not contain tags that only repeat the provider's \
                 `default_tags`, so that it can be the `tags` of a resource into which the \
                 standby is imported.",
            ),
            Attribute::computed(
                "stale",
                Type::list(Type::String),
                "WorkSpace IDs of the standbys with data replication whose last recovery snapshot is \
                 older than `stale_after`, or that have none, sorted. Null without `stale_after`.",
            ),
        ],
        blocks: vec![NestedBlock {
            name: "timeouts",
            nesting: Nesting::Single,
            block: Block {
                description: "Timeouts.",
                attributes: vec![timeout(
                    "read",
                    "How long to wait until all standbys are ready. The default is `3h`.",
                )],
                blocks: Vec::new(),
            },
        }],
    }
}
