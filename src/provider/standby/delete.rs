use std::ops::ControlFlow;
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::aws::{Error, Kind, Region, WorkSpace};
use crate::provider::explain::{explain, said};
use crate::provider::instance::{Instance, Outcome};
use crate::provider::managed::arguments::timeout_of;
use crate::provider::resource::Apply;
use crate::provider::wait::{Interrupted, Limit, Unfinished, Why, answered, until, within};
use crate::tf::{Diagnostic, Diagnostics};

use super::locate::{check_absence, check_account, locate};
use super::model::Stored;

/// The default of `timeouts.delete`. AWS documents about five minutes.
const TIMEOUT: Duration = Duration::from_secs(20 * 60);

/// How long AWS is asked again to terminate a standby that it does not know, if it has never shown it.
/// A longer wait would hold up the destruction of standbys that are gone.
const UNKNOWN: Duration = Duration::from_secs(2 * 60);

/// How long to pause before asking again.
const PAUSE: Duration = Duration::from_secs(15);

/// Terminates a standby and waits until AWS does not show it any more. A standby that is gone
/// already is not an error. Only the standby Region is asked.
pub(super) async fn delete(apply: Apply<'_>, prior: Instance) -> Outcome {
    match terminate(apply, &Stored::decode(&prior)).await {
        Ok(diagnostics) => Outcome { instance: Instance::absent(), diagnostics },
        Err(diagnostic) => Outcome { instance: prior, diagnostics: diagnostic.into() },
    }
}

async fn terminate(apply: Apply<'_>, stored: &Stored) -> Result<Diagnostics, Diagnostic> {
    let Apply { session, stop, .. } = apply;
    let location = locate(session, &stored.state, "terminate").await?;
    check_account(&location, stored, session.client.known_account(), "terminate")?;
    let (now, age) = (session.clock.now(), session.recent.age(&location.id));
    let may_be_invisible = stored.private.visibility.may_be_invisible(now, age);
    session.recent.ended(&location.id);
    let region = session.client.region(&location.region).await;
    let ending = Ending {
        region: &region,
        id: &location.id,
        limit: Limit::from_now(timeout_of(&stored.state.timeouts, |all| &all.delete, TIMEOUT)),
        was_never_shown: stored.private.visibility.unseen_since.is_some(),
        stop,
    };
    let mut warnings = Diagnostics::new();
    let found = ending.request().await?;
    if matches!(found, Found::Nothing) {
        // Another account would not know it either.
        let check = check_absence(&location, stored, session, "terminate");
        let checked = within(ending.limit.deadline, stop, check).await;
        checked.map_err(|unfinished| ending.unfinished(unfinished, true))??;
    }
    match found {
        Found::Ending => ending.wait_until_gone().await?,
        Found::Nothing if may_be_invisible => warnings.push(ending.not_found()),
        Found::Nothing => {}
    }
    Ok(warnings)
}

/// A standby that is to be terminated.
struct Ending<'a> {
    region: &'a Region,
    id: &'a str,
    limit: Limit,
    /// Whether AWS has returned the id and, as far as the state knows, never shown the WorkSpace.
    was_never_shown: bool,
    stop: &'a CancellationToken,
}

/// What a request to terminate a standby led to.
enum Found {
    /// It is, or may be, being terminated.
    Ending,
    /// AWS does not know it.
    Nothing,
}

impl Ending<'_> {
    /// Asks AWS to terminate it. A refusal counts only while the WorkSpace is there: AWS does not
    /// document the codes of such refusals, so the WorkSpace is looked up instead.
    ///
    /// Not every part of AWS knows a new WorkSpace at once, so for a while AWS is asked again for one
    /// that was never shown.
    async fn request(&self) -> Result<Found, Diagnostic> {
        let patience = Instant::now() + if self.was_never_shown { UNKNOWN } else { Duration::ZERO };
        loop {
            let Err(refusal) = self.change(self.region.terminate(self.id, self.stop)).await? else {
                return Ok(Found::Ending);
            };
            if refusal.kind == Kind::Stopped {
                return Err(self.unfinished(Unfinished::Stopped, false));
            }
            if !refusal.kind.is_refusal() {
                return Err(self.refused(&refusal));
            }
            let found = within(self.limit.deadline, self.stop, self.region.find(self.id)).await;
            let found = found.map_err(|unfinished| self.unfinished(unfinished, false))?;
            match found.map_err(|error| self.refused(&error))? {
                Some(workspace) if workspace.is_ending() => return Ok(Found::Ending),
                Some(workspace) if workspace.state() == "SUSPENDED" => {
                    return Err(self.suspended(&refusal));
                }
                Some(_) if Instant::now() >= patience => return Err(self.refused(&refusal)),
                None if Instant::now() >= patience => return Ok(Found::Nothing),
                Some(_) | None => {}
            }
            let pause = within(self.limit.deadline, self.stop, tokio::time::sleep(PAUSE));
            pause.await.map_err(|unfinished| self.unfinished(unfinished, true))?;
        }
    }

    /// The answer to a request, which is awaited in spite of a stop.
    async fn change<T>(
        &self,
        request: impl Future<Output = Result<T, Error>>,
    ) -> Result<Result<T, Error>, Diagnostic> {
        let answer = answered(self.limit.deadline, self.stop, request).await;
        answer.map_err(|unfinished| self.unfinished(unfinished, false))
    }

    fn unfinished(&self, unfinished: Unfinished, looked: bool) -> Diagnostic {
        self.not_gone(&Interrupted::without_result(unfinished, self.limit, looked))
    }

    /// Nothing proves that a new standby is gone, so its id is named.
    fn not_found(&self) -> Diagnostic {
        let Self { region, id, .. } = self;
        let detail = format!(
            "AWS created {id} in {region} recently, has not shown it since, and does not know it \
             now: it was probably terminated already. It is removed from the state. If it appears \
             in the WorkSpaces console, terminate it there.",
            region = region.name()
        );
        Diagnostic::warning(format!("AWS does not know the standby {id}"), detail)
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
            format!("The standby {} in {} is not terminated yet", self.id, self.region.name()),
            format!("{}\n\nIt stays in the state. {advice}", interrupted.described()),
        )
    }
}
