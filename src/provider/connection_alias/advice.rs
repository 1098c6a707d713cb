use crate::aws::{Error, Kind};
use crate::provider::explain::{explain, said};
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
    Some(match error.kind {
        Kind::AccessDenied => format!(
            "The credentials do not have the permission. Allow workspaces:{operation}. Required \
             permissions: workspaces:AssociateConnectionAlias, \
             workspaces:DisassociateConnectionAlias and workspaces:DescribeConnectionAliases in \
             {region} for associations, workspaces:UpdateConnectionAliasPermission and \
             workspaces:DescribeConnectionAliasPermissions for permissions. Only the account that \
             owns an alias can share it, and another account can associate it only while it is \
             shared. Also look for an explicit deny: a service \
             control policy may exclude the Region."
        ),
        Kind::NotFound => format!(
            "Check that the alias and the directory exist in {region}. If the alias belongs to \
             another account, that account must share it first, with \
             aws_workspaces_connection_alias_permission."
        ),
        Kind::InvalidParameter if operation.contains("Permission") => {
            "Correct the argument that AWS names. An alias cannot be shared with the account that \
             owns it."
                .to_owned()
        }
        Kind::InvalidParameter => "Correct the argument that AWS names. The directory must be \
             registered with WorkSpaces in the Region of the alias."
            .to_owned(),
        Kind::InvalidState => format!(
            "The alias or the directory is not ready. The alias must be CREATED and the directory \
             REGISTERED. Check both in the WorkSpaces console in {region}, and apply again."
        ),
        Kind::LimitExceeded => format!(
            "The account has reached a quota in {region}. Look for it in Service Quotas, under \
             Amazon WorkSpaces, and apply again."
        ),
        Kind::NotSupported => "AWS does not support this for the alias or for the directory. \
             Cross-Region redirection does not work with every type of directory and is not \
             available in every Region."
            .to_owned(),
        _ => return None,
    })
}
