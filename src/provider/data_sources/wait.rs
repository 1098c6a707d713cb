use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio_util::sync::CancellationToken;

use crate::aws::{Region, WorkSpace};
use crate::provider::explain::said;
use crate::provider::standby::{Readiness, ready};
use crate::provider::wait::{Interrupted, Limit, Why, spelled, until};
use crate::tf::Diagnostic;

/// The WorkSpaces found so far, sorted by id.
pub(super) type Found = BTreeMap<String, WorkSpace>;

/// How long after the first failure more failures are collected. Those that wait together fail
/// together, a few calls apart.
const SETTLE: Duration = Duration::from_millis(500);

/// Most standbys that an error names one by one.
const MOST_NAMED: usize = 20;

/// Waits until everything found, and everything that this process has created, is ready; `found` then
/// has what was seen last.
///
/// All wait at the same time, through the one poll of the Region: 25 ids a call.
///
/// # Errors
/// A diagnostic that names the standbys that failed, or that were not ready in time.
pub(super) async fn wait(
    region: &Region,
    found: &mut Found,
    created: Vec<String>,
    limit: Limit,
) -> Result<(), Diagnostic> {
    let mut bad = Bad::default();
    let mut waiting: Vec<(String, u32)> = Vec::new();
    for (id, workspace) in &*found {
        // Shown already: if it disappears from here on, it is gone.
        let mut looks = 0;
        match ready(Some(workspace), &mut looks) {
            ControlFlow::Continue(()) => waiting.push((id.clone(), looks)),
            ControlFlow::Break(Readiness::Failed(workspace)) if !workspace.is_ending() => {
                bad.failed.push(summary_line(&workspace));
            }
            ControlFlow::Break(_) => {}
        }
    }
    waiting.extend(created.into_iter().filter(|id| !found.contains_key(id)).map(|id| (id, 0)));
    let all = found.len() + waiting.iter().filter(|(id, _)| !found.contains_key(id)).count();
    if !bad.failed.is_empty() {
        return Err(bad.described(region, all, waiting.len()));
    }

    // A read is stopped by being dropped.
    let stop = CancellationToken::new();
    let mut left = waiting.len();
    let mut waits: FuturesUnordered<_> = waiting
        .into_iter()
        .map(|(id, mut looks)| {
            let stop = &stop;
            async move {
                let waited = until(region, &id, limit, stop, |seen| ready(seen, &mut looks)).await;
                (id, waited)
            }
        })
        .collect();
    loop {
        let next = match bad.is_empty() {
            true => waits.next().await,
            false => tokio::time::timeout(SETTLE, waits.next()).await.unwrap_or_default(),
        };
        let Some((id, waited)) = next else { break };
        left -= 1;
        match waited {
            Ok(Readiness::Ready(workspace)) => {
                found.insert(id, *workspace);
            }
            Ok(Readiness::Failed(workspace)) => bad.failed.push(summary_line(&workspace)),
            Ok(Readiness::Gone) => bad.failed.push(format!("{id}: AWS no longer shows it")),
            Err(interrupted) => bad.interrupted(&id, interrupted),
        }
    }
    if bad.is_empty() { Ok(()) } else { Err(bad.described(region, all, left)) }
}

/// Why a wait did not succeed.
#[derive(Default)]
struct Bad {
    /// Standbys that will not become ready.
    failed: Vec<String>,
    /// Standbys that were not ready when the time was up, or when AWS refused to be asked.
    late: Vec<String>,
    /// The timeout that was over.
    timeout: Option<Duration>,
    /// The last error of AWS, or of the way to it.
    trouble: Option<String>,
}

impl Bad {
    fn is_empty(&self) -> bool {
        self.failed.is_empty() && self.late.is_empty()
    }

    fn interrupted(&mut self, id: &str, interrupted: Interrupted) {
        self.late.push(match &interrupted.last {
            Some(workspace) => summary_line(workspace),
            None => format!("{id}: AWS does not show it yet"),
        });
        match interrupted.why {
            Why::TimedOut(timeout) => self.timeout = Some(timeout),
            Why::Failed(error) => self.trouble = Some(said(&error)),
            Why::Stopped => {}
        }
        if let Some(error) = &interrupted.trouble {
            self.trouble = Some(format!("Since then AWS could not be reached: {}", said(error)));
        }
    }

    /// `left` standbys are not ready either; the wait for them was abandoned.
    fn described(mut self, region: &Region, all: usize, left: usize) -> Diagnostic {
        self.failed.sort();
        self.late.sort();
        let mut parts = Vec::new();
        if !self.failed.is_empty() {
            parts.push(format!("These will not become ready:\n{}", listed(&self.failed)));
        }
        if !self.late.is_empty() {
            let when = match self.timeout {
                Some(timeout) => format!(" after {}", spelled(timeout)),
                None => String::new(),
            };
            parts.push(format!("These were not ready{when}:\n{}", listed(&self.late)));
        }
        match left {
            0 => {}
            1 => parts.push("1 other is not ready yet.".to_owned()),
            _ => parts.push(format!("{left} others are not ready yet.")),
        }
        parts.extend(self.trouble.take());
        parts.push(if self.failed.is_empty() && self.timeout.is_some() {
            "Apply again to continue waiting. To wait longer, set timeouts { read = \"6h\" }."
                .to_owned()
        } else if self.failed.is_empty() {
            "Apply again to continue waiting.".to_owned()
        } else {
            "Nothing was changed. Look at the failed standbys in the WorkSpaces console, or replace \
             them with `terraform apply -replace`. A data source with wait_for_ready = false and \
             `terraform destroy -refresh=false` do not wait for them."
                .to_owned()
        });
        let count = self.failed.len() + self.late.len() + left;
        let are = if count == 1 { "is" } else { "are" };
        let summary = format!("{count} of {all} standbys in {} {are} not ready", region.name());
        Diagnostic::error(summary, parts.join("\n\n"))
    }
}

/// A standby in one line: its id, its primary, its state and the reason for the state.
fn summary_line(workspace: &WorkSpace) -> String {
    let of = match &workspace.primary {
        Some(primary) => format!(", standby of {}", primary.id),
        None => String::new(),
    };
    let reason = workspace.reason().map(|reason| format!(" ({reason})")).unwrap_or_default();
    format!("{}{of}: {}{reason}", workspace.id, workspace.state())
}

fn listed(lines: &[String]) -> String {
    let mut text: Vec<String> =
        lines.iter().take(MOST_NAMED).map(|line| format!("  {line}")).collect();
    if lines.len() > MOST_NAMED {
        text.push(format!("  and {} more", lines.len() - MOST_NAMED));
    }
    text.join("\n")
}
