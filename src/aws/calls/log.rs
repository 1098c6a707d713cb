//! The fields by which the log tells which requests of Terraform are in a call, and how long they
//! waited for it. Spans have the level error, so that no filter removes their fields from the lines
//! of the calls inside.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tracing::Span;

/// The span of a batch: that of its first item, with a number that the log lines of all its items
/// have too. Each item is its own span, and how long it has waited.
pub(super) fn batch_span<'a>(items: impl ExactSizeIterator<Item = (&'a Span, Duration)>) -> Span {
    static BATCHES: AtomicU64 = AtomicU64::new(0);
    let (batch, count) = (BATCHES.fetch_add(1, Ordering::Relaxed) + 1, items.len());
    let mut first = None;
    for (span, waited) in items {
        let waited = milliseconds(waited);
        span.in_scope(|| {
            tracing::debug!(
                tf_aws.batch = batch,
                tf_aws.batch_items = count,
                tf_aws.batch_wait_ms = waited,
                "Request Batched"
            );
        });
        first.get_or_insert((span, waited));
    }
    let Some((first, waited)) = first else { return Span::none() };
    tracing::error_span!(
        parent: first,
        "batch",
        tf_aws.batch = batch,
        tf_aws.batch_items = count,
        tf_aws.batch_wait_ms = waited,
    )
}

/// The span of one attempt of a call: how long it waited for its turn, and how often AWS throttled
/// it before.
pub(super) fn turn_span(waited: Duration, throttled: u32) -> Span {
    tracing::error_span!(
        "turn",
        tf_aws.turn_wait_ms = milliseconds(waited),
        tf_aws.throttled = throttled,
    )
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
