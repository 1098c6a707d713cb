//! A generic batcher: many callers, few calls.
//!
//! It knows no API. A [`Batcher`] is made with a window, a maximum and a function that sends a
//! batch; each caller submits one item and gets one answer. Items with the same key share a batch.
//! The rules, after tower's `buffer` and the batcher of Google's Terraform provider:
//!
//! - A batch is sent when it is full, or when no item has joined it for one window; at the latest
//!   after [`LONGEST`] windows, so that a steady trickle cannot delay it.
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

use crate::aws::lock::lock;

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
}

type Queues<K, I, O, E> = HashMap<K, Queue<I, O, E>>;

impl<K, I, O, E> Clone for Batcher<K, I, O, E> {
    fn clone(&self) -> Self {
        Self {
            limits: self.limits,
            ends_with_callers: self.ends_with_callers,
            send: Arc::clone(&self.send),
            queues: Arc::clone(&self.queues),
        }
    }
}

struct Queue<I, O, E> {
    /// Tells the timer of an earlier batch of this key from that of the current one.
    batch: u64,
    items: Vec<Item<I, O, E>>,
    /// When the first and the last of the items were submitted; without meaning while it is empty.
    first: Instant,
    last: Instant,
}

struct Item<I, O, E> {
    item: I,
    reply: oneshot::Sender<Result<O, E>>,
}

impl<K, I, O, E> Batcher<K, I, O, E>
where
    K: Clone + Eq + Hash + Send + 'static,
    I: Clone + Send + 'static,
    O: Send + 'static,
    E: Clone + Send + 'static,
{
    /// A batcher that sends with the given function.
    pub(in crate::aws) fn new<F>(
        limits: Limits,
        send: impl Fn(K, Vec<I>) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Sent<O, E>> + Send + 'static,
    {
        Self {
            limits: Limits { maximum: limits.maximum.max(1), ..limits },
            ends_with_callers: false,
            send: Arc::new(move |key, items| Box::pin(send(key, items))),
            queues: Arc::default(),
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
        let (reply, answer) = oneshot::channel();
        self.enqueue(key, Item { item, reply });
        answer.await.map_err(|_closed| WorkerGone)
    }

    fn enqueue(&self, key: K, item: Item<I, O, E>) {
        let mut queues = lock(&self.queues);
        let now = Instant::now();
        let queue = queues.entry(key.clone()).or_insert_with(|| Queue {
            batch: 0,
            items: Vec::new(),
            first: now,
            last: now,
        });
        if queue.items.is_empty() {
            queue.first = now;
        }
        queue.last = now;
        queue.items.push(item);
        let (batch, waiting) = (queue.batch, queue.items.len());
        if waiting >= self.limits.maximum {
            let items = Self::take(queue);
            drop(queues);
            self.dispatch(key, items);
        } else if waiting == 1 {
            drop(queues);
            let this = self.clone();
            tokio::spawn(async move {
                let mut until = now + this.limits.window;
                loop {
                    tokio::time::sleep_until(until).await;
                    match this.send_when_due(&key, batch) {
                        Some(later) => until = later,
                        None => return,
                    }
                }
            });
        }
    }

    /// Sends the batch, unless it has been sent already because it was full, or an item joined it so
    /// recently that it waits longer: then the new time is returned.
    fn send_when_due(&self, key: &K, batch: u64) -> Option<Instant> {
        let Limits { window, .. } = self.limits;
        let mut queues = lock(&self.queues);
        let queue = queues.get_mut(key).filter(|queue| queue.batch == batch)?;
        let until = (queue.last + window).min(queue.first + window * LONGEST);
        if until > Instant::now() {
            return Some(until);
        }
        let items = Self::take(queue);
        drop(queues);
        self.dispatch(key.clone(), items);
        None
    }

    fn take(queue: &mut Queue<I, O, E>) -> Vec<Item<I, O, E>> {
        queue.batch += 1;
        std::mem::take(&mut queue.items)
    }

    fn dispatch(&self, key: K, mut items: Vec<Item<I, O, E>>) {
        items.retain(|item| !item.reply.is_closed());
        if items.is_empty() {
            return;
        }
        let (send, ends_with_callers) = (Arc::clone(&self.send), self.ends_with_callers);
        tokio::spawn(async move {
            let batch = items.iter().map(|item| item.item.clone()).collect();
            let answer = send(key.clone(), batch);
            let answer = match ends_with_callers {
                false => answer.await,
                true => tokio::select! {
                    answer = answer => answer,
                    () = all_gone(&mut items) => return,
                },
            };
            match answer {
                Sent::Each(answers) => reply(items, answers),
                Sent::RetryEach(error) if items.len() == 1 => reply(items, vec![Err(error)]),
                Sent::RetryEach(_) => {
                    let alone = items.into_iter().map(|item| {
                        let (send, key) = (Arc::clone(&send), key.clone());
                        async move {
                            match send(key, vec![item.item.clone()]).await {
                                Sent::Each(answers) => reply(vec![item], answers),
                                Sent::RetryEach(error) => reply(vec![item], vec![Err(error)]),
                            }
                        }
                    });
                    futures_util::future::join_all(alone).await;
                }
            }
        });
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
