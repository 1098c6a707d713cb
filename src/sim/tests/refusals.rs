//! What is not taken: items of a creation, whole calls, signatures, fleets.

use super::*;

#[test]
fn items_fail_one_by_one_with_their_request_echoed() {
    let desk = Desk::new(Settings::default());
    desk.create(PRIMARIES[4]);
    let standby = desk.create(PRIMARIES[3]);
    let replicated =
        json!({"DirectoryId": SIMPLE_AD_DIRECTORY_ID, "DataReplication": "PRIMARY_AS_SOURCE"});
    let plain = json!({});
    for (primary, more, code) in [
        ("ws-0unknown01", &plain, "ResourceNotFound.Workspace"),
        (LINUX_PRIMARY, &plain, "OperationNotSupported.PrimaryWorkspace"),
        (GRAPHICS_PRIMARY, &plain, "OperationNotSupported.PrimaryWorkspace"),
        (GENERAL_PURPOSE_PRIMARY, &plain, "OperationNotSupported.PrimaryWorkspace"),
        (OCCUPIED_PRIMARY, &plain, "ResourceExists.WorkSpace"),
        (PRIMARIES[4], &plain, "ResourceExists.StandbyWorkspace"),
        (PRIMARIES[0], &json!({"DirectoryId": "d-0123456789"}), "ResourceNotFound.Directory"),
        (
            PRIMARIES[0],
            &json!({"DirectoryId": DEREGISTERED_DIRECTORY_ID}),
            "ResourceUnavailable.Directory",
        ),
        (PRIMARIES[0], &replicated, "OperationNotSupported.DataReplication"),
        (
            PRIMARIES[0],
            &json!({"VolumeEncryptionKey": "nonsense"}),
            "InvalidParameterValues.VolumeEncryptionKey",
        ),
    ] {
        let request = creation(primary, more);
        let answer = desk.call(STANDBY_REGION, "CreateStandbyWorkspaces", &request);
        let failed = &answer["FailedStandbyRequests"][0];
        assert_eq!(failed["ErrorCode"], code, "{primary} {more}");
        assert_eq!(failed["StandbyWorkspaceRequest"], request["StandbyWorkspaces"][0]);
        assert_eq!(answer["PendingStandbyRequests"], json!([]));
    }
    let of_standby = json!({"PrimaryRegion": STANDBY_REGION, "StandbyWorkspaces": [
        {"PrimaryWorkspaceId": standby, "DirectoryId": IRELAND_DIRECTORY_ID},
    ]});
    let answer = desk.call(IRELAND, "CreateStandbyWorkspaces", &of_standby);
    assert_eq!(
        answer["FailedStandbyRequests"][0]["ErrorCode"],
        "OperationNotSupported.PrimaryWorkspace"
    );
    let mut no_quota = creation(PRIMARIES[0], &json!({"DirectoryId": ZERO_QUOTA_DIRECTORY_ID}));
    let answer = desk.call(ZERO_QUOTA_REGION, "CreateStandbyWorkspaces", &no_quota);
    assert_eq!(
        answer["FailedStandbyRequests"][0]["ErrorCode"],
        "ResourceLimitExceeded.StandbyWorkspaces"
    );
    no_quota["PrimaryRegion"] = json!(ZERO_QUOTA_REGION);
    desk.refused(
        ZERO_QUOTA_REGION,
        "CreateStandbyWorkspaces",
        &no_quota,
        "InvalidParameterValuesException",
    );
}

#[test]
fn one_call_may_half_fail_and_one_user_gets_one_workspace() {
    let desk = Desk::new(Settings::default());
    let mut request = creation(PRIMARIES[0], &json!({}));
    let item = request["StandbyWorkspaces"][0].clone();
    request["StandbyWorkspaces"].as_array_mut().unwrap().push(item);
    let answer = desk.call(STANDBY_REGION, "CreateStandbyWorkspaces", &request);
    assert_eq!(answer["PendingStandbyRequests"].as_array().unwrap().len(), 1);
    assert_eq!(answer["FailedStandbyRequests"][0]["ErrorCode"], "ResourceExists.StandbyWorkspace");
}

#[test]
fn unsigned_and_badly_signed_requests_are_refused_as_aws_does() {
    let desk = Desk::new(Settings::default());
    let good = "AWS4-HMAC-SHA256 Credential=AKID/20260101/us-west-2/workspaces/aws4_request, \
        SignedHeaders=host, Signature=0";
    for (authorization, status, code) in [
        ("", 403, "MissingAuthenticationTokenException"),
        ("Basic Zm9v", 400, "IncompleteSignatureException"),
        ("AWS4-HMAC-SHA256 SignedHeaders=host", 400, "IncompleteSignatureException"),
        (&good.replace("/us-west-2", ""), 400, "IncompleteSignatureException"),
        (&good.replace("/workspaces/", "/sts/"), 403, "InvalidSignatureException"),
    ] {
        let mut request =
            Request::post("/").header("x-amz-target", "WorkspacesService.DescribeWorkspaces");
        request = request.header("x-amz-date", "20260101T000000Z");
        if !authorization.is_empty() {
            request = request.header("authorization", authorization);
        }
        let reply = desk.simulator.respond(&request.body(Bytes::from("{}")).unwrap(), desk.now);
        let Outcome::Response(response) = reply.outcome else { panic!("reset") };
        assert_eq!(response.status().as_u16(), status, "{authorization}");
        assert_eq!(response.headers()["x-amzn-errortype"], code);
        assert!(response.headers().contains_key("x-amzn-requestid"));
    }
    desk.refused(STANDBY_REGION, "MigrateWorkspace", &json!({}), "UnknownOperationException");
    desk.refused(STANDBY_REGION, "DescribeTags", &json!({}), "ValidationException");
}

#[test]
fn a_fleet_that_breaks_the_rules_is_refused() {
    let fleet = |text: &str| serde_json::from_str::<crate::sim::Fleet>(text).unwrap();
    for wrong in [
        r#"{"AccountId": "12"}"#,
        r#"{"AccountId": "123456789012", "Regions": {"us-east-1": {"Directories": [
            {"DirectoryId": "x"}]}}}"#,
        r#"{"AccountId": "123456789012", "Regions": {"US": {}}}"#,
        r#"{"AccountId": "123456789012", "Regions": {"us-east-1": {"Workspaces": [
            {"WorkspaceId": "ws-012345678", "UserName": "a", "DirectoryId": "d-0123456789"}]}}}"#,
    ] {
        let settings = Settings { fleet: fleet(wrong), ..Settings::default() };
        assert!(Simulator::new(settings).is_err(), "{wrong}");
    }
    assert!(
        serde_json::from_str::<crate::sim::Fleet>(r#"{"AccountId": "123456789012", "Region": {}}"#)
            .is_err()
    );
}
