//! Faults, throttling, restarts, and what happens behind the API.

use super::*;

#[test]
fn what_happens_behind_the_api_is_seen_through_it() {
    let desk = Desk::new(Settings::default());
    let id = desk.create(PRIMARIES[0]);
    let path = format!("workspaces/{STANDBY_REGION}/{id}");
    let broken = json!({"State": "ERROR", "ErrorCode": "Broken", "ErrorMessage": "It broke."});
    assert_eq!(desk.control("POST", &path, &broken).0, StatusCode::OK);
    let shown = desk.describe(STANDBY_REGION, &id).unwrap();
    assert_eq!((&shown["State"], &shown["ErrorCode"]), (&json!("ERROR"), &json!("Broken")));
    desk.control("POST", &path, &json!({"State": "SUSPENDED"}));
    let answer = desk.call(STANDBY_REGION, "TerminateWorkspaces", &terminate(&id));
    assert_eq!(answer["FailedRequests"][0]["ErrorCode"], "InvalidResourceState.Workspace");
    desk.control("POST", &path, &json!({"State": null}));
    assert_eq!(desk.control("GET", &path, &json!({})).1["State"], "AVAILABLE");
    assert_eq!(desk.control("POST", &path, &json!({"State": "FINE"})).0, StatusCode::BAD_REQUEST);
    assert_eq!(desk.control("DELETE", &path, &json!({})).0, StatusCode::OK);
    assert_eq!(desk.describe(STANDBY_REGION, &id), None);
    assert_eq!(desk.control("DELETE", &path, &json!({})).0, StatusCode::NOT_FOUND);
    let all = desk.control("GET", "workspaces", &json!({})).1;
    assert!(
        all["Workspaces"]
            .as_array()
            .unwrap()
            .iter()
            .any(|w| w["WorkspaceId"] == ORDINARY_WORKSPACE)
    );
}

#[test]
fn lost_answers_take_effect_or_not_as_the_fault_says() {
    for (kind, made) in [
        ("reset-before", false),
        ("reset-after", true),
        ("5xx-before", false),
        ("5xx-after", true),
        ("neither", false),
    ] {
        let fault = format!("CreateStandbyWorkspaces:{kind}:1x1").parse().unwrap();
        let desk = Desk::new(Settings { faults: vec![fault], ..Settings::default() });
        let request = creation(PRIMARIES[0], &json!({}));
        let lost = match desk.send(STANDBY_REGION, "CreateStandbyWorkspaces", &request) {
            Outcome::Reset => kind.starts_with("reset"),
            Outcome::Response(response) if kind == "neither" => response.status().is_success(),
            Outcome::Response(response) => response.status().is_server_error(),
        };
        assert!(lost, "{kind}");
        let found = desk.call(
            STANDBY_REGION,
            "DescribeWorkspaces",
            &json!({"DirectoryId": STANDBY_DIRECTORY_ID, "UserName": USERS[0]}),
        );
        assert_eq!(found["Workspaces"].as_array().unwrap().len(), usize::from(made), "{kind}");
    }
}

#[test]
fn faults_can_be_armed_later_and_for_one_region() {
    let desk = Desk::new(Settings::default());
    let outage = "*@us-east-1:error=AccessDeniedException:1";
    let outage = json!({"Faults": [outage, "DescribeWorkspaces:incomplete:1x1"]});
    assert_eq!(desk.control("POST", "faults", &outage).0, StatusCode::OK);
    desk.refused(PRIMARY_REGION, "DescribeWorkspaces", &json!({}), "AccessDeniedException");
    let id = desk.create(PRIMARIES[0]);
    assert_eq!(desk.describe(STANDBY_REGION, &id).unwrap().get("RelatedWorkspaces"), None);
    assert!(desk.describe(STANDBY_REGION, &id).unwrap().get("RelatedWorkspaces").is_some());
    assert_eq!(
        desk.control("POST", "faults", &json!({"Faults": ["nonsense"]})).0,
        StatusCode::BAD_REQUEST
    );
    desk.control("POST", "faults", &json!({"Faults": ["*:fails-provisioning:1"]}));
    let id = desk.create(PRIMARIES[1]);
    assert_eq!(desk.describe(STANDBY_REGION, &id).unwrap()["State"], "ERROR");
}

#[test]
fn throttling_holds_each_operation_and_is_counted() {
    let rate = Some(Rate { per_second: 1.0, burst: 2.0 });
    let mut desk = Desk::new(Settings { rate, ..Settings::default() });
    let ask = json!({"WorkspaceIds": PRIMARIES});
    desk.call(PRIMARY_REGION, "DescribeWorkspaces", &ask);
    desk.call(PRIMARY_REGION, "DescribeWorkspaces", &ask);
    desk.refused(PRIMARY_REGION, "DescribeWorkspaces", &ask, "ThrottlingException");
    desk.call(PRIMARY_REGION, "DescribeTags", &json!({"ResourceId": PRIMARIES[0]}));
    desk.pass(SECOND);
    desk.call(PRIMARY_REGION, "DescribeWorkspaces", &ask);
    let counts = desk.simulator.stats().operation("DescribeWorkspaces");
    assert_eq!((counts.calls, counts.throttles, counts.errors), (4, 1, 0));
    assert_eq!((counts.identifiers, counts.most_identifiers), (20, 5));
    assert_eq!(counts.regions[PRIMARY_REGION], 4);
    assert_eq!(
        desk.control("GET", "stats", &json!({})).1["Operations"]["DescribeWorkspaces"]["Throttles"],
        1
    );
    desk.control("POST", "reset", &json!({}));
    assert_eq!(desk.simulator.stats(), crate::sim::Stats::default());
}

#[test]
fn the_state_file_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let state_file = Some(folder.path().join("state.json"));
    let settings = Settings { state_file, ..paced() };
    let mut desk = Desk::new(settings.clone());
    let id = desk.create(PRIMARIES[0]);
    desk.call(
        STANDBY_REGION,
        "CreateTags",
        &json!({"ResourceId": id, "Tags": [{"Key": "k", "Value": "v"}]}),
    );
    desk.simulator = Simulator::new(settings).unwrap();
    desk.pass(5 * SECOND);
    assert_eq!(desk.describe(STANDBY_REGION, &id).unwrap()["State"], "AVAILABLE");
    let tags = desk.call(STANDBY_REGION, "DescribeTags", &json!({"ResourceId": id}));
    assert_eq!(tags["TagList"], json!([{"Key": "k", "Value": "v"}]));
    assert_ne!(desk.create(PRIMARIES[1]), id);
}
