use terraform_provider_aws_workspaces::sim::builtin::{
    PRIMARIES, PRIMARY_REGION, STANDBY_DIRECTORY_ID, STANDBY_REGION,
};

use crate::support::cores::Core;
use crate::support::terraform::brisk;

#[test]
fn an_action_is_invoked_by_name_and_reports_its_progress() {
    let Some(newer) = Core::newer() else { return };
    let Some(terraform) = newer.start(brisk()) else { return };
    let [first, second, ..] = PRIMARIES;
    let action = |kind: &str, ids: &str| {
        format!(
            "action \"aws_workspaces_{kind}_workspaces\" \"drill\" {{\n  config {{\n    region = \
             \"{PRIMARY_REGION}\"\n    workspace_ids = [{ids}]\n  }}\n}}\n"
        )
    };
    let both = format!("\"{first}\", \"{second}\"");
    for (kind, done, state) in [
        ("stop", "2 of 2 stopped", "STOPPED"),
        ("start", "2 of 2 running", "AVAILABLE"),
        ("reboot", "2 of 2 rebooted", "AVAILABLE"),
    ] {
        terraform.configure(&action(kind, &both));
        let name = format!("-invoke=action.aws_workspaces_{kind}_workspaces.drill");
        let args = ["apply", "-auto-approve", "-no-color", &name];
        terraform.run(&args).succeeded().says(&[done]);
        for id in [first, second] {
            assert_eq!(terraform.workspace(PRIMARY_REGION, id)["State"], state, "{kind}");
        }
    }
    terraform.configure(&action("stop", "\"ws-0missing00\""));
    let name = "-invoke=action.aws_workspaces_stop_workspaces.drill";
    let args = ["apply", "-auto-approve", "-no-color", name];
    terraform.run(&args).failed_with(&["ws-0missing00", "no such WorkSpace"]);
}

#[test]
fn an_action_runs_after_the_resource_that_triggers_it() {
    let Some(newer) = Core::newer() else { return };
    let Some(terraform) = newer.start(brisk()) else { return };
    terraform.configure(&format!(
        "resource \"aws_workspaces_standby\" \"user\" {{\n  primary_workspace_id = \"{}\"\n  \
         primary_region = \"{PRIMARY_REGION}\"\n  directory_id = \"{STANDBY_DIRECTORY_ID}\"\n  \
         lifecycle {{\n    action_trigger {{\n      events  = [after_create]\n      actions = \
         [action.aws_workspaces_reboot_workspaces.first]\n    }}\n  }}\n}}\n\
         action \"aws_workspaces_reboot_workspaces\" \"first\" {{\n  config {{\n    workspace_ids = \
         [aws_workspaces_standby.user.id]\n  }}\n}}\n",
        PRIMARIES[0]
    ));
    terraform.apply_alone().succeeded().says(&["1 of 1 rebooted"]);
    let standbys = terraform.standbys();
    let id = standbys[0]["WorkspaceId"].as_str().unwrap();
    assert_eq!(terraform.workspace(STANDBY_REGION, id)["State"], "AVAILABLE");
}
