//! How many calls a fleet costs.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::join_all;
use terraform_provider_aws_workspaces::provider::Instance;
use terraform_provider_aws_workspaces::sim::Settings;
use terraform_provider_aws_workspaces::sim::builtin::*;

use crate::support::in_process::{Desk, minutes};

/// A desk with this many standbys, and what is stored of them.
async fn fleet(settings: Settings, count: u32) -> (Desk, Vec<Instance>) {
    let desk = Desk::new(Settings { synthetic_primaries: count, ..settings }).await;
    let configs: Vec<_> =
        (1..=count).map(|n| desk.standby(&synthetic_primary_id(n), &[])).collect();
    let made = join_all(configs.iter().map(|config| desk.created(config))).await;
    desk.forget_calls();
    (desk, made)
}

#[tokio::test(start_paused = true)]
async fn a_hundred_reads_are_five_calls() {
    let (desk, fleet) = fleet(Settings::default(), 100).await;
    for (read, prior) in
        join_all(fleet.iter().map(|prior| desk.read(prior))).await.iter().zip(&fleet)
    {
        assert!(read.diagnostics.is_empty(), "{:?}", read.diagnostics);
        assert_eq!(&read.instance, prior);
    }
    let calls = desk.calls("DescribeWorkspaces");
    assert_eq!(calls.iter().map(|call| call.ids().len()).collect::<Vec<_>>(), [25; 4]);
    assert_eq!(desk.calls("GetResources").len(), 1);
    assert_eq!(desk.calls("DescribeTags").len(), 0);
}

#[tokio::test(start_paused = true)]
async fn one_that_is_gone_does_not_disturb_its_neighbours() {
    let (desk, fleet) = fleet(Settings::default(), 10).await;
    desk.vanish(fleet[3].state.get("id").as_str().unwrap());
    let read = join_all(fleet.iter().map(|prior| desk.read(prior))).await;
    let gone: Vec<usize> = (0..10).filter(|index| read[*index].instance.state.is_null()).collect();
    assert_eq!(gone, [3]);
    assert_eq!(desk.calls("DescribeWorkspaces").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_hundred_deletes_are_four_calls() {
    let (desk, fleet) =
        fleet(Settings { termination: minutes(1), ..Settings::default() }, 100).await;
    for applied in join_all(fleet.iter().map(|prior| desk.delete(prior))).await {
        assert!(applied.succeeded().state.is_null());
    }
    let calls = desk.calls("TerminateWorkspaces").len();
    assert!(calls <= 4, "{calls}");
}

#[tokio::test(start_paused = true)]
async fn thirty_that_wait_share_one_poll() {
    let settings = Settings {
        synthetic_primaries: 30,
        provisioning: minutes(40),
        latency: Duration::from_millis(40),
        ..Settings::default()
    };
    let desk = Desk::new(settings).await;
    let configs: Vec<_> = (1..=30).map(|n| desk.standby(&synthetic_primary_id(n), &[])).collect();
    for applied in join_all(configs.iter().map(|config| desk.create(config))).await {
        assert!(applied.took < minutes(41), "{:?}", applied.took);
        applied.succeeded();
    }
    // By the moment of the look: all thirty ids, in two calls.
    let mut looks: BTreeMap<Duration, Vec<usize>> = BTreeMap::new();
    for call in desk.calls("DescribeWorkspaces").iter().filter(|call| !call.ids().is_empty()) {
        looks.entry(call.at).or_default().push(call.ids().len());
    }
    let calls: usize = looks.values().map(Vec::len).sum();
    let ids: usize = looks.values().flatten().sum();
    // Forty minutes at a pace from one second to half a minute are about 130 looks.
    assert!(calls <= 2 * 150, "{calls} calls");
    assert!(ids >= 14 * calls, "{ids} ids in {calls} calls");
}

#[tokio::test(start_paused = true)]
async fn making_a_fleet_lists_no_directory() {
    let settings = Settings { synthetic_primaries: 50, ..Settings::default() };
    let desk = Desk::new(settings).await;
    let configs: Vec<_> = (1..=50).map(|n| desk.standby(&synthetic_primary_id(n), &[])).collect();
    join_all(configs.iter().map(|config| desk.created(config))).await;
    let calls = desk.calls("DescribeWorkspaces");
    // The primaries and the standbys, each by id.
    assert!(calls.len() <= 10 && calls.iter().all(|call| !call.ids().is_empty()), "{calls:?}");
}
