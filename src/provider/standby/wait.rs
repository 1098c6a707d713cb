use std::ops::ControlFlow;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::aws::{Error, Kind, Region, WorkSpace};

/// Why a wait ended without what was waited for.
#[derive(Debug)]
pub(super) struct Interrupted {
    pub(super) why: Why,
    /// What was seen last; nothing where the WorkSpace was not shown, or not looked for yet.
    pub(super) last: Option<WorkSpace>,
    /// Whether it was looked for at all.
    pub(super) looked: bool,
}

/// The ways in which a wait is interrupted.
#[derive(Debug)]
pub(super) enum Why {
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
pub(super) async fn until<T>(
    region: &Region,
    id: &str,
    timeout: Duration,
    stop: &CancellationToken,
    mut condition: impl FnMut(Option<&WorkSpace>) -> ControlFlow<T>,
) -> Result<T, Interrupted> {
    let mut watch = region.watch(id);
    let (mut last, mut looked) = (None, false);
    let deadline = tokio::time::sleep(timeout);
    tokio::pin!(deadline);
    loop {
        let seen = tokio::select! {
            biased;
            () = stop.cancelled() => return Err(Interrupted { why: Why::Stopped, last, looked }),
            seen = watch.next() => seen,
            () = &mut deadline => return Err(Interrupted { why: Why::TimedOut(timeout), last, looked }),
        };
        let seen = seen.unwrap_or_else(|lost| {
            Err(Error {
                kind: Kind::Lost,
                operation: "DescribeWorkspaces",
                region: region.name().to_owned(),
                code: None,
                message: lost.to_string(),
                request_id: None,
                attempts: None,
            })
        });
        match seen {
            Ok(seen) => {
                (last, looked) = (seen, true);
                if let ControlFlow::Break(result) = condition(last.as_ref()) {
                    return Ok(result);
                }
            }
            Err(error) => return Err(Interrupted { why: Why::Failed(error), last, looked }),
        }
    }
}

impl Interrupted {
    /// One sentence about why, and what was seen last.
    pub(super) fn described(&self) -> String {
        let last = match &self.last {
            None if self.looked => "AWS did not show it yet".to_owned(),
            None => "it was not looked for yet".to_owned(),
            Some(workspace) => match workspace.reason() {
                Some(reason) => format!("its last state was {} ({reason})", workspace.state()),
                None => format!("its last state was {}", workspace.state()),
            },
        };
        match &self.why {
            Why::TimedOut(timeout) => {
                format!("It was not done after {}; {last}.", spelled(*timeout))
            }
            Why::Stopped => format!("Terraform was asked to stop; {last}."),
            Why::Failed(error) => {
                format!("{} Before that, {last}.", crate::provider::explain::said(error))
            }
        }
    }
}

/// A duration as it is written in a `timeouts` block, and as short as possible.
pub(super) fn spelled(duration: Duration) -> String {
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
