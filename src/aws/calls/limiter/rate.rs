use std::time::Duration;

use tokio::time::Instant;

/// Calls per second after the first one that AWS refused. An AWS sample for WorkSpaces settled on
/// 1.5; what AWS allows is not published, and differs by account and operation.
const FIRST: f64 = 2.0;

/// The slowest pace, in calls per second: nobody waits longer than ten seconds for a turn.
const SLOWEST: f64 = 0.1;

/// The pace, in calls per second, from which on nothing is held back any more.
const FREE: f64 = 40.0;

/// What is left of the pace when AWS refuses a call.
const CUT: f64 = 0.7;

/// The most by which an accepted call makes it faster, in calls per second.
const STEP: f64 = 0.15;

/// The same as a share of the pace; the smaller one counts. It is careful around the pace at which
/// AWS last refused a call. With these at most one call in twenty is refused while more is asked
/// for than AWS allows, and what AWS allows is nearly used up; the tests have the figures.
const STEP_SHARE: f64 = 0.02;
const CAREFUL_SHARE: f64 = 0.003;

/// How near that pace is around it.
const AROUND: std::ops::RangeInclusive<f64> = 0.9..=1.1;

/// How fast calls of one operation may follow each other, learned from AWS's refusals: a little
/// faster with each accepted call, and much slower with each refused one.
///
/// A pure state machine: whoever uses it brings the time.
#[derive(Debug, Default)]
pub(super) struct Rate {
    /// Calls per second; nothing while AWS has refused none.
    per_second: Option<f64>,
    /// The pace at which AWS last refused a call.
    too_fast: Option<f64>,
    not_before: Option<Instant>,
    cut: Option<Instant>,
    refusals: u32,
}

impl Rate {
    /// From when on the next call may be sent; nothing is at once.
    pub(super) fn not_before(&self) -> Option<Instant> {
        self.not_before
    }

    /// How often it was slowed down since the last accepted call.
    pub(super) fn refusals(&self) -> u32 {
        self.refusals
    }

    /// A call is sent.
    pub(super) fn sent(&mut self, now: Instant) {
        self.not_before = self.per_second.map(|rate| now + pause(rate));
    }

    /// A call was not refused for coming too soon.
    pub(super) fn accepted(&mut self) {
        self.refusals = 0;
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

    /// A call that was sent at `sent` was refused; AWS may say how long to wait.
    pub(super) fn refused(&mut self, sent: Instant, now: Instant, wait: Option<Duration>) {
        // Calls that were under way together tell the same thing, once.
        if self.cut.is_none_or(|cut| sent >= cut) {
            let rate = self.per_second.map_or(FIRST, |rate| (rate * CUT).max(SLOWEST));
            self.too_fast = self.per_second.replace(rate);
            self.cut = Some(now);
            self.refusals += 1;
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
