//! What each operation does, and how WorkSpaces go through their states.

use super::*;

#[test]
fn a_standby_is_invisible_then_pending_then_available_then_terminating_then_gone() {
    let mut desk = Desk::new(paced());
    let id = desk.create(PRIMARIES[0]);
    assert_eq!(desk.describe(STANDBY_REGION, &id), None);
    assert_eq!(desk.describe(PRIMARY_REGION, PRIMARIES[0]).unwrap().get("RelatedWorkspaces"), None);
    desk.pass(SECOND);
    let pending = desk.describe(STANDBY_REGION, &id).unwrap();
    assert_eq!((pending["State"].as_str(), pending.get("IpAddress")), (Some("PENDING"), None));
    desk.pass(4 * SECOND);
    let ready = desk.describe(STANDBY_REGION, &id).unwrap();
    assert_eq!(
        (ready["State"].as_str(), ready["UserName"].as_str()),
        (Some("AVAILABLE"), Some(USERS[0]))
    );
    assert!(
        ready["IpAddress"].is_string()
            && ready["ComputerName"].is_string()
            && ready["SubnetId"].is_string()
    );
    let gone = desk.call(STANDBY_REGION, "TerminateWorkspaces", &terminate(&id));
    assert_eq!(gone["FailedRequests"], json!([]));
    assert_eq!(desk.describe(STANDBY_REGION, &id).unwrap()["State"], "TERMINATING");
    desk.call(STANDBY_REGION, "TerminateWorkspaces", &terminate(&id));
    desk.pass(2 * SECOND);
    assert_eq!(desk.describe(STANDBY_REGION, &id), None);
    let failed = desk.call(STANDBY_REGION, "TerminateWorkspaces", &terminate(&id));
    assert_eq!(failed["FailedRequests"][0]["ErrorCode"], "ResourceNotFound.Workspace");
    desk.create(PRIMARIES[0]);
}

#[test]
fn both_sides_name_each_other() {
    let desk = Desk::new(Settings::default());
    let id = desk.create(PRIMARIES[0]);
    let related = |id: &str, region: &str, kind: &str| {
        let state = "AVAILABLE";
        json!([{"WorkspaceId": id, "Region": region, "State": state, "Type": kind}])
    };
    let standby = desk.describe(STANDBY_REGION, &id).unwrap();
    assert_eq!(standby["RelatedWorkspaces"], related(PRIMARIES[0], PRIMARY_REGION, "PRIMARY"));
    assert_eq!(standby["DataReplicationSettings"], json!({"DataReplication": "NO_REPLICATION"}));
    let primary = desk.describe(PRIMARY_REGION, PRIMARIES[0]).unwrap();
    assert_eq!(primary["RelatedWorkspaces"], related(&id, STANDBY_REGION, "STANDBY"));
    let properties = json!([{"StandbyWorkspaceId": id, "DataReplication": "NO_REPLICATION"}]);
    assert_eq!(primary["StandbyWorkspacesProperties"], properties);
}

#[test]
fn encryption_follows_the_primary_and_the_key_reads_back_as_an_arn() {
    let desk = Desk::new(Settings::default());
    let request = creation(PRIMARIES[0], &json!({"VolumeEncryptionKey": "alias/desk"}));
    let answer = desk.call(STANDBY_REGION, "CreateStandbyWorkspaces", &request);
    let named = answer["PendingStandbyRequests"][0]["WorkspaceId"].as_str().unwrap();
    let copied = desk.create(ENCRYPTED_PRIMARY);
    let bare = desk.describe(STANDBY_REGION, &desk.create(PRIMARIES[1])).unwrap();
    assert_eq!(
        (&bare["RootVolumeEncryptionEnabled"], bare.get("VolumeEncryptionKey")),
        (&json!(false), None)
    );
    for id in [named, &copied] {
        let shown = desk.describe(STANDBY_REGION, id).unwrap();
        assert!(
            shown["VolumeEncryptionKey"]
                .as_str()
                .unwrap()
                .starts_with("arn:aws:kms:us-west-2:123456789012:key/")
        );
        assert_eq!(
            (&shown["RootVolumeEncryptionEnabled"], &shown["UserVolumeEncryptionEnabled"]),
            (&json!(true), &json!(true))
        );
    }
}

