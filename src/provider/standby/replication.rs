use std::ops::ControlFlow;
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::aws::{DataReplication, Error, Kind, Region, WorkSpace};
use crate::provider::explain::{explain, said};
use crate::provider::wait::{Interrupted, Unfinished, Why, answered, spelled, until};
use crate::tf::Diagnostic;

use super::subject::Subject;

const MODIFY: &str = "ModifyWorkspaceProperties";

/// How long the primary Region may take to answer. While it is down, nothing is gained by a longer
/// wait.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long to pause before asking again while another change is in progress.
const BUSY: Duration = Duration::from_secs(10);

/// A primary and its standby, each with its Region.
pub(super) struct Pair<'a> {
    pub(super) primary: (&'a Region, &'a str),
    pub(super) standby: (&'a Region, &'a str),
}

/// Why data replication was not switched.
struct Refused {
    /// What the primary Region said.
    primary: Error,
    /// What the standby Region said, if it was asked too.
    standby: Option<Error>,
}

/// Switches data replication and waits until AWS shows it. What was seen last is in `seen` in any
/// case.
///
/// A standby that is still being created cannot be changed yet; `is_pending` says that it may be.
///
/// # Errors
/// What AWS refused, or what interrupted it.
pub(super) async fn switch_replication(
    subject: &Subject<'_>,
    pair: &Pair<'_>,
    wanted: DataReplication,
    is_pending: bool,
    seen: &mut Option<WorkSpace>,
) -> Result<(), Diagnostic> {
    let Subject { region, id, limit, stop } = *subject;
    if is_pending {
        let created = |seen: Option<&WorkSpace>| match seen {
            Some(workspace) if workspace.state() != "PENDING" => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        };
        until(region, id, limit, stop, created).await.map_err(|interrupted| {
            let why = interrupted.described();
            let created = "Data replication is switched after the standby is created";
            subject.incomplete(&format!("{created}. {}", why.trim_end_matches('.')))
        })?;
    }
    match answered(limit.deadline, stop, ask(pair, wanted, limit.deadline, stop)).await {
        Ok(Ok(())) => {}
        Ok(Err(Refused { primary: Error { kind: Kind::Stopped, .. }, .. })) => {
            return Err(subject.unanswered(Unfinished::Stopped, "AWS"));
        }
        Ok(Err(refused)) => return Err(refused.explained(subject, pair)),
        Err(unfinished) => return Err(subject.unanswered(unfinished, "AWS")),
    }
    let shown = |seen: Option<&WorkSpace>| match seen {
        Some(workspace) if shows(workspace, wanted) => ControlFlow::Break(workspace.clone()),
        _ => ControlFlow::Continue(()),
    };
    match until(region, id, limit, stop, shown).await {
        Ok(workspace) => {
            *seen = Some(workspace);
            Ok(())
        }
        Err(interrupted) => {
            let diagnostic = not_shown(region, id, &interrupted);
            *seen = interrupted.last;
            Err(diagnostic)
        }
    }
}

fn shows(workspace: &WorkSpace, wanted: DataReplication) -> bool {
    workspace.primary.is_some()
        && workspace.state() != "UPDATING"
        && workspace.data_replication.unwrap_or(DataReplication::Off) == wanted
}

/// The one place that decides which WorkSpace to name when data replication is switched.
///
/// AWS does not document it. Its console does it on the page of the primary, in the primary Region,
/// and documents that a standby cannot be modified, so the primary comes first. Only if AWS
/// definitely refuses that, the standby is named, in its own Region.
async fn ask(
    pair: &Pair<'_>,
    wanted: DataReplication,
    deadline: Instant,
    stop: &CancellationToken,
) -> Result<(), Refused> {
    let (region, id) = pair.primary;
    let primary = match modify(region, id, wanted, deadline, stop).await {
        Ok(()) => return Ok(()),
        Err(error) if !error.kind.is_refusal() => {
            return Err(Refused { primary: error, standby: None });
        }
        Err(error) => error,
    };
    let (region, id) = pair.standby;
    modify(region, id, wanted, deadline, stop)
        .await
        .map_err(|standby| Refused { primary, standby: Some(standby) })
}

/// Asks for the change, and again for as long as another change is in progress.
async fn modify(
    region: &Region,
    id: &str,
    wanted: DataReplication,
    deadline: Instant,
    stop: &CancellationToken,
) -> Result<(), Error> {
    loop {
        let asked = region.modify_data_replication(id, wanted, stop);
        let answer = tokio::time::timeout(PATIENCE, asked).await.unwrap_or_else(|_elapsed| {
            let message = format!("no answer within {}", spelled(PATIENCE));
            Err(Error::local(Kind::Ambiguous, MODIFY, region.name(), message))
        });
        let Err(error) = &answer else { return answer };
        if error.kind != Kind::InProgress || Instant::now() + BUSY >= deadline {
            return answer;
        }
        tokio::select! {
            () = stop.cancelled() => {
                let message = "Terraform was interrupted";
                return Err(Error::local(Kind::Stopped, MODIFY, region.name(), message));
            }
            () = tokio::time::sleep(BUSY) => {}
        }
    }
}

impl Refused {
    fn explained(&self, subject: &Subject<'_>, pair: &Pair<'_>) -> Diagnostic {
        let what = subject.change_of("data replication");
        match &self.standby {
            Some(standby) => {
                let mut diagnostic = explain(&what, &self.primary);
                let tried =
                    format!("\n\nThe provider also tried the standby Region. {}", said(standby));
                diagnostic.detail.push_str(&tried);
                diagnostic
            }
            None if matches!(self.primary.kind, Kind::Unreachable | Kind::Ambiguous) => {
                let detail = format!(
                    "{}\n\nData replication is changed in {}, the Region of the primary, which \
                     does not answer. All other changes of this update are complete. Apply again \
                     when the Region answers.",
                    said(&self.primary),
                    pair.primary.0.name(),
                );
                Diagnostic::error(format!("Could not {what}"), detail)
            }
            None => explain(&what, &self.primary),
        }
    }
}

fn not_shown(region: &Region, id: &str, interrupted: &Interrupted) -> Diagnostic {
    let advice = match interrupted.why {
        Why::TimedOut(_) => "Apply again. To wait longer, set timeouts { update = … }.",
        Why::Stopped | Why::Failed(_) => "Apply again to continue waiting.",
    };
    Diagnostic::error(
        format!(
            "The standby {id} in {} does not show the change of data replication",
            region.name()
        ),
        format!(
            "AWS accepted the change. {}\n\nThe state has the last values that AWS showed. \
             {advice}",
            interrupted.described()
        ),
    )
}
