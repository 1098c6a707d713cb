//! Accounts and Regions, and what AWS sees of the caller.

use serde_json::json;
use terraform_provider_aws_workspaces::sim::Settings;

use super::stage::{Stage, keyed};
use crate::support::requests::{errors, no_errors};
use crate::support::served::Served;

const OURS: &str = "123456789012";
const OTHERS: &str = "999999999999";

#[tokio::test]
async fn only_allowed_accounts_are_used() {
    for allowed in [json!([OURS]), json!([OTHERS, OURS])] {
        let stage = Stage::new();
        stage.run(keyed(json!({ "allowed_account_ids": allowed }))).await.succeeded();
    }
    let stage = Stage::new();
    let ran = stage.run(keyed(json!({ "allowed_account_ids": [OTHERS] }))).await;
    ran.refused("allowed_account_ids", &[OURS]);
    assert_eq!(stage.cloud.calls("DescribeWorkspaces"), 0);
}

#[tokio::test]
async fn forbidden_accounts_are_not_used() {
    let stage = Stage::new();
    stage.run(keyed(json!({ "forbidden_account_ids": [OTHERS] }))).await.succeeded();
    let stage = Stage::new();
    let ran = stage.run(keyed(json!({ "forbidden_account_ids": [OTHERS, OURS] }))).await;
    ran.refused("forbidden_account_ids", &[OURS]);
}

#[tokio::test]
async fn accounts_are_allowed_or_forbidden_and_have_twelve_digits() {
    for (block, path) in [
        (json!({ "allowed_account_ids": ["12345"] }), "allowed_account_ids"),
        (json!({ "forbidden_account_ids": ["desk"] }), "forbidden_account_ids"),
        (
            json!({ "allowed_account_ids": [OURS], "forbidden_account_ids": [OTHERS] }),
            "account_ids",
        ),
    ] {
        let stage = Stage::new();
        let ran = stage.run(keyed(block.clone())).await;
        let found = errors(&ran.configured);
        assert!(!found.is_empty(), "{block}");
        assert!(found.iter().all(|(at, _)| at.contains(path)), "{block}: {found:?}");
        assert_eq!(stage.cloud.all_calls(), 0, "it is known without a call");
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
        // The account must be known where it is to be checked.
        (json!({ "skip_credentials_validation": true, "allowed_account_ids": [OURS] }), 1, 1),
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
async fn sts_is_asked_in_its_own_region_where_one_is_given() {
    for (more, region) in
        [(json!({}), "us-west-2"), (json!({ "sts_region": "eu-west-1" }), "eu-west-1")]
    {
        let stage = Stage::new();
        stage.run(keyed(more)).await.succeeded();
        let asked: Vec<_> = stage
            .cloud
            .sts()
            .iter()
            .map(|call| {
                [&call["Operation"], &call["Region"]].map(|text| text.as_str().unwrap().to_owned())
            })
            .collect();
        assert_eq!(asked, [["GetCallerIdentity", region]]);
    }
}

#[tokio::test]
async fn a_region_that_is_none_is_refused_unless_that_is_to_be_skipped() {
    for (argument, block) in [("region", json!({ "region": "eu-west-99" }))] {
        let stage = Stage::new();
        let ran = stage.run(keyed(block.clone())).await;
        ran.refused(argument, &["eu-west-99", "skip_region_validation"]);
        assert_eq!(stage.cloud.all_calls(), 0, "it is known without a call");
        let mut block = keyed(block);
        block["skip_region_validation"] = json!(true);
        let ran = stage.run(block).await;
        assert_eq!(errors(&ran.configured), no_errors(), "{argument}");
    }
    let stage = Stage::new().with("AWS_REGION", "eu-west-99");
    let ran = stage.run(keyed(json!({ "region": null }))).await;
    ran.refused("", &["eu-west-99", "The environment variable AWS_REGION"]);
}

#[tokio::test]
async fn aws_sees_terraform_the_provider_and_what_is_added() {
    let stage = Stage::new().with("TF_APPEND_USER_AGENT", "pipeline/7 (nightly)");
    let block = keyed(json!({ "user_agent": ["desk-module/1.2", "team"] }));
    stage.run(block).await.succeeded();
    for operation in ["DescribeWorkspaces", "GetCallerIdentity"] {
        let seen = stage.cloud.simulator.stats().operation(operation).user_agent;
        let ours = concat!("terraform-provider-aws-workspaces/", env!("CARGO_PKG_VERSION"));
        for part in ["Terraform/1.99.0", ours, "desk-module/1.2", "team", "pipeline/7 (nightly)"] {
            assert!(seen.contains(part), "{part} is not in {operation}: {seen}");
        }
    }
}

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

#[tokio::test]
async fn the_retry_mode_is_accepted_and_changes_nothing() {
    for (block, variable) in [
        (json!({ "retry_mode": "adaptive" }), None),
        (json!({ "retry_mode": "standard" }), Some("adaptive")),
        (json!({}), Some("legacy")),
    ] {
        let mut stage = Stage::new();
        if let Some(variable) = variable {
            stage = stage.with("AWS_RETRY_MODE", variable);
        }
        stage.run(keyed(block.clone())).await.succeeded();
        // The standard mode of the SDK is m/E in the user agent, the adaptive one is m/F.
        let seen = stage.cloud.simulator.stats().operation("DescribeWorkspaces").user_agent;
        let metrics = seen.split_whitespace().find_map(|part| part.strip_prefix("m/"));
        let metrics: Vec<&str> = metrics.unwrap_or_default().split(',').collect();
        assert!(metrics.contains(&"E"), "{block} {variable:?}: {seen}");
    }
}

#[tokio::test]
async fn what_means_nothing_here_is_taken_with_one_warning() {
    for (argument, value) in [
        ("s3_use_path_style", json!(true)),
        ("s3_us_east_1_regional_endpoint", json!("regional")),
        ("tag_policy_compliance", json!("error")),
    ] {
        let stage = Stage::new();
        let ran = stage.run(keyed(json!({ argument: value }))).await;
        ran.succeeded().warned(argument, &[argument, "hashicorp/aws"]);
    }
}

/// A bucket of retries that is used up ends them early; without one they go on.
#[tokio::test]
async fn a_bucket_of_retries_is_used_where_it_is_asked_for() {
    for (capacity, is_used_up) in [(None, false), (Some(1), true)] {
        let faults = vec!["DescribeWorkspaces:5xx-before:1".parse().unwrap()];
        let settings = Settings { faults, ..Settings::default() };
        let stage = Stage::with_cloud(Served::start(settings));
        let mut block = keyed(json!({ "max_retries": 4 }));
        block["token_bucket_rate_limiter_capacity"] = json!(capacity);
        stage.run(block).await;
        let calls = stage.cloud.calls("DescribeWorkspaces");
        assert_eq!(calls, if is_used_up { 1 } else { 4 }, "{capacity:?}");
    }
}

#[tokio::test]
async fn the_account_of_a_role_is_the_one_that_counts() {
    let role = json!([{ "role_arn": "arn:aws:iam::210987654321:role/desk" }]);
    for (allowed, is_refused) in [("210987654321", false), (OURS, true)] {
        let stage = Stage::new();
        let block = keyed(json!({ "assume_role": role, "allowed_account_ids": [allowed] }));
        let ran = stage.run(block).await;
        match is_refused {
            true => drop(ran.refused("allowed_account_ids", &["210987654321"])),
            false => drop(ran.succeeded()),
        }
    }
}
