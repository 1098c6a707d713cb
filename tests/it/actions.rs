use serde_json::json;
use terraform_provider_aws_workspaces::sim::builtin::*;
use terraform_provider_aws_workspaces::sim::{FleetWorkspace, Settings};
use terraform_provider_aws_workspaces::tf::{Diagnostics, Value};

use crate::support::in_process::{Desk, minutes, says, seconds};

const START: &str = "aws_workspaces_start_workspaces";
const STOP: &str = "aws_workspaces_stop_workspaces";
const REBOOT: &str = "aws_workspaces_reboot_workspaces";

/// An account whose changes take two minutes, with more WorkSpaces in the primary Region.
async fn desk(ids: &[String]) -> Desk {
    let mut settings = Settings { modification: minutes(2), ..Settings::default() };
    let region = settings.fleet.regions.get_mut(PRIMARY_REGION).unwrap();
    for (index, id) in ids.iter().enumerate() {
        let user = format!("user{index}");
        region.workspaces.push(FleetWorkspace::new(id, &user, PRIMARY_DIRECTORY_ID));
    }
    Desk::new(settings).await
}

fn fleet(count: usize) -> Vec<String> {
    (0..count).map(|index| format!("ws-0desk{index:05}")).collect()
}

async fn invoke(
    desk: &Desk,
    action: &str,
    ids: &[String],
    more: &[(&str, Value)],
) -> (Vec<String>, Diagnostics) {
    let ids = Value::Set(ids.iter().map(|id| Value::from(id.as_str())).collect());
    let arguments = [("workspace_ids", ids), ("region", PRIMARY_REGION.into())];
    let arguments: Vec<_> = arguments.into_iter().chain(more.iter().cloned()).collect();
    desk.invoke(action, &arguments).await
}

fn state(desk: &Desk, id: &str) -> String {
    let all = desk.control("GET", "workspaces", &json!({}));
    let all = all["Workspaces"].as_array().unwrap().clone();
    let one = all.into_iter().find(|workspace| workspace["WorkspaceId"] == id).expect(id);
    one["State"].as_str().unwrap().to_owned()
}

#[tokio::test(start_paused = true)]
async fn forty_are_stopped_started_and_rebooted_with_two_calls_each_and_progress() {
    let ids = fleet(40);
    let desk = desk(&ids).await;
    for (action, operation, last, then) in [
        (STOP, "StopWorkspaces", "40 of 40 stopped", "STOPPED"),
        (START, "StartWorkspaces", "40 of 40 running", "AVAILABLE"),
        (REBOOT, "RebootWorkspaces", "40 of 40 rebooted", "AVAILABLE"),
    ] {
        desk.forget_calls();
        let (messages, diagnostics) = invoke(&desk, action, &ids, &[]).await;
        assert!(diagnostics.is_empty(), "{action}: {diagnostics:?}");
        assert!(messages[0].starts_with("0 of 40 "), "{messages:?}");
        assert_eq!(messages.last().map(String::as_str), Some(last), "{messages:?}");
        assert_eq!(desk.calls(operation).len(), 2, "25 a call");
        assert!(ids.iter().all(|id| state(&desk, id) == then), "{action}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_done_already_takes_no_change() {
    let ids = fleet(3);
    let desk = desk(&ids).await;
    for (action, operation, last) in [
        (START, "StartWorkspaces", "3 of 3 running"),
        (STOP, "StopWorkspaces", "3 of 3 stopped"),
        (STOP, "StopWorkspaces", "3 of 3 stopped"),
    ] {
        let before = desk.calls(operation).len();
        let (messages, diagnostics) = invoke(&desk, action, &ids, &[]).await;
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        assert_eq!(messages.last().map(String::as_str), Some(last));
        assert!(desk.calls(operation).len() <= 1 && before <= 1, "{operation}");
    }
    assert_eq!(desk.calls("StartWorkspaces").len(), 0, "they were running");
    assert_eq!(desk.calls("StopWorkspaces").len(), 1, "the second time they were stopped");
}

#[tokio::test(start_paused = true)]
async fn each_refused_id_is_named_with_its_reason_and_the_others_are_changed() {
    let ids = fleet(2);
    let desk = desk(&ids).await;
    let path = format!("workspaces/{PRIMARY_REGION}/{}", ids[1]);
    desk.control("POST", &path, &json!({"State": "SUSPENDED"}));
    let missing = "ws-0missing00".to_owned();
    let all = [ids[0].clone(), ids[1].clone(), missing.clone()];
    let (messages, diagnostics) = invoke(&desk, STOP, &all, &[]).await;
    assert_eq!(messages.last().map(String::as_str), Some("1 of 3 stopped"));
    let [error] = diagnostics.iter().collect::<Vec<_>>()[..] else { panic!("{diagnostics:?}") };
    says(
        error,
        &[
            "2 of 3 WorkSpaces in us-east-1 were not stopped",
            &format!("{}: AWS returned InvalidResourceState", ids[1]),
            &format!("{missing}: there is no such WorkSpace in us-east-1"),
            "AUTO_STOP or MANUAL",
        ],
    );
    assert_eq!(state(&desk, &ids[0]), "STOPPED");
}

#[tokio::test(start_paused = true)]
async fn a_wait_ends_at_the_timeout_with_the_state_of_each() {
    let ids = fleet(1);
    let desk = desk(&ids).await;
    let (_, diagnostics) = invoke(&desk, STOP, &ids, &[("timeout", "30s".into())]).await;
    let [error] = diagnostics.iter().collect::<Vec<_>>()[..] else { panic!("{diagnostics:?}") };
    says(error, &["1 of 1 WorkSpaces", &format!("{}: STOPPING after 30s", ids[0])]);
}

#[tokio::test(start_paused = true)]
async fn the_timeout_also_bounds_the_time_until_aws_has_answered() {
    let ids = fleet(1);
    for operation in ["StopWorkspaces", "DescribeWorkspaces"] {
        let desk = desk(&ids).await;
        desk.faults(&[&format!("{operation}:slow=10m:1")]);
        let begun = tokio::time::Instant::now();
        let (_, diagnostics) = invoke(&desk, STOP, &ids, &[("timeout", "30s".into())]).await;
        let [error] = diagnostics.iter().collect::<Vec<_>>()[..] else { panic!("{diagnostics:?}") };
        says(error, &["AWS did not answer StopWorkspaces in us-east-1", "within 30s"]);
        assert_eq!(begun.elapsed(), seconds(30), "{operation}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_fails_is_said_for_each_id_of_it() {
    let ids = fleet(2);
    let desk = desk(&ids).await;
    desk.faults(&["StopWorkspaces:error=AccessDeniedException:1"]);
    let (_, diagnostics) = invoke(&desk, STOP, &ids, &[]).await;
    let [error] = diagnostics.iter().collect::<Vec<_>>()[..] else { panic!("{diagnostics:?}") };
    says(error, &["2 of 2 WorkSpaces", &ids[0], &ids[1], "AccessDeniedException"]);
    desk.faults(&["DescribeWorkspaces:error=AccessDeniedException:1"]);
    let (messages, diagnostics) = invoke(&desk, STOP, &ids, &[]).await;
    assert!(messages.is_empty(), "{messages:?}");
    says(diagnostics.iter().next().unwrap(), &["look up the WorkSpaces in us-east-1"]);
}
