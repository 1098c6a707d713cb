use std::ops::ControlFlow;
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::aws::{ConnectionAlias, Error, Kind, Region, Watch, WorkSpace};
use crate::provider::explain::said;

/// How long an operation may take, and until when that is.
#[derive(Clone, Copy, Debug)]
pub(in crate::provider) struct Limit {
    /// The configured timeout.
    pub(in crate::provider) timeout: Duration,
    pub(in crate::provider) deadline: Instant,
}

impl Limit {
    /// A limit whose time begins now.
    pub(in crate::provider) fn from_now(timeout: Duration) -> Self {
        // The clock cannot represent every time that a timeout of centuries would lead to.
        const FARTHEST: Duration = Duration::from_secs(30 * 365 * 24 * 3600);
        Self { timeout, deadline: Instant::now() + timeout.min(FARTHEST) }
    }
}

/// Why something was not waited for to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::provider) enum Unfinished {
    /// The time was up.
    TimedOut,
    /// Terraform asked the provider to stop.
    Stopped,
}

/// Runs a future until it is ready, the time is up or a stop is requested.
///
/// After a stop nothing is begun, and a result that is ready counts.
///
/// # Errors
/// What came before the result.
pub(in crate::provider) async fn within<T>(
    deadline: Instant,
    stop: &CancellationToken,
    future: impl Future<Output = T>,
) -> Result<T, Unfinished> {
    if stop.is_cancelled() {
        return Err(Unfinished::Stopped);
    }
    tokio::select! {
        biased;
        result = future => Ok(result),
        () = stop.cancelled() => Err(Unfinished::Stopped),
        () = tokio::time::sleep_until(deadline) => Err(Unfinished::TimedOut),
    }
}

/// Like [`within`] for a request to AWS that changes something: once it is under way its answer is
/// awaited in spite of a stop, because without the answer it is not known what holds.
///
/// # Errors
/// What came before the request, or before its answer.
pub(in crate::provider) async fn answered<T>(
    deadline: Instant,
    stop: &CancellationToken,
    request: impl Future<Output = T>,
) -> Result<T, Unfinished> {
    if stop.is_cancelled() {
        return Err(Unfinished::Stopped);
    }
    tokio::time::timeout_at(deadline, request).await.map_err(|_elapsed| Unfinished::TimedOut)
}

/// Something in a Region that can be waited for.
pub(in crate::provider) trait Watched: Clone {
    /// The operation that shows it.
    const OPERATION: &str;

    /// Watches the one with this id, through the poll that all share that wait in the Region.
    fn watch(region: &Region, id: &str) -> Watch<Self, Error>;

    /// Its state, and the reason that AWS gives for it.
    fn shown_state(&self) -> String;
}

impl Watched for WorkSpace {
    const OPERATION: &str = "DescribeWorkspaces";

    fn watch(region: &Region, id: &str) -> Watch<Self, Error> {
        region.watch(id)
    }

    fn shown_state(&self) -> String {
        match self.reason() {
            Some(reason) => format!("{} ({reason})", self.state()),
            None => self.state().to_owned(),
        }
    }
}

impl Watched for ConnectionAlias {
    const OPERATION: &str = "DescribeConnectionAliases";

    fn watch(region: &Region, id: &str) -> Watch<Self, Error> {
        region.connection_aliases().watch(id)
    }

    fn shown_state(&self) -> String {
        self.status().to_owned()
    }
}

/// A wait that ended without what was waited for.
#[derive(Debug)]
pub(in crate::provider) struct Interrupted<W = WorkSpace> {
    pub(in crate::provider) why: Why,
    /// What was seen last; nothing if AWS did not show it, or was not asked yet.
    pub(in crate::provider) last: Option<W>,
    /// Whether AWS was asked at all.
    pub(in crate::provider) looked: bool,
    /// Why the later attempts to look failed.
    pub(in crate::provider) trouble: Option<Error>,
}

/// The ways in which a wait is interrupted.
#[derive(Debug)]
pub(in crate::provider) enum Why {
    /// This timeout was over.
    TimedOut(Duration),
    /// Terraform asked the provider to stop.
    Stopped,
    /// AWS could not be asked.
    Failed(Error),
}

impl<W> Interrupted<W> {
    /// A request that ended without a result. `looked` says whether AWS was asked what it shows.
    pub(in crate::provider) fn without_result(
        unfinished: Unfinished,
        limit: Limit,
        looked: bool,
    ) -> Self {
        let why = Why::of(unfinished, limit);
        Self { why, last: None, looked, trouble: None }
    }
}

