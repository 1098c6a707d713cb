//! Holds calls back so that work goes at the rate that AWS allows, instead of storming it.
//!
//! One [`Limiter`] stands in front of a Region. AWS counts calls by operation, so each operation has
//! a [`Rate`] of its own. Callers take a [`Turn`], wait for it, send, and tell what AWS said of the
//! call's pace. Turns come in the order in which they were taken, those that finish work before
//! those that only refresh; a call that was refused keeps its place.

mod rate;

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use rate::Rate;

/// Most calls of one operation under way at the same time, so that the first refusal is not a
/// refusal of many.
const AT_ONCE: usize = 3;

/// Whose turn comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::aws) enum Priority {
    /// A change, or a look that a change waits for.
    Change,
    /// Bringing state up to date.
    Refresh,
}

/// The turns of one Region; cheap to clone.
#[derive(Clone, Default)]
pub(in crate::aws) struct Limiter(Arc<Shared>);

#[derive(Default)]
struct Shared {
    lanes: Mutex<Lanes>,
    /// Wakes those who wait when the first of a lane may have changed.
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
}

/// A place among the calls of an operation; dropping it makes way.
pub(in crate::aws) struct Turn {
    limiter: Limiter,
    operation: &'static str,
    place: (Priority, u64),
    /// When the call was sent that is under way.
    sent: Option<Instant>,
}

impl Limiter {
    /// Takes a place behind those of the same priority.
    pub(in crate::aws) fn turn(&self, operation: &'static str, priority: Priority) -> Turn {
        let mut lanes = self.lock();
        let place = (priority, lanes.next);
        lanes.next += 1;
        Turn { limiter: self.clone(), operation, place, sent: None }
    }

    fn lock(&self) -> MutexGuard<'_, Lanes> {
        // Nothing that can panic runs under the lock.
        self.0.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn {
    /// Waits until the call may be sent.
    pub(in crate::aws) async fn come(&mut self) {
        self.with_lane(|lane, place| lane.waiting.insert(place));
        loop {
            let changed = self.limiter.0.changed.notified();
            tokio::pin!(changed);
            // From here on no change is missed.
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

    /// AWS did not refuse the call for its pace.
    pub(in crate::aws) fn accepted(&mut self) {
        self.ended(|rate, _| rate.accepted());
    }

    /// AWS refused the call for its pace, and may have said how long to wait. Gives how often in a
    /// row the operation was slowed down.
    pub(in crate::aws) fn refused(&mut self, wait: Option<Duration>) -> u32 {
        self.ended(|rate, sent| rate.refused(sent, Instant::now(), wait));
        self.with_lane(|lane, _| lane.rate.refusals())
    }

    fn ended(&mut self, note: impl FnOnce(&mut Rate, Instant)) {
        let Some(sent) = self.sent.take() else { return };
        self.with_lane(|lane, _| {
            lane.under_way = lane.under_way.saturating_sub(1);
            note(&mut lane.rate, sent);
        });
        self.limiter.0.changed.notify_waiters();
    }

    fn with_lane<T>(&self, act: impl FnOnce(&mut Lane, (Priority, u64)) -> T) -> T {
        let mut lanes = self.limiter.lock();
        act(lanes.by_operation.entry(self.operation).or_default(), self.place)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        // A call that was broken off says nothing about the pace.
        self.ended(|_, _| {});
        if self.with_lane(|lane, place| lane.waiting.remove(&place)) {
            self.limiter.0.changed.notify_waiters();
        }
    }
}

/// Whether a turn has come.
enum Admission {
    Now,
    At(Instant),
    BehindOthers,
}

impl Lane {
    fn admit(&mut self, place: (Priority, u64), now: Instant) -> Admission {
        if self.waiting.first() != Some(&place) || self.under_way >= AT_ONCE {
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
}

#[cfg(test)]
mod tests;
