use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::join_all;
use futures_util::stream::FuturesUnordered;
use tokio_util::sync::CancellationToken;

use crate::aws::{PowerChange, Region};
use crate::provider::action::Progress;
use crate::provider::attr::{Field, model};
use crate::provider::chosen_region::chosen_region;
use crate::provider::explain::{explain, said};
use crate::provider::session::Session;
use crate::provider::wait::{Interrupted, Limit, Why, spelled, until};
use crate::tf::{Diagnostic, Diagnostics, Value, duration};

use super::goal::{self, Need, Outcome};

/// How long to wait by default. AWS needs some minutes to start a desktop.
const TIMEOUT: Duration = Duration::from_secs(20 * 60);

model! {
    /// The arguments of an action, as `schema` declares them.
    struct Arguments {
        workspace_ids: Value,
        region: String,
        timeout: String,
    }
}

/// Changes the WorkSpaces of a configuration and waits for them.
///
/// WorkSpaces that cannot be changed do not keep the others from it.
///
/// # Errors
/// A diagnostic that names each WorkSpace that is not in the state that was asked for.
pub(super) async fn change(
    change: PowerChange,
    session: &Session,
    configuration: &Value,
    progress: &dyn Progress,
) -> Result<(), Diagnostics> {
    let wanted = Arguments::decode(configuration).unwrap_or_default();
    let region = chosen_region(session, "action", &wanted.region).await?;
    let timeout = wanted.timeout.as_str().and_then(|text| duration::parse(text).ok());
    let limit = Limit::from_now(timeout.unwrap_or(TIMEOUT));
    let ids = wanted.workspace_ids.known().and_then(Value::as_items).unwrap_or_default();
    let mut ids: Vec<_> = ids.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    ids.sort();

    // Dropping the future is what ends an action.
    let stop = CancellationToken::new();
    let mut work = Work { change, region: &region, all: ids.len(), bad: BTreeMap::new() };
    let began = tokio::time::timeout_at(limit.deadline, work.begin(&ids, &stop)).await;
    let waiting = began.map_err(|_elapsed| unanswered(change, &region, limit))??;
    work.report(progress, ids.len() - waiting.len() - work.bad.len()).await;
    work.wait(waiting, limit, &stop, progress).await;
    if work.bad.is_empty() { Ok(()) } else { Err(work.failure().into()) }
}

/// The changes of one invocation.
struct Work<'a> {
    change: PowerChange,
    region: &'a Region,
    /// How many WorkSpaces were named.
    all: usize,
    /// Why a WorkSpace, by id, is not in the state that was asked for.
    bad: BTreeMap<String, String>,
}

