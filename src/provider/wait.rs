use std::ops::ControlFlow;
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::aws::{Error, Kind, Region, WorkSpace};
use crate::provider::explain::said;

/// How long an operation may take, and until when that is.
#[derive(Clone, Copy, Debug)]
pub(in crate::provider) struct Limit {
    /// As it was configured.
    pub(in crate::provider) timeout: Duration,
    pub(in crate::provider) deadline: Instant,
}

impl Limit {
    /// A limit whose time begins now.
    pub(in crate::provider) fn from_now(timeout: Duration) -> Self {
        // The clock cannot tell every time that a timeout of centuries would lead to.
        const FARTHEST: Duration = Duration::from_secs(30 * 365 * 24 * 3600);
        Self { timeout, deadline: Instant::now() + timeout.min(FARTHEST) }
    }
}

/// Why a wait ended without what was waited for.
#[derive(Debug)]
pub(in crate::provider) struct Interrupted {
    pub(in crate::provider) why: Why,
    /// What was seen last; nothing where the WorkSpace was not shown, or not looked for yet.
    pub(in crate::provider) last: Option<WorkSpace>,
    /// Whether it was looked for at all.
    pub(in crate::provider) looked: bool,
    /// Why the looks since then have failed.
    pub(in crate::provider) trouble: Option<Error>,
}

/// The ways in which a wait is interrupted.
#[derive(Debug)]
pub(in crate::provider) enum Why {
    /// The timeout, which is given, was over.
    TimedOut(Duration),
    /// Terraform asked to stop.
    Stopped,
    /// AWS could not be asked.
    Failed(Error),
}

/// Watches a WorkSpace until the condition breaks off, and gives what it broke off with.
///
/// The condition is a pure function of what was seen, nothing where the WorkSpace is not shown; the
/// poll that all waiting resources of a Region share owns the pace.
pub(in crate::provider) async fn until<T>(
    region: &Region,
    id: &str,
    limit: Limit,
    stop: &CancellationToken,
    mut condition: impl FnMut(Option<&WorkSpace>) -> ControlFlow<T>,
) -> Result<T, Interrupted> {
    let mut watch = region.watch(id);
    let (mut last, mut looked, mut trouble) = (None, false, None);
    let over = tokio::time::sleep_until(limit.deadline);
    tokio::pin!(over);
    loop {
        let seen = tokio::select! {
            biased;
            () = stop.cancelled() => {
                return Err(Interrupted { why: Why::Stopped, last, looked, trouble });
            }
            seen = watch.next() => seen,
            () = &mut over => {
                return Err(Interrupted { why: Why::TimedOut(limit.timeout), last, looked, trouble });
            }
        };
        let seen = seen.unwrap_or_else(|lost| {
            Err(Error::local(
                Kind::WorkerGone,
                "DescribeWorkspaces",
                region.name(),
                lost.to_string(),
            ))
        });
        match seen {
            Ok(seen) => {
                (last, looked, trouble) = (seen, true, None);
                if let ControlFlow::Break(result) = condition(last.as_ref()) {
                    return Ok(result);
                }
            }
            // The network, or AWS, may come back: giving up would taint what is being made.
            Err(error) if error.kind.is_transient() => {
                tracing::warn!(%error, id, "AWS could not be asked, and will be asked again");
                trouble = Some(error);
            }
            Err(error) => {
                return Err(Interrupted { why: Why::Failed(error), last, looked, trouble: None });
            }
        }
    }
}

impl Interrupted {
    /// One sentence about why, and what was seen last.
    pub(in crate::provider) fn described(&self) -> String {
        let last = match &self.last {
            None if self.looked => "AWS did not show it yet".to_owned(),
            None => "it was not looked for yet".to_owned(),
            Some(workspace) => match workspace.reason() {
                Some(reason) => format!("its last state was {} ({reason})", workspace.state()),
                None => format!("its last state was {}", workspace.state()),
            },
        };
        let trouble = match &self.trouble {
            Some(error) => format!(" Since then AWS could not be asked: {}", said(error)),
            None => String::new(),
        };
        match &self.why {
            Why::TimedOut(timeout) => {
                format!("It was not done after {}; {last}.{trouble}", spelled(*timeout))
            }
            Why::Stopped => format!("Terraform was asked to stop; {last}.{trouble}"),
            Why::Failed(error) => format!("{} Before that, {last}.", said(error)),
        }
    }
}

/// A duration as it is written in a `timeouts` block, and as short as possible.
pub(in crate::provider) fn spelled(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if duration.subsec_nanos() > 0 {
        return format!("{}ms", duration.as_millis());
    }
    let parts = [(hours, "h"), (minutes, "m"), (seconds, "s")];
    let text: String = parts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, unit)| format!("{count}{unit}"))
        .collect();
    if text.is_empty() { "0s".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_spelled_as_in_a_timeouts_block() {
        for (milliseconds, text) in
            [(0, "0s"), (1500, "1500ms"), (90_000, "1m30s"), (5_400_000, "1h30m")]
        {
            assert_eq!(spelled(Duration::from_millis(milliseconds)), text);
        }
    }
}
