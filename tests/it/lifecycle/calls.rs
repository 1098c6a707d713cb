//! How many calls an apply, a plan and a destroy of a fleet take, by its size and the parallelism of
//! Terraform. Calls of AWS STS are not counted.

use std::time::Duration;

use futures_util::StreamExt;
use terraform_provider_aws_workspaces::sim::Settings;
use terraform_provider_aws_workspaces::sim::builtin::*;
use terraform_provider_aws_workspaces::tf::Value;

use crate::support::in_process::Desk;

/// How Terraform works: on so many resources at a time, and so long after each it starts the next one,
/// because it writes its state in between.
#[derive(Clone, Copy, Debug)]
struct Pace {
    parallelism: usize,
    gap: Duration,
}

/// Does the work at this pace and counts the calls of it.
async fn counted<T>(
    desk: &Desk,
    pace: Pace,
    work: impl Iterator<Item = impl Future<Output = T>>,
) -> (Vec<T>, usize) {
    desk.forget_calls();
    let turns = tokio::sync::Mutex::new(());
    let work = work.map(|one| async {
        let turn = turns.lock().await;
        tokio::time::sleep(pace.gap).await;
        drop(turn);
        one.await
    });
    let done = futures_util::stream::iter(work).buffer_unordered(pace.parallelism).collect().await;
    (done, desk.all_calls().len())
}

#[tokio::test(start_paused = true)]
async fn the_calls_of_a_fleet_are_counted() {
    for (size, parallelism, gap, most) in [
        (1, 10, 0, [3, 2, 4]),
        (100, 10, 0, [26, 8, 28]),
        (100, 10, 8, [26, 8, 28]),
        (100, 50, 0, [12, 6, 14]),
        // A large state takes long to write.
        (300, 10, 45, [80, 25, 85]),
    ] {
        let pace = Pace { parallelism, gap: Duration::from_millis(gap) };
        let settings = Settings {
            synthetic_primaries: size,
            latency: Duration::from_millis(50),
            provisioning: Duration::ZERO,
            visible_after: Duration::ZERO,
            termination: Duration::ZERO,
            ..Settings::default()
        };
        let desk = Desk::new(settings).await;
        let configs: Vec<Value> =
            (1..=size).map(|n| desk.standby(&synthetic_primary_id(n), &[])).collect();
        let creating = configs.iter().map(|config| desk.created(config));
        let (made, apply) = counted(&desk, pace, creating).await;
        let reading = made.iter().map(|prior| desk.read(prior));
        let (read, plan) = counted(&desk, pace, reading).await;
        assert!(read.iter().all(|read| read.diagnostics.is_empty()), "{read:?}");
        let deleting = made.iter().map(|prior| desk.delete(prior));
        let (gone, delete) = counted(&desk, pace, deleting).await;
        for applied in gone {
            assert!(applied.succeeded().state.is_null());
        }
        // A destroy refreshes first.
        let calls = [apply, plan, plan + delete];
        let is_within = calls.iter().zip(most).all(|(calls, most)| *calls <= most);
        assert!(is_within, "{size} standbys, {pace:?}: {calls:?}, at most {most:?}");
    }
}
