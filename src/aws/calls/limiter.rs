//! Limits the rate of calls to what AWS allows.
//!
//! There is one [`Limiter`] for each Region. AWS counts calls by operation, so each operation has a
//! [`Rate`] of its own. A caller takes a place ([`Permit`]), acquires the permit, sends, and reports
//! whether AWS throttled the call. Permits are given in the order of the places, changes before
//! refreshes; a throttled call keeps its place.

mod rate;

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use rate::Rate;

use crate::aws::lock::lock;

/// Concurrent calls of one operation until AWS has accepted more of them than a short burst: a
/// throttling hits all calls that are under way.
const FIRST_CONCURRENT: usize = 4;
const BURST: usize = 12;

/// Concurrent calls of one operation after that.
const MOST_CONCURRENT: usize = 10;

/// Concurrent calls of an operation while its rate is limited, so that AWS throttles few of them.
const LIMITED_CONCURRENT: usize = 3;

/// Which calls get a permit first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::aws) enum Priority {
    /// A change, or a look-up that a change waits for.
    Change,
    /// A look-up that refreshes state.
    Refresh,
}

/// The permits of one Region. Clones share them.
#[derive(Clone, Default)]
pub(in crate::aws) struct Limiter(Arc<Shared>);

#[derive(Default)]
struct Shared {
    lanes: Mutex<Lanes>,
    /// Wakes the waiting callers when the first one of a lane may have changed.
    changed: Notify,
}

#[derive(Default)]
struct Lanes {
    next: u64,
    by_operation: HashMap<&'static str, Lane>,
}

#[derive(Default)]
struct Lane {
    rate: Rate,
    waiting: BTreeSet<(Priority, u64)>,
    under_way: usize,
    /// Calls that AWS accepted since it last throttled one.
    accepted: usize,
}

/// A place in the queue of one operation. Dropping it frees the place.
pub(in crate::aws) struct Permit {
    limiter: Limiter,
    operation: &'static str,
    place: (Priority, u64),
    /// When the current attempt was sent.
    sent: Option<Instant>,
}

impl Limiter {
    /// A place behind all others of the same priority.
    pub(in crate::aws) fn permit(&self, operation: &'static str, priority: Priority) -> Permit {
        let mut lanes = lock(&self.0.lanes);
        let place = (priority, lanes.next);
        lanes.next += 1;
        Permit { limiter: self.clone(), operation, place, sent: None }
    }
}

impl Permit {
    /// Waits until the call can be sent.
    pub(in crate::aws) async fn acquire(&mut self) {
        self.with_lane(|lane, place| lane.waiting.insert(place));
        loop {
            let changed = self.limiter.0.changed.notified();
            tokio::pin!(changed);
            // From here on every change is noticed.
            changed.as_mut().enable();
            let now = Instant::now();
            match self.with_lane(|lane, place| lane.admit(place, now)) {
                Admission::Now => {
                    self.sent = Some(now);
                    self.limiter.0.changed.notify_waiters();
                    return;
                }
                Admission::At(time) => tokio::select! {
                    () = changed => {}
                    () = tokio::time::sleep_until(time) => {}
                },
                Admission::BehindOthers => changed.await,
            }
        }
    }

    /// AWS did not throttle the call.
    pub(in crate::aws) fn on_success(&mut self) {
        self.ended(|lane, _| {
            lane.accepted += 1;
            lane.rate.on_success();
        });
    }

    /// AWS throttled the call, and may have said how long to wait. Returns how often in a row the
    /// operation was throttled.
    pub(in crate::aws) fn on_throttle(&mut self, wait: Option<Duration>) -> u32 {
        self.ended(|lane, sent| {
            lane.accepted = 0;
            lane.rate.on_throttle(sent, Instant::now(), wait);
        });
        self.with_lane(|lane, _| lane.rate.throttles())
    }

    fn ended(&mut self, note: impl FnOnce(&mut Lane, Instant)) {
        let Some(sent) = self.sent.take() else { return };
        self.with_lane(|lane, _| {
            lane.under_way = lane.under_way.saturating_sub(1);
            note(lane, sent);
        });
        self.limiter.0.changed.notify_waiters();
    }

    fn with_lane<T>(&self, act: impl FnOnce(&mut Lane, (Priority, u64)) -> T) -> T {
        let mut lanes = lock(&self.limiter.0.lanes);
        act(lanes.by_operation.entry(self.operation).or_default(), self.place)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        // A call that was dropped says nothing about the rate.
        self.ended(|_, _| {});
        if self.with_lane(|lane, place| lane.waiting.remove(&place)) {
            self.limiter.0.changed.notify_waiters();
        }
    }
}

/// Whether the permit is given.
enum Admission {
    Now,
    At(Instant),
    BehindOthers,
}

impl Lane {
    fn admit(&mut self, place: (Priority, u64), now: Instant) -> Admission {
        if self.waiting.first() != Some(&place) || self.under_way >= self.most_concurrent() {
            return Admission::BehindOthers;
        }
        if let Some(time) = self.rate.not_before().filter(|time| *time > now) {
            return Admission::At(time);
        }
        self.waiting.remove(&place);
        self.under_way += 1;
        self.rate.sent(now);
        Admission::Now
    }

    fn most_concurrent(&self) -> usize {
        match self.rate.not_before() {
            Some(_) => LIMITED_CONCURRENT,
            None if self.accepted < BURST => FIRST_CONCURRENT,
            None => MOST_CONCURRENT,
        }
    }
}

#[cfg(test)]
mod tests;
