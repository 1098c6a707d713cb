//! One poll for everybody who waits in a Region.
//!
//! Each waiting resource holds a [`Watch`] on one WorkSpace id. While there is any, one task looks
//! at all watched ids together, through the same queue as every other look-up, and tells each
//! watch what it saw. How often it looks depends on how long the youngest has waited
//! ([`pace`]), not on how many there are.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use crate::aws::calls::batch::Lost;
use crate::aws::calls::pace;
use crate::aws::workspaces::types::WorkSpace;

/// What a look at one id gave: the WorkSpace, or nothing where AWS does not show it.
pub type Observation<E> = Result<Option<WorkSpace>, E>;

type Looking<E> = Pin<Box<dyn Future<Output = Observation<E>> + Send>>;
type Look<E> = dyn Fn(String) -> Looking<E> + Send + Sync;

/// The shared poll of one Region; cheap to clone.
pub(in crate::aws) struct Poll<E> {
    shared: Arc<Shared<E>>,
}

impl<E> Clone for Poll<E> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

struct Shared<E> {
    look: Box<Look<E>>,
    watched: Mutex<Watched<E>>,
    /// Wakes the poll early when a younger watch joins, since it deserves a faster pace.
    joined: Notify,
}

struct Watched<E> {
    next: u64,
    running: bool,
    entries: HashMap<u64, Entry<E>>,
}

struct Entry<E> {
    id: String,
    since: Instant,
    seen: watch::Sender<Option<Observation<E>>>,
}

/// A waiting caller's view of one WorkSpace; dropping it ends the watch.
pub struct Watch<E> {
    number: u64,
    shared: Arc<Shared<E>>,
    seen: watch::Receiver<Option<Observation<E>>>,
}

impl<E: Clone + Send + Sync + 'static> Poll<E> {
    /// A poll that looks with the given function; many looks are started at the same moment, so
    /// that a batching function can send them together.
    pub(in crate::aws) fn new<F>(look: impl Fn(String) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Observation<E>> + Send + 'static,
    {
        let watched = Watched { next: 0, running: false, entries: HashMap::new() };
        Self {
            shared: Arc::new(Shared {
                look: Box::new(move |id| Box::pin(look(id))),
                watched: Mutex::new(watched),
                joined: Notify::new(),
            }),
        }
    }

    /// Starts watching an id.
    pub(in crate::aws) fn watch(&self, id: &str) -> Watch<E> {
        let (sender, seen) = watch::channel(None);
        let mut watched = self.shared.lock();
        let number = watched.next;
        watched.next += 1;
        let entry = Entry { id: id.to_owned(), since: Instant::now(), seen: sender };
        watched.entries.insert(number, entry);
        let start = !std::mem::replace(&mut watched.running, true);
        drop(watched);
        if start {
            tokio::spawn(run(Arc::clone(&self.shared)));
        } else {
            self.shared.joined.notify_one();
        }
        Watch { number, shared: Arc::clone(&self.shared), seen }
    }
}

impl<E: Clone> Watch<E> {
    /// Waits for the next look and tells what it gave.
    ///
    /// # Errors
    /// [`Lost`] if the poll ended unforeseen. There is no timeout here: the caller owns it.
    pub async fn next(&mut self) -> Result<Observation<E>, Lost> {
        self.seen.changed().await.map_err(|_closed| Lost)?;
        self.seen.borrow_and_update().clone().ok_or(Lost)
    }
}

impl<E> Drop for Watch<E> {
    fn drop(&mut self) {
        self.shared.lock().entries.remove(&self.number);
    }
}

impl<E> Shared<E> {
    fn lock(&self) -> MutexGuard<'_, Watched<E>> {
        // Nothing that can panic runs under the lock.
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Cleans up after a poll that panicked, so that no watch waits for ever and the next one starts a
/// new poll.
struct Running<E> {
    shared: Arc<Shared<E>>,
    finished: bool,
}

impl<E> Drop for Running<E> {
    fn drop(&mut self) {
        if !self.finished {
            let mut watched = self.shared.lock();
            watched.running = false;
            watched.entries.clear();
        }
    }
}

async fn run<E: Clone + Send + Sync + 'static>(shared: Arc<Shared<E>>) {
    let mut running = Running { shared: Arc::clone(&shared), finished: false };
    let shared = &shared;
    let mut last_look = Instant::now();
    loop {
        // A watch that joins in the middle of a pause may shorten it, never below the shortest.
        loop {
            let Some(youngest) = shared.lock().entries.values().map(|entry| entry.since).max()
            else {
                break;
            };
            let next_look =
                last_look + pace::next_look(last_look.saturating_duration_since(youngest));
            tokio::select! {
                () = tokio::time::sleep_until(next_look) => break,
                () = shared.joined.notified() => {}
            }
        }
        // An id that several watch is looked at once.
        let ids: HashMap<String, Vec<u64>> = {
            let mut watched = shared.lock();
            if watched.entries.is_empty() {
                // Still under the lock: a watch that joins from here on starts a new poll.
                watched.running = false;
                running.finished = true;
                return;
            }
            let mut ids = HashMap::<String, Vec<u64>>::new();
            for (number, entry) in &watched.entries {
                ids.entry(entry.id.clone()).or_default().push(*number);
            }
            ids
        };
        last_look = Instant::now();
        let looks = ids.into_iter().map(|(id, watches)| async move {
            let observation = (shared.look)(id).await;
            let watched = shared.lock();
            for entry in watches.iter().filter_map(|number| watched.entries.get(number)) {
                entry.seen.send_replace(Some(observation.clone()));
            }
        });
        futures_util::future::join_all(looks).await;
    }
}

#[cfg(test)]
mod tests;
