//! A stop (Ctrl-C) ends every wait within two seconds, and waits for the answer to a request that was
//! sent. Nothing is lost.

use std::time::Duration;

use terraform_provider_aws_workspaces::provider::Instance;
use terraform_provider_aws_workspaces::sim::Settings;
use terraform_provider_aws_workspaces::sim::builtin::*;
use terraform_provider_aws_workspaces::tf::Value;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::support::in_process::{Applied, Desk, id, minutes, only_warning, says, seconds, texts};

/// Applies, and asks to stop after a while; it must end within two seconds of that.
async fn stopped_after(desk: &Desk, prior: &Instance, config: &Value, after: Duration) -> Applied {
    stopped_within(desk, prior, config, after, seconds(2)).await
}

/// The same, with another limit.
async fn stopped_within(
    desk: &Desk,
    prior: &Instance,
    config: &Value,
    after: Duration,
    limit: Duration,
) -> Applied {
    let stop = CancellationToken::new();
    let asked = async {
        tokio::time::sleep(after).await;
        stop.cancel();
        Instant::now()
    };
    let ended = async {
        let applied = desk.apply(prior, config, &stop).await;
        (applied, Instant::now())
    };
    let ((applied, ended), asked) = tokio::join!(ended, asked);
    assert!(ended >= asked, "it ended before the stop: {applied:?}");
    assert!(ended - asked <= limit, "it took {:?} to stop: {applied:?}", ended - asked);
    applied
}

fn slow_to_make() -> Settings {
    Settings { provisioning: minutes(30), ..Settings::default() }
}

#[tokio::test(start_paused = true)]
async fn in_the_middle_of_the_wait_the_standby_is_kept_with_a_warning_and_life_goes_on() {
    let desk = Desk::new(slow_to_make()).await;
    let config = desk.standby(PRIMARIES[0], &[]);
    let applied = stopped_after(&desk, &Instance::absent(), &config, minutes(7)).await;
    let warning = only_warning(&applied.outcome);
    says(warning, &["interrupted", "PENDING", "not ready", "wait_for_ready = false"]);
    assert_eq!(desk.standbys_of(PRIMARIES[0]), [applied.id()]);
    // The process goes on: the same provider reads it when it is ready.
    tokio::time::sleep(minutes(30)).await;
    let read = desk.read(&applied.outcome.instance).await;
    assert!(read.diagnostics.is_empty(), "{:?}", read.diagnostics);
    assert_eq!(read.instance.state.get("state").as_str(), Some("AVAILABLE"));
    assert_eq!(id(&read.instance), applied.id());
}

#[tokio::test(start_paused = true)]
async fn while_the_wait_hangs_in_a_call() {
    let desk = Desk::new(slow_to_make()).await;
    desk.faults(&["DescribeWorkspaces:slow=50s:1"]);
    let config = desk.standby(PRIMARIES[0], &[]);
    let applied = stopped_after(&desk, &Instance::absent(), &config, minutes(4)).await;
    assert_eq!(desk.standbys_of(PRIMARIES[0]), [applied.id()]);
}

#[tokio::test(start_paused = true)]
async fn while_the_account_is_found_out() {
    let skip = [("skip_credentials_validation", true.into())];
    let desk = Desk::with(slow_to_make(), &skip).await;
    desk.faults(&["GetCallerIdentity:slow=50s:1"]);
    let config = desk.standby(PRIMARIES[0], &[]);
    let applied = stopped_after(&desk, &Instance::absent(), &config, seconds(20)).await;
    assert_eq!(desk.standbys_of(PRIMARIES[0]), [applied.id()]);
}

#[tokio::test(start_paused = true)]
async fn before_the_request_is_sent_nothing_is_made() {
    for (fault, after) in [
        // While the primary Region is waited for, and while AWS throttles the request.
        ("DescribeWorkspaces:slow=50s:1", seconds(1)),
        ("CreateStandbyWorkspaces:error=ThrottlingException:1", seconds(20)),
    ] {
        let desk = Desk::new(slow_to_make()).await;
        desk.faults(&[fault]);
        let config = desk.standby(PRIMARIES[0], &[]);
        let applied = stopped_after(&desk, &Instance::absent(), &config, after).await;
        assert!(applied.outcome.instance.state.is_null());
        says(applied.error(), &["interrupted"]);
        assert_eq!(desk.standbys_of(PRIMARIES[0]), [""; 0]);
    }
}