#[test]
fn replication_is_switched_on_the_primary_and_a_snapshot_follows() {
    let mut desk = Desk::new(paced());
    let id = desk.create(PRIMARIES[0]);
    let on = json!({"WorkspaceId": PRIMARIES[0], "DataReplication": "PRIMARY_AS_SOURCE"});
    desk.refused(PRIMARY_REGION, "ModifyWorkspaceProperties", &on, "InvalidResourceStateException");
    desk.pass(5 * SECOND);
    let wrong = json!({"WorkspaceId": id, "DataReplication": "PRIMARY_AS_SOURCE"});
    desk.refused(
        STANDBY_REGION,
        "ModifyWorkspaceProperties",
        &wrong,
        "UnsupportedWorkspaceConfigurationException",
    );
    desk.call(PRIMARY_REGION, "ModifyWorkspaceProperties", &on);
    let off = json!({"WorkspaceId": PRIMARIES[0], "DataReplication": "NO_REPLICATION"});
    desk.refused(PRIMARY_REGION, "ModifyWorkspaceProperties", &off, "OperationInProgressException");
    let shown = desk.describe(STANDBY_REGION, &id).unwrap();
    assert_eq!(
        (&shown["State"], &shown["DataReplicationSettings"]["DataReplication"]),
        (&json!("UPDATING"), &json!("NO_REPLICATION"))
    );
    desk.pass(SECOND);
    let shown = desk.describe(STANDBY_REGION, &id).unwrap();
    assert_eq!(shown["State"], "AVAILABLE");
    assert_eq!(shown["DataReplicationSettings"], json!({"DataReplication": "PRIMARY_AS_SOURCE"}));
    desk.pass(2 * SECOND);
    let snapshot = |desk: &Desk| {
        let settings =
            desk.describe(STANDBY_REGION, &id).unwrap()["DataReplicationSettings"].clone();
        settings["RecoverySnapshotTime"].as_f64().unwrap() as i64
    };
    let first = snapshot(&desk);
    assert_eq!(first, desk.now.as_second());
    desk.pass(13 * 3600 * SECOND);
    assert_eq!(snapshot(&desk), first + 12 * 3600);
    desk.call(PRIMARY_REGION, "ModifyWorkspaceProperties", &off);
    desk.pass(SECOND);
    let settings = desk.describe(STANDBY_REGION, &id).unwrap()["DataReplicationSettings"].clone();
    assert_eq!(settings, json!({"DataReplication": "NO_REPLICATION"}));
}

#[test]
fn the_replication_target_can_be_the_standby_or_both() {
    for (target, on_primary, on_standby) in
        [(ReplicationTarget::Standby, false, true), (ReplicationTarget::Both, true, true)]
    {
        let desk = Desk::new(Settings { replication_target: target, ..Settings::default() });
        let id = desk.create(PRIMARIES[0]);
        for (region, id, works) in
            [(PRIMARY_REGION, PRIMARIES[0], on_primary), (STANDBY_REGION, id.as_str(), on_standby)]
        {
            let request = json!({"WorkspaceId": id, "DataReplication": "PRIMARY_AS_SOURCE"});
            let (status, answer) = desk.answer(region, "ModifyWorkspaceProperties", &request);
            assert_eq!(status.is_success(), works, "{target:?} {region} {answer}");
        }
    }
}

#[test]
fn tags_are_set_at_creation_merged_and_limited() {
    let desk = Desk::new(Settings::default());
    let tags = json!({"Tags": [{"Key": "b", "Value": "1"}, {"Key": "a"}]});
    let answer =
        desk.call(STANDBY_REGION, "CreateStandbyWorkspaces", &creation(PRIMARIES[0], &tags));
    let id = answer["PendingStandbyRequests"][0]["WorkspaceId"].clone();
    let list =
        || desk.call(STANDBY_REGION, "DescribeTags", &json!({"ResourceId": id}))["TagList"].clone();
    assert_eq!(list(), json!([{"Key": "a", "Value": ""}, {"Key": "b", "Value": "1"}]));
    let create = |tags: Value| json!({"ResourceId": id, "Tags": tags});
    desk.call(STANDBY_REGION, "CreateTags", &create(json!([{"Key": "b", "Value": "2"}])));
    desk.call(STANDBY_REGION, "DeleteTags", &json!({"ResourceId": id, "TagKeys": ["a", "never"]}));
    assert_eq!(list(), json!([{"Key": "b", "Value": "2"}]));
    let many: Vec<Value> = (0..50).map(|n| json!({"Key": format!("k{n}"), "Value": ""})).collect();
    desk.refused(
        STANDBY_REGION,
        "CreateTags",
        &create(json!(many)),
        "ResourceLimitExceededException",
    );
    desk.refused(
        STANDBY_REGION,
        "CreateTags",
        &create(json!([{"Key": "AWS:x"}])),
        "InvalidParameterValuesException",
    );
    let unknown = json!({"ResourceId": "ws-0unknown01"});
    let answer =
        desk.refused(STANDBY_REGION, "DescribeTags", &unknown, "ResourceNotFoundException");
    assert_eq!(answer["ResourceId"], "ws-0unknown01");
}