impl Work<'_> {
    /// Asks AWS for the changes that are needed. Returns the ids to wait for.
    async fn begin(
        &mut self,
        ids: &[String],
        stop: &CancellationToken,
    ) -> Result<Vec<String>, Diagnostic> {
        let region = self.region;
        let found = join_all(ids.iter().map(|id| region.find(id))).await;
        let (mut waiting, mut calls) = (Vec::new(), Vec::new());
        for (id, found) in ids.iter().zip(found) {
            let what = format!("look up the WorkSpaces in {}", region.name());
            let found = found.map_err(|error| explain(&what, &error))?;
            let Some(workspace) = found else {
                let why = format!("there is no such WorkSpace in {}", region.name());
                self.bad.insert(id.clone(), why);
                continue;
            };
            match goal::need(self.change, &workspace) {
                Need::Nothing => {}
                Need::Wait => waiting.push(id.clone()),
                Need::Call => calls.push(id.clone()),
            }
        }
        let answers = region.change_power(self.change, &calls, stop).await;
        for (id, answer) in calls.into_iter().zip(answers) {
            match answer {
                Ok(()) => waiting.push(id),
                Err(error) => {
                    self.bad.insert(id, said(&error));
                }
            }
        }
        Ok(waiting)
    }

    /// Waits for the WorkSpaces that are on the way, all at the same time.
    async fn wait(
        &mut self,
        waiting: Vec<String>,
        limit: Limit,
        stop: &CancellationToken,
        progress: &dyn Progress,
    ) {
        let mut done = self.all - waiting.len() - self.bad.len();
        let (change, region) = (self.change, self.region);
        let waits: FuturesUnordered<_> = waiting
            .into_iter()
            .map(|id| async move {
                (until(region, &id, limit, stop, goal::condition(change)).await, id)
            })
            .collect();
        // One look at AWS shows many of them: one message for all of those.
        let mut waits = waits.ready_chunks(self.all.max(1));
        while let Some(ended) = waits.next().await {
            let before = done;
            for (outcome, id) in ended {
                match outcome {
                    Ok(Outcome::Reached) => done += 1,
                    Ok(Outcome::Failed(why)) => drop(self.bad.insert(id, why)),
                    Err(interrupted) => drop(self.bad.insert(id, late(&interrupted))),
                }
            }
            if done > before {
                self.report(progress, done).await;
            }
        }
    }

    async fn report(&self, progress: &dyn Progress, done: usize) {
        let doing = match self.change {
            PowerChange::Start => "running",
            PowerChange::Stop => "stopped",
            PowerChange::Reboot => "rebooted",
        };
        progress.report(format!("{done} of {} {doing}", self.all)).await;
    }

    /// The error that names what was not changed.
    fn failure(&self) -> Diagnostic {
        let Self { region, all, .. } = self;
        let (done, needs) = match self.change {
            PowerChange::Start => {
                ("started", "running mode AUTO_STOP or MANUAL, and the state STOPPED")
            }
            PowerChange::Stop => (
                "stopped",
                "running mode AUTO_STOP or MANUAL, and the state AVAILABLE, IMPAIRED, UNHEALTHY or \
                 ERROR",
            ),
            PowerChange::Reboot => ("rebooted", "the state AVAILABLE, UNHEALTHY or REBOOTING"),
        };
        let lines = self.bad.iter().map(|(id, why)| format!("  {id}: {why}"));
        let lines = lines.collect::<Vec<_>>().join("\n");
        let detail = format!(
            "{lines}\n\nAWS requires {needs}. All other WorkSpaces were {done}. Correct workspace_ids \
             or the WorkSpaces, and invoke the action again."
        );
        let count = self.bad.len();
        let were = if count == 1 { "was" } else { "were" };
        let summary = format!("{count} of {all} WorkSpaces in {} {were} not {done}", region.name());
        Diagnostic::error(summary, detail)
    }
}

/// The error if AWS did not answer before the time was up. Some requests can have been accepted.
fn unanswered(change: PowerChange, region: &Region, limit: Limit) -> Diagnostic {
    let detail = format!(
        "AWS did not answer within {}. Invoke the action again: it does not change WorkSpaces \
         that are already in the requested state. To wait longer, set timeout.",
        spelled(limit.timeout)
    );
    let summary = format!("AWS did not answer {} in {}", change.operation(), region.name());
    Diagnostic::error(summary, detail)
}

/// Why a wait was not finished, in one line.
fn late(interrupted: &Interrupted) -> String {
    let state = interrupted.last.as_ref().map_or("not shown by AWS", |last| last.state());
    match &interrupted.why {
        Why::TimedOut(timeout) => format!("{state} after {}", spelled(*timeout)),
        Why::Failed(error) => format!("{state}. {}", said(error)),
        Why::Stopped => format!("{state}. Terraform was interrupted"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::schema;
    use super::*;
    use crate::provider::attr::tests::assert_fits;

    #[test]
    fn the_model_holds_what_the_schema_declares() {
        for schema in [schema::start(), schema::stop(), schema::reboot()] {
            assert_fits::<Arguments>(&schema.block);
        }
    }
}
