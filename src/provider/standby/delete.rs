use std::ops::ControlFlow;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::aws::{Error, Kind, Region, WorkSpace};
use crate::provider::explain::explain;
use crate::provider::session::Session;
use crate::provider::{Instance, Outcome};
use crate::tf::{Diagnostic, Diagnostics};

use super::locate::Location;
use super::model;
use super::private::Private;
use crate::provider::wait::{Interrupted, Limit, Why, until};

/// How long ending a standby may take unless the configuration says otherwise; AWS says about five
/// minutes.
const TIMEOUT: Duration = Duration::from_secs(20 * 60);

/// Terminates a standby and waits until AWS does not show it any more. One that is gone already is
/// no error. Only the standby Region is asked.
pub(in crate::provider) async fn delete(
    session: &Session,
    prior: Instance,
    stop: &CancellationToken,
) -> Outcome {
    let state = &prior.state;
    let location = match Location::of(session, state, "terminate").await {
        Ok(location) => location,
        Err(diagnostic) => return Outcome { instance: prior, diagnostics: diagnostic.into() },
    };
    let account = session.cloud.known_account();
    let other = location.of_another_account(state, &prior.identity, account, "terminate");
    if let Some(diagnostic) = other {
        return Outcome { instance: prior, diagnostics: diagnostic.into() };
    }
    let Location { id, region } = &location;
    session.recent.ended(id);
    let region = session.cloud.region(region).await;
    let private = Private::decode(&prior.private);
    let patience = private.patience(session.clock.now());
    let limit = Limit::from_now(model::timeout(state, "delete", TIMEOUT));
    let interrupted =
        |why| not_gone(&region, id, &Interrupted { why, last: None, looked: false, trouble: None });
    let ended = tokio::time::timeout_at(limit.deadline, end(&region, id, patience, stop)).await;
    let diagnostic = match ended {
        Ok(Ok(())) => match gone(&region, id, limit, stop).await {
            Ok(()) => {
                return Outcome { instance: Instance::absent(), diagnostics: Diagnostics::new() };
            }
            Err(diagnostic) => diagnostic,
        },
        Ok(Err(diagnostic)) => diagnostic,
        Err(_elapsed) => interrupted(Why::TimedOut(limit.timeout)),
    };
    Outcome { instance: prior, diagnostics: diagnostic.into() }
}

/// Asks AWS to terminate it. A refusal counts only while the WorkSpace is there: the codes of such
/// refusals are free text, so it is looked at instead of guessing from the code.
async fn end(
    region: &Region,
    id: &str,
    patience: Duration,
    stop: &CancellationToken,
) -> Result<(), Diagnostic> {
    let stopped = || {
        let why = Why::Stopped;
        not_gone(region, id, &Interrupted { why, last: None, looked: false, trouble: None })
    };
    let Err(refusal) = region.terminate(id, stop).await else { return Ok(()) };
    if stop.is_cancelled() {
        return Err(stopped());
    }
    let cannot =
        |error: &Error| explain(&format!("terminate the standby {id} in {}", region.name()), error);
    if !refusal.kind.is_refusal() {
        return Err(cannot(&refusal));
    }
    // A standby made moments ago may not be known to every part of AWS yet.
    let found = tokio::select! {
        biased;
        () = stop.cancelled() => return Err(stopped()),
        found = region.find(id) => found,
    };
    let found = match found {
        Ok(None) if !patience.is_zero() => {
            let seen = until(region, id, Limit::from_now(patience), stop, |seen| match seen {
                Some(workspace) => ControlFlow::Break(workspace.clone()),
                None => ControlFlow::Continue(()),
            });
            match seen.await {
                Ok(workspace) => Some(workspace),
                Err(Interrupted { why: Why::TimedOut(_), .. }) => None,
                Err(interrupted) => return Err(not_gone(region, id, &interrupted)),
            }
        }
        Ok(found) => found,
        Err(error) => return Err(cannot(&error)),
    };
    match found {
        None => Ok(()),
        Some(workspace) if matches!(workspace.state(), "TERMINATING" | "TERMINATED") => Ok(()),
        Some(workspace) if workspace.state() == "SUSPENDED" => Err(suspended(region, id, &refusal)),
        Some(_) if !patience.is_zero() => {
            region.terminate(id, stop).await.map_err(|error| cannot(&error))
        }
        Some(_) => Err(cannot(&refusal)),
    }
}

/// Waits until AWS does not show it any more.
async fn gone(
    region: &Region,
    id: &str,
    limit: Limit,
    stop: &CancellationToken,
) -> Result<(), Diagnostic> {
    let absent = |seen: Option<&WorkSpace>| match seen {
        None => ControlFlow::Break(()),
        Some(workspace) if workspace.state() == "TERMINATED" => ControlFlow::Break(()),
        Some(_) => ControlFlow::Continue(()),
    };
    until(region, id, limit, stop, absent)
        .await
        .map_err(|interrupted| not_gone(region, id, &interrupted))
}

fn suspended(region: &Region, id: &str, refusal: &Error) -> Diagnostic {
    let diagnostic = explain(&format!("terminate the standby {id} in {}", region.name()), refusal);
    Diagnostic {
        detail: format!(
            "The WorkSpace is SUSPENDED, and AWS does not terminate a suspended WorkSpace. Ask \
             AWS Support to release it, then apply again.\n\n{}",
            crate::provider::explain::said(refusal)
        ),
        ..diagnostic
    }
}

fn not_gone(region: &Region, id: &str, interrupted: &Interrupted) -> Diagnostic {
    let advice = match &interrupted.why {
        Why::TimedOut(_) => "Give it more time with timeouts { delete = … }, and apply again.",
        Why::Failed(Error { kind: Kind::AccessDenied, .. }) => {
            "Allow workspaces:DescribeWorkspaces, and apply again."
        }
        Why::Stopped | Why::Failed(_) => "Apply again.",
    };
    Diagnostic::error(
        format!("The standby {id} in {} is not gone yet", region.name()),
        format!("{}\n\nIt stays in the state. {advice}", interrupted.described()),
    )
}
