//! What a module with other WorkSpaces resources beside the standby calls.

use super::*;

fn directory(desk: &Desk, id: &str) -> Value {
    let request = json!({"DirectoryIds": [id]});
    let answer = desk.call(STANDBY_REGION, "DescribeWorkspaceDirectories", &request);
    answer["Directories"][0]["State"].clone()
}

fn alias(desk: &Desk, connection_string: &str) -> String {
    let request = json!({"ConnectionString": connection_string});
    let answer = desk.call(STANDBY_REGION, "CreateConnectionAlias", &request);
    answer["AliasId"].as_str().unwrap().to_owned()
}

fn described(desk: &Desk, id: &str) -> Value {
    let request = json!({"AliasIds": [id]});
    let answer = desk.call(STANDBY_REGION, "DescribeConnectionAliases", &request);
    answer["ConnectionAliases"][0].clone()
}

#[test]
fn a_connection_alias_is_created_associated_shared_and_deleted() {
    let mut desk = Desk::new(paced());
    let id = alias(&desk, "desktop.example.com");
    assert_eq!(described(&desk, &id)["State"], "CREATING");
    desk.pass(SECOND);
    let created = described(&desk, &id);
    assert_eq!(
        (&created["State"], &created["OwnerAccountId"]),
        (&json!("CREATED"), &json!(ACCOUNT_ID))
    );
    assert_eq!(created["Associations"], json!([{"AssociationStatus": "NOT_ASSOCIATED"}]));

    let pair = json!({"AliasId": id, "ResourceId": STANDBY_DIRECTORY_ID});
    let answer = desk.call(STANDBY_REGION, "AssociateConnectionAlias", &pair);
    let association = |desk: &Desk| described(desk, &id)["Associations"][0].clone();
    assert_eq!(association(&desk)["AssociationStatus"], "PENDING_ASSOCIATION");
    desk.pass(SECOND);
    assert_eq!(
        association(&desk),
        json!({
            "AssociationStatus": "ASSOCIATED_WITH_OWNER_ACCOUNT",
            "AssociatedAccountId": ACCOUNT_ID,
            "ResourceId": STANDBY_DIRECTORY_ID,
            "ConnectionIdentifier": answer["ConnectionIdentifier"],
        })
    );
    let of_directory = json!({"ResourceId": STANDBY_DIRECTORY_ID});
    let answer = desk.call(STANDBY_REGION, "DescribeConnectionAliases", &of_directory);
    assert_eq!(answer["ConnectionAliases"][0]["AliasId"], json!(id));

    let named = json!({"AliasId": id});
    desk.refused(STANDBY_REGION, "DeleteConnectionAlias", &named, "ResourceAssociatedException");
    desk.call(STANDBY_REGION, "DisassociateConnectionAlias", &named);
    assert_eq!(association(&desk)["AssociationStatus"], "PENDING_DISASSOCIATION");
    desk.pass(SECOND);
    assert_eq!(association(&desk)["AssociationStatus"], "NOT_ASSOCIATED");

    let share = |allow: bool| {
        let permission = json!({"SharedAccountId": "210987654321", "AllowAssociation": allow});
        json!({"AliasId": id, "ConnectionAliasPermission": permission})
    };
    let permissions = |desk: &Desk| {
        let answer = desk.call(STANDBY_REGION, "DescribeConnectionAliasPermissions", &named);
        answer.get("ConnectionAliasPermissions").cloned()
    };
    desk.call(STANDBY_REGION, "UpdateConnectionAliasPermission", &share(true));
    let shared = json!([{"SharedAccountId": "210987654321", "AllowAssociation": true}]);
    assert_eq!(permissions(&desk), Some(shared));
    desk.refused(STANDBY_REGION, "DeleteConnectionAlias", &named, "InvalidResourceStateException");
    desk.call(STANDBY_REGION, "UpdateConnectionAliasPermission", &share(false));
    assert_eq!(permissions(&desk), None);

    desk.call(STANDBY_REGION, "DeleteConnectionAlias", &named);
    assert_eq!(described(&desk, &id)["State"], "DELETING");
    desk.pass(SECOND);
    assert_eq!(described(&desk, &id), Value::Null);
    desk.refused(STANDBY_REGION, "DeleteConnectionAlias", &named, "ResourceNotFoundException");
}

