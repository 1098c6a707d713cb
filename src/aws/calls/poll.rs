//! One poll for all callers that wait for something in a Region.
//!
//! Each caller holds a [`Watch`] on one id. While there are watches, one task looks at all watched
//! ids together, so that a batching look-up sends them in one call, and passes to each watch what
//! it saw. The [`poll_interval`] depends on how long the youngest watch has waited, not on how many
//! watches there are.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use crate::aws::calls::batch::WorkerGone;
use crate::aws::lock::lock;

/// The shortest interval between two looks: AWS needs about this long to show a new resource.
const SHORTEST: Duration = Duration::from_secs(1);

/// The longest interval between two looks. Creating a standby takes tens of minutes and terminating
/// one about five, so half a minute is a small delay, and few enough calls.
const LONGEST: Duration = Duration::from_secs(30);

/// How long to wait before the next look at something that has been watched for `age`.
///
/// A tenth of the age, between [`SHORTEST`] and [`LONGEST`]: what was just requested may be ready
/// at once, and what has taken ten minutes will not be ready in the next second.
pub(in crate::aws) fn poll_interval(age: Duration) -> Duration {
    (age / 10).clamp(SHORTEST, LONGEST)
}

/// What a look at one id returned: `None` if AWS does not show it.
pub type Observation<T, E> = Result<Option<T>, E>;

type Looking<T, E> = Pin<Box<dyn Future<Output = Observation<T, E>> + Send>>;
type Look<T, E> = dyn Fn(String) -> Looking<T, E> + Send + Sync;

/// The shared poll of one Region. Clones share it.
pub(in crate::aws) struct Poll<T, E> {
    shared: Arc<Shared<T, E>>,
}

impl<T, E> Clone for Poll<T, E> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

struct Shared<T, E> {
    look: Box<Look<T, E>>,
    watches: Mutex<Watches<T, E>>,
    /// Wakes the poll when a watch is added, because a younger watch shortens the interval.
    added: Notify,
}

struct Watches<T, E> {
    next: u64,
    running: bool,
    entries: HashMap<u64, Entry<T, E>>,
}

struct Entry<T, E> {
    id: String,
    since: Instant,
    seen: watch::Sender<Option<Observation<T, E>>>,
}

/// A caller's view of one watched id. Dropping it ends the watch.
pub struct Watch<T, E> {
    number: u64,
    shared: Arc<Shared<T, E>>,
    seen: watch::Receiver<Option<Observation<T, E>>>,
}

impl<T, E> Poll<T, E>
where
    T: Clone + Send + Sync + 'static,
    E: Clone + Send + Sync + 'static,
{
    /// A poll that looks with the given function. The looks at all ids start at the same moment.
    pub(in crate::aws) fn new<F>(look: impl Fn(String) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Observation<T, E>> + Send + 'static,
    {
        let watches = Watches { next: 0, running: false, entries: HashMap::new() };
        Self {
            shared: Arc::new(Shared {
                look: Box::new(move |id| Box::pin(look(id))),
                watches: Mutex::new(watches),
                added: Notify::new(),
            }),
        }
    }

    /// Starts watching an id.
    pub(in crate::aws) fn watch(&self, id: &str) -> Watch<T, E> {
        let (sender, seen) = watch::channel(None);
        let entry = Entry { id: id.to_owned(), since: Instant::now(), seen: sender };
        let mut watches = lock(&self.shared.watches);
        let number = watches.next;
        watches.next += 1;
        watches.entries.insert(number, entry);
        let start = !std::mem::replace(&mut watches.running, true);
        drop(watches);
        if start {
            tokio::spawn(run(Arc::clone(&self.shared)));
        } else {
            self.shared.added.notify_one();
        }
        Watch { number, shared: Arc::clone(&self.shared), seen }
    }
}

impl<T: Clone, E: Clone> Watch<T, E> {
    /// Waits for the next look and returns what it saw.
    ///
    /// # Errors
    /// [`WorkerGone`] if the poll ended unexpectedly. The caller sets the time limit.
    pub async fn next(&mut self) -> Result<Observation<T, E>, WorkerGone> {
        self.seen.changed().await.map_err(|_closed| WorkerGone)?;
        self.seen.borrow_and_update().clone().ok_or(WorkerGone)
    }
}

impl<T, E> Drop for Watch<T, E> {
    fn drop(&mut self) {
        lock(&self.shared.watches).entries.remove(&self.number);
    }
}

impl<T, E> Shared<T, E> {
    /// Waits until the next look is due. A watch that is added meanwhile can make it earlier.
    async fn next_look(&self, last_look: Instant) {
        let youngest = || lock(&self.watches).entries.values().map(|entry| entry.since).max();
        while let Some(youngest) = youngest() {
            let age = last_look.saturating_duration_since(youngest);
            tokio::select! {
                () = tokio::time::sleep_until(last_look + poll_interval(age)) => return,
                () = self.added.notified() => {}
            }
        }
    }

    /// The watched ids with the watches of each; `None`, and the end of the poll, if there are none.
    fn watched(&self) -> Option<HashMap<String, Vec<u64>>> {
        let mut watches = lock(&self.watches);
        if watches.entries.is_empty() {
            // Still under the lock: a watch that is added from here on starts a new poll.
            watches.running = false;
            return None;
        }
        let mut ids = HashMap::<String, Vec<u64>>::new();
        for (number, entry) in &watches.entries {
            ids.entry(entry.id.clone()).or_default().push(*number);
        }
        Some(ids)
    }
}

/// Ends all watches of a poll that panicked, so that no caller waits for ever and the next watch
/// starts a new poll.
struct Running<T, E> {
    shared: Arc<Shared<T, E>>,
    finished: bool,
}

impl<T, E> Drop for Running<T, E> {
    fn drop(&mut self) {
        if !self.finished {
            let mut watches = lock(&self.shared.watches);
            watches.running = false;
            watches.entries.clear();
        }
    }
}

async fn run<T: Clone, E: Clone>(shared: Arc<Shared<T, E>>) {
    let mut running = Running { shared: Arc::clone(&shared), finished: false };
    let shared = &shared;
    let mut last_look = Instant::now();
    loop {
        shared.next_look(last_look).await;
        let Some(ids) = shared.watched() else {
            running.finished = true;
            return;
        };
        last_look = Instant::now();
        let looks = ids.into_iter().map(|(id, numbers)| async move {
            let observation = (shared.look)(id).await;
            let watches = lock(&shared.watches);
            for entry in numbers.iter().filter_map(|number| watches.entries.get(number)) {
                entry.seen.send_replace(Some(observation.clone()));
            }
        });
        futures_util::future::join_all(looks).await;
    }
}

#[cfg(test)]
mod tests;
