//! Work goes at the rate that AWS allows, instead of storming it.

use std::time::Duration;

use futures_util::StreamExt;
use terraform_provider_aws_workspaces::provider::Instance;
use terraform_provider_aws_workspaces::sim::builtin::*;
use terraform_provider_aws_workspaces::sim::{Rate, Settings};
use terraform_provider_aws_workspaces::tf::Value;

use crate::support::in_process::{Desk, seconds};

const MANY: u32 = 100;

fn settings() -> Settings {
    Settings {
        synthetic_primaries: MANY,
        latency: Duration::from_millis(50),
        provisioning: seconds(1),
        termination: seconds(1),
        rate: Some(Rate { per_second: 5.0, burst: 10.0 }),
        ..Settings::default()
    }
}

/// How many calls there were and how many of them were refused, since the last time; how long the
/// work took.
async fn measured<T>(desk: &Desk, work: impl Future<Output = T>) -> (T, usize, u64, Duration) {
    desk.forget_calls();
    desk.control("DELETE", "stats", &serde_json::json!({}));
    let start = tokio::time::Instant::now();
    let done = work.await;
    let stats = desk.control("GET", "stats", &serde_json::json!({}));
    let operations = stats["Operations"].as_object().expect("counts by operation");
    let refused = operations.values().map(|counts| counts["Throttles"].as_u64().unwrap()).sum();
    (done, desk.all_calls().len(), refused, start.elapsed())
}

/// Ten at a time, as Terraform does.
async fn ten_at_a_time<T>(work: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    futures_util::stream::iter(work).buffered(10).collect().await
}

/// What a hundred standbys cost at most, with an answer after 50 ms and ten at a time.
async fn a_hundred(tag_reads: &str, rate: Option<Rate>) {
    let told = format!("by {tag_reads} at {rate:?}");
    let desk =
        Desk::with(Settings { rate, ..settings() }, &[("tag_reads", tag_reads.into())]).await;
    let configs: Vec<Value> =
        (1..=MANY).map(|n| desk.standby(&synthetic_primary_id(n), &[])).collect();
    let creating = ten_at_a_time(configs.iter().map(|config| desk.created(config)));
    let (made, calls, refused, took) = measured(&desk, creating).await;
    // Each wave looks at once, and again when the second that a creation takes is over.
    assert!(calls <= 41, "{calls} calls to create {told}");
    assert_eq!(refused, 0, "{told}");
    assert!(took <= seconds(30), "{took:?} to create {told}");
    let creations = desk.calls("CreateStandbyWorkspaces").len();
    assert!(creations * 4 <= 100, "{creations} creations {told}");
    assert!(shared(&desk), "{told}");

    let (read, calls, refused, took) =
        measured(&desk, ten_at_a_time(made.iter().map(|prior| desk.read(prior)))).await;
    assert!(read.iter().all(|read| read.diagnostics.is_empty()));
    // A hundred of these are DescribeTags; those who wait for them go on together.
    let most = if tag_reads == "workspaces" { 115 } else { 10 };
    let looks = desk.calls("DescribeWorkspaces").len();
    assert!(calls <= most, "{calls} calls ({looks} looks, {refused} refused) to refresh {told}");
    // Those that are under way when AWS refuses the first one are refused too.
    let most = if tag_reads == "workspaces" { 6 } else { 2 };
    assert!(refused <= most, "{refused} of {calls} calls refused {told}");
    assert!(took <= seconds(25), "{took:?} to refresh {told}");
    let looks = desk.calls("DescribeWorkspaces");
    let asked: usize = looks.iter().map(|look| look.ids().len()).sum();
    assert!(asked <= 20 && looks.len() <= 6, "{asked} asked for by id {told}");

    let made: Vec<Instance> = read.into_iter().map(|read| read.instance).collect();
    let (gone, calls, refused, took) =
        measured(&desk, ten_at_a_time(made.iter().map(|prior| desk.delete(prior)))).await;
    for applied in gone {
        assert!(applied.succeeded().state.is_null());
    }
    assert!(calls <= 40, "{calls} calls to destroy {told}");
    assert_eq!(refused, 0, "{told}");
    assert!(took <= seconds(30), "{took:?} to destroy {told}");
    let endings = desk.calls("TerminateWorkspaces").len();
    assert!(endings * 4 <= 100, "{endings} terminations {told}");
    assert!(shared(&desk), "{told}");
}

/// Whether looks at single WorkSpaces travel together.
fn shared(desk: &Desk) -> bool {
    let looks = desk.calls("DescribeWorkspaces");
    let looks = looks.iter().map(|look| look.ids().len()).filter(|ids| *ids > 0);
    let (calls, ids) = looks.fold((0, 0), |(calls, ids), named| (calls + 1, ids + named));
    calls * 2 <= ids
}

#[tokio::test(start_paused = true)]
async fn a_hundred_standbys_under_throttling_are_hardly_refused() {
    for tag_reads in ["auto", "workspaces", "tagging_api"] {
        a_hundred(tag_reads, settings().rate).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_hundred_standbys_share_their_calls() {
    for tag_reads in ["auto", "workspaces", "tagging_api"] {
        a_hundred(tag_reads, None).await;
    }
}

#[tokio::test(start_paused = true)]
async fn however_slow_aws_is_nobody_starves() {
    let settings = Settings { rate: None, ..settings() };
    let desk = Desk::with(settings, &[("tag_reads", "workspaces".into())]).await;
    let configs: Vec<Value> =
        (1..=30).map(|n| desk.standby(&synthetic_primary_id(n), &[])).collect();
    let made = ten_at_a_time(configs.iter().map(|config| desk.created(config))).await;
    desk.faults(&["DescribeTags:error=ThrottlingException:0.6"]);
    // All at once, and each is served.
    let read = futures_util::future::join_all(made.iter().map(|prior| desk.read(prior))).await;
    assert!(read.iter().all(|read| read.diagnostics.is_empty()), "{read:?}");
}

#[tokio::test(start_paused = true)]
async fn few_calls_that_name_one_workspace_are_under_way_at_once() {
    let settings = Settings { rate: None, provisioning: Duration::ZERO, ..settings() };
    let desk = Desk::with(settings, &[("tag_reads", "workspaces".into())]).await;
    let configs: Vec<Value> =
        (1..=30).map(|n| desk.standby(&synthetic_primary_id(n), &[])).collect();
    let made = ten_at_a_time(configs.iter().map(|config| desk.created(config))).await;
    desk.forget_calls();
    futures_util::future::join_all(made.iter().map(|prior| desk.read(prior))).await;
    let calls = desk.calls("DescribeTags");
    assert_eq!(calls.len(), 30);
    for call in &calls {
        let together = calls.iter().filter(|other| other.at == call.at).count();
        assert!(together <= 10, "{together} calls at {:?}", call.at);
    }
}
