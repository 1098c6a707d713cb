use std::sync::LazyLock;

use crate::provider::connection_alias::{ALIAS_ID, AN_ALIAS_ID};
use crate::provider::managed::arguments::region;
use crate::provider::managed::identity::{account_and_region, required};
use crate::provider::managed::import::ACCOUNT_ID;
use crate::provider::managed::location::Subject;
use crate::tf::{Attribute, Block, IdentitySchema, Schema, Type, Validator};

/// The type name of the resource.
pub(super) const TYPE_NAME: &str = "aws_workspaces_connection_alias_permission";

/// How messages name the resource.
pub(super) const SUBJECT: Subject =
    Subject { noun: "permission", key: "alias_id", before_id: "permission for " };

/// The one declaration of the resource.
pub(super) fn schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(|| Schema { version: 0, block: block() });
    &SCHEMA
}

/// The identity of a permission: the account that owns the alias, the Region, the alias and the
/// account that may associate it.
pub(super) fn identity() -> &'static IdentitySchema {
    static IDENTITY: LazyLock<IdentitySchema> = LazyLock::new(|| IdentitySchema {
        version: 0,
        attributes: [
            account_and_region(
                "AWS account that owns the alias. The default is the provider's account.",
                "Region of the alias. The default is the provider's Region.",
            )
            .as_slice(),
            &[
                required("alias_id", "ID of the connection alias."),
                required("shared_account_id", "AWS account that may associate the alias."),
            ],
        ]
        .concat(),
    });
    &IDENTITY
}

fn block() -> Block {
    Block {
        description: "Shares a connection alias with another AWS account, which can then \
                      associate it with one of its directories. The alias belongs to the \
                      provider's account. AWS does not delete an alias that is shared, and does \
                      not end the permission while the other account has the alias associated.",
        attributes: vec![
            Attribute::required(
                "alias_id",
                Type::String,
                "ID of the connection alias. Changing it replaces the permission.",
            )
            .requires_replace()
            .validator(Validator::Pattern(ALIAS_ID, AN_ALIAS_ID)),
            Attribute::required(
                "shared_account_id",
                Type::String,
                "AWS account that may associate the alias. Changing it replaces the permission.",
            )
            .requires_replace()
            .validator(Validator::Pattern(ACCOUNT_ID, "an account ID of 12 digits")),
            region(Attribute::optional_computed(
                "region",
                Type::String,
                "Region of the alias. The default is the provider's Region. Changing it replaces the \
                 permission.",
            ))
            .requires_replace(),
        ],
        blocks: Vec::new(),
    }
}
