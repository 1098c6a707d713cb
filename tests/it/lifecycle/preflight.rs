//! Asking AWS while planning, where the provider block wants it.

use terraform_provider_aws_workspaces::provider::{Instance, PlannedChange};
use terraform_provider_aws_workspaces::sim::Settings;
use terraform_provider_aws_workspaces::sim::builtin::*;
use terraform_provider_aws_workspaces::tf::{Diagnostic, Value};

use crate::support::in_process::{Desk, id, says};

async fn desk() -> Desk {
    Desk::with(Settings::default(), &[("preflight", true.into())]).await
}

/// The diagnostics of a plan: (whether it is an error, attribute, the texts it must have).
#[track_caller]
fn found(planned: &PlannedChange, expected: &[(bool, Option<&str>, &[&str])]) {
    let all: Vec<&Diagnostic> = planned.diagnostics.iter().collect();
    assert_eq!(all.len(), expected.len(), "{all:#?}");
    for (diagnostic, (is_error, path, texts)) in all.into_iter().zip(expected) {
        assert_eq!(diagnostic.is_error(), *is_error, "{diagnostic:#?}");
        assert_eq!(diagnostic.path.as_ref().map(ToString::to_string).as_deref(), *path);
        says(diagnostic, texts);
    }
}

#[tokio::test(start_paused = true)]
async fn what_aws_would_refuse_is_an_error_of_the_plan() {
    let primary = Some("primary_workspace_id");
    let directory = |id: &str| vec![("directory_id", Value::from(id))];
    let simple = || {
        let mut more = directory(SIMPLE_AD_DIRECTORY_ID);
        more.push(("data_replication", "PRIMARY_AS_SOURCE".into()));
        more
    };
    for (of, more, path, texts) in [
        ("ws-0unknown1", vec![], primary, vec!["No WorkSpace", PRIMARY_REGION]),
        (LINUX_PRIMARY, vec![], primary, vec!["cannot have a standby", "UBUNTU_22_04"]),
        (GRAPHICS_PRIMARY, vec![], primary, vec!["cannot have a standby", "GRAPHICS_G4DN"]),
        (GENERAL_PURPOSE_PRIMARY, vec![], primary, vec!["GENERALPURPOSE_8XLARGE"]),
        (
            PRIMARIES[0],
            directory("d-0123456789"),
            Some("directory_id"),
            vec!["No directory d-0123456789 in us-west-2", "Register the directory"],
        ),
        (
            PRIMARIES[0],
            directory(DEREGISTERED_DIRECTORY_ID),
            Some("directory_id"),
            vec!["DEREGISTERED", "REGISTERED"],
        ),
        (PRIMARIES[0], simple(), Some("directory_id"), vec!["data replication", "Simple AD"]),
    ] {
        let desk = desk().await;
        let planned = desk.plan(&Instance::absent(), &desk.standby(of, &more)).await;
        found(&planned, &[(true, path, &texts)]);
        assert_eq!(desk.calls("CreateStandbyWorkspaces").len(), 0, "{of}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_standby_that_exists_is_a_warning_with_an_import_block() {
    let desk = desk().await;
    let config = desk.standby(PRIMARIES[0], &[("wait_for_ready", false.into())]);
    let existing = desk.created(&config).await;
    tokio::time::sleep(std::time::Duration::from_secs(60)).await;
    let planned = desk.plan(&Instance::absent(), &config).await;
    let import = format!("id = \"{}@{STANDBY_REGION}\"", id(&existing));
    found(
        &planned,
        &[(false, Some("primary_workspace_id"), &["already has a standby", "import {", &import])],
    );
    // Its own standby is no obstacle to a replacement.
    let desk = desk.another(&[("preflight", true.into())]).await;
    let elsewhere = desk.standby(PRIMARIES[0], &[("directory_id", SIMPLE_AD_DIRECTORY_ID.into())]);
    let planned = desk.plan(&existing, &elsewhere).await;
    found(&planned, &[]);
    // A standby is no primary.
    let of_standby = [
        ("primary_region", STANDBY_REGION.into()),
        ("region", IRELAND.into()),
        ("directory_id", IRELAND_DIRECTORY_ID.into()),
    ];
    let planned = desk.plan(&Instance::absent(), &desk.standby(id(&existing), &of_standby)).await;
    found(&planned, &[(true, Some("primary_workspace_id"), &["is a standby", PRIMARIES[0]])]);
}

#[tokio::test(start_paused = true)]
async fn a_workspace_of_the_user_in_the_standby_directory_is_a_warning() {
    let desk = desk().await;
    let config = desk.standby(OCCUPIED_PRIMARY, &[]);
    let planned = desk.plan(&Instance::absent(), &config).await;
    let texts: &[&str] = &["jun already has", STANDBY_DIRECTORY_ID, ORDINARY_WORKSPACE];
    found(&planned, &[(false, Some("directory_id"), texts)]);
    let looks = desk.calls("DescribeWorkspaces");
    assert_eq!(looks.len(), 2, "one for the primary, and one for the user in the directory");
    let elsewhere =
        desk.standby(OCCUPIED_PRIMARY, &[("directory_id", SIMPLE_AD_DIRECTORY_ID.into())]);
    let desk = desk.another(&[("preflight", true.into())]).await;
    found(&desk.plan(&Instance::absent(), &elsewhere).await, &[]);
}

#[tokio::test(start_paused = true)]
async fn a_region_that_cannot_be_asked_is_a_warning_and_the_plan_goes_on() {
    for (fault, texts) in [
        ("DescribeWorkspaces@us-east-1:slow=300s:1", vec!["within 20 seconds"]),
        (
            "DescribeWorkspaces@us-east-1:error=AccessDeniedException:1",
            vec!["AccessDeniedException", "workspaces:DescribeWorkspaceDirectories"],
        ),
    ] {
        let desk = desk().await;
        desk.faults(&[fault]);
        let config = desk.standby(PRIMARIES[0], &[]);
        let planned = desk.plan(&Instance::absent(), &config).await;
        let mut all = vec!["Could not check the primary in us-east-1", "preflight = false"];
        all.extend(texts);
        found(&planned, &[(false, None, &all)]);
        assert!(!planned.instance.state.is_null());
    }
}

#[tokio::test(start_paused = true)]
async fn a_fleet_is_checked_twenty_five_ids_a_call_and_no_change_not_at_all() {
    let settings = Settings { synthetic_primaries: 50, ..Settings::default() };
    let desk = Desk::with(settings, &[("preflight", true.into())]).await;
    let configs: Vec<Value> =
        (1..=50).map(|n| desk.standby(&synthetic_primary_id(n), &[])).collect();
    let absent = Instance::absent();
    let plans = configs.iter().map(|config| desk.plan(&absent, config));
    for planned in futures_util::future::join_all(plans).await {
        found(&planned, &[]);
    }
    // Two for the primaries, and one for each user in the directory.
    assert_eq!(desk.calls("DescribeWorkspaces").len(), 2 + 50);
    assert_eq!(desk.calls("DescribeWorkspaceDirectories").len(), 2);

    let existing = desk.created(&configs[0]).await;
    let desk = desk.another(&[("preflight", true.into())]).await;
    desk.forget_calls();
    found(&desk.plan(&existing, &configs[0]).await, &[]);
    let tagged = desk
        .standby(&synthetic_primary_id(1), &[("tags", Value::map([("Team", Value::from("dr"))]))]);
    found(&desk.plan(&existing, &tagged).await, &[]);
    assert_eq!(desk.all_calls(), []);
}
