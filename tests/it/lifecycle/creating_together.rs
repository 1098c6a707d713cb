//! Creations that travel in one call: each ends with its own id, whatever AWS leaves out.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::Value as Json;
use terraform_provider_aws_workspaces::provider::Instance;
use terraform_provider_aws_workspaces::sim::Settings;
use terraform_provider_aws_workspaces::sim::builtin::*;
use terraform_provider_aws_workspaces::tf::Value;
use tokio_util::sync::CancellationToken;

use crate::support::in_process::{Applied, Desk, minutes, says, seconds, timeouts};

const OPERATION: &str = "CreateStandbyWorkspaces";

fn settings(count: u32) -> Settings {
    Settings {
        synthetic_primaries: count,
        latency: Duration::from_millis(40),
        ..Settings::default()
    }
}

/// Creates a standby of each of the first synthetic primaries at once.
async fn create(desk: &Desk, count: u32, more: &[(&str, Value)]) -> Vec<Applied> {
    let configs: Vec<_> =
        (1..=count).map(|n| desk.standby(&synthetic_primary_id(n), more)).collect();
    join_all(configs.iter().map(|config| desk.create(config))).await
}

/// How many standbys each call named, in the order of the calls.
fn sizes(desk: &Desk) -> Vec<usize> {
    let items = |call: &Json| call["StandbyWorkspaces"].as_array().unwrap().len();
    desk.calls(OPERATION).iter().map(|call| items(&call.body)).collect()
}

/// All succeeded, and each has the id of its own primary's one standby.
#[track_caller]
fn each_has_its_own(desk: &Desk, applied: &[Applied]) {
    for (applied, n) in applied.iter().zip(1..) {
        assert!(!applied.outcome.diagnostics.has_errors(), "{applied:#?}");
        assert_eq!(desk.standbys_of(&synthetic_primary_id(n)), [applied.id()], "primary {n}");
    }
}

/// The last entry of PendingStandbyRequests comes first.
fn reversed(desk: &Desk) {
    desk.rewrite(|call, answer| {
        let mut answer: Json = serde_json::from_str(answer).ok()?;
        let pending = answer["PendingStandbyRequests"].as_array_mut()?;
        assert_eq!(call.operation, OPERATION);
        pending.reverse();
        Some(answer.to_string())
    });
}

/// AWS leaves the users out of its answers, so that ids have to be told apart by looking.
fn nameless(desk: &Desk) {
    desk.rewrite(|_, answer| {
        let mut answer: Json = serde_json::from_str(answer).ok()?;
        let pending = answer["PendingStandbyRequests"].as_array_mut()?;
        pending.reverse();
        for entry in pending {
            entry.as_object_mut().unwrap().remove("UserName");
        }
        Some(answer.to_string())
    });
}

/// The ids in each look of the provider in a Region, in order.
fn looks(desk: &Desk, region: &str) -> Vec<usize> {
    let calls = desk.calls("DescribeWorkspaces").into_iter();
    calls.filter(|call| call.region == region).map(|call| call.ids().len()).collect()
}

#[tokio::test(start_paused = true)]
async fn fifty_are_two_calls_and_two_looks_at_their_primaries() {
    let desk = Desk::new(settings(50)).await;
    reversed(&desk);
    each_has_its_own(&desk, &create(&desk, 50, &[("wait_for_ready", false.into())]).await);
    assert_eq!(sizes(&desk), [25, 25]);
    assert_eq!(looks(&desk, PRIMARY_REGION), [25, 25]);
    assert!(looks(&desk, STANDBY_REGION).is_empty());
    assert!(desk.calls("DescribeTags").is_empty());
}

