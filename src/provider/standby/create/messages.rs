//! What is said about a creation that did not go well.

use crate::aws::{CreateFailure, Kind, NewStandby, Region, WorkSpace};
use crate::provider::explain::{explain, said};
use crate::provider::standby::schema::TYPE_NAME;
use crate::provider::wait::{Interrupted, Why};
use crate::tf::{Diagnostic, Path};

pub(super) fn no_region() -> Diagnostic {
    let detail = "The plan has no Region. Set region in the provider block.";
    Diagnostic::error("Could not create a standby", detail)
}

/// An `import` block for a standby.
pub(in crate::provider::standby) fn import_block(id: &str, region: &str) -> String {
    format!("import {{\n  to = {TYPE_NAME}.NAME\n  id = \"{id}@{region}\"\n}}\n")
}

fn import_blocks<'a>(ids: impl IntoIterator<Item = &'a str>, region: &Region) -> String {
    let blocks: Vec<String> = ids.into_iter().map(|id| import_block(id, region.name())).collect();
    blocks.join("\n")
}

/// A request that led to no id that certainly belongs to this resource.
pub(super) fn refused(region: &Region, new: &NewStandby, failure: &CreateFailure) -> Diagnostic {
    match failure {
        CreateFailure::Refused(error) => {
            let what = format!("create the standby of {} in {}", new.primary_id, region.name());
            let diagnostic = explain(&what, error);
            match blamed(new, error.kind, &error.message) {
                Some(attribute) => diagnostic.at(Path::attribute(attribute)),
                None => diagnostic,
            }
        }
        CreateFailure::Unknown { error, candidates } => {
            let advice = match candidates.as_slice() {
                [] => format!(
                    "Open the WorkSpaces console in {} and look in the directory {} for a standby \
                     of {}. If there is one, import it: AWS refuses a second one. Otherwise apply \
                     again.",
                    region.name(),
                    new.directory_id,
                    new.primary_id
                ),
                ids => format!(
                    "{} has a standby, but nothing proves that this apply created it. To manage \
                     it with this resource, add this block with the address of the resource, and \
                     apply again:\n\n{}",
                    new.primary_id,
                    import_blocks(ids.iter().map(String::as_str), region)
                ),
            };
            let report = match error.kind {
                Kind::WorkerGone => " This is a bug in the provider. Please report it.",
                _ => "",
            };
            Diagnostic::error(
                format!("The standby of {} may or may not have been created", new.primary_id),
                format!("{}{report}\n\n{advice}", said(error)),
            )
        }
        CreateFailure::OneOf { error, candidates } => Diagnostic::error(
            format!("Could not determine the id of the standby of {}", new.primary_id),
            format!(
                "AWS is creating the standby in one request with others, and has not shown yet \
                 which id belongs to it. {}\n\nCompare these in the WorkSpaces console in {}, add \
                 the block of the one whose primary is {} with the address of the resource, and \
                 apply again:\n\n{}",
                said(error),
                region.name(),
                new.primary_id,
                import_blocks(candidates.iter().map(String::as_str), region)
            ),
        ),
    }
}

/// The standbys that are in the way, with what it takes to manage one of them.
pub(super) fn in_the_way(region: &Region, new: &NewStandby, found: &[WorkSpace]) -> String {
    if found.is_empty() {
        return format!(
            "\n\nAWS shows no standby of {primary} in the directory {}. {primary} may have its \
             standby in another directory or Region: set directory_id to that directory, or import \
             the standby. Its user may have another WorkSpace in the directory: look for the user \
             in the WorkSpaces console in {}. A new standby may not be visible yet.",
            new.directory_id,
            region.name(),
            primary = new.primary_id,
        );
    }
    format!(
        "\n\nIf no other configuration manages the existing standby, add this block with the \
         address of the resource, and apply again:\n\n{}",
        import_blocks(found.iter().map(|standby| standby.id.as_str()), region)
    )
}

/// The argument to blame, if AWS's message names one.
fn blamed(new: &NewStandby, kind: Kind, message: &str) -> Option<&'static str> {
    let is_about_an_argument = matches!(
        kind,
        Kind::NotFound
            | Kind::AlreadyExists
            | Kind::InvalidParameter
            | Kind::NotSupported
            | Kind::Unavailable
            | Kind::Other
    );
    if !is_about_an_argument {
        return None;
    }
    let key = new.volume_encryption_key.as_deref();
    if message.contains(&new.primary_id) {
        Some("primary_workspace_id")
    } else if message.contains(&new.directory_id) {
        Some("directory_id")
    } else if key.is_some_and(|key| message.contains(key)) {
        Some("volume_encryption_key")
    } else if kind == Kind::AlreadyExists {
        // The user's other WorkSpace is in this directory.
        Some("directory_id")
    } else {
        None
    }
}

/// A standby that AWS began to create and that failed.
pub(super) fn failed(region: &Region, new: &NewStandby, workspace: &WorkSpace) -> Diagnostic {
    let reason = workspace.reason().unwrap_or_else(|| "AWS gives no reason".to_owned());
    Diagnostic::error(
        format!("The standby of {} in {} is {}", new.primary_id, region.name(), workspace.state()),
        format!(
            "AWS accepted the request and created {}, which is now {}: {}.\n\nThe standby is in \
             the state and marked as tainted: the next apply replaces it. If the reason is not \
             clear, look at the WorkSpace in the WorkSpaces console first.",
            workspace.id,
            workspace.state(),
            reason.trim_end_matches('.'),
        ),
    )
}

/// A standby that AWS showed and does not show any more.
pub(super) fn gone(region: &Region, new: &NewStandby, id: &str) -> Diagnostic {
    Diagnostic::error(
        format!("The standby of {} in {} has disappeared", new.primary_id, region.name()),
        format!(
            "AWS created {id} and does not show it any more. It was probably terminated outside \
             Terraform. It is in the state and marked as tainted: the next apply replaces it."
        ),
    )
}

/// A standby that was not ready when the wait ended.
pub(super) fn not_ready(
    region: &Region,
    new: &NewStandby,
    id: &str,
    interrupted: &Interrupted,
) -> Diagnostic {
    let advice = match interrupted.why {
        Why::TimedOut(_) => {
            " To wait longer, set timeouts { create = \"2h\" }; to not wait at all, set \
             wait_for_ready = false."
        }
        Why::Stopped | Why::Failed(_) => "",
    };
    Diagnostic::error(
        format!("The standby of {} in {} is not ready", new.primary_id, region.name()),
        format!(
            "AWS is creating {id}. {}\n\nIt is in the state and marked as tainted: the next apply \
             replaces it. If it becomes AVAILABLE or STOPPED, run `terraform untaint` with the \
             address of the resource to keep it.{advice}",
            interrupted.described()
        ),
    )
}
