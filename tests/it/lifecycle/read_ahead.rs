//! Refreshing a fleet from the pages of its directory.

use futures_util::StreamExt;
use terraform_provider_aws_workspaces::provider::{Instance, Outcome};
use terraform_provider_aws_workspaces::sim::Settings;
use terraform_provider_aws_workspaces::sim::builtin::*;
use terraform_provider_aws_workspaces::tf::Value;

use crate::support::in_process::{Desk, id, only_warning, says};

const SIZE: u32 = 40;

async fn fleet() -> (Desk, Vec<Instance>) {
    let settings = Settings {
        synthetic_primaries: SIZE,
        provisioning: std::time::Duration::ZERO,
        visible_after: std::time::Duration::ZERO,
        termination: std::time::Duration::ZERO,
        ..Settings::default()
    };
    let desk = Desk::new(settings).await;
    let configs: Vec<Value> =
        (1..=SIZE).map(|n| desk.standby(&synthetic_primary_id(n), &[])).collect();
    let creating = configs.iter().map(|config| desk.created(config));
    let made = futures_util::stream::iter(creating).buffered(10).collect().await;
    // Another process, as for another command of Terraform.
    let desk = desk.another(&[]).await;
    desk.forget_calls();
    (desk, made)
}

/// Ten at a time, as Terraform does.
async fn refresh(desk: &Desk, stored: &[Instance]) -> Vec<Outcome> {
    let reads = stored.iter().map(|prior| desk.read(prior));
    futures_util::stream::iter(reads).buffered(10).collect().await
}

#[tokio::test(start_paused = true)]
async fn what_the_pages_show_is_what_a_call_shows() {
    let (desk, made) = fleet().await;
    for (read, prior) in refresh(&desk, &made).await.iter().zip(&made) {
        assert!(read.diagnostics.is_empty(), "{:?}", read.diagnostics);
        assert_eq!(read.instance.state, prior.state);
    }
    let calls = desk.calls("DescribeWorkspaces");
    let by_id = calls.iter().filter(|call| !call.ids().is_empty()).count();
    assert_eq!((by_id, calls.len() - by_id), (1, 2), "one call, and two pages");
}

#[tokio::test(start_paused = true)]
async fn a_standby_that_is_gone_is_found_to_be_gone_by_a_call() {
    let (desk, made) = fleet().await;
    let gone = &made[35];
    desk.vanish(id(gone));
    let read = refresh(&desk, &made).await;
    says(only_warning(&read[35]), &["no longer shows"]);
    assert!(read[35].instance.is_absent());
    assert_eq!(read.iter().filter(|read| read.instance.is_absent()).count(), 1);
    let asked = desk.calls("DescribeWorkspaces");
    assert!(asked.iter().any(|call| call.ids().contains(&id(gone))));
}

#[tokio::test(start_paused = true)]
async fn a_page_serves_one_refresh_and_not_the_next() {
    let (desk, made) = fleet().await;
    refresh(&desk, &made).await;
    desk.force(id(&made[35]), "UNHEALTHY");
    let read = refresh(&desk, &made).await;
    says(only_warning(&read[35]), &["UNHEALTHY"]);
}

#[tokio::test(start_paused = true)]
async fn a_change_is_seen_by_the_refresh_that_follows_it() {
    let (desk, made) = fleet().await;
    // The pages are read, and the last ten are not asked for yet.
    refresh(&desk, &made[..30]).await;
    let on = [("data_replication", Value::from("PRIMARY_AS_SOURCE"))];
    let config = desk.standby(&synthetic_primary_id(36), &on);
    let changed = desk.update(&made[35], &config).await.succeeded();
    let read = desk.read(&changed).await;
    assert_eq!(read.instance.state.get("data_replication"), &on[0].1);
}

#[tokio::test(start_paused = true)]
async fn standbys_are_replaced_although_the_pages_show_their_primaries_with_one() {
    let (desk, made) = fleet().await;
    // New ones, so that the pages of the primaries are read.
    for prior in &made[..20] {
        assert!(desk.delete(prior).await.succeeded().is_absent());
    }
    let configs: Vec<Value> =
        (1..=20).map(|n| desk.standby(&synthetic_primary_id(n), &[])).collect();
    let creating = configs.iter().map(|config| desk.created(config));
    futures_util::stream::iter(creating).buffered(10).collect::<Vec<_>>().await;
    // Some that the pages may have shown with a standby.
    for number in 31..=36 {
        let prior = &made[number - 1];
        assert!(desk.delete(prior).await.succeeded().is_absent());
        let primary = synthetic_primary_id(u32::try_from(number).unwrap());
        desk.created(&desk.standby(&primary, &[])).await;
    }
}