#[tokio::test(start_paused = true)]
async fn during_the_request_its_answer_is_waited_for() {
    for (slow, limit) in [("5s", 2), ("50s", 47)] {
        let desk = Desk::new(slow_to_make()).await;
        desk.faults(&[&format!("CreateStandbyWorkspaces:slow={slow}:1")]);
        let config = desk.standby(PRIMARIES[0], &[]);
        let (absent, limit) = (Instance::absent(), seconds(limit));
        let applied = stopped_within(&desk, &absent, &config, seconds(4), limit).await;
        assert_eq!(desk.standbys_of(PRIMARIES[0]), [applied.id()]);
        assert!(applied.checkpoint.is_some());
    }
}

#[tokio::test(start_paused = true)]
async fn while_looking_for_what_a_lost_request_made_one_more_look_is_taken() {
    for (faults, found) in [
        (&["CreateStandbyWorkspaces:reset-before:1"][..], false),
        (&["CreateStandbyWorkspaces:reset-after:1"], true),
        (&["CreateStandbyWorkspaces:reset-after:1", "DescribeWorkspaces:slow=20s:1"], false),
        (&["CreateStandbyWorkspaces:reset-after:1", "DescribeWorkspaces:5xx-before:1"], false),
    ] {
        // It becomes visible after the looks that come before the stop.
        let settings = Settings { visible_after: seconds(29), ..slow_to_make() };
        let desk = Desk::new(settings).await;
        let (absent, config) = (Instance::absent(), desk.standby(PRIMARIES[0], &[]));
        desk.faults(faults);
        let applied = stopped_within(&desk, &absent, &config, seconds(30), seconds(11)).await;
        assert!(applied.outcome.instance.state.is_null(), "{faults:?}");
        says(applied.error(), &["may or may not have been created", PRIMARIES[0]]);
        for id in desk.standbys_of(PRIMARIES[0]).iter().filter(|_| found) {
            says(applied.error(), &["import {", id]);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn while_updating_what_was_done_is_kept() {
    let settings = Settings { modification: minutes(20), ..Settings::default() };
    for (faults, replicated) in [
        (&[][..], "in the middle of the wait"),
        (
            &["ModifyWorkspaceProperties:error=OperationInProgressException:1"],
            "while another is under way",
        ),
        (&["*@us-east-1:reset-before:1"], "while the primary Region is down"),
    ] {
        let desk = Desk::new(settings.clone()).await;
        let prior = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
        let config = desk.standby(
            PRIMARIES[0],
            &[
                ("tags", texts(&[("team", "design")])),
                ("data_replication", "PRIMARY_AS_SOURCE".into()),
            ],
        );
        desk.faults(faults);
        let applied = stopped_after(&desk, &prior, &config, seconds(20)).await;
        let state = &applied.outcome.instance.state;
        says(applied.error(), &[id(&prior)]);
        assert_eq!(id(&applied.outcome.instance), id(&prior), "{replicated}");
        assert_eq!(state.get("tags"), &texts(&[("team", "design")]), "{replicated}");
        assert_eq!(state.get("data_replication").as_str(), Some("NO_REPLICATION"), "{replicated}");
    }
}

#[tokio::test(start_paused = true)]
async fn while_tags_are_changed_the_answer_is_waited_for_and_no_other_call_follows() {
    let before = texts(&[("a", "1"), ("b", "2")]);
    let both = texts(&[("a", "3")]);
    for (fault, after, holds, ends_well) in [
        ("DeleteTags:slow=5s:1", &both, texts(&[("a", "1")]), false),
        ("CreateTags:slow=5s:1", &both, both.clone(), true),
        ("DeleteTags:slow=50s:1", &both, texts(&[("a", "1")]), false),
        ("CreateTags:slow=50s:1", &both, both.clone(), true),
    ] {
        let desk = Desk::new(Settings::default()).await;
        let prior = desk.created(&desk.standby(PRIMARIES[0], &[("tags", before.clone())])).await;
        desk.forget_calls();
        desk.faults(&[fault]);
        let config = desk.standby(PRIMARIES[0], &[("tags", after.clone())]);
        let limit = if fault.contains("50s") { seconds(47) } else { seconds(2) };
        let applied = stopped_within(&desk, &prior, &config, seconds(4), limit).await;
        assert_eq!(applied.outcome.diagnostics.is_empty(), ends_well, "{fault}");
        let state = &applied.outcome.instance.state;
        assert_eq!(state.get("tags_all"), &holds, "{fault}");
        assert_eq!(desk.calls("DeleteTags").len(), 1, "{fault}");
        let creations = usize::from(fault.starts_with("CreateTags"));
        assert_eq!(desk.calls("CreateTags").len(), creations, "{fault}");
    }
}

#[tokio::test(start_paused = true)]
async fn while_deleting_the_state_is_kept() {
    let settings = Settings { termination: minutes(10), ..Settings::default() };
    for faults in [
        &[][..],
        &["TerminateWorkspaces:5xx-before:1"],
        &["DescribeWorkspaces:slow=50s:1"],
        &[
            "TerminateWorkspaces:error=InvalidResourceStateException:1",
            "DescribeWorkspaces:slow=50s:1",
        ],
    ] {
        let desk = Desk::new(settings.clone()).await;
        let prior = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
        desk.faults(faults);
        let applied = stopped_after(&desk, &prior, &Value::Null, seconds(30)).await;
        says(applied.error(), &[id(&prior)]);
        assert_eq!(applied.outcome.instance.state, prior.state, "{faults:?}");
        // Applied again, it ends well.
        desk.faults(&[]);
        let applied = desk.delete(&prior).await;
        assert!(applied.succeeded().state.is_null());
    }
}

#[tokio::test(start_paused = true)]
async fn a_change_that_was_sent_is_waited_for_and_nothing_else_is_begun() {
    let terminated = "TerminateWorkspaces";
    for (operation, kind, sent) in
        [(terminated, "slow=50s", 1), ("ModifyWorkspaceProperties", "slow=50s", 1)]
    {
        let settings = Settings { termination: minutes(10), ..Settings::default() };
        let desk = Desk::new(settings).await;
        let prior = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
        desk.forget_calls();
        desk.faults(&[&format!("{operation}:{kind}:1")]);
        let replicated = [("data_replication", "PRIMARY_AS_SOURCE".into())];
        let config = match operation {
            _ if operation == terminated => Value::Null,
            _ => desk.standby(PRIMARIES[0], &replicated),
        };
        let applied = stopped_within(&desk, &prior, &config, seconds(4), seconds(48)).await;
        says(applied.error(), &["interrupted"]);
        assert_eq!(desk.calls(operation).len(), sent, "{operation}");
        // AWS has carried it out.
        desk.faults(&[]);
        let config = desk.standby(PRIMARIES[0], &replicated);
        match operation {
            _ if operation == terminated => {
                assert!(desk.delete(&prior).await.succeeded().state.is_null());
                assert_eq!(desk.standbys_of(PRIMARIES[0]), [""; 0]);
            }
            _ => {
                desk.update(&prior, &config).await.succeeded();
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_stop_that_came_before_the_apply_makes_nothing() {
    let desk = Desk::new(Settings::default()).await;
    let prior = desk.created(&desk.standby(PRIMARIES[1], &[])).await;
    desk.forget_calls();
    let stop = CancellationToken::new();
    stop.cancel();
    let config = desk.standby(PRIMARIES[0], &[]);
    let applied = desk.apply(&Instance::absent(), &config, &stop).await;
    applied.error();
    assert!(applied.outcome.instance.state.is_null());
    let applied = desk.apply(&prior, &Value::Null, &stop).await;
    applied.error();
    assert_eq!(applied.outcome.instance.state, prior.state);
    assert_eq!(desk.all_calls(), []);
}
