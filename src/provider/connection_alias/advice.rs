use crate::aws::{Error, Kind};
use crate::provider::explain::{EXPLICIT_DENY, NO_PERMISSION, explain, said};
use crate::tf::Diagnostic;

/// An error of AWS about a connection alias as a diagnostic. `what` completes "Could not …".
pub(super) fn explain_alias(what: &str, error: &Error) -> Diagnostic {
    let general = explain(what, error);
    match advice(error) {
        Some(advice) => Diagnostic { detail: format!("{}\n\n{advice}", said(error)), ..general },
        None => general,
    }
}

/// What to do, if that is particular to connection aliases.
fn advice(error: &Error) -> Option<String> {
    let Error { operation, region, .. } = error;
    let is_sharing = operation.contains("Permission");
    Some(match error.kind {
        Kind::AccessDenied => format!(
            "{NO_PERMISSION} Allow workspaces:{operation} in {region}. {} {EXPLICIT_DENY}",
            match is_sharing {
                true => "Only the account that owns an alias can share it.",
                false => {
                    "Another account than the owner can associate an alias only while the owner \
                     shares it."
                }
            }
        ),
        Kind::NotFound if is_sharing => {
            format!(
                "Check that the alias exists in {region} and belongs to the provider's account."
            )
        }
        Kind::NotFound => format!(
            "Check that the alias and the directory exist in {region}. If the alias belongs to \
             another account, that account must share it first, with \
             aws_workspaces_connection_alias_permission."
        ),
        Kind::InvalidParameter if is_sharing => {
            "Correct the argument that AWS names. An alias cannot be shared with the account that \
             owns it."
                .to_owned()
        }
        Kind::InvalidParameter => "Correct the argument that AWS names. The directory must be \
             registered with WorkSpaces in the Region of the alias."
            .to_owned(),
        Kind::InvalidState if is_sharing => format!(
            "The alias is not ready. It must be CREATED. Check it in the WorkSpaces console in \
             {region}, and apply again."
        ),
        Kind::InvalidState => format!(
            "The alias or the directory is not ready. The alias must be CREATED and the directory \
             REGISTERED. Check both in the WorkSpaces console in {region}, and apply again."
        ),
        Kind::LimitExceeded => format!(
            "The account has reached a quota in {region}. Look for it in Service Quotas, under \
             Amazon WorkSpaces, and apply again."
        ),
        Kind::InProgress => {
            "Another change of the connection alias is in progress. Apply again in a few \
             minutes."
                .to_owned()
        }
        Kind::NotSupported => "AWS does not support this for the alias or for the directory. \
             Cross-Region redirection does not work with every type of directory and is not \
             available in every Region."
            .to_owned(),
        _ => return None,
    })
}
