use std::ops::ControlFlow;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::aws::{Accepted, CreateFailure, Kind, NewStandby, Region, Related, WorkSpace};
use crate::provider::explain::{explain, said};
use crate::provider::session::Session;
use crate::provider::{Checkpoint, Instance, Outcome};
use crate::tf::{Diagnostic, Diagnostics, Path, Value};

use super::private::{Key, Private};
use super::{TYPE_NAME, identity, model};
use crate::provider::wait::{Interrupted, Limit, Why, until};

/// How long creating may take unless the configuration says otherwise. AWS gives no figure for
/// standbys; the bundle's image is copied first, and an encrypted WorkSpace may take an hour.
const TIMEOUT: Duration = Duration::from_secs(90 * 60);

/// How many looks may show a standby that is ready but incomplete before it is taken as it is.
const INCOMPLETE_LOOKS: u32 = 30;

/// Creates a standby. Its id is in the checkpoint before anything else is done with it.
pub(in crate::provider) async fn create(
    session: &Session,
    planned: Instance,
    checkpoint: &Checkpoint,
    stop: &CancellationToken,
) -> Outcome {
    let Some(region_name) = planned.state.get("region").as_str() else {
        let detail = "The plan does not say in which Region. Set region in the provider block.";
        let error = Diagnostic::error("Could not create a standby", detail);
        return Outcome { instance: Instance::absent(), diagnostics: error.into() };
    };
    let region = session.cloud.region(region_name).await;
    let new = model::new_standby(&planned.state);
    let limit = Limit::from_now(model::timeout(&planned.state, "create", TIMEOUT));
    let primary_region = session.cloud.region(&new.primary_region).await;
    let accepted = match region.create(&new, &primary_region, limit.deadline, stop).await {
        Ok(accepted) => accepted,
        Err(failure) => {
            let mut diagnostic = refused(&region, &new, &failure);
            if let CreateFailure::Exists { standby, created_here, .. } = &failure {
                diagnostic.detail += &existing(&region, &new, standby.as_ref(), *created_here);
            }
            let diagnostics = diagnostic.into();
            return Outcome { instance: Instance::absent(), diagnostics };
        }
    };

    // Nothing may come between the id and the checkpoint: no call, no wait.
    let mut created = Created::new(session, &region, planned, &accepted);
    checkpoint.record(created.instance());
    session.recent.made(region.name(), &accepted.id, &new);
    tokio::select! {
        biased;
        () = created.learn_account(session) => checkpoint.record(created.instance()),
        () = stop.cancelled() => {}
    }
    tracing::info!(id = accepted.id, region = region.name(), "standby accepted");

    if created.planned.get("wait_for_ready").as_bool() == Some(false) {
        return created.finish(Diagnostics::new());
    }
    let mut looks = 0;
    // Telling it from the others of its call may have shown already how it is.
    let shown = accepted.shown.as_deref().map(|workspace| ready(Some(workspace), &mut looks));
    let waited = match shown {
        Some(ControlFlow::Break(readiness)) => Ok(readiness),
        Some(ControlFlow::Continue(())) | None => {
            until(&region, &accepted.id, limit, stop, |seen| ready(seen, &mut looks)).await
        }
    };
    match waited {
        Ok(Readiness::Ready(workspace)) => {
            created.refresh(&workspace);
            created.finish(Diagnostics::new())
        }
        Ok(Readiness::Failed(workspace)) => {
            created.refresh(&workspace);
            let error = failed(&region, &new, &workspace);
            created.finish(error.into())
        }
        Ok(Readiness::Gone) => {
            let error = gone(&region, &new, &accepted.id);
            created.finish(error.into())
        }
        Err(interrupted) => {
            if let Some(workspace) = &interrupted.last {
                created.refresh(workspace);
            }
            let error = not_ready(&region, &new, &accepted.id, &interrupted);
            created.finish(error.into())
        }
    }
}

/// How a new standby turned out.
pub(in crate::provider) enum Readiness {
    Ready(Box<WorkSpace>),
    Failed(Box<WorkSpace>),
    Gone,
}