#[test]
fn an_alias_that_another_account_shares_can_be_associated_and_nothing_else() {
    let mut settings = paced();
    let region = settings.fleet.regions.get_mut(STANDBY_REGION).unwrap();
    region.connection_aliases = vec![
        FleetConnectionAlias {
            alias_id: "wsca-0foreign1".to_owned(),
            connection_string: "desktop.example.com".to_owned(),
            owner_account_id: Some("210987654321".to_owned()),
            ..FleetConnectionAlias::default()
        },
        FleetConnectionAlias {
            alias_id: "wsca-0shared01".to_owned(),
            connection_string: "shared.example.com".to_owned(),
            shared_account_ids: vec!["210987654321".to_owned()],
            resource_id: Some("d-9999999999".to_owned()),
            associated_account_id: Some("210987654321".to_owned()),
            ..FleetConnectionAlias::default()
        },
    ];
    let mut desk = Desk::new(settings);
    assert_eq!(described(&desk, "wsca-0foreign1")["OwnerAccountId"], "210987654321");
    let pair = json!({"AliasId": "wsca-0foreign1", "ResourceId": STANDBY_DIRECTORY_ID});
    desk.call(STANDBY_REGION, "AssociateConnectionAlias", &pair);
    desk.pass(SECOND);
    let association = described(&desk, "wsca-0foreign1")["Associations"][0].clone();
    assert_eq!(association["AssociationStatus"], "ASSOCIATED_WITH_SHARED_ACCOUNT");
    assert_eq!(association["AssociatedAccountId"], ACCOUNT_ID);

    let share = |id: &str, allow: bool| {
        let permission = json!({"SharedAccountId": "210987654321", "AllowAssociation": allow});
        json!({"AliasId": id, "ConnectionAliasPermission": permission})
    };
    let named = |id: &str| json!({"AliasId": id});
    for (operation, request, code) in [
        ("DeleteConnectionAlias", named("wsca-0foreign1"), "AccessDeniedException"),
        ("UpdateConnectionAliasPermission", share("wsca-0foreign1", true), "AccessDeniedException"),
        (
            "UpdateConnectionAliasPermission",
            share("wsca-0shared01", false),
            "ResourceAssociatedException",
        ),
        ("DisassociateConnectionAlias", named("wsca-0shared01"), "AccessDeniedException"),
    ] {
        desk.refused(STANDBY_REGION, operation, &request, code);
    }
    desk.call(STANDBY_REGION, "DisassociateConnectionAlias", &named("wsca-0foreign1"));
}

#[test]
fn what_aws_refuses_of_a_connection_alias_is_refused() {
    let mut desk = Desk::new(paced());
    let (one, other) = (alias(&desk, "one.example.com"), alias(&desk, "other.example.com"));
    let pair = |id: &str, directory: &str| json!({"AliasId": id, "ResourceId": directory});
    let (new, code) = (pair(&one, STANDBY_DIRECTORY_ID), "InvalidResourceStateException");
    desk.refused(STANDBY_REGION, "AssociateConnectionAlias", &new, code);
    desk.pass(SECOND);
    desk.call(STANDBY_REGION, "AssociateConnectionAlias", &pair(&one, STANDBY_DIRECTORY_ID));
    let own = json!({"SharedAccountId": ACCOUNT_ID, "AllowAssociation": true});
    for (operation, request, code) in [
        (
            "CreateConnectionAlias",
            json!({"ConnectionString": "one.example.com"}),
            "ResourceAlreadyExistsException",
        ),
        ("CreateConnectionAlias", json!({"ConnectionString": "a b"}), "ValidationException"),
        (
            "AssociateConnectionAlias",
            pair(&one, SIMPLE_AD_DIRECTORY_ID),
            "ResourceAssociatedException",
        ),
        (
            "AssociateConnectionAlias",
            pair(&other, STANDBY_DIRECTORY_ID),
            "ResourceAssociatedException",
        ),
        ("AssociateConnectionAlias", pair(&other, "d-0123456789"), "ResourceNotFoundException"),
        (
            "AssociateConnectionAlias",
            pair(&other, DEREGISTERED_DIRECTORY_ID),
            "InvalidResourceStateException",
        ),
        ("DisassociateConnectionAlias", json!({"AliasId": other}), "InvalidResourceStateException"),
        (
            "UpdateConnectionAliasPermission",
            json!({"AliasId": other, "ConnectionAliasPermission": own}),
            "InvalidParameterValuesException",
        ),
    ] {
        desk.refused(STANDBY_REGION, operation, &request, code);
    }
    // With the one that the fleet has.
    for number in 3..20 {
        alias(&desk, &format!("alias{number}.example.com"));
    }
    let request = json!({"ConnectionString": "more.example.com"});
    let code = "ResourceLimitExceededException";
    desk.refused(STANDBY_REGION, "CreateConnectionAlias", &request, code);
}

