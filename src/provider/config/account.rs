//! Where to work, and in whose account: Region and account checks.

use crate::tf::{Attribute, Diagnostic, Diagnostics, Path, Type, Validator, Value};

use super::{REGION, text, truth};

const ACCOUNT: Validator = Validator::Pattern("^[0-9]{12}$", "an account id of twelve digits");

pub(super) fn attributes() -> Vec<Attribute> {
    vec![
        text(
            "region",
            "Region for resources that name none: the standby Region. Also `AWS_REGION`, \
             `AWS_DEFAULT_REGION`, the profile, or the machine's metadata.",
        )
        .validator(Validator::Pattern(REGION, "a Region such as eu-west-1")),
        truth(
            "skip_region_validation",
            "Accept a Region that the provider does not know, for example a new one.",
        ),
        Attribute::optional(
            "allowed_account_ids",
            Type::set(Type::String),
            "The only accounts to work on: with credentials of another one nothing is done. \
             Conflicts with `forbidden_account_ids`.",
        )
        .validator(ACCOUNT)
        .validator(Validator::ConflictsWith(&["forbidden_account_ids"])),
        Attribute::optional(
            "forbidden_account_ids",
            Type::set(Type::String),
            "Accounts not to work on. Conflicts with `allowed_account_ids`.",
        )
        .validator(ACCOUNT),
        truth(
            "skip_credentials_validation",
            "Do not try the credentials out with STS before using them.",
        ),
        truth(
            "skip_requesting_account_id",
            "Do not ask STS for the account id; `arn` is then null. `allowed_account_ids` and \
             `forbidden_account_ids` need the id.",
        ),
        text(
            "sts_region",
            "Region of STS, which tells the account and gives the credentials of roles; by \
             default the provider's Region.",
        )
        .validator(Validator::Pattern(REGION, "a Region such as eu-west-1")),
    ]
}

/// An account cannot be checked that may not be asked for.
pub(super) fn validate(block: &Value) -> Diagnostics {
    let mut diagnostics = Diagnostics::new();
    if block.get("skip_requesting_account_id").as_bool() != Some(true) {
        return diagnostics;
    }
    for name in ["allowed_account_ids", "forbidden_account_ids"] {
        if block.get(name).as_items().is_some_and(|ids| !ids.is_empty()) {
            let detail = format!(
                "{name} needs the account id, and skip_requesting_account_id = true forbids to \
                 ask for it. Remove one of the two."
            );
            let conflict = Diagnostic::error("Conflicting arguments", detail);
            diagnostics.push(conflict.at(Path::attribute(name)));
        }
    }
    diagnostics
}