/// Whether a new standby is ready. Not shown is not yet, until it was shown once; every state that
/// is neither ready nor failed, a new one of AWS included, means to keep waiting.
pub(in crate::provider) fn ready(
    seen: Option<&WorkSpace>,
    looks: &mut u32,
) -> ControlFlow<Readiness> {
    let Some(workspace) = seen else {
        // Shown before and absent now: terminated behind our back.
        return if *looks > 0 {
            ControlFlow::Break(Readiness::Gone)
        } else {
            ControlFlow::Continue(())
        };
    };
    *looks += 1;
    match workspace.state() {
        "ERROR" | "TERMINATING" | "TERMINATED" | "SUSPENDED" => {
            ControlFlow::Break(Readiness::Failed(Box::new(workspace.clone())))
        }
        "AVAILABLE" | "STOPPED" if workspace.primary.is_some() || *looks > INCOMPLETE_LOOKS => {
            ControlFlow::Break(Readiness::Ready(Box::new(workspace.clone())))
        }
        _ => ControlFlow::Continue(()),
    }
}

/// A standby from the moment AWS has given its id.
struct Created<'a> {
    session: &'a Session,
    region: String,
    id: String,
    /// What was planned, unknown values included.
    planned: Value,
    /// What is known so far.
    actual: Value,
    private: Private,
    identity: Value,
}

impl<'a> Created<'a> {
    fn new(session: &'a Session, region: &Region, planned: Instance, accepted: &Accepted) -> Self {
        let planned = planned.state;
        let mut actual = planned.clone().unknown_as_null();
        actual.set("id", accepted.id.as_str().into());
        actual.set("state", Value::optional_string(accepted.state.as_deref()));
        actual.set("user_name", Value::optional_string(accepted.user_name.as_deref()));
        let key = planned.get("volume_encryption_key").as_str();
        let key = key.map(|key| Key { configured: key.to_owned(), reported: None });
        Self {
            session,
            region: region.name().to_owned(),
            id: accepted.id.clone(),
            planned,
            actual,
            private: Private { unseen_since: Some(session.clock.now()), key },
            identity: identity::of(None, region.name(), &accepted.id),
        }
    }

    /// Adds what depends on the account. Kept apart because finding it out may be a call.
    async fn learn_account(&mut self, session: &Session) {
        let account = session.account().await;
        self.actual.set("arn", model::arn(account.as_ref(), &self.region, &self.id));
        self.identity = identity::of(account.as_ref(), &self.region, &self.id);
    }

    fn refresh(&mut self, workspace: &WorkSpace) {
        self.private.unseen_since = None;
        model::refresh(&mut self.actual, workspace, &mut self.private);
    }

    fn instance(&self) -> Instance {
        Instance {
            state: model::as_planned(&self.planned, &self.actual),
            private: self.private.encode(),
            identity: self.identity.clone(),
        }
    }

    fn finish(self, diagnostics: Diagnostics) -> Outcome {
        tracing::debug!(
            id = self.id,
            at = %self.session.clock.now(),
            failed = diagnostics.has_errors(),
            "standby created"
        );
        Outcome { instance: self.instance(), diagnostics }
    }
}

fn what(region: &Region, new: &NewStandby) -> String {
    format!("create the standby of {} in {}", new.primary_id, region.name())
}

/// A request that led to no id that is certainly ours.
fn refused(region: &Region, new: &NewStandby, failure: &CreateFailure) -> Diagnostic {
    match failure {
        CreateFailure::Refused(error) | CreateFailure::Exists { error, .. } => {
            let diagnostic = explain(&what(region, new), error);
            match blamed(new, error.kind, &error.message) {
                Some(attribute) => diagnostic.at(Path::attribute(attribute)),
                None => diagnostic,
            }
        }
        CreateFailure::Unknown { error, candidates } => {
            let advice = if candidates.is_empty() {
                format!(
                    "Look in the WorkSpaces console in {}, in the directory {}, for a standby of \
                     {}. If there is one, import it: AWS would refuse a second one. If there is \
                     none, apply again.",
                    region.name(),
                    new.directory_id,
                    new.primary_id
                )
            } else {
                let blocks: Vec<String> =
                    candidates.iter().map(|id| import_block(id, region.name())).collect();
                format!(
                    "There is a standby of {}, but nothing proves that this apply made it. If it \
                     is the one you mean, put this into the configuration, with the address of \
                     the resource, and apply again:\n\n{}",
                    new.primary_id,
                    blocks.join("\n")
                )
            };
            Diagnostic::error(
                format!("It is not certain whether the standby of {} was created", new.primary_id),
                match error.kind {
                    Kind::WorkerGone => format!(
                        "{} This is a bug in the provider. Please report it.\n\n{advice}",
                        said(error)
                    ),
                    _ => format!("{}\n\n{advice}", said(error)),
                },
            )
        }
        CreateFailure::OneOf { error, candidates } => {
            let blocks: Vec<String> =
                candidates.iter().map(|id| import_block(id, region.name())).collect();
            if blocks.is_empty() {
                return Diagnostic::error(
                    format!("The id of the standby of {} was not found out", new.primary_id),
                    format!(
                        "AWS is making it, in one request with others. {}\n\nThe error of another \
                         standby of this request lists all ids that it can have.",
                        said(error)
                    ),
                );
            }
            Diagnostic::error(
                format!("The id of the standby of {} was not found out", new.primary_id),
                format!(
                    "AWS is making it, in one request with others, and did not show yet which of \
                     their ids is its own. {}\n\nLook at these in the WorkSpaces console in {}, \
                     put the one whose primary is {} into the configuration, with the address of \
                     the resource, and apply again:\n\n{}",
                    said(error),
                    region.name(),
                    new.primary_id,
                    blocks.join("\n")
                ),
            )
        }
    }
}

