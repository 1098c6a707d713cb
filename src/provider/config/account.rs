//! The Region and the account: arguments and checks.

use regex::Regex;

use crate::provider::region::REGION;
use crate::tf::{Attribute, Diagnostic, Diagnostics, Path, Type, Validator, Value};

use super::{text, truth};

const ACCOUNT: Validator = Validator::Pattern("^[0-9]{12}$", "an account ID of twelve digits");

pub(super) fn attributes() -> Vec<Attribute> {
    vec![
        text(
            "region",
            "Region of resources that do not set `region`: the standby Region. Also set by \
             `AWS_REGION`, `AWS_DEFAULT_REGION`, the profile, or the EC2 instance metadata.",
        ),
        truth(
            "skip_region_validation",
            "Accept a Region that the provider does not know, such as a new one.",
        ),
        Attribute::optional(
            "allowed_account_ids",
            Type::set(Type::String),
            "Allowed account IDs. With credentials of another account the provider returns an \
             error. Conflicts with `forbidden_account_ids`.",
        )
        .validator(ACCOUNT)
        .validator(Validator::ConflictsWith(&["forbidden_account_ids"])),
        Attribute::optional(
            "forbidden_account_ids",
            Type::set(Type::String),
            "Forbidden account IDs. Conflicts with `allowed_account_ids`.",
        )
        .validator(ACCOUNT),
        truth(
            "skip_credentials_validation",
            "Skip the validation of the credentials with AWS STS.",
        ),
        truth(
            "skip_requesting_account_id",
            "Do not request the account ID from AWS STS; `arn` is then null. \
             `allowed_account_ids` and `forbidden_account_ids` need the ID.",
        ),
        text(
            "sts_region",
            "Region of AWS STS, which the provider uses for the account ID and for roles. The \
             default is the provider's Region.",
        ),
    ]
}

/// Checks the form of Regions, unless that is skipped. An account that may not be requested cannot be
/// checked.
pub(super) fn validate(block: &Value) -> Diagnostics {
    let mut diagnostics = Diagnostics::new();
    if block.get("skip_region_validation").as_bool() == Some(false)
        || block.get("skip_region_validation").is_null()
    {
        let form = Regex::new(REGION).expect("the expression is a constant");
        for name in ["region", "sts_region"] {
            let region = block.get(name).as_str().filter(|region| !form.is_match(region));
            diagnostics.extend(region.map(|region| {
                let detail = format!("Expected a Region such as eu-west-1, but got {region:?}.");
                Diagnostic::error(format!("Invalid {name}"), detail).at(Path::attribute(name))
            }));
        }
    }
    if block.get("skip_requesting_account_id").as_bool() != Some(true) {
        return diagnostics;
    }
    for name in ["allowed_account_ids", "forbidden_account_ids"] {
        if block.get(name).as_items().is_some_and(|ids| !ids.is_empty()) {
            let detail = format!(
                "{name} needs the account ID, but skip_requesting_account_id is true. Remove one of \
                 the two."
            );
            let conflict = Diagnostic::error("Conflicting arguments", detail);
            diagnostics.push(conflict.at(Path::attribute(name)));
        }
    }
    diagnostics
}
