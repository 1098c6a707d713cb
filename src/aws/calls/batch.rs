//! A generic batcher: many callers, few calls.
//!
//! It knows no API. A [`Batcher`] is made with a window, a maximum and a function that sends a
//! batch; each caller submits one item and gets one answer. Items with the same key share a batch.
//! The rules, after tower's `buffer` and the batcher of Google's Terraform provider:
//!
//! - A batch is sent when it is full, when no operation [in flight](InFlight) is left that could join
//!   it, or when no item has joined it for one window; at the latest after [`LONGEST`] windows, so
//!   that a steady trickle cannot delay it. The window is longer while operations come slowly.
//! - Every item is answered exactly once.
//! - An item whose caller is gone is dropped before the batch is sent. A look-up ends when all its
//!   callers are gone; a change goes on.
//! - A batch that is refused as a whole because of one item is sent again item by item, so that one
//!   refusal never fails the other items.
//! - A send function that panics, or returns too few answers, is an error of its own:
//!   [`WorkerGone`].

use std::collections::HashMap;
use std::fmt::Debug;
use std::future::Future;
use std::hash::Hash;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::Instant;
use tracing::{Instrument, Span};

use crate::aws::calls::in_flight::{Counts, InFlight};
use crate::aws::calls::log::batch_span;
use crate::aws::lock::lock;

/// The window of an item that is not worth waiting with: how far apart items can come that belong
/// together, because their callers were answered together.
const MOMENT: Duration = Duration::from_millis(3);

/// The longest time that a batch collects items, in windows.
pub(in crate::aws) const LONGEST: u32 = 4;

/// How a [`Batcher`] collects.
#[derive(Clone, Copy, Debug)]
pub(in crate::aws) struct Limits {
    /// How long a batch waits for one more item. Zero still collects what is submitted at the same
    /// moment.
    pub(in crate::aws) window: Duration,
    /// Most items in one batch, at least one. One turns batching off; the path is the same.
    pub(in crate::aws) maximum: usize,
}

/// What the send function returns for a batch.
#[derive(Debug)]
pub(in crate::aws) enum Sent<O, E> {
    /// One answer for each item, in the order of the items.
    Each(Vec<Result<O, E>>),
    /// The batch was refused as a whole and a single item may be the cause: each item is sent once
    /// more, alone. The answer to a batch of one is this error.
    RetryEach(E),
}

/// The worker that should have answered an item is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the call that carried this request ended without an answer")]
pub struct WorkerGone;

type Sending<O, E> = Pin<Box<dyn Future<Output = Sent<O, E>> + Send>>;
type SendBatch<K, I, O, E> = dyn Fn(K, Vec<I>) -> Sending<O, E> + Send + Sync;

/// Collects items and sends them together. Clones share the queues.
pub(in crate::aws) struct Batcher<K, I, O, E> {
    limits: Limits,
    ends_with_callers: bool,
    send: Arc<SendBatch<K, I, O, E>>,
    queues: Arc<Mutex<Queues<K, I, O, E>>>,
    in_flight: InFlight,
}

impl<K, I, O, E> Clone for Batcher<K, I, O, E> {
    fn clone(&self) -> Self {
        Self {
            limits: self.limits,
            ends_with_callers: self.ends_with_callers,
            send: Arc::clone(&self.send),
            queues: Arc::clone(&self.queues),
            in_flight: self.in_flight.clone(),
        }
    }
}

struct Queues<K, I, O, E> {
    by_key: HashMap<K, Queue<I, O, E>>,
    /// Items of all keys that wait to be sent.
    waiting: usize,
    /// Items that were sent and not answered.
    under_way: usize,
}

struct Queue<I, O, E> {
    /// Tells the timer of an earlier batch of this key from that of the current one.
    batch: u64,
    items: Vec<Item<I, O, E>>,
    /// When the first and the last of the items were submitted, and the shortest of their windows;
    /// without meaning while it is empty.
    first: Instant,
    last: Instant,
    window: Duration,
}

type Items<I, O, E> = Vec<Item<I, O, E>>;

struct Item<I, O, E> {
    item: I,
    /// The request of Terraform that submitted it, for the log.
    span: Span,
    submitted: Instant,
    reply: oneshot::Sender<Result<O, E>>,
}

