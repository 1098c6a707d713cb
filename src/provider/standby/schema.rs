use std::sync::LazyLock;

use regex::Regex;

use crate::provider::managed::arguments::{directory, region, timeout};
use crate::provider::managed::identity::{account_and_region, required};
use crate::provider::region::REGION;
use crate::tf::{Attribute, Block, IdentitySchema, NestedBlock, Nesting, Schema, Type, Validator};

/// The type name of the resource, and of the data source that reads one standby.
pub(in crate::provider) const TYPE_NAME: &str = "aws_workspaces_standby";

/// What the resource is called in a message.
pub(super) const NOUN: &str = "standby";

/// The form of a WorkSpace id.
pub(in crate::provider) const WORKSPACE_ID: &str = "^ws-[0-9a-z]{8,63}$";

/// Whether a text has the form of a WorkSpace id.
pub(in crate::provider) fn is_workspace_id(text: &str) -> bool {
    static FORM: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(WORKSPACE_ID).expect("the expression is a constant"));
    FORM.is_match(text)
}

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

/// The identity of a standby WorkSpace: its account, its Region and its id.
pub(in crate::provider) fn identity() -> &'static IdentitySchema {
    static IDENTITY: LazyLock<IdentitySchema> = LazyLock::new(|| IdentitySchema {
        version: 0,
        attributes: [
            account_and_region(
                "AWS account of the standby. The default is the provider's account.",
                "Region of the standby. The default is the provider's Region.",
            )
            .as_slice(),
            &[required("id", "WorkSpace ID of the standby.")],
        ]
        .concat(),
    });
    &IDENTITY
}

fn block() -> Block {
    Block {
        description: "A standby WorkSpace: a second desktop for the user of a primary WorkSpace in \
                      another Region ([Multi-Region Resilience]\
                      (https://docs.aws.amazon.com/workspaces/latest/adminguide/multi-region-resilience.html)).",
        attributes: arguments().into_iter().chain(results()).collect(),
        blocks: vec![NestedBlock {
            name: "timeouts",
            nesting: Nesting::Single,
            block: Block {
                description: "Timeouts. A standby that is not ready when `create` times out stays in \
                              the state and is marked as tainted: the next apply replaces it, unless \
                              `terraform untaint` is run before.",
                attributes: vec![
                    timeout(
                        "create",
                        "How long to wait until the standby is ready. The default is `3h`.",
                    ),
                    timeout(
                        "update",
                        "How long to wait until AWS shows a change of data replication. The \
                         default is `30m`.",
                    ),
                    timeout(
                        "delete",
                        "How long to wait until the standby is terminated. The default is `20m`.",
                    ),
                ],
                blocks: Vec::new(),
            },
        }],
    }
}

