use serde_json::{Value, json};
use terraform_provider_aws_workspaces::sim::Settings;
use terraform_provider_aws_workspaces::sim::builtin::{
    LINUX_PRIMARY, PRIMARY_REGION, STANDBY_DIRECTORY_ID, STANDBY_REGION, ZERO_QUOTA_DIRECTORY_ID,
    ZERO_QUOTA_REGION,
};

use crate::support::terraform::{ADDRESS, Terraform, brisk, faulty, standby, standby_of};

/// Applies one standby that AWS refuses: the error says all of this, and nothing is in the state.
fn refused(settings: Settings, resource: &str, parts: &[&str]) {
    let Some(terraform) = Terraform::start(settings) else { return };
    terraform.configure(resource);
    terraform.apply().failed_with(parts);
    assert_eq!(terraform.instance(ADDRESS), Value::Null);
    assert_eq!(terraform.standbys(), Vec::<Value>::new());
}

#[test]
fn an_unknown_primary_is_refused_before_the_request() {
    refused(
        brisk(),
        &standby_of("ws-0nobody00", ""),
        &[
            "Could not create the standby of ws-0nobody00 in us-west-2",
            "DescribeWorkspaces in us-east-1",
            "does not exist in us-east-1",
            "primary_workspace_id",
            "Check each ID",
        ],
    );
}

#[test]
fn a_linux_primary_is_refused_with_the_reason_of_aws() {
    refused(
        brisk(),
        &standby_of(LINUX_PRIMARY, ""),
        &[
            "Could not create the standby of ws-0linux001",
            "AWS returned",
            "request ID",
            "us-west-2",
        ],
    );
}

#[test]
fn a_quota_that_is_used_up_names_service_quotas() {
    let resource = standby(&format!("region = \"{ZERO_QUOTA_REGION}\""));
    refused(
        brisk(),
        &resource.replace(STANDBY_DIRECTORY_ID, ZERO_QUOTA_DIRECTORY_ID),
        &["LimitExceeded", "quota", "Service Quotas", ZERO_QUOTA_REGION],
    );
}

#[test]
fn a_denied_call_lists_the_permissions_needed() {
    refused(
        faulty(&["CreateStandbyWorkspaces:error=AccessDeniedException:1"]),
        &standby(""),
        &["AccessDeniedException", "workspaces:CreateStandbyWorkspaces", STANDBY_REGION],
    );
}

#[test]
fn a_standby_that_fails_to_be_made_stays_in_the_state_tainted() {
    let faults = ["CreateStandbyWorkspaces:fails-provisioning:1"];
    let Some(terraform) = Terraform::start(faulty(&faults)) else { return };
    terraform.configure(&standby(""));
    terraform.apply().failed_with(&["is ERROR", "tainted"]);
    let made = terraform.instance(ADDRESS);
    assert_eq!(made["status"], "tainted");
    assert_eq!(made["attributes"]["id"], terraform.standbys()[0]["WorkspaceId"]);
    terraform.destroy().succeeded();
    assert_eq!(terraform.standbys(), Vec::<Value>::new());
}

#[test]
fn a_refused_update_or_refresh_leaves_the_prior_state() {
    let Some(terraform) = Terraform::start(brisk()) else { return };
    terraform.configure(&standby(r#"tags = { Team = "design" }"#));
    terraform.apply().succeeded();
    let before = terraform.attributes(ADDRESS);

    terraform.arm(&["CreateTags:error=AccessDeniedException:1"]);
    terraform.configure(&standby(r#"tags = { Team = "art" }"#));
    terraform.apply().failed_with(&["AccessDeniedException", "workspaces:CreateTags", "tags"]);
    assert_eq!(terraform.attributes(ADDRESS), before);

    let denied =
        format!("ModifyWorkspaceProperties@{PRIMARY_REGION}:error=AccessDeniedException:1");
    terraform.arm(&[&denied]);
    terraform
        .configure(&standby("tags = { Team = \"art\" }\ndata_replication = \"PRIMARY_AS_SOURCE\""));
    // Half of it was done, and that half is in the state.
    terraform
        .apply()
        .failed_with(&["AccessDeniedException", "workspaces:ModifyWorkspaceProperties"]);
    let half = terraform.attributes(ADDRESS);
    assert_eq!(half["tags"], json!({"Team": "art"}));
    assert_eq!(half["data_replication"], "NO_REPLICATION");

    terraform.arm(&["DescribeWorkspaces:error=AccessDeniedException:1"]);
    let plan = terraform.plan();
    plan.failed_with(&["Could not refresh", "workspaces:DescribeWorkspaces", STANDBY_REGION]);
    terraform.run(&["apply", "-refresh-only", "-auto-approve", "-no-color"]).failed_with(&[]);
    assert_eq!(terraform.attributes(ADDRESS), half);

    // With everything allowed again the rest is done.
    terraform.arm(&[]);
    terraform.apply().succeeded();
}

#[test]
fn a_refused_termination_keeps_the_standby_in_the_state() {
    let Some(terraform) = Terraform::start(brisk()) else { return };
    terraform.configure(&standby(""));
    terraform.apply().succeeded();
    let id = terraform.attributes(ADDRESS)["id"].as_str().unwrap().to_owned();
    let place = format!("workspaces/{STANDBY_REGION}/{id}");
    terraform.control("POST", &place, &json!({"State": "SUSPENDED"}));
    terraform.destroy().failed_with(&["SUSPENDED", &id]);
    assert_eq!(terraform.attributes(ADDRESS)["id"], id);
    terraform.control("POST", &place, &json!({"State": null}));
    terraform.destroy().succeeded();
}
