//! The Region and the account: arguments and checks.

use crate::provider::region::REGION;
use crate::tf::{Attribute, Diagnostic, Diagnostics, Path, Type, Validator, Value};

use super::{text, truth};

const ACCOUNT: Validator = Validator::Pattern("^[0-9]{12}$", "an account id of twelve digits");

pub(super) fn attributes() -> Vec<Attribute> {
    vec![
        text(
            "region",
            "Region of resources that do not set `region`: the standby Region. Also set by \
             `AWS_REGION`, `AWS_DEFAULT_REGION`, the profile, or the EC2 instance metadata.",
        )
        .validator(Validator::Pattern(REGION, "a Region such as eu-west-1")),
        truth(
            "skip_region_validation",
            "Accept a Region that the provider does not know, such as a new one.",
        ),
        Attribute::optional(
            "allowed_account_ids",
            Type::set(Type::String),
            "Allowed account ids. With credentials of another account the provider returns an \
             error. Conflicts with `forbidden_account_ids`.",
        )
        .validator(ACCOUNT)
        .validator(Validator::ConflictsWith(&["forbidden_account_ids"])),
        Attribute::optional(
            "forbidden_account_ids",
            Type::set(Type::String),
            "Forbidden account ids. Conflicts with `allowed_account_ids`.",
        )
        .validator(ACCOUNT),
        truth(
            "skip_credentials_validation",
            "Skip the validation of the credentials with AWS STS.",
        ),
        truth(
            "skip_requesting_account_id",
            "Do not request the account id from AWS STS; `arn` is then null. \
             `allowed_account_ids` and `forbidden_account_ids` need the id.",
        ),
        text(
            "sts_region",
            "Region of AWS STS, which the provider uses for the account id and for roles. The \
             default is the provider's Region.",
        )
        .validator(Validator::Pattern(REGION, "a Region such as eu-west-1")),
    ]
}

/// An account that may not be requested cannot be checked.
pub(super) fn validate(block: &Value) -> Diagnostics {
    let mut diagnostics = Diagnostics::new();
    if block.get("skip_requesting_account_id").as_bool() != Some(true) {
        return diagnostics;
    }
    for name in ["allowed_account_ids", "forbidden_account_ids"] {
        if block.get(name).as_items().is_some_and(|ids| !ids.is_empty()) {
            let detail = format!(
                "{name} needs the account id, but skip_requesting_account_id is true. Remove one of \
                 the two."
            );
            let conflict = Diagnostic::error("Conflicting arguments", detail);
            diagnostics.push(conflict.at(Path::attribute(name)));
        }
    }
    diagnostics
}