#[test]
fn filters_exclude_each_other_and_pages_cover_everything_once() {
    let desk = Desk::new(Settings { synthetic_primaries: 60, ..Settings::default() });
    let mut token = Value::Null;
    let mut ids = Vec::new();
    loop {
        let request = json!({"DirectoryId": PRIMARY_DIRECTORY_ID, "NextToken": token});
        let answer = desk.call(PRIMARY_REGION, "DescribeWorkspaces", &request);
        ids.extend(
            answer["Workspaces"].as_array().unwrap().iter().map(|w| w["WorkspaceId"].to_string()),
        );
        let Some(next) = answer.get("NextToken") else { break };
        token = next.clone();
    }
    assert_eq!(ids.len(), 70);
    ids.dedup();
    assert_eq!(ids.len(), 70);
    for wrong in [
        json!({"DirectoryId": PRIMARY_DIRECTORY_ID, "BundleId": "wsb-012345678"}),
        json!({"WorkspaceIds": [PRIMARIES[0]], "DirectoryId": PRIMARY_DIRECTORY_ID}),
        json!({"UserName": "ana"}),
        json!({"NextToken": "x"}),
    ] {
        desk.refused(
            PRIMARY_REGION,
            "DescribeWorkspaces",
            &wrong,
            "InvalidParameterValuesException",
        );
    }
    let by_user = json!({"DirectoryId": PRIMARY_DIRECTORY_ID, "UserName": "ANA"});
    let answer = desk.call(PRIMARY_REGION, "DescribeWorkspaces", &by_user);
    assert_eq!(answer["Workspaces"][0]["WorkspaceId"], PRIMARIES[0]);
    assert_eq!(
        desk.call("ap-south-1", "DescribeWorkspaces", &json!({})),
        json!({"Workspaces": []})
    );
}

#[test]
fn directories_connection_status_and_ordinary_workspaces_fit_the_model() {
    let mut desk = Desk::new(paced());
    let answer = desk.call(STANDBY_REGION, "DescribeWorkspaceDirectories", &json!({"Limit": 2}));
    let more = json!({"NextToken": answer["NextToken"]});
    let rest = desk.call(STANDBY_REGION, "DescribeWorkspaceDirectories", &more);
    assert_eq!(rest["Directories"][0]["State"], "DEREGISTERED");
    let new = json!({"Workspaces": [
        {"DirectoryId": STANDBY_DIRECTORY_ID, "UserName": "zoe", "BundleId": "wsb-012345678"},
        {"DirectoryId": STANDBY_DIRECTORY_ID, "UserName": "Jun", "BundleId": "wsb-012345678"},
    ]});
    let made = desk.call(STANDBY_REGION, "CreateWorkspaces", &new);
    assert_eq!(made["FailedRequests"][0]["ErrorCode"], "ResourceExists.WorkSpace");
    let id = &made["PendingRequests"][0]["WorkspaceId"];
    let status = |desk: &Desk| {
        let request = json!({"WorkspaceIds": [id]});
        let operation = "DescribeWorkspacesConnectionStatus";
        desk.call(STANDBY_REGION, operation, &request)["WorkspacesConnectionStatus"].clone()
    };
    assert_eq!(status(&desk), json!([]));
    desk.pass(5 * SECOND);
    assert_eq!(status(&desk)[0]["ConnectionState"], "DISCONNECTED");
}