/// The arguments.
fn arguments() -> Vec<Attribute> {
    vec![
        Attribute::required(
            "primary_workspace_id",
            Type::String,
            "ID of the primary WorkSpace. Changing it replaces the standby.",
        )
        .requires_replace()
        .validator(Validator::Pattern(WORKSPACE_ID, "a WorkSpace ID such as `ws-0a1b2c3d4`")),
        Attribute::required(
            "primary_region",
            Type::String,
            "Region of the primary WorkSpace: another Region than `region`, in the same partition. \
             Changing it replaces the standby.",
        )
        .requires_replace()
        .validator(Validator::Pattern(REGION, "a Region such as `us-east-1`")),
        directory(Attribute::required(
            "directory_id",
            Type::String,
            "ID of the directory of the standby. It must be registered with WorkSpaces in the \
             standby Region and have the same user names as the directory of the primary. Changing \
             it replaces the standby.",
        ))
        .requires_replace(),
        region(Attribute::optional_computed(
            "region",
            Type::String,
            "Region of the standby. The default is the provider's Region. Changing it replaces the \
             standby.",
        ))
        .requires_replace(),
        Attribute::optional_computed(
            "volume_encryption_key",
            Type::String,
            "KMS key in the standby Region that encrypts the volumes: ID, alias or ARN. The state \
             keeps the spelling of the configuration. Changing it replaces the standby.",
        )
        .requires_replace()
        .validator(Validator::Pattern(
            KEY,
            "the ID, alias (`alias/NAME`) or ARN of a KMS key",
        )),
        Attribute::optional_computed(
            "data_replication",
            Type::String,
            "`PRIMARY_AS_SOURCE` copies snapshots of the volumes of the primary to the standby every \
             12 hours, at an extra charge. `NO_REPLICATION`, the default, does not. A change is \
             made in the primary Region.",
        )
        .defaults_to("NO_REPLICATION")
        .validator(Validator::OneOf(&["NO_REPLICATION", "PRIMARY_AS_SOURCE"])),
        Attribute::optional(
            "tags",
            Type::map(Type::String),
            "Tags of the standby. They override tags with the same key in the provider's `default_tags`.",
        ),
        Attribute::optional_computed(
            "wait_for_ready",
            Type::Bool,
            "Whether to wait after creation until the standby is `AVAILABLE` or `STOPPED`. The \
             default is `true`. With `false` the apply ends as soon as AWS has returned the ID; \
             attributes that AWS sets later are null until the next refresh.",
        )
        .defaults_to(true),
        Attribute::optional_computed(
            "adopt_existing",
            Type::Bool,
            "Whether to adopt the standby that the primary already has in this directory and Region, \
             instead of failing. The default is `false`. The standby keeps its encryption key, and \
             its tags and data replication are changed to the configured ones. Make sure that no \
             other Terraform state has the same standby: each of them would change it, and \
             destroying one of them terminates it.",
        )
        .defaults_to(false),
    ]
}

/// The attributes that AWS sets.
fn results() -> Vec<Attribute> {
    let text = |name, description| Attribute::computed(name, Type::String, description);
    let truth = |name, description| Attribute::computed(name, Type::Bool, description);
    vec![
        Attribute::computed(
            "tags_all",
            Type::map(Type::String),
            "All tags of the standby: the provider's `default_tags` and `tags`.",
        ),
        text("id", "WorkSpace ID of the standby."),
        text("arn", "ARN of the standby. Null with `skip_requesting_account_id`."),
        text("user_name", "User of the standby and of its primary."),
        text("bundle_id", "ID of the bundle of the standby."),
        text("subnet_id", "ID of the subnet of the standby."),
        text("computer_name", "Computer name of the standby in its operating system."),
        text("ip_address", "IP address of the standby."),
        text(
            "state",
            "State of the standby, such as `AVAILABLE`, `STOPPED`, `PENDING` or `ERROR`.",
        )
        .changes_with(&["data_replication"]),
        text(
            "primary_state",
            "State of the primary WorkSpace as the standby Region reports it, without a call to the \
             primary Region.",
        ),
        text(
            "recovery_snapshot_time",
            "Time (RFC 3339) of the last snapshot from which the standby can be recovered. Null until \
             there is a snapshot.",
        )
        .changes_with(&["data_replication"]),
        truth("root_volume_encryption_enabled", "Whether the root volume is encrypted."),
        truth("user_volume_encryption_enabled", "Whether the user volume is encrypted."),
    ]
}

/// The arguments of the list resource.
pub(super) fn list() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(|| {
        let argument = |name, description| {
            let mut argument = Attribute::optional(name, Type::String, description);
            let of_resource = schema().block.attribute(name);
            argument.validators = of_resource.map(|of| of.validators.clone()).unwrap_or_default();
            argument
        };
        let attributes = vec![
            argument("region", "Region of the standbys. The default is the provider's Region."),
            argument(
                "directory_id",
                "Only standbys in this directory. Needs fewer calls to AWS than the whole \
                 Region.",
            ),
            argument(
                "primary_region",
                "Only standbys of primaries in this Region. Does not call that Region.",
            ),
        ];
        let description = "The standby WorkSpaces of a Region, for `terraform query`. Standbys \
                           that are being terminated are not listed. Terraform returns at most \
                           100 results unless `limit` is set.";
        Schema { version: 0, block: Block { description, attributes, blocks: Vec::new() } }
    });
    &SCHEMA
}
