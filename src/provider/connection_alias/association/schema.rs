use std::sync::LazyLock;

use crate::provider::connection_alias::{ALIAS_ID, AN_ALIAS_ID};
use crate::provider::managed::arguments::{directory, region, timeout};
use crate::provider::managed::identity::{account_and_region, required};
use crate::provider::managed::location::Subject;
use crate::tf::{Attribute, Block, IdentitySchema, NestedBlock, Nesting, Schema, Type, Validator};

/// The type name of the resource and of the list resource.
pub(super) const TYPE_NAME: &str = "aws_workspaces_connection_alias_association";

/// How messages name the resource.
pub(super) const SUBJECT: Subject =
    Subject { noun: "association", key: "alias_id", before_id: "association of " };

/// The one declaration of the resource.
pub(super) fn schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(|| Schema { version: 0, block: block() });
    &SCHEMA
}

/// The identity of an association: the account that associated the alias, the Region and the alias.
pub(super) fn identity() -> &'static IdentitySchema {
    static IDENTITY: LazyLock<IdentitySchema> = LazyLock::new(|| IdentitySchema {
        version: 0,
        attributes: [
            account_and_region(
                "AWS account of the directory. The default is the provider's account.",
                "Region of the alias and of the directory. The default is the provider's Region.",
            )
            .as_slice(),
            &[required("alias_id", "ID of the connection alias.")],
        ]
        .concat(),
    });
    &IDENTITY
}

/// The arguments of the list resource.
pub(super) fn list() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(|| {
        let attributes = vec![
            region(Attribute::optional(
                "region",
                Type::String,
                "Region of the aliases. The default is the provider's Region.",
            )),
            directory(Attribute::optional(
                "directory_id",
                Type::String,
                "Only the alias that is associated with this directory.",
            )),
        ];
        let description = "The connection aliases of a Region that are associated with a \
                           directory of the provider's account, for `terraform query`. Terraform \
                           returns at most 100 results unless `limit` is set.";
        Schema { version: 0, block: Block { description, attributes, blocks: Vec::new() } }
    });
    &SCHEMA
}

fn block() -> Block {
    let text = |name, description| Attribute::computed(name, Type::String, description);
    Block {
        description: "Associates a connection alias with a directory. Users who enter the \
                      connection string of the alias as their registration code are redirected \
                      to the WorkSpaces of this directory ([cross-Region \
                      redirection](https://docs.aws.amazon.com/workspaces/latest/adminguide/cross-region-redirection.html)). \
                      The alias is the resource `aws_workspaces_connection_alias` of \
                      hashicorp/aws. An alias of another account can be associated while that \
                      account shares it, for example with \
                      `aws_workspaces_connection_alias_permission`. The lifecycle argument \
                      `create_before_destroy` does not work: an alias has one association, so \
                      replacing the association interrupts redirection for a moment.",
        attributes: vec![
            Attribute::required(
                "alias_id",
                Type::String,
                "ID of the connection alias. Changing it replaces the association.",
            )
            .requires_replace()
            .validator(Validator::Pattern(ALIAS_ID, AN_ALIAS_ID)),
            directory(Attribute::required(
                "directory_id",
                Type::String,
                "ID of the directory to which users are redirected. It must be registered with \
                 WorkSpaces in the Region of the alias and have no other alias. Changing it \
                 replaces the association.",
            ))
            .requires_replace(),
            region(Attribute::optional_computed(
                "region",
                Type::String,
                "Region of the alias and of the directory. The default is the provider's Region. \
                 Changing it replaces the association.",
            ))
            .requires_replace(),
            text(
                "connection_string",
                "Fully qualified domain name that users enter as the registration code.",
            ),
            text(
                "connection_identifier",
                "Value of the DNS TXT record that redirects users to the directory.",
            ),
            text(
                "association_status",
                "Status of the association: `ASSOCIATED_WITH_OWNER_ACCOUNT`, \
                 `ASSOCIATED_WITH_SHARED_ACCOUNT`, `PENDING_ASSOCIATION`, \
                 `PENDING_DISASSOCIATION` or `NOT_ASSOCIATED`.",
            ),
            text("associated_account_id", "AWS account that associated the alias."),
            text("owner_account_id", "AWS account that owns the alias."),
        ],
        blocks: vec![NestedBlock {
            name: "timeouts",
            nesting: Nesting::Single,
            block: Block {
                description: "Timeouts.",
                attributes: vec![
                    timeout(
                        "create",
                        "How long to wait until the alias is associated. The default is `20m`.",
                    ),
                    timeout(
                        "delete",
                        "How long to wait until the association is removed. The default is `20m`.",
                    ),
                ],
                blocks: Vec::new(),
            },
        }],
    }
}
