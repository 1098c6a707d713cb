//! What an import of a whole fleet costs.

use futures_util::future::join_all;
use terraform_provider_aws_workspaces::sim::Settings;
use terraform_provider_aws_workspaces::sim::builtin::*;
use terraform_provider_aws_workspaces::tf::Value;

use crate::support::in_process::{Desk, id, texts};

#[tokio::test(start_paused = true)]
async fn an_import_of_two_hundred_takes_sixteen_calls_and_two_for_their_tags_and_plans_no_change() {
    let settings = Settings { synthetic_primaries: 200, ..Settings::default() };
    let desk = Desk::with(settings, &[("tag_reads", "tagging_api".into())]).await;
    let tags = [("tags", texts(&[("Team", "dr")]))];
    let configs: Vec<Value> =
        (1..=200).map(|n| desk.standby(&synthetic_primary_id(n), &tags)).collect();
    let fleet = join_all(configs.iter().map(|config| desk.created(config))).await;
    desk.forget_calls();
    let imported = join_all(fleet.iter().map(|standby| desk.imported(id(standby)))).await;
    // One look for the import and one for the refresh that follows it, 25 in a call.
    assert_eq!(desk.calls("DescribeWorkspaces").len(), 16);
    assert_eq!(desk.calls("GetResources").len(), 2);
    assert_eq!(desk.all_calls().len(), 18);
    let planner = desk.another(&[("tag_reads", "tagging_api".into())]).await;
    for (standby, config) in imported.iter().zip(&configs) {
        let planned = planner.plan(standby, config).await;
        assert!(planned.diagnostics.is_empty(), "{:?}", planned.diagnostics);
        assert_eq!(planned.instance.state, standby.state);
    }
}
