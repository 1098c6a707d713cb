use std::time::Duration;

use serde_json::json;
use terraform_provider_aws_workspaces::sim::Settings;
use terraform_provider_aws_workspaces::sim::builtin::*;

use crate::support::cores::Core;
use crate::support::terraform::{Running, Terraform, brisk, fleet_with_one_wait, until};

/// More than Terraform works on at a time.
const MANY: u32 = 12;
/// Longer than any test waits.
const FOREVER: Duration = Duration::from_secs(3600);

/// Standbys that do not wait, one data source that waits for all, and what it saw.
fn waited_for() -> String {
    let fleet = fleet_with_one_wait(MANY, "timeouts {\n    read = \"5m\"\n  }");
    fleet
        + r#"
data "aws_workspaces_standby" "first" {
  primary_workspace_id = aws_workspaces_standby.desk[0].primary_workspace_id
  directory_id         = data.aws_workspaces_standbys.ready.directory_id
}

output "first" {
  value = data.aws_workspaces_standby.first.id == aws_workspaces_standby.desk[0].id
}

output "all" {
  value = toset(data.aws_workspaces_standbys.ready.ids) == toset(aws_workspaces_standby.desk[*].id)
}

output "states" {
  value = distinct(data.aws_workspaces_standbys.ready.standbys[*].state)
}
"#
}

fn start(core: &Core, provisioning: Duration) -> Option<Terraform> {
    let terraform = core.start(Settings { synthetic_primaries: MANY, provisioning, ..brisk() })?;
    // A window that no machine is too slow for, because calls are counted.
    let batching = "batching {\n    send_after = \"1s\"\n  }";
    terraform.configure_with(batching, &waited_for());
    Some(terraform)
}

/// Applies a fleet that is made for as long as nobody says otherwise, until all are waited for at
/// once.
fn applied_until_all_are_waited_for(terraform: &Terraform) -> Running {
    let applying = terraform.begin(&["apply", "-auto-approve", "-input=false", "-no-color"]);
    until("all are waited for", || terraform.stats("DescribeWorkspaces").most_identifiers == 12);
    applying
}

fn waited_for_once(core: &Core) {
    let Some(terraform) = start(core, FOREVER) else { return };
    let plan = terraform.plan();
    assert_eq!(plan.code, Some(2), "{}", plan.output);
    assert_eq!(terraform.stats("DescribeWorkspaces").calls, 0, "it is left to the apply");

    let applying = applied_until_all_are_waited_for(&terraform);
    for standby in terraform.standbys() {
        let id = standby["WorkspaceId"].as_str().unwrap();
        let available = json!({"State": "AVAILABLE"});
        terraform.control("POST", &format!("workspaces/{STANDBY_REGION}/{id}"), &available);
    }
    applying.finish().succeeded().says(&["12 added"]);
    let outputs = terraform.run(&["output", "-json"]).json();
    assert_eq!(outputs["all"]["value"], true, "{outputs}");
    assert_eq!(outputs["first"]["value"], true, "{outputs}");
    assert_eq!(outputs["states"]["value"], json!(["AVAILABLE"]));
    // Only those 12 were waited for, all in one call each time.
    let looks = terraform.stats("DescribeWorkspaces");
    assert_eq!(looks.most_identifiers, 12, "{looks:?}");

    // Nothing has changed, so it is read while planning, and nothing waits.
    terraform.reset_stats();
    terraform.holds();
    // The listing for each data source, and the refresh of twelve.
    let looks = terraform.stats("DescribeWorkspaces");
    assert!(looks.calls <= 6, "{looks:?}");
    terraform.destroy().succeeded().says(&["12 destroyed"]);
}

#[test]
fn a_fleet_that_does_not_wait_is_waited_for_once_by_a_data_source_that_depends_on_it() {
    waited_for_once(&Core::on_path());
}

#[test]
fn a_fleet_is_waited_for_once_on_the_newer_terraform_too() {
    let Some(newer) = Core::newer() else { return };
    waited_for_once(&newer);
}

fn one_has_failed(core: &Core) {
    let Some(terraform) = start(core, Duration::ZERO) else { return };
    terraform.apply().succeeded();
    let id = terraform.attributes("aws_workspaces_standby.desk")["id"].clone();
    let id = id.as_str().unwrap();
    let broken = json!({"State": "ERROR", "ErrorCode": "Disk.Full", "ErrorMessage": "No room"});
    terraform.control("POST", &format!("workspaces/{STANDBY_REGION}/{id}"), &broken);
    let plan = terraform.plan();
    assert_eq!(plan.code, Some(1), "{}", plan.output);
    plan.says(&["1 of 12 standbys in us-west-2 is not ready", id, "Disk.Full: No room"]);
    // What the message advises.
    let without = ["destroy", "-auto-approve", "-no-color", "-refresh=false"];
    let replace = ["apply", "-auto-approve", "-replace=aws_workspaces_standby.desk[0]"];
    terraform.run(&replace).succeeded().says(&["1 added, 0 changed, 1 destroyed"]);
    terraform.holds();
    let id = terraform.attributes("aws_workspaces_standby.desk")["id"].clone();
    let id = id.as_str().unwrap();
    terraform.control("POST", &format!("workspaces/{STANDBY_REGION}/{id}"), &broken);
    terraform.run(&without).succeeded().says(&["12 destroyed"]);
}

#[test]
fn one_that_has_failed_is_an_error_in_the_plan_and_can_be_replaced_or_destroyed() {
    one_has_failed(&Core::on_path());
}

#[test]
fn one_that_has_failed_is_an_error_on_the_newer_terraform_too() {
    let Some(newer) = Core::newer() else { return };
    one_has_failed(&newer);
}

fn ctrl_c(core: &Core) {
    let Some(terraform) = start(core, FOREVER) else { return };
    let applying = applied_until_all_are_waited_for(&terraform);
    applying.interrupt();
    let run = applying.finish();
    assert_ne!(run.code, Some(0), "{}", run.output);
    run.says(&["The operation was stopped"]);
    let list = terraform.run(&["state", "list"]).stdout;
    let kept = list.lines().filter(|line| line.starts_with("aws_workspaces_standby.desk"));
    assert_eq!(kept.count(), 12, "{list}");
}

#[test]
fn ctrl_c_ends_the_wait_and_the_standbys_stay_in_the_state() {
    ctrl_c(&Core::on_path());
}

#[test]
fn ctrl_c_ends_the_wait_on_the_newer_terraform_too() {
    let Some(newer) = Core::newer() else { return };
    ctrl_c(&newer);
}
