use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::*;

/// What the poll of these tests sees of an id.
#[derive(Clone, Debug, PartialEq)]
struct Seen {
    id: String,
    is_ready: bool,
}

/// A poll that shows every id as ready from a moment on, and counts its looks.
fn poll(ready_after: u64) -> (Poll<Seen, &'static str>, Arc<AtomicUsize>) {
    let looks = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&looks);
    let start = Instant::now();
    let poll = Poll::new(
        "things",
        |_| "",
        move |id| {
            counted.fetch_add(1, Ordering::Relaxed);
            let is_ready = start.elapsed().as_secs() >= ready_after;
            async move { Ok(Some(Seen { id, is_ready })) }
        },
    );
    (poll, looks)
}

async fn until_ready(mut watch: Watch<Seen, &'static str>) -> String {
    loop {
        let seen = watch.next().await.unwrap().unwrap().unwrap();
        if seen.is_ready {
            return seen.id;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn each_watch_sees_its_own_id() {
    let (poll, _) = poll(3);
    let ids = ["ws-a", "ws-b", "ws-c"];
    let seen = futures_util::future::join_all(ids.map(|id| until_ready(poll.watch(id)))).await;
    assert_eq!(seen, ids);
}

#[tokio::test(start_paused = true)]
async fn an_hour_of_waiting_takes_few_looks() {
    let (poll, looks) = poll(3600);
    until_ready(poll.watch("ws-a")).await;
    let looks = looks.load(Ordering::Relaxed);
    assert!((120..=170).contains(&looks), "{looks} looks in an hour");
}

#[tokio::test(start_paused = true)]
async fn a_watch_that_joins_late_is_served_at_its_own_pace() {
    let (poll, _) = poll(1200);
    let old = tokio::spawn(until_ready(poll.watch("ws-old")));
    tokio::time::sleep(Duration::from_secs(1201)).await;
    let start = Instant::now();
    until_ready(poll.watch("ws-young")).await;
    assert_eq!(start.elapsed(), Duration::ZERO, "a new watch is looked at immediately");
    old.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_poll_ends_with_its_last_watch_and_starts_again_with_the_next() {
    let (poll, looks) = poll(0);
    until_ready(poll.watch("ws-a")).await;
    tokio::time::sleep(Duration::from_secs(600)).await;
    assert_eq!(looks.load(Ordering::Relaxed), 1);
    until_ready(poll.watch("ws-b")).await;
    assert_eq!(looks.load(Ordering::Relaxed), 2);
}

#[tokio::test(start_paused = true)]
async fn a_poll_that_dies_is_an_error_to_its_watches_and_not_to_later_ones() {
    let broken = Arc::new(AtomicUsize::new(0));
    let looks = Arc::clone(&broken);
    let poll: Poll<Seen, &str> = Poll::new(
        "things",
        |_| "",
        move |_id| {
            let first = looks.fetch_add(1, Ordering::Relaxed) == 0;
            async move {
                assert!(!first, "on purpose");
                Ok(None)
            }
        },
    );
    assert_eq!(poll.watch("ws-a").next().await, Err(WorkerGone));
    assert_eq!(poll.watch("ws-a").next().await, Ok(Ok(None)));
}

#[test]
fn the_poll_interval_grows_with_age_between_the_bounds() {
    for (age, expected) in [(0, 1), (5, 1), (10, 1), (60, 6), (300, 30), (5400, 30)] {
        let (age, expected) = (Duration::from_secs(age), Duration::from_secs(expected));
        assert_eq!(poll_interval(age), expected, "after {age:?}");
    }
}
