//! What is said about a creation that did not go well.

use crate::aws::{CreateFailure, Kind, NewStandby, Region, Related, WorkSpace};
use crate::provider::explain::{explain, said};
use crate::provider::managed::import;
use crate::provider::standby::schema::TYPE_NAME;
use crate::provider::wait::{Interrupted, Limit, Why, spelled};
use crate::tf::{Diagnostic, Path};

use super::created::Created;

pub(super) fn no_region() -> Diagnostic {
    let detail = "The plan has no Region. Set region in the provider block.";
    Diagnostic::error("Could not create a standby", detail)
}

/// An `import` block for a standby.
pub(in crate::provider::standby) fn import_block(id: &str, region: &str) -> String {
    import::import_block(TYPE_NAME, id, region)
}

fn import_blocks<'a>(ids: impl IntoIterator<Item = &'a str>, region: &Region) -> String {
    let blocks: Vec<String> = ids.into_iter().map(|id| import_block(id, region.name())).collect();
    blocks.join("\n")
}

/// A request that led to no id that certainly belongs to this resource.
pub(super) fn refused(
    region: &Region,
    new: &NewStandby,
    adopts: bool,
    failure: &CreateFailure,
) -> Diagnostic {
    match failure {
        CreateFailure::Exists { standby, created_here: true, .. } => {
            two_resources(new, standby.as_ref().map(|standby| standby.id.as_str()))
        }
        CreateFailure::Refused(error) | CreateFailure::Exists { error, .. } => {
            let what = format!("create the standby of {} in {}", new.primary_id, region.name());
            let mut diagnostic = explain(&what, error);
            if let CreateFailure::Exists { standby, .. } = failure {
                diagnostic.detail += &in_the_way(region, new, adopts, standby.as_deref());
            }
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
                    "{} has a standby, but the provider cannot prove that this apply created \
                     it. To manage it with this resource, add this block with the address of the \
                     resource, and apply again:\n\n{}",
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
        CreateFailure::OneOf { error, candidates } if candidates.is_empty() => Diagnostic::error(
            format!("Could not determine the ID of the standby of {}", new.primary_id),
            format!(
                "AWS is creating the standby in one request with others. {}\n\nThe error of \
                 another standby of this request lists all IDs that this standby can have.",
                said(error)
            ),
        ),
        CreateFailure::OneOf { error, candidates } => Diagnostic::error(
            format!("Could not determine the ID of the standby of {}", new.primary_id),
            format!(
                "AWS is creating the standby in one request with others, and has not shown yet \
                 which ID belongs to it. {}\n\nCompare these in the WorkSpaces console in {}, add \
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

/// The standby that the primary has, and what it takes to manage it.
fn in_the_way(
    region: &Region,
    new: &NewStandby,
    adopts: bool,
    standby: Option<&Related>,
) -> String {
    let Some(standby) = standby else {
        return format!(
            "\n\nAWS does not show a standby of {primary} yet. A new standby may not be visible yet, \
             or the user of {primary} has another WorkSpace in the directory {}: look for the user in \
             the WorkSpaces console in {}.",
            new.directory_id,
            region.name(),
            primary = new.primary_id,
        );
    };
    let place = standby.region.as_deref().unwrap_or(region.name());
    let adopt = match place == region.name() && !adopts {
        true => "set adopt_existing = true, or ",
        false => "",
    };
    format!(
        "\n\nIf no other configuration manages {id}, {adopt}add this block with the address of the \
         resource, and apply again:\n\n{}",
        import_block(&standby.id, place),
        id = standby.id,
    )
}

/// Two resources of one apply with the same primary.
fn two_resources(new: &NewStandby, id: Option<&str>) -> Diagnostic {
    let created = match id {
        Some(id) => format!("The other resource has {id}"),
        None => "The other resource is being created".to_owned(),
    };
    let detail = format!(
        "Two resources of this configuration have the primary {}, and a primary has at most one \
         standby. {created}. Remove one of the two resources.",
        new.primary_id
    );
    let summary = format!("Two resources have the primary {}", new.primary_id);
    Diagnostic::error(summary, detail).at(Path::attribute("primary_workspace_id"))
}

/// Another resource of this apply has adopted or created the standby.
pub(super) fn same_primary(created: &Created<'_>) -> Diagnostic {
    two_resources(&created.new, Some(&created.id))
}

/// The standby to adopt is not shown, so neither its directory nor its key is known.
pub(super) fn not_visible(region: &Region, new: &NewStandby, id: &str) -> Diagnostic {
    let detail = format!(
        "{} has the standby {id} in {region}, which AWS does not show there yet. Apply again in a few \
         minutes.",
        new.primary_id,
        region = region.name(),
    );
    Diagnostic::error(format!("Could not adopt {id} in {}", region.name()), detail)
}

/// The standby to adopt is in another directory, which only a new standby can change.
pub(super) fn another_directory(
    region: &Region,
    new: &NewStandby,
    found: &WorkSpace,
) -> Diagnostic {
    let directory = found.directory_id.as_deref().unwrap_or("another directory");
    let detail = format!(
        "The standby {} of {} is in {directory}, and the configuration sets {}. Set directory_id to \
         the directory of the standby.",
        found.id, new.primary_id, new.directory_id,
    );
    let summary = format!("Could not adopt {} in {}", found.id, region.name());
    Diagnostic::error(summary, detail).at(Path::attribute("directory_id"))
}

pub(super) fn interrupted(what: &str) -> Diagnostic {
    let detail = "Terraform was interrupted before the request was sent. Apply again to continue.";
    Diagnostic::error(format!("Could not {what}"), detail)
}

pub(super) fn timed_out(what: &str, limit: Limit) -> Diagnostic {
    let detail = format!("AWS did not answer within {}. Apply again.", spelled(limit.timeout));
    Diagnostic::error(format!("Could not {what}"), detail)
}

/// The standby to adopt has another key, which only a new standby can change.
pub(super) fn another_key(region: &Region, new: &NewStandby, found: &WorkSpace) -> Diagnostic {
    let key = found.volume_encryption_key.as_deref();
    let key = key.map_or("is not encrypted with a KMS key".to_owned(), |key| {
        format!("is encrypted with {key}")
    });
    let detail = format!(
        "The standby {} of {} {key}, and the configuration sets another one. The key of a standby \
         cannot be changed. Set volume_encryption_key to the key of the standby, or remove it from \
         the configuration.",
        found.id, new.primary_id,
    );
    let summary = format!("Could not adopt {} in {}", found.id, region.name());
    Diagnostic::error(summary, detail).at(Path::attribute("volume_encryption_key"))
}

/// More than one standby of the primary, which AWS does not allow.
pub(super) fn several(region: &Region, new: &NewStandby, found: &[WorkSpace]) -> Diagnostic {
    let detail = format!(
        "AWS shows {} standbys of {} in the directory {}. Choose one, add its block with the \
         address of the resource, and apply again:\n\n{}",
        found.len(),
        new.primary_id,
        new.directory_id,
        import_blocks(found.iter().map(|standby| standby.id.as_str()), region),
    );
    let summary = format!("{} has several standbys in {}", new.primary_id, region.name());
    Diagnostic::error(summary, detail).at(Path::attribute("primary_workspace_id"))
}

pub(super) fn adopted(created: &Created<'_>) -> Diagnostic {
    let Created { id, new, region, .. } = created;
    let detail = format!(
        "{id} was the standby of {} before this apply, and this resource manages it now. Make sure \
         that no other Terraform state has it: destroying it there terminates it.",
        new.primary_id
    );
    Diagnostic::warning(format!("Adopted the standby {id} in {}", region.name()), detail)
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
pub(super) fn failed(created: &Created<'_>, workspace: &WorkSpace) -> Diagnostic {
    let reason = workspace.reason().unwrap_or_else(|| "AWS gives no reason".to_owned());
    let (id, state, reason) = (&workspace.id, workspace.state(), reason.trim_end_matches('.'));
    let summary = summary(created, &format!("is {state}"));
    if created.is_adopted {
        let detail = format!(
            "{id} is {state}: {reason}.\n\nIt was adopted and is in the state. Look at it in the \
             WorkSpaces console, or replace it with `terraform apply -replace`."
        );
        return Diagnostic::warning(summary, detail);
    }
    let detail = format!(
        "AWS accepted the request and created {id}, which is now {state}: {reason}.\n\nThe standby \
         is in the state and marked as tainted: the next apply replaces it. If the reason is not \
         clear, look at the WorkSpace in the WorkSpaces console first."
    );
    Diagnostic::error(summary, detail)
}

/// A standby that AWS showed and does not show any more.
pub(super) fn gone(created: &Created<'_>) -> Diagnostic {
    let summary = summary(created, "has disappeared");
    let detail = format!(
        "AWS created {} and no longer shows it. It was probably terminated outside Terraform. \
         It is in the state and marked as tainted: the next apply replaces it.",
        created.id
    );
    Diagnostic::error(summary, detail)
}

/// A standby that was not ready when the wait ended.
///
/// Only a timeout is an error, since Terraform marks what is created with an error as tainted, and
/// the next apply destroys it. A wait that was interrupted leaves what `wait_for_ready = false` does.
pub(super) fn not_ready(created: &Created<'_>, interrupted: &Interrupted) -> Diagnostic {
    let (id, described) = (&created.id, interrupted.described());
    let summary = summary(created, "is not ready yet");
    let what = if created.is_adopted { "adopted" } else { "created" };
    match &interrupted.why {
        Why::Stopped => Diagnostic::warning(
            summary,
            format!(
                "{described} {id} was {what} and is in the state, as with wait_for_ready = false: \
                 nothing is lost. `terraform plan` shows its current state."
            ),
        ),
        Why::Failed(error) => {
            let advice = match error.kind {
                Kind::Credentials => "Renew the credentials, and run",
                Kind::AccessDenied => "Allow workspaces:DescribeWorkspaces, and run",
                _ => "Run",
            };
            Diagnostic::warning(
                summary,
                format!(
                    "The provider cannot wait for it any longer. {described}\n\n{id} was {what} and \
                     is in the state, as with wait_for_ready = false. {advice} `terraform apply \
                     -refresh-only` to see its current state."
                ),
            )
        }
        Why::TimedOut(_) if created.is_adopted => Diagnostic::warning(
            summary,
            format!("{described}\n\n{id} was adopted and is in the state."),
        ),
        Why::TimedOut(_) => Diagnostic::error(
            summary,
            format!(
                "AWS is still creating {id}. {described}\n\nIt is in the state and marked as \
                 tainted: the next apply terminates and replaces it. To keep it, run:\n\n  terraform \
                 untaint {TYPE_NAME}.NAME\n\nwith the address of the resource. To wait longer, set \
                 timeouts {{ create = \"6h\" }}; to not wait at all, set wait_for_ready = false."
            ),
        ),
    }
}

fn summary(created: &Created<'_>, what: &str) -> String {
    format!("The standby of {} in {} {what}", created.new.primary_id, created.region.name())
}