impl Why {
    fn of(unfinished: Unfinished, limit: Limit) -> Self {
        match unfinished {
            Unfinished::TimedOut => Self::TimedOut(limit.timeout),
            Unfinished::Stopped => Self::Stopped,
        }
    }
}

/// Watches one id until the condition breaks, and returns what it breaks with.
///
/// The condition is a pure function of what AWS shows, nothing if it shows nothing. The poll of the
/// Region decides how often to ask.
///
/// # Errors
/// Why the wait ended before the condition broke.
pub(in crate::provider) async fn until<W: Watched, T>(
    region: &Region,
    id: &str,
    limit: Limit,
    stop: &CancellationToken,
    mut condition: impl FnMut(Option<&W>) -> ControlFlow<T>,
) -> Result<T, Interrupted<W>> {
    let mut watch = W::watch(region, id);
    let (mut last, mut looked, mut trouble) = (None, false, None);
    loop {
        let seen = match within(limit.deadline, stop, watch.next()).await {
            Ok(seen) => seen,
            Err(unfinished) => {
                let why = Why::of(unfinished, limit);
                return Err(Interrupted { why, last, looked, trouble });
            }
        };
        let seen = seen.unwrap_or_else(|lost| {
            Err(Error::local(Kind::WorkerGone, W::OPERATION, region.name(), lost.to_string()))
        });
        match seen {
            Ok(seen) => {
                (last, looked, trouble) = (seen, true, None);
                if let ControlFlow::Break(result) = condition(last.as_ref()) {
                    return Ok(result);
                }
            }
            // The network, or AWS, may recover: giving up would taint what is being created.
            Err(error) if error.kind.is_transient() => {
                tracing::warn!(%error, id, "the call failed and will be repeated");
                trouble = Some(error);
            }
            Err(error) => {
                return Err(Interrupted { why: Why::Failed(error), last, looked, trouble: None });
            }
        }
    }
}

impl<W: Watched> Interrupted<W> {
    /// In one or two sentences, why the wait ended and what was seen last.
    pub(in crate::provider) fn described(&self) -> String {
        let last = match &self.last {
            None if self.looked => "AWS does not show it".to_owned(),
            None => "its state is not known yet".to_owned(),
            Some(seen) => format!("its last state was {}", seen.shown_state()),
        };
        let trouble = match &self.trouble {
            Some(error) => format!(" Since then AWS could not be reached: {}", said(error)),
            None => String::new(),
        };
        match &self.why {
            Why::TimedOut(timeout) => {
                format!("Timed out after {}; {last}.{trouble}", spelled(*timeout))
            }
            Why::Stopped => format!("Terraform was interrupted; {last}.{trouble}"),
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

    #[tokio::test(start_paused = true)]
    async fn a_wait_ends_with_its_result_the_stop_or_the_time_whichever_is_first() {
        let after = |seconds| tokio::time::sleep(Duration::from_secs(seconds));
        for (ready, stopped, expected) in [
            (1, 2, Ok(())),
            (2, 1, Err(Unfinished::Stopped)),
            (9, 9, Err(Unfinished::TimedOut)),
            (1, 1, Ok(())),
            (0, 0, Err(Unfinished::Stopped)),
        ] {
            let stop = CancellationToken::new();
            if stopped == 0 {
                stop.cancel();
            }
            let limit = Limit::from_now(Duration::from_secs(5));
            let stopping = async {
                after(stopped).await;
                stop.cancel();
            };
            let waiting = within(limit.deadline, &stop, after(ready));
            let (ended, ()) = tokio::join!(waiting, stopping);
            assert_eq!(ended, expected, "ready after {ready}, stopped after {stopped}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_is_awaited_in_spite_of_a_stop_and_nothing_is_begun_after_one() {
        let stop = CancellationToken::new();
        let limit = Limit::from_now(Duration::from_secs(5));
        let request = async {
            stop.cancel();
            tokio::time::sleep(Duration::from_secs(1)).await;
        };
        assert_eq!(answered(limit.deadline, &stop, request).await, Ok(()));
        let after = answered(limit.deadline, &stop, async { unreachable!("nothing is begun") });
        assert_eq!(after.await, Err(Unfinished::Stopped));
    }
}
