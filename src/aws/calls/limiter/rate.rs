use std::time::Duration;

use tokio::time::Instant;

/// Calls per second after the first throttling. An AWS sample for WorkSpaces settled on
/// 1.5; what AWS allows is not published, and differs by account and operation.
const FIRST: f64 = 2.0;

/// The lowest rate, in calls per second: a permit takes ten seconds at most.
const SLOWEST: f64 = 0.1;

/// The rate, in calls per second, above which calls are no longer held back.
const FREE: f64 = 40.0;

/// What is left of the rate when AWS throttles a call.
const CUT: f64 = 0.7;

/// The most by which a successful call raises the rate, in calls per second.
const STEP: f64 = 0.15;

/// The same as a share of the rate; the smaller one counts. It is lower around the rate at which AWS
/// last throttled a call. With these values AWS throttles at most one call in twenty under full
/// load, and nearly all of what it allows is used; the tests have the figures.
const STEP_SHARE: f64 = 0.02;
const CAREFUL_SHARE: f64 = 0.003;

/// What counts as around that rate.
const AROUND: std::ops::RangeInclusive<f64> = 0.9..=1.1;

/// The rate of one operation, learned from AWS: each successful call raises it a little, and each
/// throttled one lowers it much.
///
/// A pure state machine: the caller passes the time.
#[derive(Debug, Default)]
pub(super) struct Rate {
    /// Calls per second; `None` before the first throttling.
    per_second: Option<f64>,
    /// The rate at which AWS last throttled a call.
    too_fast: Option<f64>,
    not_before: Option<Instant>,
    cut: Option<Instant>,
    throttles: u32,
}

impl Rate {
    /// When the next call can be sent; `None` means at once.
    pub(super) fn not_before(&self) -> Option<Instant> {
        self.not_before
    }

    /// How often the rate was lowered since the last successful call.
    pub(super) fn throttles(&self) -> u32 {
        self.throttles
    }

    /// A call is sent.
    pub(super) fn sent(&mut self, now: Instant) {
        self.not_before = self.per_second.map(|rate| now + pause(rate));
    }

    /// A call was not throttled.
    pub(super) fn on_success(&mut self) {
        self.throttles = 0;
        self.per_second = self
            .per_second
            .map(|rate| {
                let careful = self.too_fast.is_some_and(|too| AROUND.contains(&(rate / too)));
                rate + STEP.min(rate * if careful { CAREFUL_SHARE } else { STEP_SHARE })
            })
            .filter(|rate| *rate < FREE);
        if self.per_second.is_none() {
            self.not_before = None;
        }
    }

    /// A call that was sent at `sent` was throttled. AWS may say how long to wait.
    pub(super) fn on_throttle(&mut self, sent: Instant, now: Instant, wait: Option<Duration>) {
        // Calls that were sent together count once.
        if self.cut.is_none_or(|cut| sent >= cut) {
            let rate = self.per_second.map_or(FIRST, |rate| (rate * CUT).max(SLOWEST));
            self.too_fast = self.per_second.replace(rate);
            self.cut = Some(now);
            self.throttles += 1;
        }
        let pause = self.per_second.map(pause).unwrap_or_default();
        let earliest = now + pause.max(wait.unwrap_or_default());
        self.not_before = self.not_before.max(Some(earliest));
    }
}

fn pause(per_second: f64) -> Duration {
    Duration::from_secs_f64(1.0 / per_second)
}

#[cfg(test)]
mod tests;
