use std::time::Duration;

use serde_json::json;
use terraform_provider_aws_workspaces::sim::Settings;
use terraform_provider_aws_workspaces::sim::builtin::*;

use crate::support::cores::Core;
use crate::support::terraform::{Terraform, brisk};

const MANY: usize = 20;

/// Twenty standbys that do not wait, one data source that waits for all, and what it saw.
fn fleet() -> String {
    format!(
        r#"
resource "aws_workspaces_standby" "desk" {{
  count                = {MANY}
  primary_workspace_id = format("ws-synthetic%05d", count.index + 1)
  primary_region       = "{PRIMARY_REGION}"
  directory_id         = "{STANDBY_DIRECTORY_ID}"
  wait_for_ready       = false
}}

data "aws_workspaces_standbys" "ready" {{
  directory_id   = "{STANDBY_DIRECTORY_ID}"
  wait_for_ready = true
  depends_on     = [aws_workspaces_standby.desk]

  timeouts {{
    read = "1m"
  }}
}}

data "aws_workspaces_standby" "first" {{
  primary_workspace_id = aws_workspaces_standby.desk[0].primary_workspace_id
  directory_id         = data.aws_workspaces_standbys.ready.directory_id
}}

output "first" {{
  value = data.aws_workspaces_standby.first.id == aws_workspaces_standby.desk[0].id
}}

output "all" {{
  value = toset(data.aws_workspaces_standbys.ready.ids) == toset(aws_workspaces_standby.desk[*].id)
}}

output "states" {{
  value = distinct(data.aws_workspaces_standbys.ready.standbys[*].state)
}}
"#
    )
}

fn start(core: &Core) -> Option<Terraform> {
    let settings = Settings {
        synthetic_primaries: u32::try_from(MANY).unwrap(),
        // Longer than it takes to make them all, so that all are waited for.
        provisioning: Duration::from_secs(8),
        ..brisk()
    };
    let terraform = core.start(settings)?;
    terraform.configure(&fleet());
    Some(terraform)
}

#[test]
fn a_fleet_that_does_not_wait_is_waited_for_once_by_a_data_source_that_depends_on_it() {
    for core in Core::all() {
        let Some(terraform) = start(&core) else { return };
        let plan = terraform.plan();
        assert_eq!(plan.code, Some(2), "{}: {}", core.name, plan.output);
        assert_eq!(terraform.stats("DescribeWorkspaces").calls, 0, "it is left to the apply");

        terraform.apply().succeeded().says(&["20 added"]);
        let outputs = terraform.run(&["output", "-json"]).json();
        assert_eq!(outputs["all"]["value"], true, "{}: {outputs}", core.name);
        assert_eq!(outputs["first"]["value"], true, "{}: {outputs}", core.name);
        assert_eq!(outputs["states"]["value"], json!(["AVAILABLE"]), "{}", core.name);
        // Only those 20 were waited for, all in one call each time.
        let looks = terraform.stats("DescribeWorkspaces");
        assert_eq!(looks.most_identifiers, 20, "{looks:?}");

        // Nothing has changed, so it is read while planning, and nothing waits.
        terraform.reset_stats();
        terraform.holds();
        // The listing for each data source, and the refresh of twenty.
        let looks = terraform.stats("DescribeWorkspaces");
        assert!(looks.calls <= 6, "{looks:?}");
        terraform.destroy().succeeded().says(&["20 destroyed"]);
    }
}

#[test]
fn one_that_has_failed_is_an_error_in_the_plan_and_can_be_replaced_or_destroyed() {
    for core in Core::all() {
        let Some(terraform) = start(&core) else { return };
        terraform.apply().succeeded();
        let id = terraform.attributes("aws_workspaces_standby.desk")["id"].clone();
        let id = id.as_str().unwrap();
        let broken = json!({"State": "ERROR", "ErrorCode": "Disk.Full", "ErrorMessage": "No room"});
        terraform.control("POST", &format!("workspaces/{STANDBY_REGION}/{id}"), &broken);
        let plan = terraform.plan();
        assert_eq!(plan.code, Some(1), "{}: {}", core.name, plan.output);
        plan.says(&["1 of 20 standbys in us-west-2 are not ready", id, "Disk.Full: No room"]);
        // What the message advises.
        let without = ["destroy", "-auto-approve", "-no-color", "-refresh=false"];
        let replace = ["apply", "-auto-approve", "-replace=aws_workspaces_standby.desk[0]"];
        terraform.run(&replace).succeeded().says(&["1 added, 0 changed, 1 destroyed"]);
        terraform.holds();
        let id = terraform.attributes("aws_workspaces_standby.desk")["id"].clone();
        let id = id.as_str().unwrap();
        terraform.control("POST", &format!("workspaces/{STANDBY_REGION}/{id}"), &broken);
        terraform.run(&without).succeeded().says(&["20 destroyed"]);
    }
}

#[test]
fn ctrl_c_ends_the_wait_and_the_standbys_stay_in_the_state() {
    for core in Core::all() {
        let settings = Settings {
            synthetic_primaries: u32::try_from(MANY).unwrap(),
            provisioning: Duration::from_secs(3600),
            ..brisk()
        };
        let Some(terraform) = core.start(settings) else { return };
        terraform.configure(&fleet());
        let applying = terraform.begin(&["apply", "-auto-approve", "-input=false", "-no-color"]);
        // Somebody waits once all at once are asked for.
        let started = std::time::Instant::now();
        while terraform.stats("DescribeWorkspaces").most_identifiers < 20 {
            assert!(started.elapsed() < Duration::from_secs(60), "{}: nobody waits", core.name);
            std::thread::sleep(Duration::from_millis(20));
        }
        applying.interrupt();
        let run = applying.finish();
        assert_ne!(run.code, Some(0), "{}", run.output);
        assert!(run.elapsed < Duration::from_secs(10), "{:?}: {}", run.elapsed, run.output);
        run.says(&["The operation was stopped"]);
        let list = terraform.run(&["state", "list"]).stdout;
        let kept = list.lines().filter(|line| line.starts_with("aws_workspaces_standby.desk"));
        assert_eq!(kept.count(), MANY, "{}: {list}", core.name);
    }
}
