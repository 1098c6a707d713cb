//! What a plan says about resources that are not as their user means them, without a call.

use terraform_provider_aws_workspaces::provider::{Instance, PlannedChange};
use terraform_provider_aws_workspaces::sim::Settings;
use terraform_provider_aws_workspaces::sim::builtin::*;
use terraform_provider_aws_workspaces::tf::Value;

use crate::support::in_process::{Desk, id, says, texts};

/// The summaries of the warnings of a plan without errors.
#[track_caller]
fn warnings(planned: &PlannedChange) -> Vec<&str> {
    assert!(!planned.diagnostics.has_errors(), "{:?}", planned.diagnostics);
    planned.diagnostics.iter().map(|warning| warning.summary.as_str()).collect()
}

#[tokio::test(start_paused = true)]
async fn an_import_into_a_resource_without_its_region_is_told_what_to_add() {
    let desk = Desk::new(Settings::default()).await;
    let config = desk.standby(PRIMARIES[0], &[]);
    let standby = desk.created(&config).await;
    let elsewhere = desk.another(&[("region", IRELAND.into())]).await;
    let imported = elsewhere.imported(&format!("{}@{STANDBY_REGION}", id(&standby))).await;
    elsewhere.forget_calls();

    let planned = elsewhere.plan(&imported, &config).await;
    let warning = planned.diagnostics.iter().find(|warning| warning.summary.contains("Region"));
    says(warning.unwrap(), &[id(&standby), IRELAND, "region = \"us-west-2\"", "replaces"]);
    assert_eq!(planned.requires_replace.len(), 1, "{:?}", planned.requires_replace);

    let there = elsewhere.standby(PRIMARIES[0], &[("region", STANDBY_REGION.into())]);
    let planned = elsewhere.plan(&imported, &there).await;
    assert!(warnings(&planned).is_empty() && planned.requires_replace.is_empty());
    assert_eq!(planned.instance.state, imported.state);
    assert_eq!(elsewhere.all_calls(), [], "a plan makes no call");
}

#[tokio::test(start_paused = true)]
async fn a_second_resource_of_a_primary_is_a_warning_and_a_replacement_is_not() {
    const TWICE: &str = "Two resources have the primary ws-0primary1";
    let desk = Desk::new(Settings::default()).await;
    let absent = Instance::absent();
    let one = desk.standby(PRIMARIES[0], &[]);
    let tagged = desk.standby(PRIMARIES[0], &[("tags", texts(&[("Team", "dr")]))]);
    let unrelated = desk.standby(PRIMARIES[1], &[]);
    assert!(warnings(&desk.plan(&absent, &one).await).is_empty());
    assert!(warnings(&desk.plan(&absent, &unrelated).await).is_empty());
    let second = desk.plan(&absent, &tagged).await;
    assert_eq!(warnings(&second), [TWICE]);
    let path = second.diagnostics.iter().next().unwrap().path.as_ref().unwrap().to_string();
    assert_eq!(path, "primary_workspace_id");

    // Terraform starts a process for each command, and replaces a resource in two plans.
    let desk = desk.another(&[]).await;
    let existing = desk.created(&one).await;
    let desk = desk.another(&[]).await;
    let moved = desk.standby(PRIMARIES[0], &[("directory_id", SIMPLE_AD_DIRECTORY_ID.into())]);
    for prior in [&existing, &absent] {
        assert!(warnings(&desk.plan(prior, &moved).await).is_empty());
    }
    assert_eq!(warnings(&desk.plan(&absent, &tagged).await), [TWICE]);
    let desk = desk.another(&[]).await;
    let unknown = desk.standby(PRIMARIES[0], &[("primary_workspace_id", Value::Unknown)]);
    for _ in 0..2 {
        assert!(warnings(&desk.plan(&absent, &unknown).await).is_empty());
    }
}