impl<K, I, O, E> Batcher<K, I, O, E>
where
    K: Clone + Eq + Hash + Send + 'static,
    I: Clone + Send + 'static,
    O: Send + 'static,
    E: Clone + Send + 'static,
{
    /// A batcher that sends with the given function. `in_flight` counts the operations that submit.
    pub(in crate::aws) fn new<F>(
        limits: Limits,
        in_flight: InFlight,
        send: impl Fn(K, Vec<I>) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Sent<O, E>> + Send + 'static,
    {
        let queues = Queues { by_key: HashMap::new(), waiting: 0, under_way: 0 };
        Self {
            limits: Limits { maximum: limits.maximum.max(1), ..limits },
            ends_with_callers: false,
            send: Arc::new(move |key, items| Box::pin(send(key, items))),
            queues: Arc::new(Mutex::new(queues)),
            in_flight,
        }
    }

    /// The same batcher for look-ups: a call that is under way ends when all its callers are gone. A
    /// change must not end with them, because it may be carried out.
    pub(in crate::aws) fn for_look_ups(self) -> Self {
        Self { ends_with_callers: true, ..self }
    }

    /// Submits an item and waits for its own answer.
    ///
    /// # Caveats
    /// Dropping the returned future before the batch is sent removes the item from it; after that
    /// the answer is dropped.
    ///
    /// # Errors
    /// The inner error is that of the send function; the outer one means that it did not answer.
    pub(in crate::aws) async fn submit(&self, key: K, item: I) -> Result<Result<O, E>, WorkerGone> {
        self.submit_within(self.limits.window, key, item).await
    }

    /// The same for an item that waits only for those that are submitted with it. It takes along
    /// the items that wait already.
    ///
    /// # Errors
    /// Those of [`submit`](Self::submit).
    pub(in crate::aws) async fn submit_now(
        &self,
        key: K,
        item: I,
    ) -> Result<Result<O, E>, WorkerGone> {
        self.submit_within(self.limits.window.min(MOMENT), key, item).await
    }

    async fn submit_within(
        &self,
        window: Duration,
        key: K,
        item: I,
    ) -> Result<Result<O, E>, WorkerGone> {
        let (reply, answer) = oneshot::channel();
        let item = Item { item, span: Span::current(), submitted: Instant::now(), reply };
        self.enqueue(window, key, item);
        answer.await.map_err(|_closed| WorkerGone)
    }

    fn enqueue(&self, window: Duration, key: K, item: Item<I, O, E>) {
        let Limits { maximum, window: longest } = self.limits;
        let (now, counts) = (Instant::now(), self.in_flight.counts());
        let mut queues = lock(&self.queues);
        queues.waiting += 1;
        let here = queues.waiting + queues.under_way;
        let queue = queues.by_key.entry(key.clone()).or_insert_with(|| Queue {
            batch: 0,
            items: Vec::new(),
            first: now,
            last: now,
            window,
        });
        if queue.items.is_empty() {
            (queue.first, queue.window) = (now, window);
        }
        let is_hurried = window < queue.window;
        queue.window = queue.window.min(window);
        queue.last = now;
        queue.items.push(item);
        let (batch, waiting) = (queue.batch, queue.items.len());
        // An operation that waits for many can submit many items at once; these keep their window.
        let is_one_each = queue.window == longest;
        let complete =
            is_one_each && counts.complete_from(here, now, longest).is_some_and(|from| from <= now);
        if complete {
            let batches = queues.take_all();
            drop(queues);
            batches.into_iter().for_each(|(key, items)| self.dispatch(key, items));
        } else if waiting >= maximum {
            let items = queues.take(&key);
            drop(queues);
            self.dispatch(key, items);
        } else if waiting == 1 || is_hurried {
            drop(queues);
            tokio::spawn(self.clone().send_in_time(key, batch));
        }
    }

    /// Sends the batch when it is due. What is in flight can change when that is.
    async fn send_in_time(self, key: K, batch: u64) {
        let mut changes = self.in_flight.changes();
        loop {
            let counts = *changes.borrow_and_update();
            let Some(due) = self.send_when_due(&key, batch, &counts) else { return };
            tokio::select! {
                () = tokio::time::sleep_until(due) => {}
                _changed = changes.changed() => {}
            }
        }
    }

    /// Sends the batch, unless it was sent before; returns the time if it is not due yet.
    fn send_when_due(&self, key: &K, batch: u64, counts: &Counts) -> Option<Instant> {
        let now = Instant::now();
        let mut queues = lock(&self.queues);
        let here = queues.waiting + queues.under_way;
        let complete = counts.complete_from(here, now, self.limits.window);
        let queue = queues.by_key.get(key).filter(|queue| queue.batch == batch)?;
        let is_one_each = queue.window == self.limits.window;
        let window = if is_one_each { counts.patience(queue.window) } else { queue.window };
        let due = (queue.last + window).min(queue.first + window * LONGEST);
        let complete = complete.filter(|_| is_one_each);
        let due = complete.map_or(due, |complete| complete.min(due));
        if due > now {
            return Some(due);
        }
        let items = queues.take(key);
        drop(queues);
        self.dispatch(key.clone(), items);
        None
    }

    fn dispatch(&self, key: K, mut items: Vec<Item<I, O, E>>) {
        let under_way = UnderWay { queues: Arc::clone(&self.queues), items: items.len() };
        items.retain(|item| !item.reply.is_closed());
        if items.is_empty() {
            return;
        }
        let (send, ends_with_callers) = (Arc::clone(&self.send), self.ends_with_callers);
        let span = batch_span(items.iter().map(|item| (&item.span, item.submitted.elapsed())));
        let answering = async move {
            let _until_answered = under_way;
            let batch = items.iter().map(|item| item.item.clone()).collect();
            let answer = send(key.clone(), batch);
            let Some(answer) = wanted(answer, ends_with_callers, &mut items).await else { return };
            match answer {
                Sent::Each(answers) => reply(items, answers),
                Sent::RetryEach(error) if items.len() == 1 => reply(items, vec![Err(error)]),
                Sent::RetryEach(_) => {
                    let alone = items.into_iter().map(|item| {
                        let (send, key) = (Arc::clone(&send), key.clone());
                        async move {
                            let answer = send(key, vec![item.item.clone()]);
                            let mut items = vec![item];
                            match wanted(answer, ends_with_callers, &mut items).await {
                                Some(Sent::Each(answers)) => reply(items, answers),
                                Some(Sent::RetryEach(error)) => reply(items, vec![Err(error)]),
                                None => {}
                            }
                        }
                    });
                    futures_util::future::join_all(alone).await;
                }
            }
        };
        tokio::spawn(answering.instrument(span));
    }
}

impl<K: Clone + Eq + Hash, I, O, E> Queues<K, I, O, E> {
    /// Takes the items of one key out of its queue; from here on they are under way.
    fn take(&mut self, key: &K) -> Items<I, O, E> {
        let Some(queue) = self.by_key.get_mut(key) else { return Vec::new() };
        queue.batch += 1;
        self.waiting -= queue.items.len();
        self.under_way += queue.items.len();
        std::mem::take(&mut queue.items)
    }

    /// Takes the items of all keys.
    fn take_all(&mut self) -> Vec<(K, Items<I, O, E>)> {
        let waiting = self.by_key.iter().filter(|(_, queue)| !queue.items.is_empty());
        let keys: Vec<K> = waiting.map(|(key, _)| key.clone()).collect();
        keys.into_iter().map(|key| (key.clone(), self.take(&key))).collect()
    }
}

/// Counts the items that were taken as under way until it is dropped.
struct UnderWay<K, I, O, E> {
    queues: Arc<Mutex<Queues<K, I, O, E>>>,
    items: usize,
}

impl<K, I, O, E> Drop for UnderWay<K, I, O, E> {
    fn drop(&mut self) {
        lock(&self.queues).under_way -= self.items;
    }
}

/// The answer to a call, or `None` if it ends because its callers are gone.
async fn wanted<T, I, O, E>(
    answer: impl Future<Output = T>,
    ends_with_callers: bool,
    items: &mut [Item<I, O, E>],
) -> Option<T> {
    if !ends_with_callers {
        return Some(answer.await);
    }
    tokio::select! {
        answer = answer => Some(answer),
        () = all_gone(items) => None,
    }
}

/// Waits until no caller waits for an answer.
async fn all_gone<I, O, E>(items: &mut [Item<I, O, E>]) {
    futures_util::future::join_all(items.iter_mut().map(|item| item.reply.closed())).await;
}

/// Answers the items. An item without an answer is dropped, which its caller sees as
/// [`WorkerGone`].
fn reply<I, O, E>(items: Vec<Item<I, O, E>>, answers: Vec<Result<O, E>>) {
    for (item, answer) in items.into_iter().zip(answers) {
        // The caller may be gone.
        let _gone = item.reply.send(answer);
    }
}

#[cfg(test)]
mod tests;
