use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::aws::calls::in_flight::Operation;
use proptest::prelude::*;

type Calls = Arc<Mutex<Vec<(u8, Vec<u32>)>>>;

/// No operations are counted, so that the window alone decides.
fn alone() -> InFlight {
    InFlight::new(Duration::from_millis(50))
}

/// A batcher that answers each item with itself and notes the calls.
fn echo(window: u64, maximum: usize) -> (Batcher<u8, u32, u32, &'static str>, Calls) {
    let calls = Calls::default();
    let seen = Arc::clone(&calls);
    let limits = Limits { window: Duration::from_millis(window), maximum };
    let batcher = Batcher::new(limits, alone(), move |key, items: Vec<u32>| {
        seen.lock().unwrap().push((key, items.clone()));
        async move { Sent::Each(items.into_iter().map(Ok).collect()) }
    });
    (batcher, calls)
}

#[tokio::test(start_paused = true)]
async fn items_handed_in_within_the_window_share_a_call() {
    let (batcher, calls) = echo(50, 25);
    let answers = futures_util::future::join_all((0..10).map(|n| batcher.submit(0, n))).await;
    assert_eq!(answers, (0..10).map(|n| Ok(Ok(n))).collect::<Vec<_>>());
    assert_eq!(calls.lock().unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_batch_waits_for_stragglers_and_not_for_ever() {
    // One each 45 ms: each comes within the window after the one before, until 200 ms are over.
    let (batcher, calls) = echo(50, 25);
    let start = Instant::now();
    futures_util::future::join_all((0..8).map(|n| {
        let batcher = batcher.clone();
        async move {
            tokio::time::sleep(Duration::from_millis(45) * n).await;
            batcher.submit(0, n).await
        }
    }))
    .await;
    assert_eq!(*calls.lock().unwrap(), [(0, vec![0, 1, 2, 3, 4]), (0, vec![5, 6, 7])]);
    assert_eq!(start.elapsed(), Duration::from_millis(315 + 50));
}

#[tokio::test(start_paused = true)]
async fn a_full_batch_leaves_at_once() {
    let (batcher, calls) = echo(50, 5);
    let start = Instant::now();
    futures_util::future::join_all((0..10).map(|n| batcher.submit(0, n))).await;
    assert_eq!(start.elapsed(), Duration::ZERO);
    assert_eq!(calls.lock().unwrap().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn different_keys_never_share_a_call() {
    let (batcher, calls) = echo(50, 25);
    tokio::join!(batcher.submit(1, 1), batcher.submit(2, 2)).0.unwrap().unwrap();
    let mut calls = calls.lock().unwrap().clone();
    calls.sort();
    assert_eq!(calls, [(1, vec![1]), (2, vec![2])]);
}

#[tokio::test(start_paused = true)]
async fn an_item_whose_caller_has_gone_is_not_sent() {
    let (batcher, calls) = echo(50, 25);
    let stays = batcher.submit(0, 1);
    let leaves = tokio::time::timeout(Duration::from_millis(10), batcher.submit(0, 2));
    let (stays, leaves) = tokio::join!(stays, leaves);
    assert_eq!(stays, Ok(Ok(1)));
    leaves.unwrap_err();
    assert_eq!(*calls.lock().unwrap(), [(0, vec![1])]);
}

#[tokio::test(start_paused = true)]
async fn a_refused_batch_is_sent_item_by_item_and_only_the_culprit_fails() {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let limits = Limits { window: Duration::from_millis(50), maximum: 25 };
    let batcher = Batcher::new(limits, alone(), move |(), items: Vec<u32>| {
        counted.fetch_add(1, Ordering::Relaxed);
        async move {
            if items.contains(&3) {
                Sent::RetryEach("three")
            } else {
                Sent::Each(items.into_iter().map(Ok).collect())
            }
        }
    });
    let answers = futures_util::future::join_all((1..=4).map(|n| batcher.submit((), n))).await;
    assert_eq!(answers, [Ok(Ok(1)), Ok(Ok(2)), Ok(Err("three")), Ok(Ok(4))]);
    assert_eq!(calls.load(Ordering::Relaxed), 5);
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_disappears_is_an_error_of_its_own() {
    let limits = Limits { window: Duration::ZERO, maximum: 25 };
    let batcher: Batcher<(), u32, u32, &str> =
        Batcher::new(limits, alone(), |(), _items| async { panic!("on purpose") });
    assert_eq!(batcher.submit((), 1).await, Err(WorkerGone));
}

#[tokio::test(start_paused = true)]
async fn too_few_answers_leave_the_rest_lost_and_not_mixed_up() {
    let limits = Limits { window: Duration::ZERO, maximum: 25 };
    let batcher: Batcher<(), u32, u32, &str> =
        Batcher::new(limits, alone(), |(), items: Vec<u32>| async move {
            Sent::Each(vec![Ok(items[0])])
        });
    let answers = tokio::join!(batcher.submit((), 1), batcher.submit((), 2));
    assert_eq!(answers, (Ok(Ok(1)), Err(WorkerGone)));
}

/// A batcher whose ten operations are in flight and known to be all.
async fn ten_in_flight() -> (Batcher<u8, u32, u32, &'static str>, Calls, Vec<Operation>) {
    let in_flight = InFlight::new(Duration::from_millis(50));
    let operations = (0..10).map(|_| in_flight.enter()).collect();
    let (mut batcher, calls) = echo(50, 25);
    batcher.in_flight = in_flight;
    tokio::time::sleep(Duration::from_millis(60)).await;
    (batcher, calls, operations)
}

#[tokio::test(start_paused = true)]
async fn a_batch_of_every_operation_in_flight_leaves_at_once_with_all_keys() {
    let (batcher, calls, _operations) = ten_in_flight().await;
    let start = Instant::now();
    let items = (0..10).map(|n| batcher.submit(u8::from(n == 9), n));
    futures_util::future::join_all(items).await;
    assert_eq!(start.elapsed(), Duration::ZERO);
    assert_eq!(calls.lock().unwrap().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_batch_leaves_when_the_last_operation_that_could_join_ends() {
    let (batcher, calls, mut operations) = ten_in_flight().await;
    let start = Instant::now();
    let items = futures_util::future::join_all((0..9).map(|n| batcher.submit(0, n)));
    tokio::join!(items, async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        operations.pop();
    });
    assert_eq!(start.elapsed(), Duration::from_millis(20));
    assert_eq!(calls.lock().unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn items_that_one_operation_submits_together_share_a_call() {
    let (batcher, calls, mut operations) = ten_in_flight().await;
    operations.truncate(1);
    futures_util::future::join_all((0..20).map(|n| batcher.submit_now(0, n))).await;
    assert_eq!(calls.lock().unwrap().len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_item_is_sent_once_and_answered_once(
        arrivals in proptest::collection::vec((0_u64..200, 0_u8..3), 1..80),
        window in 0_u64..100,
        maximum in 1_usize..30,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let (batcher, calls) = echo(window, maximum);
            let answers = futures_util::future::join_all(arrivals.iter().zip(0_u32..).map(
                |(&(after, key), number)| {
                    let batcher = batcher.clone();
                    async move {
                        tokio::time::sleep(Duration::from_millis(after)).await;
                        batcher.submit(key, number).await
                    }
                },
            )).await;
            for (answer, number) in answers.into_iter().zip(0_u32..) {
                assert_eq!(answer, Ok(Ok(number)));
            }
            let calls = calls.lock().unwrap();
            assert!(calls.iter().all(|(_, items)| items.len() <= maximum));
            let mut sent: Vec<u32> = calls.iter().flat_map(|(_, items)| items.clone()).collect();
            sent.sort_unstable();
            assert_eq!(sent, (0..u32::try_from(arrivals.len()).unwrap()).collect::<Vec<_>>());
        });
    }
}

#[tokio::test(start_paused = true)]
async fn a_look_up_ends_with_its_last_caller_and_a_change_goes_on() {
    for (is_look_up, ended) in [(true, 0), (false, 1)] {
        let calls = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&calls);
        let limits = Limits { window: Duration::ZERO, maximum: 25 };
        let batcher: Batcher<(), u32, u32, &'static str> =
            Batcher::new(limits, alone(), move |(), items: Vec<u32>| {
                let counted = Arc::clone(&counted);
                async move {
                    tokio::time::sleep(Duration::from_secs(10)).await;
                    counted.fetch_add(1, Ordering::Relaxed);
                    Sent::Each(items.into_iter().map(Ok).collect())
                }
            });
        let batcher = if is_look_up { batcher.for_look_ups() } else { batcher };
        let (one, other) = (batcher.submit((), 1), batcher.submit((), 2));
        let (one, other) = tokio::join!(
            tokio::time::timeout(Duration::from_secs(1), one),
            tokio::time::timeout(Duration::from_secs(2), other)
        );
        assert!(one.is_err() && other.is_err());
        tokio::time::sleep(Duration::from_secs(20)).await;
        assert_eq!(calls.load(Ordering::Relaxed), ended);
        // One that stays has its answer.
        let (one, other) = (batcher.submit((), 1), batcher.submit((), 2));
        let (gone, stays) = tokio::join!(tokio::time::timeout(Duration::from_secs(1), one), other);
        assert!(gone.is_err());
        assert_eq!(stays, Ok(Ok(2)));
    }
}

/// The same if each item is sent alone because AWS refused the batch.
#[tokio::test(start_paused = true)]
async fn a_look_up_that_is_sent_alone_ends_with_its_caller_too() {
    for (is_look_up, ended) in [(true, 0), (false, 2)] {
        let limits = Limits { window: Duration::ZERO, maximum: 25 };
        let calls = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&calls);
        let batcher: Batcher<(), u32, u32, &str> =
            Batcher::new(limits, alone(), move |(), items: Vec<u32>| {
                let counted = Arc::clone(&counted);
                async move {
                    if items.len() > 1 {
                        return Sent::RetryEach("one of them");
                    }
                    tokio::time::sleep(Duration::from_secs(10)).await;
                    counted.fetch_add(1, Ordering::Relaxed);
                    Sent::Each(items.into_iter().map(Ok).collect())
                }
            });
        let batcher = if is_look_up { batcher.for_look_ups() } else { batcher };
        let both = async { tokio::join!(batcher.submit((), 1), batcher.submit((), 2)) };
        assert!(tokio::time::timeout(Duration::from_secs(1), both).await.is_err());
        tokio::time::sleep(Duration::from_secs(20)).await;
        assert_eq!(calls.load(Ordering::Relaxed), ended, "look-up: {is_look_up}");
    }
}