/// The existing standby, and how to make it this resource's.
fn existing(
    region: &Region,
    new: &NewStandby,
    standby: Option<&Related>,
    created_here: bool,
) -> String {
    let Some(standby) = standby else {
        return format!(
            "\n\nNo standby of {primary} shows in the directory {}. Either {primary} has its standby \
             in another directory, or in another Region, and AWS allows one: name that directory as \
             directory_id, or import the standby. Or its user has a WorkSpace of another kind in the \
             directory: look for the user in the WorkSpaces console in {}. A standby that was made \
             moments ago may not show yet.",
            new.directory_id,
            region.name(),
            primary = new.primary_id,
        );
    };
    if created_here {
        return format!(
            "\n\nTwo resources of this configuration have the primary {}. A primary has one standby: \
             remove one of the resources.",
            new.primary_id
        );
    }
    let standby_region = standby.region.as_deref().unwrap_or(region.name());
    format!(
        "\n\nIf nothing manages it yet, put this into the configuration, with the address of the \
         resource, and apply again:\n\n{}",
        import_block(&standby.id, standby_region)
    )
}

/// The argument to blame, where AWS's words name one of ours.
fn blamed(new: &NewStandby, kind: Kind, message: &str) -> Option<&'static str> {
    let is_about = matches!(
        kind,
        Kind::NotFound
            | Kind::AlreadyExists
            | Kind::InvalidParameter
            | Kind::NotSupported
            | Kind::Unavailable
            | Kind::Other
    );
    if !is_about {
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

pub(super) fn import_block(id: &str, region: &str) -> String {
    format!("import {{\n  to = {TYPE_NAME}.NAME\n  id = \"{id}@{region}\"\n}}\n")
}

/// A standby that AWS began to make and that turned out bad.
fn failed(region: &Region, new: &NewStandby, workspace: &WorkSpace) -> Diagnostic {
    let reason = workspace.reason().unwrap_or_else(|| "AWS gives no reason".to_owned());
    Diagnostic::error(
        format!("The standby of {} in {} is {}", new.primary_id, region.name(), workspace.state()),
        format!(
            "AWS accepted the request and made {}, which is now {}: {}.\n\nIt stays in the \
             state, marked as tainted, so that the next apply replaces it. Look at it in the \
             WorkSpaces console first if the reason is not clear.",
            workspace.id,
            workspace.state(),
            reason.trim_end_matches('.'),
        ),
    )
}

/// A standby that was shown and is absent now.
fn gone(region: &Region, new: &NewStandby, id: &str) -> Diagnostic {
    Diagnostic::error(
        format!("The standby of {} in {} has disappeared", new.primary_id, region.name()),
        format!(
            "AWS made {id} and does not show it any more; it was probably terminated by somebody \
             else. It stays in the state, marked as tainted, so that the next apply replaces it."
        ),
    )
}

/// A standby that was not ready when the wait was interrupted.
fn not_ready(region: &Region, new: &NewStandby, id: &str, interrupted: &Interrupted) -> Diagnostic {
    let advice = match interrupted.why {
        Why::TimedOut(_) => {
            "Give it more time with timeouts { create = \"2h\" }, or do not wait for it with \
             wait_for_ready = false."
        }
        Why::Stopped | Why::Failed(_) => "",
    };
    Diagnostic::error(
        format!("The standby of {} in {} is not ready", new.primary_id, region.name()),
        format!(
            "AWS is making {id}. {}\n\nIt stays in the state, marked as tainted: the next apply \
             would replace it. If it becomes AVAILABLE or STOPPED in the meantime, run `terraform \
             untaint` with the resource's address to keep it. {advice}",
            interrupted.described()
        )
        .trim_end()
        .to_owned(),
    )
}
