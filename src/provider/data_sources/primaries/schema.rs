use std::sync::LazyLock;

use crate::provider::managed::arguments::directory;
use crate::provider::region::REGION;
use crate::tf::{Attribute, Block, Schema, Type, Validator};

/// The data source `aws_workspaces_primaries`.
pub(super) fn schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(|| Schema { version: 0, block: block() });
    &SCHEMA
}

fn block() -> Block {
    Block {
        description: "The WorkSpaces of a Region that can be primaries: all that are not standbys, \
                      with the standby that each has, and whether AWS can create one. It calls the \
                      primary Region, so it fails while that Region is down.",
        attributes: arguments().into_iter().chain(results()).collect(),
        blocks: Vec::new(),
    }
}

fn arguments() -> Vec<Attribute> {
    vec![
        Attribute::required("region", Type::String, "The primary Region.")
            .validator(Validator::Pattern(REGION, "a Region such as `us-east-1`")),
        directory(Attribute::optional(
            "directory_id",
            Type::String,
            "Only WorkSpaces in this directory. Needs fewer calls to AWS than the whole Region.",
        )),
        Attribute::optional(
            "user_names",
            Type::set(Type::String),
            "Only WorkSpaces of these users. One user in one directory needs one call.",
        ),
        Attribute::optional(
            "tags",
            Type::map(Type::String),
            "Only WorkSpaces that have all of these tags, with these values.",
        ),
        Attribute::optional(
            "running_mode",
            Type::String,
            "Only WorkSpaces in this running mode: `AUTO_STOP`, `ALWAYS_ON` or `MANUAL`.",
        )
        .validator(Validator::OneOf(&["AUTO_STOP", "ALWAYS_ON", "MANUAL"])),
        Attribute::optional(
            "has_standby",
            Type::Bool,
            "Only WorkSpaces that have a standby (`true`), or that have none (`false`). Do not \
             create standbys from a list with `has_standby = false`: a primary leaves the list when \
             it has one, and the next plan destroys its standby.",
        ),
        Attribute::optional(
            "include_tags",
            Type::Bool,
            "Whether to read the tags of the WorkSpaces. The default is `false`. Needs a call \
             for each 100 WorkSpaces with the permission `tag:GetResources`, and otherwise one \
             for each WorkSpace. The argument `tags` needs the same calls.",
        ),
    ]
}

fn results() -> Vec<Attribute> {
    vec![
        Attribute::computed(
            "primaries",
            Type::list(Type::object(item())),
            "The WorkSpaces, sorted by `id`. `standby_id` and `standby_region` name the standby \
             that a WorkSpace has. `eligible` is false if AWS does not support standbys of its \
             operating system or bundle, or if it is being terminated, and `ineligible_reason` \
             says why. `eligible` does not depend on `has_standby`. It does not check quotas, \
             keys, directories, or whether the user already has a WorkSpace in the directory of \
             the standby. `tags` is null without `include_tags` or `tags`.",
        ),
        Attribute::computed(
            "by_user",
            Type::map(Type::String),
            "The `id` of each eligible WorkSpace by its `user_name`, for `for_each`. A user \
             with WorkSpaces in several directories is not included, with a warning: set \
             `directory_id`.",
        ),
    ]
}

/// The attributes of each item.
fn item() -> [(&'static str, Type); 14] {
    [
        ("id", Type::String),
        ("user_name", Type::String),
        ("directory_id", Type::String),
        ("state", Type::String),
        ("running_mode", Type::String),
        ("compute_type", Type::String),
        ("operating_system", Type::String),
        ("bundle_id", Type::String),
        ("has_standby", Type::Bool),
        ("standby_id", Type::String),
        ("standby_region", Type::String),
        ("eligible", Type::Bool),
        ("ineligible_reason", Type::String),
        ("tags", Type::map(Type::String)),
    ]
}