#[tokio::test(start_paused = true)]
async fn every_id_is_there_the_moment_the_answer_is() {
    // AWS shows nothing of them for an hour, and Terraform stops right after the answer.
    let desk = Desk::new(Settings { visible_after: minutes(60), ..settings(25) }).await;
    reversed(&desk);
    let stop = CancellationToken::new();
    let configs: Vec<_> = (1..=25).map(|n| desk.standby(&synthetic_primary_id(n), &[])).collect();
    let absent = Instance::absent();
    let creating = join_all(configs.iter().map(|config| desk.apply(&absent, config, &stop)));
    let stopping = async {
        while desk.standbys_of(&synthetic_primary_id(25)).is_empty() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        // The answer is on its way for 40 ms at most.
        tokio::time::sleep(Duration::from_millis(41)).await;
        stop.cancel();
    };
    let (applied, ()) = tokio::join!(creating, stopping);
    assert_eq!(sizes(&desk), [25]);
    for (applied, n) in applied.iter().zip(1..) {
        assert_eq!(desk.standbys_of(&synthetic_primary_id(n)), [applied.id()], "primary {n}");
        assert!(applied.checkpoint.is_some(), "primary {n}");
    }
}

#[tokio::test(start_paused = true)]
async fn without_the_users_each_is_a_call_of_its_own() {
    for (fault, seconds_lost) in [
        ("*@us-east-1:reset-before:1", 2),
        ("*@us-east-1:slow=50s:1", 2),
        ("DescribeWorkspaces@us-east-1:error=AccessDeniedException:1", 0),
    ] {
        let desk = Desk::new(Settings { visible_after: minutes(60), ..settings(10) }).await;
        desk.faults(&[fault]);
        let begun = tokio::time::Instant::now();
        let more = [("wait_for_ready", false.into())];
        each_has_its_own(&desk, &create(&desk, 5, &more).await);
        assert_eq!(sizes(&desk), [1; 5], "{fault}");
        let lost = begun.elapsed();
        assert!(lost < seconds(seconds_lost) + seconds(1), "{fault}: {lost:?}");
        // A Region that did not answer is not waited for again.
        let (begun, config) =
            (tokio::time::Instant::now(), desk.standby(&synthetic_primary_id(6), &more));
        desk.created(&config).await;
        assert!(begun.elapsed() < seconds(1), "{fault}: {:?}", begun.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn once_aws_leaves_the_users_out_nothing_shares_a_call() {
    let desk = Desk::new(settings(20)).await;
    nameless(&desk);
    each_has_its_own(&desk, &create(&desk, 10, &[]).await);
    assert_eq!(sizes(&desk), [10]);
    let configs: Vec<_> = (11..=20).map(|n| desk.standby(&synthetic_primary_id(n), &[])).collect();
    let more = join_all(configs.iter().map(|config| desk.create(config))).await;
    for (applied, n) in more.iter().zip(11..) {
        assert_eq!(desk.standbys_of(&synthetic_primary_id(n)), [applied.id()], "primary {n}");
    }
    assert_eq!(sizes(&desk)[1..], [1; 10]);
}

#[tokio::test(start_paused = true)]
async fn one_alone_needs_no_look_to_know_its_id() {
    let desk = Desk::new(Settings { visible_after: minutes(200), ..settings(1) }).await;
    let more = [("wait_for_ready", false.into())];
    each_has_its_own(&desk, &create(&desk, 1, &more).await);
    assert!(looks(&desk, STANDBY_REGION).is_empty());
}

#[tokio::test(start_paused = true)]
async fn without_batching_each_is_a_call_and_needs_no_look() {
    let off = Value::object([("enable_batching", false.into()), ("send_after", Value::Null)]);
    let off = [("batching", Value::List(vec![off]))];
    let desk = Desk::with(Settings { visible_after: minutes(200), ..settings(10) }, &off).await;
    let more = [("wait_for_ready", false.into())];
    each_has_its_own(&desk, &create(&desk, 10, &more).await);
    assert_eq!(sizes(&desk), [1; 10]);
    assert!(looks(&desk, STANDBY_REGION).is_empty());
}

#[tokio::test(start_paused = true)]
async fn ids_that_are_invisible_or_incomplete_are_looked_at_again() {
    for (faults, visible_after) in [
        (&[][..], 90),
        (&["DescribeWorkspaces:incomplete:0.6"], 0),
        (&["DescribeWorkspaces:incomplete:0.6", "DescribeWorkspaces:5xx-before:0.4"], 20),
        (&["DescribeWorkspaces:reset-before:0.5"], 5),
    ] {
        let desk = Desk::new(Settings {
            visible_after: seconds(visible_after),
            provisioning: minutes(3),
            ..settings(12)
        })
        .await;
        desk.faults(faults);
        nameless(&desk);
        each_has_its_own(&desk, &create(&desk, 12, &[]).await);
        assert_eq!(sizes(&desk).iter().sum::<usize>(), 12, "{faults:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn one_that_aws_refuses_does_not_fail_its_neighbours() {
    let desk = Desk::new(settings(5)).await;
    let mut configs: Vec<Value> =
        (1..=5).map(|n| desk.standby(&synthetic_primary_id(n), &[])).collect();
    configs.push(desk.standby(LINUX_PRIMARY, &[]));
    configs.push(desk.standby("ws-isnotthere", &[]));
    let mut applied = join_all(configs.iter().map(|config| desk.create(config))).await;
    // Its Region says so before the call.
    let absent = applied.pop().unwrap();
    says(absent.error(), &["ws-isnotthere", "does not exist in us-east-1"]);
    let refused = applied.pop().unwrap();
    says(refused.error(), &[LINUX_PRIMARY, "OperationNotSupported"]);
    each_has_its_own(&desk, &applied);
    assert_eq!(sizes(&desk), [6]);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_refused_is_sent_one_by_one() {
    let desk = Desk::new(settings(5)).await;
    desk.faults(&["CreateStandbyWorkspaces:error=InvalidParameterValuesException:1x2"]);
    let applied = create(&desk, 5, &[]).await;
    assert_eq!(sizes(&desk), [5, 1, 1, 1, 1, 1]);
    let failed = applied.iter().filter(|applied| applied.outcome.diagnostics.has_errors());
    assert_eq!(failed.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn two_for_one_primary_never_share_a_call() {
    let desk = Desk::new(settings(3)).await;
    let config = desk.standby(&synthetic_primary_id(1), &[]);
    let (one, other) = tokio::join!(desk.create(&config), desk.create(&config));
    assert_eq!(sizes(&desk), [1]);
    let ids = [one.id(), other.id()].concat();
    assert_eq!(desk.standbys_of(&synthetic_primary_id(1)), [ids]);
    let error = if one.id().is_empty() { one.error() } else { other.error() };
    says(error, &["Two resources have the primary", "Two resources", &synthetic_primary_id(1)]);
}

#[tokio::test(start_paused = true)]
async fn other_primary_regions_and_directories_are_other_calls() {
    let desk = Desk::new(settings(2)).await;
    let one = desk.standby(&synthetic_primary_id(1), &[]);
    let other = desk.standby(&synthetic_primary_id(2), &[("directory_id", "d-90000000ff".into())]);
    let (one, other) = tokio::join!(desk.create(&one), desk.create(&other));
    one.succeeded();
    says(other.error(), &["ResourceNotFound.Directory"]);
    assert_eq!(sizes(&desk), [1, 1]);
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_looked_for_by_user_and_each_error_names_its_own() {
    for kind in ["reset-after", "5xx-after"] {
        let desk = Desk::new(Settings { visible_after: seconds(4), ..settings(20) }).await;
        desk.faults(&[&format!("CreateStandbyWorkspaces:{kind}:1x1")]);
        let applied = create(&desk, 20, &[]).await;
        for (applied, n) in applied.iter().zip(1..) {
            let [made] = &desk.standbys_of(&synthetic_primary_id(n))[..] else { panic!("{n}") };
            says(applied.error(), &["import {", made, &synthetic_primary_id(n)]);
            assert_eq!(applied.error().detail.matches("import {").count(), 1);
        }
        assert_eq!(sizes(&desk), [20], "{kind}");
        let looks = looks(&desk, STANDBY_REGION).len();
        assert!(looks <= 20 * 5, "{looks} looks after {kind}");
    }
}

#[tokio::test(start_paused = true)]
async fn requests_that_were_lost_on_their_way_are_sent_again_when_that_is_safe() {
    let desk = Desk::new(settings(20)).await;
    desk.faults(&["CreateStandbyWorkspaces:reset-before:1x1"]);
    each_has_its_own(&desk, &create(&desk, 20, &[]).await);
    assert_eq!(sizes(&desk).iter().sum::<usize>(), 40);
    let calls = desk.calls(OPERATION);
    assert!(calls[1..].iter().all(|call| call.at - calls[0].at >= minutes(15)));
}

/// The ids that exist are named in import blocks, once in all.
#[track_caller]
fn all_are_named_once(desk: &Desk, applied: &[Applied]) {
    let made: BTreeSet<String> = (1..)
        .take(applied.len())
        .flat_map(|n| desk.standbys_of(&synthetic_primary_id(n)))
        .collect();
    assert_eq!(made.len(), applied.len());
    let mut details = String::new();
    for (applied, n) in applied.iter().zip(1..) {
        assert!(applied.outcome.instance.state.is_null());
        let error = applied.error();
        says(error, &["Could not determine", &synthetic_primary_id(n)]);
        details += &error.detail;
    }
    for id in &made {
        assert_eq!(details.matches(&format!("id = \"{id}@{STANDBY_REGION}\"")).count(), 1, "{id}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_stop_before_the_ids_are_told_apart_names_them_all() {
    let desk = Desk::new(Settings { visible_after: minutes(60), ..settings(4) }).await;
    nameless(&desk);
    let stop = CancellationToken::new();
    let configs: Vec<_> = (1..=4).map(|n| desk.standby(&synthetic_primary_id(n), &[])).collect();
    let absent = Instance::absent();
    let creating = join_all(configs.iter().map(|config| desk.apply(&absent, config, &stop)));
    let stopping = async {
        tokio::time::sleep(seconds(30)).await;
        stop.cancel();
    };
    let (applied, ()) = tokio::join!(creating, stopping);
    assert!(applied.iter().all(|applied| applied.took < seconds(32)));
    all_are_named_once(&desk, &applied);
}

#[tokio::test(start_paused = true)]
async fn a_timeout_before_the_ids_are_told_apart_names_them_all() {
    let desk = Desk::new(Settings { visible_after: minutes(60), ..settings(4) }).await;
    nameless(&desk);
    let applied = create(&desk, 4, &[("timeouts", timeouts("create", "10m"))]).await;
    assert!(applied.iter().all(|applied| applied.took < minutes(11)));
    all_are_named_once(&desk, &applied);
}

#[tokio::test(start_paused = true)]
async fn where_they_may_not_be_looked_at_all_are_named() {
    let desk = Desk::new(settings(4)).await;
    nameless(&desk);
    desk.faults(&["DescribeWorkspaces@us-west-2:error=AccessDeniedException:1"]);
    all_are_named_once(&desk, &create(&desk, 4, &[]).await);
}

#[tokio::test(start_paused = true)]
async fn one_that_is_stopped_before_the_call_is_not_in_it() {
    let slow = Value::object([("enable_batching", Value::Null), ("send_after", "5s".into())]);
    let desk = Desk::with(settings(2), &[("batching", Value::List(vec![slow]))]).await;
    let (goes, stays) = (CancellationToken::new(), CancellationToken::new());
    let absent = Instance::absent();
    let configs = [1, 2].map(|n| desk.standby(&synthetic_primary_id(n), &[]));
    let (first, second, ()) = tokio::join!(
        desk.apply(&absent, &configs[0], &stays),
        desk.apply(&absent, &configs[1], &goes),
        async {
            tokio::time::sleep(seconds(3)).await;
            goes.cancel();
        }
    );
    each_has_its_own(&desk, &[first]);
    says(second.error(), &["interrupted"]);
    assert!(second.took < seconds(4), "{:?}", second.took);
    assert_eq!(sizes(&desk), [1]);
    assert!(desk.standbys_of(&synthetic_primary_id(2)).is_empty());
}
