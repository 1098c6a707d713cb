//! How many calls an apply, a plan and a destroy of a fleet take, by its size and the parallelism of
//! Terraform. Calls of AWS STS are not counted.

use std::time::Duration;

use futures_util::StreamExt;
use terraform_provider_aws_workspaces::sim::Settings;
use terraform_provider_aws_workspaces::sim::builtin::*;
use terraform_provider_aws_workspaces::tf::Value;

use crate::support::in_process::Desk;

/// Does the work, so many at a time, and counts the calls of it.
async fn counted<T>(
    desk: &Desk,
    parallelism: usize,
    work: impl Iterator<Item = impl Future<Output = T>>,
) -> (Vec<T>, usize) {
    desk.forget_calls();
    let done = futures_util::stream::iter(work).buffered(parallelism).collect().await;
    (done, desk.all_calls().len())
}

#[tokio::test(start_paused = true)]
async fn the_calls_of_a_fleet_are_counted() {
    for (size, parallelism, most) in
        [(1, 10, [3, 2, 4]), (100, 10, [30, 20, 40]), (100, 50, [12, 6, 14])]
    {
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
        let (made, apply) = counted(&desk, parallelism, creating).await;
        let reading = made.iter().map(|prior| desk.read(prior));
        let (read, plan) = counted(&desk, parallelism, reading).await;
        assert!(read.iter().all(|read| read.diagnostics.is_empty()), "{read:?}");
        let deleting = made.iter().map(|prior| desk.delete(prior));
        let (gone, delete) = counted(&desk, parallelism, deleting).await;
        for applied in gone {
            assert!(applied.succeeded().state.is_null());
        }
        // A destroy refreshes first.
        let calls = [apply, plan, plan + delete];
        let is_within = calls.iter().zip(most).all(|(calls, most)| *calls <= most);
        assert!(is_within, "{size} standbys, {parallelism} at a time: {calls:?}, at most {most:?}");
    }
}
