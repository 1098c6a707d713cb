use futures_util::stream::{self, BoxStream, StreamExt};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

/// Where a call that answers in events puts them.
pub(super) struct Events<E>(mpsc::Sender<E>);

impl<E> Events<E> {
    /// Puts an event, as soon as Terraform has taken the one before.
    pub(super) async fn put(&self, event: E) {
        // Without a receiver the work is dropped too, so this cannot fail.
        let _taken = self.0.send(event).await;
    }
}

/// The events of a call, as the body of its response.
///
/// Terraform drives the work by taking events, so nothing is done far ahead of it. If it cancels the
/// call, the work is dropped.
pub(super) fn events<E, F>(
    work: impl FnOnce(Events<E>) -> F,
) -> BoxStream<'static, Result<E, Status>>
where
    E: Send + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    let (sender, receiver) = mpsc::channel(1);
    let done = stream::once(work(Events(sender))).filter_map(|()| async { None });
    stream::select(ReceiverStream::new(receiver).map(Ok), done).boxed()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// How far the work is after each of the first two events is taken, and after a cancellation.
    #[tokio::test(start_paused = true)]
    async fn a_client_that_cancels_ends_the_work() {
        let done = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&done);
        let mut events = events(|events| async move {
            loop {
                let number = counter.fetch_add(1, Ordering::Relaxed);
                events.put(number).await;
            }
        });
        for expected in 0..2 {
            let event = events.next().await.map(|event| event.expect("no status"));
            assert_eq!(event, Some(expected));
        }
        let ahead = done.load(Ordering::Relaxed);
        assert!(ahead <= 5, "{ahead}: nothing is done far ahead");
        assert_eq!(Arc::strong_count(&done), 2);
        drop(events);
        assert_eq!(Arc::strong_count(&done), 1, "the work is dropped");
    }

    #[tokio::test]
    async fn the_stream_ends_after_the_last_event() {
        let events = events(|events| async move {
            for number in 0..3 {
                events.put(number).await;
            }
        });
        let all: Vec<i32> = events.map(|event| event.expect("no status")).collect().await;
        assert_eq!(all, [0, 1, 2]);
    }
}
