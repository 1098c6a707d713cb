//! Destroying.

use serde_json::json;
use terraform_provider_aws_workspaces::sim::Settings;
use terraform_provider_aws_workspaces::sim::builtin::*;

use crate::support::in_process::{
    Desk, id, minutes, only_error, only_warning, says, seconds, timeouts,
};

fn ends_in(number: u64) -> Settings {
    Settings { termination: minutes(number), ..Settings::default() }
}

#[tokio::test(start_paused = true)]
async fn deleting_waits_until_it_is_gone() {
    let desk = Desk::new(ends_in(6)).await;
    let prior = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
    let applied = desk.delete(&prior).await;
    assert!(applied.took >= minutes(6) && applied.took < minutes(7), "{:?}", applied.took);
    let left = applied.succeeded();
    assert!(left.state.is_null());
    assert_eq!(desk.standbys_of(PRIMARIES[0]), [""; 0]);
    // The primary can have a new one at once.
    desk.created(&desk.standby(PRIMARIES[0], &[])).await;
}

#[tokio::test(start_paused = true)]
async fn one_that_is_gone_already_is_a_success() {
    let desk = Desk::new(ends_in(6)).await;
    let prior = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
    desk.vanish(id(&prior));
    let applied = desk.delete(&prior).await;
    assert!(applied.took < seconds(5), "{:?}", applied.took);
    assert!(applied.succeeded().state.is_null());
}

#[tokio::test(start_paused = true)]
async fn one_that_is_ending_already_is_waited_for() {
    let desk = Desk::new(ends_in(6)).await;
    let prior = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
    let body = json!({"TerminateWorkspaceRequests": [{"WorkspaceId": id(&prior)}]});
    desk.api(STANDBY_REGION, "TerminateWorkspaces", &body);
    tokio::time::sleep(minutes(2)).await;
    // AWS may refuse to end what is ending.
    for faults in [&[][..], &["TerminateWorkspaces:error=InvalidResourceStateException:1"]] {
        desk.faults(faults);
        let applied = desk.delete(&prior).await;
        assert!(applied.took < minutes(5), "{:?}", applied.took);
        assert!(applied.succeeded().state.is_null());
    }
}