#[test]
fn a_directory_is_registered_and_deregistered() {
    let mut desk = Desk::new(paced());
    let named = json!({"DirectoryId": DEREGISTERED_DIRECTORY_ID});
    let register = json!({
        "DirectoryId": DEREGISTERED_DIRECTORY_ID, "Tags": [{"Key": "Team", "Value": "dr"}],
    });
    desk.call(STANDBY_REGION, "RegisterWorkspaceDirectory", &register);
    assert_eq!(directory(&desk, DEREGISTERED_DIRECTORY_ID), "REGISTERING");
    desk.pass(SECOND);
    assert_eq!(directory(&desk, DEREGISTERED_DIRECTORY_ID), "REGISTERED");
    let code = "ResourceAlreadyExistsException";
    desk.refused(STANDBY_REGION, "RegisterWorkspaceDirectory", &register, code);
    desk.call(STANDBY_REGION, "DeregisterWorkspaceDirectory", &named);
    assert_eq!(directory(&desk, DEREGISTERED_DIRECTORY_ID), "DEREGISTERING");
    desk.pass(SECOND);
    assert_eq!(directory(&desk, DEREGISTERED_DIRECTORY_ID), "DEREGISTERED");
    let occupied = json!({"DirectoryId": STANDBY_DIRECTORY_ID});
    let code = "InvalidResourceStateException";
    desk.refused(STANDBY_REGION, "DeregisterWorkspaceDirectory", &occupied, code);
}

#[test]
fn workspaces_stop_start_reboot_and_rest_for_maintenance() {
    let mut desk = Desk::new(paced());
    let id = PRIMARIES[0];
    let states = |desk: &mut Desk| {
        let state = |desk: &Desk| desk.describe(PRIMARY_REGION, id).unwrap()["State"].clone();
        let now = state(desk);
        desk.pass(SECOND);
        (now, state(desk))
    };
    for (verb, through, to) in [
        ("Stop", "STOPPING", "STOPPED"),
        ("Start", "STARTING", "AVAILABLE"),
        ("Reboot", "REBOOTING", "AVAILABLE"),
    ] {
        let list = format!("{verb}WorkspaceRequests");
        let request = json!({list: [{"WorkspaceId": id}, {"WorkspaceId": "ws-0unknown01"}]});
        let answer = desk.call(PRIMARY_REGION, &format!("{verb}Workspaces"), &request);
        let failed = answer["FailedRequests"].as_array().unwrap();
        assert_eq!(failed.len(), 1, "{verb}: {failed:?}");
        assert_eq!(failed[0]["ErrorCode"], "ResourceNotFound.Workspace");
        assert_eq!(states(&mut desk), (json!(through), json!(to)), "{verb}");
    }
    let start = json!({"StartWorkspaceRequests": [{"WorkspaceId": id}]});
    let answer = desk.call(PRIMARY_REGION, "StartWorkspaces", &start);
    assert_eq!(answer["FailedRequests"][0]["ErrorCode"], "InvalidResourceState.Workspace");
    let always_on = json!({"WorkspaceId": id, "WorkspaceProperties": {"RunningMode": "ALWAYS_ON"}});
    desk.call(PRIMARY_REGION, "ModifyWorkspaceProperties", &always_on);
    let stop = json!({"StopWorkspaceRequests": [{"WorkspaceId": id}]});
    let answer = desk.call(PRIMARY_REGION, "StopWorkspaces", &stop);
    assert_eq!(answer["FailedRequests"][0]["ErrorCode"], "OperationNotSupported.RunningMode");
    for state in ["ADMIN_MAINTENANCE", "AVAILABLE"] {
        let request = json!({"WorkspaceId": id, "WorkspaceState": state});
        desk.call(PRIMARY_REGION, "ModifyWorkspaceState", &request);
        assert_eq!(states(&mut desk).0, state);
    }
}

#[test]
fn bundles_snapshots_and_the_account_can_be_looked_up() {
    let desk = Desk::new(Settings::default());
    let bundles = |request: Value| {
        let answer = desk.call(STANDBY_REGION, "DescribeWorkspaceBundles", &request);
        answer["Bundles"].as_array().unwrap().clone()
    };
    let amazons = bundles(json!({"Owner": "AMAZON"}));
    assert_eq!(amazons.len(), 25, "a full page");
    assert_eq!(bundles(json!({})), Vec::<Value>::new());
    let standby = desk.create(PRIMARIES[0]);
    let own = bundles(json!({}));
    assert_eq!((&own[0]["BundleType"], &own[0]["Owner"]), (&json!("STANDBY"), &json!(ACCOUNT_ID)));
    assert_eq!(own[0]["BundleId"], desk.describe(STANDBY_REGION, &standby).unwrap()["BundleId"]);
    let ordinary = desk.describe(STANDBY_REGION, ORDINARY_WORKSPACE).unwrap();
    let found = bundles(json!({"BundleIds": [ordinary["BundleId"]]}));
    assert_eq!(found[0]["ComputeType"]["Name"], "STANDARD");

    let snapshots = |id: &str| {
        let request = json!({"WorkspaceId": id});
        let answer = desk.call(STANDBY_REGION, "DescribeWorkspaceSnapshots", &request);
        answer["RebuildSnapshots"].as_array().unwrap().len()
    };
    assert_eq!((snapshots(ORDINARY_WORKSPACE), snapshots(&standby)), (1, 0));
    let account = desk.call(STANDBY_REGION, "DescribeAccount", &json!({}));
    assert_eq!(account["DedicatedTenancySupport"], "DISABLED");
}
