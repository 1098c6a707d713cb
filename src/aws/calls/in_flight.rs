//! How many operations are in flight, so that a batch knows when no other can join it.
//!
//! Terraform works on at most `-parallelism` resources at a time, and the provider sees all of them.
//! When every operation in flight waits in a batch or for the answer to one, and there are as many
//! as ever before, waiting longer brings nobody. The counts do not know what the operations are.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

/// The operations in flight of one client. Clones share the counts.
#[derive(Clone, Debug)]
pub(in crate::aws) struct InFlight {
    window: Duration,
    counts: Arc<watch::Sender<Counts>>,
}

/// One operation. It is in flight until this is dropped.
#[derive(Debug)]
pub struct Operation(InFlight);

impl InFlight {
    /// No operations. `window` is how long a batch waits for one more item.
    pub(in crate::aws) fn new(window: Duration) -> Self {
        Self { window, counts: Arc::new(watch::Sender::new(Counts::default())) }
    }

    /// Counts an operation until the guard is dropped.
    pub(in crate::aws) fn enter(&self) -> Operation {
        self.counts.send_modify(|counts| counts.enter(Instant::now(), self.window));
        Operation(self.clone())
    }

    pub(super) fn counts(&self) -> Counts {
        *self.counts.borrow()
    }

    /// Tells when the counts change.
    pub(super) fn changes(&self) -> watch::Receiver<Counts> {
        self.counts.subscribe()
    }
}

impl Drop for Operation {
    fn drop(&mut self) {
        let InFlight { window, counts } = &self.0;
        counts.send_modify(|counts| counts.leave(Instant::now(), *window));
    }
}

/// A pure state machine: the caller passes the time.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    now: usize,
    /// The most that were ever in flight together.
    most: usize,
    /// The same, once no other operation joined them for a whole window: Terraform has no more.
    settled: usize,
    last_entered: Option<Instant>,
    last_changed: Option<Instant>,
    /// How long Terraform usually needs until it starts the next operation: a moving average.
    gap: Duration,
}

/// A batch waits for the next operation for this many usual gaps.
const PATIENCE: u32 = 4;

/// The longest of these waits, in windows. Terraform needs up to a tenth of a second from one resource to
/// the next where it writes the state of thousands.
const LONGEST_PATIENCE: u32 = 6;

impl Counts {
    fn enter(&mut self, at: Instant, window: Duration) {
        self.settle(at, window);
        let gap = self.last_changed.map(|last| at.saturating_duration_since(last));
        // After a longer one Terraform has waited for something else.
        if let Some(gap) = gap.filter(|gap| *gap < window * LONGEST_PATIENCE) {
            self.gap = (self.gap * 7 + gap) / 8;
        }
        self.now += 1;
        self.most = self.most.max(self.now);
        (self.last_entered, self.last_changed) = (Some(at), Some(at));
    }

    fn leave(&mut self, at: Instant, window: Duration) {
        self.settle(at, window);
        self.now = self.now.saturating_sub(1);
        self.last_changed = Some(at);
    }

    fn settle(&mut self, at: Instant, window: Duration) {
        if self.now == self.most && self.last_entered.is_some_and(|last| at >= last + window) {
            self.settled = self.most;
        }
    }

    /// How long a batch waits for one more operation: the window, or longer while Terraform needs
    /// longer from one resource to the next, because it writes a large state in between.
    pub(super) fn patience(&self, window: Duration) -> Duration {
        (self.gap * PATIENCE).clamp(window, window * LONGEST_PATIENCE)
    }

    /// From when on a batch waits for nobody, if `here` operations wait for a call or its answer.
    /// `None` while another operation in flight can join.
    pub(super) fn complete_from(
        &self,
        here: usize,
        at: Instant,
        window: Duration,
    ) -> Option<Instant> {
        let last = self.last_entered.filter(|_| self.now > 0 && here >= self.now)?;
        let are_all = self.now == self.most && self.settled == self.most;
        Some(if are_all { at } else { last + self.patience(window) })
    }
}

#[cfg(test)]
mod tests;
