//! One poll for all callers that wait for something in a Region.
//!
//! Each caller holds a [`Watch`] on one id. A new watch is looked at immediately: what was requested
//! may be done. From then on one task looks at all watched ids together, so that a batching look-up
//! sends them in one call, and passes to each watch what it saw. The [`poll_interval`] depends on how
//! long the youngest watch has waited, not on how many watches there are.

use std::collections::{BTreeMap, HashMap};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::stream::{FuturesUnordered, StreamExt};
use tokio::sync::{Notify, watch};
use tokio::time::Instant;
use tracing::{Instrument, Span};

use crate::aws::calls::batch::WorkerGone;
use crate::aws::lock::lock;

/// The shortest interval between two looks: AWS needs about this long to show a new resource.
const SHORTEST: Duration = Duration::from_secs(1);

/// The longest interval between two looks. Creating a standby takes tens of minutes and terminating
/// one about five, so half a minute is a small delay, and few enough calls.
const LONGEST: Duration = Duration::from_secs(30);

/// How often the log says what is waited for.
const REPORT: Duration = Duration::from_secs(60);

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
    /// What is watched, in the plural, and where.
    name: String,
    state: fn(&T) -> &str,
    look: Box<Look<T, E>>,
    watches: Mutex<Watches<T, E>>,
    /// Wakes the poll when a watch is added.
    added: Notify,
}

struct Watches<T, E> {
    next: u64,
    running: bool,
    entries: HashMap<u64, Entry<T, E>>,
}

struct Entry<T, E> {
    id: String,
    /// The request of Terraform that waits, for the log.
    span: Span,
    since: Instant,
    /// When the last look began; `None` before the first one.
    looked: Option<Instant>,
    /// Whether a look is under way.
    is_looking: bool,
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
    ///
    /// The log says every minute what it waits for: `name` is what is watched, in the plural, and
    /// where; `state` names the state of one.
    pub(in crate::aws) fn new<F>(
        name: &str,
        state: fn(&T) -> &str,
        look: impl Fn(String) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Observation<T, E>> + Send + 'static,
    {
        let watches = Watches { next: 0, running: false, entries: HashMap::new() };
        Self {
            shared: Arc::new(Shared {
                name: name.to_owned(),
                state,
                look: Box::new(move |id| Box::pin(look(id))),
                watches: Mutex::new(watches),
                added: Notify::new(),
            }),
        }
    }

    /// Starts watching an id.
    pub(in crate::aws) fn watch(&self, id: &str) -> Watch<T, E> {
        let (sender, seen) = watch::channel(None);
        let entry = Entry {
            id: id.to_owned(),
            span: Span::current(),
            since: Instant::now(),
            looked: None,
            is_looking: false,
            seen: sender,
        };
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

/// What the poll does next.
enum Next {
    /// Looks at these ids, each for these watches.
    Look(HashMap<String, Vec<u64>>),
    /// Waits until then, or for a look that is under way.
    Wait(Option<Instant>),
    /// There are no watches.
    End,
}

impl<T, E> Watches<T, E> {
    fn next(&mut self, now: Instant) -> Next {
        if self.entries.is_empty() {
            // Under the lock: a watch that is added from here on starts a new poll.
            self.running = false;
            return Next::End;
        }
        let due = self.due();
        let is_due = due.is_some_and(|due| due <= now);
        if !is_due && self.entries.values().all(|entry| entry.looked.is_some()) {
            return Next::Wait(due);
        }
        let mut ids = HashMap::<String, Vec<u64>>::new();
        for (number, entry) in &mut self.entries {
            if entry.looked.is_none() || (is_due && !entry.is_looking) {
                (entry.looked, entry.is_looking) = (Some(now), true);
                ids.entry(entry.id.clone()).or_default().push(*number);
            }
        }
        Next::Look(ids)
    }

    /// When all are looked at again: at the pace of the youngest watch, after the oldest look.
    fn due(&self) -> Option<Instant> {
        let youngest = self.entries.values().map(|entry| entry.since).max()?;
        let idle = self.entries.values().filter(|entry| !entry.is_looking);
        let oldest_look = idle.filter_map(|entry| entry.looked).min()?;
        Some(oldest_look + poll_interval(oldest_look.saturating_duration_since(youngest)))
    }
}

impl<T: Clone, E: Clone> Shared<T, E> {
    async fn look(&self, ids: HashMap<String, Vec<u64>>) {
        let looks = ids.into_iter().map(|(id, numbers)| async move {
            let first = numbers.first().copied().unwrap_or_default();
            let span = lock(&self.watches).entries.get(&first).map(|entry| entry.span.clone());
            let looking = (self.look)(id).instrument(span.unwrap_or_else(Span::none));
            let observation = looking.await;
            let mut watches = lock(&self.watches);
            for number in numbers {
                if let Some(entry) = watches.entries.get_mut(&number) {
                    entry.is_looking = false;
                    entry.seen.send_replace(Some(observation.clone()));
                }
            }
        });
        futures_util::future::join_all(looks).await;
    }
}

impl<T, E> Shared<T, E> {
    /// One line in the log about everything that has been waited for longer than [`REPORT`].
    fn report(&self, next_look: Instant) {
        let now = Instant::now();
        let watches = lock(&self.watches);
        let long = watches.entries.values().filter(|entry| now - entry.since >= REPORT);
        let (mut count, mut states) = (0_usize, BTreeMap::<String, usize>::new());
        for entry in long {
            count += 1;
            let state = match &*entry.seen.borrow() {
                Some(Ok(Some(seen))) => (self.state)(seen).to_owned(),
                Some(Ok(None)) => "not visible".to_owned(),
                Some(Err(_)) | None => "unknown".to_owned(),
            };
            *states.entry(state).or_default() += 1;
        }
        drop(watches);
        if count > 0 {
            let states: Vec<_> =
                states.iter().map(|(state, count)| format!("{count} {state}")).collect();
            tracing::info!(
                waiting = count,
                states = states.join(", "),
                next_look_s = (next_look - now).as_secs(),
                "Still waiting for {}",
                self.name
            );
        }
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
    let (mut looks, mut reported) = (FuturesUnordered::new(), Instant::now());
    loop {
        let next = lock(&shared.watches).next(Instant::now());
        let due = match next {
            Next::Look(ids) => {
                looks.push(shared.look(ids));
                continue;
            }
            Next::Wait(due) => {
                if let Some(due) = due.filter(|_| reported.elapsed() >= REPORT) {
                    reported = Instant::now();
                    shared.report(due);
                }
                due
            }
            Next::End => {
                running.finished = true;
                return;
            }
        };
        let wait = async {
            match due {
                Some(due) => tokio::time::sleep_until(due).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            Some(()) = looks.next() => {}
            () = wait => {}
            () = shared.added.notified() => {}
        }
    }
}

#[cfg(test)]
mod tests;
