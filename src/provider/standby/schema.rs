use std::sync::LazyLock;
use std::time::Duration;

use crate::provider::config::REGION;
use crate::tf::{
    Attribute, Block, IdentityAttribute, IdentitySchema, NestedBlock, Nesting, Schema, Type,
    Validator,
};

/// The form of a WorkSpace id.
pub(in crate::provider) const WORKSPACE_ID: &str = "^ws-[0-9a-z]{8,63}$";

/// The forms in which a KMS key can be named: key id, multi-Region key id, alias, and the ARNs.
///
/// <https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id>
const KEY: &str = "^(arn:[a-z0-9-]+:kms:[a-z0-9-]+:[0-9]{12}:(key|alias)/.+|alias/.+\
                   |(key/)?([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|mrk-[0-9a-f]{32}))$";

/// The one declaration of `aws_workspaces_standby`.
pub(in crate::provider) fn schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(|| Schema { version: 0, block: block() });
    &SCHEMA
}

/// The identity of a standby WorkSpace: where it is and what its id is.
pub(in crate::provider) fn identity() -> &'static IdentitySchema {
    static IDENTITY: LazyLock<IdentitySchema> = LazyLock::new(|| IdentitySchema {
        version: 0,
        attributes: vec![
            IdentityAttribute {
                name: "account_id",
                ty: Type::String,
                required_for_import: false,
                description: "AWS account the standby is in; the provider's account when absent.",
            },
            IdentityAttribute {
                name: "region",
                ty: Type::String,
                required_for_import: false,
                description: "Region the standby is in; the provider's Region when absent.",
            },
            IdentityAttribute {
                name: "id",
                ty: Type::String,
                required_for_import: true,
                description: "WorkSpace id of the standby.",
            },
        ],
    });
    &IDENTITY
}

fn block() -> Block {
    Block {
        description: "A standby WorkSpace: a second desktop for the user of a primary WorkSpace, \
                      kept ready in another Region ([Multi-Region Resilience]\
                      (https://docs.aws.amazon.com/workspaces/latest/adminguide/multi-region-resilience.html)).",
        attributes: arguments().into_iter().chain(results()).collect(),
        blocks: vec![NestedBlock {
            name: "timeouts",
            nesting: Nesting::Single,
            block: Block {
                description: "How long to wait before giving up. A WorkSpace that is still being \
                              made when time is up stays in the state and is marked as tainted.",
                attributes: vec![
                    timeout("create", "Wait for the standby to become ready, `90m` by default."),
                    timeout(
                        "update",
                        "Wait for a change of data replication to show, `30m` by default.",
                    ),
                    timeout("delete", "Wait for the standby to be gone, `20m` by default."),
                ],
                blocks: Vec::new(),
            },
        }],
    }
}

/// What the configuration sets, or may set.
fn arguments() -> Vec<Attribute> {
    vec![
        Attribute::required(
            "primary_workspace_id",
            Type::String,
            "Id of the primary WorkSpace, the one to stand in for. Changing it replaces the standby.",
        )
        .requires_replace()
        .validator(Validator::Pattern(WORKSPACE_ID, "a WorkSpace id such as `ws-0a1b2c3d4`")),
        Attribute::required(
            "primary_region",
            Type::String,
            "Region of the primary WorkSpace. It must differ from `region` and be in the same \
             partition. Changing it replaces the standby.",
        )
        .requires_replace()
        .validator(Validator::Pattern(REGION, "a Region such as `us-east-1`")),
        Attribute::required(
            "directory_id",
            Type::String,
            "Id of the directory for the standby, registered with WorkSpaces in the standby \
             Region and with the same user names as the primary's. Changing it replaces the standby.",
        )
        .requires_replace()
        .validator(Validator::Pattern(
            "^(d-[0-9a-f]{8,63}|wsd-[0-9a-z]{8,63})$",
            "a directory id such as `d-90670a1b2c`",
        )),
        Attribute::optional_computed(
            "region",
            Type::String,
            "Region to make the standby in; the provider's Region when absent. Changing it \
             replaces the standby.",
        )
        .requires_replace()
        .validator(Validator::Pattern(REGION, "a Region such as `eu-west-1`")),
        Attribute::optional_computed(
            "volume_encryption_key",
            Type::String,
            "KMS key in the standby Region that encrypts the volumes: id, alias or ARN. AWS \
             reports it as an ARN; the spelling in the configuration is kept. Changing it \
             replaces the standby.",
        )
        .requires_replace()
        .validator(Validator::Pattern(
            KEY,
            "the id, alias (`alias/NAME`) or ARN of a KMS key",
        )),
        Attribute::optional_computed(
            "data_replication",
            Type::String,
            "`PRIMARY_AS_SOURCE` copies snapshots of the primary's volumes to the standby, every \
             twelve hours and at an extra charge; `NO_REPLICATION`, the default, does not. \
             Changing it asks the primary Region.",
        )
        .defaults_to("NO_REPLICATION")
        .validator(Validator::OneOf(&["NO_REPLICATION", "PRIMARY_AS_SOURCE"])),
        Attribute::optional(
            "tags",
            Type::map(Type::String),
            "Tags of the standby. A tag with the same key in the provider's `default_tags` gives way.",
        ),
        Attribute::optional_computed(
            "wait_for_ready",
            Type::Bool,
            "Whether creating waits until the standby is `AVAILABLE` or `STOPPED`, `true` by \
             default. With `false` it ends as soon as AWS has accepted the request and the id is \
             known; what AWS does not tell until later is then null until the next refresh.",
        )
        .defaults_to(true),
    ]
}

/// What AWS decides.
fn results() -> Vec<Attribute> {
    let text = |name, description| Attribute::computed(name, Type::String, description);
    let truth = |name, description| Attribute::computed(name, Type::Bool, description);
    vec![
        Attribute::computed(
            "tags_all",
            Type::map(Type::String),
            "All tags of the standby: the provider's `default_tags` overlaid by `tags`.",
        ),
        text("id", "WorkSpace id of the standby."),
        text("arn", "ARN of the standby; null when the provider may not ask for the account id."),
        text("user_name", "User of the standby, the same as the primary's."),
        text("bundle_id", "Bundle that the standby was made from."),
        text("subnet_id", "Subnet that the standby is in."),
        text("computer_name", "Name of the standby in its operating system."),
        text("ip_address", "IP address of the standby."),
        text(
            "state",
            "State of the standby, such as `AVAILABLE`, `STOPPED`, `PENDING` or `ERROR`.",
        )
        .changes_with(&["data_replication"]),
        text(
            "primary_state",
            "State of the primary WorkSpace, as the standby Region knows it; the primary Region \
             is not asked.",
        ),
        text(
            "recovery_snapshot_time",
            "When the last snapshot that the standby could be recovered from was taken, RFC 3339; \
             null until there is one.",
        )
        .changes_with(&["data_replication"]),
        truth("root_volume_encryption_enabled", "Whether the root volume is encrypted."),
        truth("user_volume_encryption_enabled", "Whether the user volume is encrypted."),
    ]
}

/// An argument of a `timeouts` block.
pub(in crate::provider) fn timeout(name: &'static str, description: &'static str) -> Attribute {
    // Less is a mistake in the unit: no call to AWS ends within it.
    const LEAST: Duration = Duration::from_secs(1);
    Attribute::optional(name, Type::String, description).validator(Validator::Duration(LEAST))
}
