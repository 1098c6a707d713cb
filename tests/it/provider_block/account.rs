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

/// How often STS is asked, by what is to be skipped.
#[tokio::test]
async fn sts_is_asked_once_or_not_at_all() {
    for (block, configuring, creating) in [
        (json!({}), 1, 1),
        (json!({ "skip_credentials_validation": true }), 0, 1),
        (json!({ "skip_requesting_account_id": true }), 1, 1),
        (json!({ "skip_credentials_validation": true, "skip_requesting_account_id": true }), 0, 0),
    ] {
        let stage = Stage::new();
        let running = stage.start(keyed(block.clone())).await.configured();
        assert_eq!(stage.cloud.calls("GetCallerIdentity"), configuring, "{block}");
        let created = running.create(0).await;
        running.core.read(&created).await.succeeded();
        assert_eq!(stage.cloud.calls("GetCallerIdentity"), creating, "{block}");
        let has_arn = block.get("skip_requesting_account_id").is_none();
        assert_eq!(created.state.get("arn").as_str().is_some(), has_arn, "{block}");
        running.end(Vec::new()).await;
    }
}

#[tokio::test]
async fn the_retry_mode_comes_from_the_block_or_the_environment() {
    // What the SDK does shows in the user agent: m/F is the adaptive mode, m/E the standard one.
    for (block, variable, metric) in [
        (json!({}), None, "E"),
        (json!({ "retry_mode": "adaptive" }), None, "F"),
        (json!({}), Some("adaptive"), "F"),
        (json!({ "retry_mode": "standard" }), Some("adaptive"), "E"),
    ] {
        let mut stage = Stage::new();
        if let Some(variable) = variable {
            stage = stage.with("AWS_RETRY_MODE", variable);
        }
        stage.run(keyed(block.clone())).await.succeeded();
        let seen = stage.cloud.simulator.stats().operation("DescribeWorkspaces").user_agent;
        let metrics = seen.split_whitespace().find_map(|part| part.strip_prefix("m/"));
        let metrics: Vec<&str> = metrics.unwrap_or_default().split(',').collect();
        assert!(metrics.contains(&metric), "{block} {variable:?}: {seen}");
    }
}
