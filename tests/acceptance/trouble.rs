use std::time::Duration;

use serde_json::Value;
use terraform_provider_aws_workspaces::sim::Settings;

use crate::support::terraform::{ADDRESS, Terraform, brisk, faulty, standby, until};

/// Longer than any test waits.
fn endless() -> Settings {
    Settings { provisioning: Duration::from_secs(3600), ..brisk() }
}

/// Applies while the first answer is lost although the request was carried out: nothing proves whose
/// standby it is, so it is named, and adopted when the configuration says so.
fn lost_answer(fault: &str) {
    let Some(terraform) = Terraform::start(faulty(&[fault])) else { return };
    terraform.configure(&standby(""));
    let run = terraform.apply_alone();
    let [made] = terraform.standbys().try_into().expect("exactly one standby");
    let id = made["WorkspaceId"].as_str().expect("an id");
    run.failed_with(&["may or may not have been created", "import {", id]);
    terraform.configure(&standby("adopt_existing = true"));
    terraform.apply().succeeded();
    assert_eq!(terraform.stats("CreateStandbyWorkspaces").calls, 1);
    assert_eq!(terraform.attributes(ADDRESS)["id"], made["WorkspaceId"]);
}

#[test]
fn a_connection_reset_after_the_creation_leads_to_one_standby() {
    lost_answer("CreateStandbyWorkspaces:reset-after:1.0x1");
}

#[test]
fn a_server_error_after_the_creation_leads_to_one_standby() {
    lost_answer("CreateStandbyWorkspaces:5xx-after:1.0x1");
}

#[test]
fn throttling_and_server_errors_are_outlasted() {
    let faults = [
        "CreateStandbyWorkspaces:error=ThrottlingException:1x2",
        "DescribeWorkspaces:5xx-before:1x2",
        "DescribeWorkspaces:reset-before:1x1",
        "DescribeTags:error=ThrottlingException:1x2",
        "TerminateWorkspaces:5xx-before:1x2",
    ];
    let Some(terraform) = Terraform::start(faulty(&faults)) else { return };
    terraform.configure(&standby(""));
    terraform.apply().succeeded();
    terraform.destroy().succeeded();
    assert_eq!(terraform.standbys(), Vec::<Value>::new());
}

#[test]
fn a_creation_that_takes_too_long_stays_in_the_state_tainted() {
    let Some(terraform) = Terraform::start(endless()) else { return };
    terraform.configure(&standby("timeouts {\n    create = \"2s\"\n  }"));
    terraform.apply().failed_with(&[
        "is not ready",
        "after 2s",
        "last state was PENDING",
        "create =",
    ]);
    let made = terraform.instance(ADDRESS);
    assert_eq!(made["status"], "tainted");
    assert_eq!(made["attributes"]["id"], terraform.standbys()[0]["WorkspaceId"]);
    terraform.plan().says(&["tainted", "must be replaced"]);
    // Once it is ready after all, it can be kept.
    terraform.run(&["untaint", "-no-color", ADDRESS]).succeeded();
    terraform.holds();
}

#[test]
fn ctrl_c_while_waiting_leaves_the_standby_in_the_state_and_not_tainted() {
    let Some(terraform) = Terraform::start(endless()) else { return };
    terraform.configure(&standby(""));
    let running = terraform.begin(&["apply", "-auto-approve", "-input=false", "-no-color"]);
    // Into the wait: its id is asked for.
    let asked = || terraform.stats("DescribeWorkspaces").identifiers;
    until("it is waited for", || !terraform.standbys().is_empty() && asked() > 1);
    running.interrupt();
    let run = running.finish().says(&["Terraform was interrupted", "is not ready yet"]);
    let made = terraform.instance(ADDRESS);
    assert_eq!(made["attributes"]["id"], terraform.standbys()[0]["WorkspaceId"], "{}", run.output);
    assert!(made["status"].is_null(), "{made}");
    terraform.holds();
    // Nothing is lost: what was begun can be undone.
    terraform.destroy().succeeded();
    assert_eq!(terraform.standbys(), Vec::<Value>::new());
}

#[test]
fn a_lost_state_is_healed_by_one_apply_with_adopt_existing() {
    let Some(terraform) = Terraform::start(brisk()) else { return };
    terraform.configure(&standby(""));
    terraform.apply().succeeded();
    let made = terraform.attributes(ADDRESS)["id"].clone();
    // As after SIGKILL: the standby exists, and the state does not have it.
    terraform.run(&["state", "rm", "-no-color", ADDRESS]).succeeded();
    terraform
        .run(&["apply", "-auto-approve", "-input=false", "-no-color"])
        .failed_with(&["adopt_existing = true", "import {"]);
    terraform.configure(&standby("adopt_existing = true\n  tags = { Team = \"design\" }"));
    terraform.apply().succeeded().says(&["Adopted the standby"]);
    let adopted = terraform.attributes(ADDRESS);
    assert_eq!((&adopted["id"], &adopted["tags"]["Team"]), (&made, &Value::from("design")));
    terraform.holds();
    terraform.destroy().succeeded();
    assert_eq!(terraform.standbys(), Vec::<Value>::new());
}

#[test]
fn refreshing_needs_the_standby_region_only() {
    let Some(terraform) = Terraform::start(brisk()) else { return };
    terraform.configure(&standby(""));
    terraform.apply().succeeded();
    terraform.arm(&["*@us-east-1:5xx-before:1"]);
    terraform.holds();
    terraform.destroy().succeeded();
}
