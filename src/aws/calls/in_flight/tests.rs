use proptest::prelude::*;

use super::*;

const WINDOW: Duration = Duration::from_millis(50);

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// The counts after so many operations entered, one each `gap` milliseconds, and the last entry.
fn entered(start: Instant, operations: u32, gap: u64) -> (Counts, Instant) {
    let mut counts = Counts::default();
    for number in 0..operations {
        counts.enter(start + ms(gap) * number, WINDOW);
    }
    (counts, start + ms(gap) * operations.saturating_sub(1))
}

#[test]
fn a_batch_waits_while_an_operation_can_join() {
    let (counts, last) = entered(Instant::now(), 10, 1);
    assert_eq!(counts.complete_from(9, last, WINDOW), None);
}

#[test]
fn before_the_most_is_settled_a_batch_waits_one_window_after_the_last_entry() {
    let (counts, last) = entered(Instant::now(), 10, 1);
    assert_eq!(counts.complete_from(10, last, WINDOW), Some(last + WINDOW));
}

#[test]
fn once_the_most_is_settled_a_batch_of_all_leaves_at_once() {
    let (mut counts, last) = entered(Instant::now(), 10, 1);
    let later = last + ms(100);
    counts.leave(later, WINDOW);
    counts.enter(later, WINDOW);
    assert_eq!(counts.complete_from(10, later, WINDOW), Some(later));
    // One fewer than ever: another may come.
    counts.leave(later, WINDOW);
    assert_eq!(counts.complete_from(9, later, WINDOW), Some(later + WINDOW));
    // One more than ever: so may others.
    counts.enter(later, WINDOW);
    counts.enter(later, WINDOW);
    assert_eq!(counts.complete_from(11, later, WINDOW), Some(later + WINDOW));
}

#[test]
fn the_slower_operations_come_the_longer_a_batch_waits_for_the_next_up_to_six_windows() {
    for (gap, patience) in [(1, 50..51), (10, 50..51), (30, 70..120), (60, 150..301), (300, 50..51)]
    {
        let (counts, _) = entered(Instant::now(), 10, gap);
        let waits = counts.patience(WINDOW);
        assert!(patience.contains(&waits.as_millis()), "one each {gap} ms: {waits:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_dropped_operation_is_not_in_flight() {
    let in_flight = InFlight::new(WINDOW);
    let first = in_flight.enter();
    drop(in_flight.enter());
    assert_eq!((in_flight.counts().now, in_flight.counts().most), (1, 2));
    drop(first);
    assert_eq!(in_flight.counts().now, 0);
}

proptest! {
    #[test]
    fn a_batch_never_leaves_early_and_never_waits_past_its_patience(
        steps in proptest::collection::vec((0_u64..80, any::<bool>()), 1..60),
        here in 0_usize..30,
    ) {
        let (mut counts, mut at) = (Counts::default(), Instant::now());
        for (pause, enters) in steps {
            at += ms(pause);
            if enters {
                counts.enter(at, WINDOW);
            } else if counts.now > 0 {
                counts.leave(at, WINDOW);
            }
            prop_assert!(counts.now <= counts.most && counts.settled <= counts.most);
            match counts.complete_from(here, at, WINDOW) {
                None => prop_assert!(here < counts.now || counts.now == 0),
                Some(from) => {
                    prop_assert!(here >= counts.now && counts.now > 0);
                    let patience = counts.patience(WINDOW);
                    prop_assert!(patience >= WINDOW && patience <= WINDOW * LONGEST_PATIENCE);
                    prop_assert!(from <= at.max(counts.last_entered.unwrap() + patience));
                }
            }
        }
    }
}
