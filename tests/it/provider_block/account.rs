//! Accounts and Regions, and what AWS sees of the caller.

use serde_json::json;
use terraform_provider_aws_workspaces::sim::Settings;

use super::stage::{Stage, keyed};
use crate::support::requests::errors;
use crate::support::served::Served;

/// How often a call is tried in all when AWS fails every time.
#[tokio::test]
async fn a_call_is_tried_as_often_as_it_is_said() {
    for (block, variable, attempts) in [
        (json!({ "max_retries": 1 }), None, 1),
        (json!({ "max_retries": 3 }), Some("2"), 3),
        (json!({}), Some("2"), 2),
        (json!({ "max_retries": 2, "retry_mode": "adaptive" }), None, 2),
    ] {
        let faults = vec!["DescribeWorkspaces:5xx-before:1".parse().unwrap()];
        let settings = Settings { faults, ..Settings::default() };
        let mut stage = Stage::with_cloud(Served::start(settings));
        if let Some(variable) = variable {
            stage = stage.with("AWS_MAX_ATTEMPTS", variable);
        }
        let ran = stage.run(keyed(block.clone())).await;
        assert_eq!(errors(&ran.then).len(), 1, "{block}: {:?}", ran.then);
        assert_eq!(stage.cloud.calls("DescribeWorkspaces"), attempts, "{block} {variable:?}");
    }
}
