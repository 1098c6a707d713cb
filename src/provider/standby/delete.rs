use std::ops::ControlFlow;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::aws::{Error, Kind, Region, WorkSpace};
use crate::provider::explain::{explain, said};
use crate::provider::instance::{Instance, Outcome};
use crate::provider::resource::Apply;
use crate::provider::wait::{Interrupted, Limit, Why, answered, until};
use crate::tf::{Diagnostic, Diagnostics};

use super::locate::Location;
use super::model::{Stored, timeout};

/// The default of `timeouts.delete`. AWS documents about five minutes.
const TIMEOUT: Duration = Duration::from_secs(20 * 60);

/// Terminates a standby and waits until AWS does not show it any more. A standby that is gone
/// already is not an error. Only the standby Region is asked.
pub(super) async fn delete(apply: Apply<'_>, prior: Instance) -> Outcome {
    match terminate(apply, &Stored::decode(&prior)).await {
        Ok(()) => Outcome { instance: Instance::absent(), diagnostics: Diagnostics::new() },
        Err(diagnostic) => Outcome { instance: prior, diagnostics: diagnostic.into() },
    }
}

async fn terminate(apply: Apply<'_>, stored: &Stored) -> Result<(), Diagnostic> {
    let Apply { session, stop, .. } = apply;
    let location = Location::of(session, &stored.state, "terminate").await?;
    location.check_account(stored, session.client.known_account(), "terminate")?;
    session.recent.ended(&location.id);
    let region = session.client.region(&location.region).await;
    let ending = Ending {
        region: &region,
        id: &location.id,
        limit: Limit::from_now(timeout(&stored.state.timeouts, |all| &all.delete, TIMEOUT)),
        patience: stored.private.patience(session.clock.now()),
        stop,
    };
    ending.request().await?;
    ending.wait_until_gone().await
}

/// A standby that is to be terminated.
struct Ending<'a> {
    region: &'a Region,
    id: &'a str,
    limit: Limit,
    /// How much longer it may exist without being shown.
    patience: Duration,
    stop: &'a CancellationToken,
}

impl Ending<'_> {
    /// Asks AWS to terminate it. A refusal counts only while the WorkSpace is there: AWS does not
    /// document the codes of such refusals, so the WorkSpace is looked up instead.
    async fn request(&self) -> Result<(), Diagnostic> {
        let Err(refusal) = self.send().await? else { return Ok(()) };
        if !refusal.kind.is_refusal() {
            return Err(self.refused(&refusal));
        }
        match self.find().await? {
            None => Ok(()),
            Some(workspace) if workspace.is_ending() => Ok(()),
            Some(workspace) if workspace.state() == "SUSPENDED" => Err(self.suspended(&refusal)),
            // Not every part of AWS knew it at first.
            Some(_) if !self.patience.is_zero() => {
                self.send().await?.map_err(|error| self.refused(&error))
            }
            Some(_) => Err(self.refused(&refusal)),
        }
    }

    async fn send(&self) -> Result<Result<(), Error>, Diagnostic> {
        let Self { region, id, limit, stop, .. } = self;
        let sent = answered(limit.deadline, stop, region.terminate(id)).await;
        sent.map_err(|unfinished| self.not_gone(&Interrupted::before_looking(unfinished, *limit)))
    }

    /// The WorkSpace, if AWS shows it. One that is new is waited for.
    async fn find(&self) -> Result<Option<WorkSpace>, Diagnostic> {
        let Self { region, id, limit, patience, stop } = self;
        let found = answered(limit.deadline, stop, region.find(id)).await;
        let found = found.map_err(|unfinished| {
            self.not_gone(&Interrupted::before_looking(unfinished, *limit))
        })?;
        match found.map_err(|error| self.refused(&error))? {
            None if !patience.is_zero() => {}
            found => return Ok(found),
        }
        let shown = |seen: Option<&WorkSpace>| match seen {
            Some(workspace) => ControlFlow::Break(workspace.clone()),
            None => ControlFlow::Continue(()),
        };
        let patience = Limit::from_now(*patience);
        let first = Limit { deadline: patience.deadline.min(limit.deadline), ..*limit };
        match until(region, id, first, stop, shown).await {
            Ok(workspace) => Ok(Some(workspace)),
            Err(Interrupted { why: Why::TimedOut(_), .. })
                if patience.deadline <= limit.deadline =>
            {
                Ok(None)
            }
            Err(interrupted) => Err(self.not_gone(&interrupted)),
        }
    }

    async fn wait_until_gone(&self) -> Result<(), Diagnostic> {
        let absent = |seen: Option<&WorkSpace>| match seen {
            None => ControlFlow::Break(()),
            Some(workspace) if workspace.state() == "TERMINATED" => ControlFlow::Break(()),
            Some(_) => ControlFlow::Continue(()),
        };
        until(self.region, self.id, self.limit, self.stop, absent)
            .await
            .map_err(|interrupted| self.not_gone(&interrupted))
    }

    fn refused(&self, error: &Error) -> Diagnostic {
        explain(&format!("terminate the standby {} in {}", self.id, self.region.name()), error)
    }

    fn suspended(&self, refusal: &Error) -> Diagnostic {
        let detail = format!(
            "The WorkSpace is SUSPENDED, and AWS does not terminate a suspended WorkSpace. Ask AWS \
             Support to restore it, then apply again.\n\n{}",
            said(refusal)
        );
        Diagnostic { detail, ..self.refused(refusal) }
    }

    fn not_gone(&self, interrupted: &Interrupted) -> Diagnostic {
        let advice = match &interrupted.why {
            Why::TimedOut(_) => "To wait longer, set timeouts { delete = … }, and apply again.",
            Why::Failed(Error { kind: Kind::AccessDenied, .. }) => {
                "Allow workspaces:DescribeWorkspaces, and apply again."
            }
            Why::Stopped | Why::Failed(_) => "Apply again.",
        };
        Diagnostic::error(
            format!("The standby {} in {} is not gone yet", self.id, self.region.name()),
            format!("{}\n\nIt stays in the state. {advice}", interrupted.described()),
        )
    }
}
