use serde_json::{Value, json};
use terraform_provider_aws_workspaces::sim::builtin::{
    ENCRYPTED_PRIMARY, FRANKFURT, FRANKFURT_DIRECTORY_ID, PRIMARIES, PRIMARY_REGION,
    STANDBY_DIRECTORY_ID, STANDBY_REGION, USERS,
};

use crate::support::terraform::{ADDRESS, Terraform, brisk, standby, standby_of};

#[test]
fn a_standby_is_created_kept_and_destroyed() {
    let Some(terraform) = Terraform::start(brisk()) else { return };
    terraform.configure(&standby(r#"tags = { Team = "design" }"#));
    let plan = terraform.plan();
    assert_eq!(plan.code, Some(2), "{}", plan.output);
    let change = terraform.change(ADDRESS);
    assert_eq!(change["actions"], json!(["create"]));
    assert_eq!(change["after"]["data_replication"], "NO_REPLICATION");
    assert_eq!(change["after"]["tags_all"], json!({"Team": "design"}));
    assert_eq!(change["after"]["region"], STANDBY_REGION);

    terraform.run(&["apply", "-input=false", "-no-color", "plan.out"]).succeeded();
    let made = terraform.attributes(ADDRESS);
    let [standby] = terraform.standbys().try_into().expect("one standby");
    let id = made["id"].as_str().unwrap();
    for (attribute, value) in [
        ("id", &standby["WorkspaceId"]),
        ("bundle_id", &standby["BundleId"]),
        ("subnet_id", &standby["SubnetId"]),
        ("computer_name", &standby["ComputerName"]),
        ("ip_address", &standby["IpAddress"]),
        ("user_name", &json!(USERS[0])),
        ("state", &json!("AVAILABLE")),
        ("primary_state", &json!("AVAILABLE")),
        ("primary_workspace_id", &json!(PRIMARIES[0])),
        ("primary_region", &json!(PRIMARY_REGION)),
        ("directory_id", &json!(STANDBY_DIRECTORY_ID)),
        ("region", &json!(STANDBY_REGION)),
        ("arn", &json!(format!("arn:aws:workspaces:us-west-2:123456789012:workspace/{id}"))),
        ("data_replication", &json!("NO_REPLICATION")),
        ("recovery_snapshot_time", &Value::Null),
        ("root_volume_encryption_enabled", &json!(false)),
        ("wait_for_ready", &json!(true)),
        ("tags", &json!({"Team": "design"})),
        ("tags_all", &json!({"Team": "design"})),
    ] {
        assert_eq!(made[attribute], *value, "{attribute} in {made:#}");
    }
    terraform.holds();

    terraform.destroy().succeeded();
    assert_eq!(terraform.standbys(), Vec::<Value>::new());
    assert_eq!(terraform.instance(ADDRESS), Value::Null);
}

#[test]
fn tags_and_replication_are_updated_in_place() {
    let Some(terraform) = Terraform::start(brisk()) else { return };
    terraform.configure(&standby(r#"tags = { Team = "design", Old = "1" }"#));
    terraform.apply().succeeded();
    let id = terraform.attributes(ADDRESS)["id"].clone();

    terraform.reset_stats();
    terraform.configure(&standby(r#"tags = { Team = "art", New = "2" }"#));
    let plan = terraform.plan().says(&["will be updated in-place", "1 to change"]);
    assert!(!plan.output.contains("known after apply"), "{}", plan.output);
    assert_eq!(terraform.change(ADDRESS)["actions"], json!(["update"]));
    terraform.apply().succeeded();
    let tags = &terraform.workspace(STANDBY_REGION, id.as_str().unwrap())["Tags"];
    assert_eq!(*tags, json!({"Team": "art", "New": "2"}));
    assert_eq!(terraform.stats("DeleteTags").calls, 1);
    assert_eq!(terraform.stats("CreateTags").calls, 1);
    assert_eq!(terraform.stats("ModifyWorkspaceProperties").calls, 0);

    let replicating = r#"
        tags             = { Team = "art", New = "2" }
        data_replication = "PRIMARY_AS_SOURCE"
    "#;
    terraform.configure(&standby(replicating));
    terraform.plan().says(&["will be updated in-place", "1 to change"]);
    let change = terraform.change(ADDRESS);
    assert_eq!(change["actions"], json!(["update"]));
    let unknown = change["after_unknown"].as_object().unwrap();
    let unknown: Vec<&String> =
        unknown.iter().filter(|(_, value)| **value == json!(true)).map(|(name, _)| name).collect();
    // Only what a switch of replication does change.
    assert_eq!(unknown, ["recovery_snapshot_time", "state"]);
    terraform.apply().succeeded();
    assert_eq!(terraform.attributes(ADDRESS)["data_replication"], "PRIMARY_AS_SOURCE");
    assert_eq!(terraform.attributes(ADDRESS)["id"], id);
    assert_eq!(terraform.stats("ModifyWorkspaceProperties").regions.get(PRIMARY_REGION), Some(&1));

    // What has to do with waiting alone asks AWS for nothing.
    terraform.reset_stats();
    terraform.configure(&standby(&format!(
        "{replicating}\nwait_for_ready = false\ntimeouts {{ delete = \"5m\" }}"
    )));
    terraform.apply().succeeded().says(&["1 changed"]);
    for operation in ["CreateTags", "DeleteTags", "ModifyWorkspaceProperties"] {
        assert_eq!(terraform.stats(operation).calls, 0, "{operation}");
    }
    terraform.destroy().succeeded();
}

#[test]
fn another_primary_or_directory_replaces_the_standby() {
    let Some(terraform) = Terraform::start(brisk()) else { return };
    terraform.configure(&standby(""));
    terraform.apply().succeeded();
    let first = terraform.attributes(ADDRESS)["id"].clone();

    terraform.configure(&standby_of(PRIMARIES[1], ""));
    terraform.plan().says(&["must be replaced", "primary_workspace_id", "forces replacement"]);
    terraform.apply().succeeded().says(&["1 added, 0 changed, 1 destroyed"]);
    let second = terraform.attributes(ADDRESS);
    assert_ne!(second["id"], first);
    assert_eq!(second["user_name"], USERS[1]);

    terraform.configure(
        &standby_of(PRIMARIES[1], &format!("region = \"{FRANKFURT}\""))
            .replace(STANDBY_DIRECTORY_ID, FRANKFURT_DIRECTORY_ID),
    );
    let plan = terraform.plan().says(&["must be replaced"]);
    assert_eq!(plan.output.matches("forces replacement").count(), 2, "{}", plan.output);
    assert_eq!(terraform.change(ADDRESS)["actions"], json!(["delete", "create"]));
}

#[test]
fn a_standby_that_vanished_is_planned_anew_with_a_warning() {
    let Some(terraform) = Terraform::start(brisk()) else { return };
    terraform.configure(&standby(""));
    terraform.apply().succeeded();
    let id = terraform.attributes(ADDRESS)["id"].as_str().unwrap().to_owned();
    terraform.vanish(STANDBY_REGION, &id);

    let plan = terraform.plan().says(&["A standby is gone", &id, "1 to add, 0 to change"]);
    assert_eq!(plan.code, Some(2));
    assert_eq!(terraform.change(ADDRESS)["actions"], json!(["create"]));
    terraform.apply().succeeded();
    assert_ne!(terraform.attributes(ADDRESS)["id"], id);
}

#[test]
fn a_standby_in_trouble_is_told_of_and_is_no_difference() {
    let Some(terraform) = Terraform::start(brisk()) else { return };
    terraform.configure(&standby(r#"tags = { Team = "design" }"#));
    terraform.apply().succeeded();
    let id = terraform.attributes(ADDRESS)["id"].as_str().unwrap().to_owned();
    let broken = json!({"State": "ERROR", "ErrorCode": "DiskFull", "ErrorMessage": "No room."});
    terraform.control("POST", &format!("workspaces/{STANDBY_REGION}/{id}"), &broken);

    let plan = terraform.plan().says(&["is ERROR", "DiskFull", "No room"]);
    assert_eq!(plan.code, Some(0), "{}", plan.output);
}

#[test]
fn the_spelling_of_a_key_and_the_primary_s_encryption_make_no_difference() {
    let Some(terraform) = Terraform::start(brisk()) else { return };
    let key = r#"volume_encryption_key = "alias/aws/workspaces""#;
    terraform.configure(&standby_of(ENCRYPTED_PRIMARY, key));
    terraform.apply().succeeded();
    let made = terraform.attributes(ADDRESS);
    assert_eq!(made["volume_encryption_key"], "alias/aws/workspaces");
    assert_eq!(made["root_volume_encryption_enabled"], true);
}

#[test]
fn without_waiting_the_id_is_enough_and_the_rest_follows() {
    let Some(terraform) = Terraform::start(brisk()) else { return };
    terraform.configure(&standby("wait_for_ready = false"));
    terraform.reset_stats();
    terraform.apply().succeeded();
    let made = terraform.attributes(ADDRESS);
    assert!(made["id"].as_str().unwrap().starts_with("ws-"));
    assert_eq!(made["state"], "PENDING");
    assert_eq!(made["computer_name"], Value::Null);
    // Not seen yet, or seen pending: both are no difference.
    terraform.holds();
    terraform.run(&["apply", "-refresh-only", "-auto-approve", "-no-color"]).succeeded();
    terraform.holds();
    terraform.destroy().succeeded();
    assert_eq!(terraform.standbys(), Vec::<Value>::new());
}