#[tokio::test(start_paused = true)]
async fn whatever_state_it_ends_in_it_is_waited_for_until_it_is_gone() {
    for state in [
        "TERMINATING",
        "TERMINATED",
        "AVAILABLE",
        "STOPPED",
        "STOPPING",
        "STARTING",
        "REBOOTING",
        "REBUILDING",
        "RESTORING",
        "MAINTENANCE",
        "ADMIN_MAINTENANCE",
        "UPDATING",
        "PENDING",
        "SUSPENDED",
        "ERROR",
        "UNHEALTHY",
        "IMPAIRED",
        // One that AWS has not invented yet.
        "HIBERNATING",
    ] {
        let desk = Desk::new(ends_in(2)).await;
        let prior = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
        desk.rewrite(move |_, body| Some(body.replace("TERMINATING", state)));
        let applied = desk.delete(&prior).await;
        let (least, most) =
            if state == "TERMINATED" { (seconds(0), seconds(5)) } else { (minutes(2), minutes(3)) };
        assert!(applied.took >= least && applied.took < most, "{state} {:?}", applied.took);
        assert!(applied.succeeded().state.is_null(), "{state}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_stored_region_that_is_none_is_a_clear_error_and_nothing_is_lost() {
    let desk = Desk::new(ends_in(1)).await;
    let mut prior = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
    prior.state.set("region", "nowhere".into());
    desk.forget_calls();
    let deleted = desk.delete(&prior).await;
    says(deleted.error(), &["\"nowhere\"", id(&prior), "not the name of a Region"]);
    assert_eq!(deleted.outcome.instance, prior);
    let more = [("region", "nowhere".into()), ("wait_for_ready", false.into())];
    let updated = desk.update(&prior, &desk.standby(PRIMARIES[0], &more)).await;
    says(updated.error(), &["\"nowhere\"", id(&prior), "not the name of a Region"]);
    assert_eq!(id(&updated.outcome.instance), id(&prior));
    let read = desk.read(&prior).await;
    says(only_error(&read), &["\"nowhere\"", id(&prior), "not the name of a Region"]);
    assert_eq!(read.instance, prior);
    assert_eq!(desk.all_calls(), []);
}

#[tokio::test(start_paused = true)]
async fn a_suspended_one_is_an_error_that_says_so() {
    let desk = Desk::new(ends_in(1)).await;
    let prior = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
    desk.force(id(&prior), "SUSPENDED");
    let applied = desk.delete(&prior).await;
    says(applied.error(), &["SUSPENDED", id(&prior), "InvalidResourceState", "request ID"]);
    assert_eq!(applied.outcome.instance.state, prior.state);
    assert_eq!(applied.outcome.instance.private, prior.private);
}

#[tokio::test(start_paused = true)]
async fn a_failed_request_is_an_error_and_the_state_is_kept() {
    let desk = Desk::new(ends_in(1)).await;
    let prior = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
    let ordinary = id(&prior).to_owned();
    // The simulator ends what it is asked to end, so another answer stands in for the refusal, and
    // the WorkSpace is shown as if nothing had happened.
    desk.rewrite(move |call, body| match &*call.operation {
        "TerminateWorkspaces" => Some(
            json!({"FailedRequests": [{
                "WorkspaceId": ordinary, "ErrorCode": "Strange.Reason",
                "ErrorMessage": "It cannot be ended.",
            }]})
            .to_string(),
        ),
        _ => Some(body.replace("TERMINATING", "AVAILABLE")),
    });
    let applied = desk.delete(&prior).await;
    says(
        applied.error(),
        &["Strange.Reason", "It cannot be ended", id(&prior), STANDBY_REGION, "request ID"],
    );
    assert_eq!(applied.outcome.instance.state, prior.state);
}

#[tokio::test(start_paused = true)]
async fn an_error_of_the_call_keeps_the_state() {
    for (fault, said) in [
        ("TerminateWorkspaces:error=AccessDeniedException:1", "workspaces:TerminateWorkspaces"),
        ("TerminateWorkspaces:5xx-before:1", "InternalFailure"),
        ("TerminateWorkspaces:reset-before:1", "TerminateWorkspaces"),
        ("DescribeWorkspaces:error=AccessDeniedException:1", "workspaces:DescribeWorkspaces"),
    ] {
        let desk = Desk::new(ends_in(1)).await;
        let prior = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
        desk.faults(&[fault]);
        let applied = desk.delete(&prior).await;
        says(applied.error(), &[said, id(&prior), STANDBY_REGION]);
        assert_eq!(applied.outcome.instance.state, prior.state, "{fault}");
    }
}

#[tokio::test(start_paused = true)]
async fn lost_answers_and_throttling_are_waited_out() {
    for kind in
        ["reset-after", "5xx-after", "reset-before", "5xx-before", "error=ThrottlingException"]
    {
        let desk = Desk::new(ends_in(1)).await;
        let prior = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
        desk.faults(&[&format!("TerminateWorkspaces:{kind}:1x3")]);
        assert!(desk.delete(&prior).await.succeeded().state.is_null());
        assert_eq!(desk.standbys_of(PRIMARIES[0]), [""; 0], "{kind}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_new_one_that_is_not_visible_yet_really_ends() {
    // AWS may not know a new id in every part yet, and then says so in one way or another.
    for faults in [
        &[][..],
        &["TerminateWorkspaces:error=ResourceNotFoundException:1x1"],
        &["TerminateWorkspaces:error=InvalidParameterValuesException:1x1"],
    ] {
        let settings = Settings { visible_after: minutes(3), ..ends_in(5) };
        let desk = Desk::new(settings).await;
        let config = desk.standby(PRIMARIES[0], &[("wait_for_ready", false.into())]);
        let prior = desk.created(&config).await;
        desk.faults(faults);
        let applied = desk.delete(&prior).await;
        assert!(applied.succeeded().state.is_null());
        tokio::time::sleep(minutes(6)).await;
        assert_eq!(desk.standbys_of(PRIMARIES[0]), [""; 0], "{faults:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_destroy_after_one_that_was_killed_does_not_wait_for_what_is_gone() {
    let desk = Desk::new(Settings { visible_after: minutes(1), ..ends_in(2) }).await;
    let config = desk.standby(PRIMARIES[0], &[("wait_for_ready", false.into())]);
    // The state of the killed process has never seen it.
    let prior = desk.created(&config).await;
    let body = json!({"TerminateWorkspaceRequests": [{"WorkspaceId": id(&prior)}]});
    desk.api(STANDBY_REGION, "TerminateWorkspaces", &body);
    tokio::time::sleep(minutes(4)).await;
    let another = desk.another(&[]).await;
    desk.forget_calls();
    let applied = another.delete(&prior).await;
    assert!(applied.took <= minutes(2) + seconds(20), "{:?}", applied.took);
    assert!(desk.calls("TerminateWorkspaces").len() <= 10);
    // Nothing proves that it is gone, so its id is named.
    says(only_warning(&applied.outcome), &[id(&prior), "does not know", "terminate it there"]);
    assert!(applied.outcome.instance.state.is_null());
}

#[tokio::test(start_paused = true)]
async fn a_stop_while_a_new_one_is_looked_for_says_that_it_was() {
    let desk = Desk::new(Settings { visible_after: minutes(60), ..ends_in(2) }).await;
    let config = desk.standby(PRIMARIES[0], &[("wait_for_ready", false.into())]);
    let prior = desk.created(&config).await;
    desk.faults(&["TerminateWorkspaces:error=ResourceNotFoundException:1"]);
    let stop = tokio_util::sync::CancellationToken::new();
    let stopping = async {
        tokio::time::sleep(seconds(50)).await;
        stop.cancel();
    };
    let nothing = terraform_provider_aws_workspaces::tf::Value::Null;
    let (applied, ()) = tokio::join!(desk.apply(&prior, &nothing, &stop), stopping);
    says(applied.error(), &["interrupted", "AWS does not show it", "stays in the state"]);
    assert_eq!(applied.took, seconds(50));
    assert_eq!(applied.outcome.instance, prior);
}

#[tokio::test(start_paused = true)]
async fn deleting_may_take_twenty_minutes_unless_configured() {
    for (more, limit, text) in [
        (None, minutes(20), "20m"),
        (Some("50m"), minutes(50), "50m"),
        (Some("30s"), seconds(30), "30s"),
    ] {
        let desk = Desk::new(ends_in(600)).await;
        let more: Vec<_> =
            more.map(|text| ("timeouts", timeouts("delete", text))).into_iter().collect();
        let prior = desk.created(&desk.standby(PRIMARIES[0], &more)).await;
        let applied = desk.delete(&prior).await;
        assert!(applied.took >= limit && applied.took <= limit + seconds(2), "{:?}", applied.took);
        says(applied.error(), &[text, "TERMINATING", id(&prior), "timeouts"]);
        assert_eq!(applied.outcome.instance.state, prior.state);
    }
}

#[tokio::test(start_paused = true)]
async fn the_timeout_covers_the_call_too() {
    let desk = Desk::new(ends_in(600)).await;
    let more = [("timeouts", timeouts("delete", "2m"))];
    let prior = desk.created(&desk.standby(PRIMARIES[0], &more)).await;
    desk.faults(&["TerminateWorkspaces:slow=55s:1"]);
    let applied = desk.delete(&prior).await;
    assert!(applied.took <= minutes(2) + seconds(1), "{:?}", applied.took);
    says(applied.error(), &["2m"]);
}

#[tokio::test(start_paused = true)]
async fn one_without_an_id_is_an_error_and_is_not_forgotten() {
    let desk = Desk::new(Settings::default()).await;
    let mut prior = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
    prior.state.set("id", terraform_provider_aws_workspaces::tf::Value::Null);
    desk.forget_calls();
    let deleted = desk.delete(&prior).await;
    says(deleted.error(), &["no id", "terraform state rm"]);
    assert_eq!(deleted.outcome.instance, prior);
    assert_eq!(desk.all_calls(), []);
}
