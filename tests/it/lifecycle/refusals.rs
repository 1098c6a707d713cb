//! What AWS refuses of a creation.

use serde_json::json;
use terraform_provider_aws_workspaces::provider::{Instance, PlannedChange};
use terraform_provider_aws_workspaces::sim::Settings;
use terraform_provider_aws_workspaces::sim::builtin::*;
use terraform_provider_aws_workspaces::tf::Value;

use crate::support::in_process::{Applied, Desk, id, says};

/// An error with nothing made and nothing to save.
#[track_caller]
fn refused(applied: &Applied, texts: &[&str], path: Option<&str>) {
    let error = applied.error();
    says(error, texts);
    assert_eq!(error.path.as_ref().map(ToString::to_string).as_deref(), path, "{error:?}");
    assert!(applied.outcome.instance.state.is_null(), "{applied:?}");
    assert!(applied.checkpoint.is_none(), "{applied:?}");
}

#[tokio::test(start_paused = true)]
async fn each_refused_item_is_an_error_with_all_that_aws_said() {
    let directory = |id: &str| vec![("directory_id", Value::from(id))];
    let key = "0a1b2c3d-not-a-key";
    for (primary, more, code, path) in [
        (LINUX_PRIMARY, vec![], "OperationNotSupported", Some("primary_workspace_id")),
        (GRAPHICS_PRIMARY, vec![], "OperationNotSupported", Some("primary_workspace_id")),
        (GENERAL_PURPOSE_PRIMARY, vec![], "OperationNotSupported", Some("primary_workspace_id")),
        (OCCUPIED_PRIMARY, vec![], "ResourceExists.WorkSpace", Some("directory_id")),
        (PRIMARIES[0], directory("d-0123456789"), "ResourceNotFound", Some("directory_id")),
        (
            PRIMARIES[0],
            directory(DEREGISTERED_DIRECTORY_ID),
            "ResourceUnavailable.Directory",
            Some("directory_id"),
        ),
        (
            PRIMARIES[0],
            vec![("volume_encryption_key", key.into())],
            "InvalidParameterValues.VolumeEncryptionKey",
            Some("volume_encryption_key"),
        ),
    ] {
        let desk = Desk::new(Settings::default()).await;
        let applied = desk.create(&desk.standby(primary, &more)).await;
        let said = [code, "request ID ", STANDBY_REGION, primary];
        refused(&applied, &said, path);
        assert_eq!(desk.standbys_of(primary), [""; 0], "{primary}");
        // A refusal is not asked for again.
        assert_eq!(desk.calls("CreateStandbyWorkspaces").len(), 1, "{primary}");
    }
}

#[tokio::test(start_paused = true)]
async fn replication_into_a_simple_ad_is_refused() {
    let desk = Desk::new(Settings::default()).await;
    let more = [
        ("directory_id", SIMPLE_AD_DIRECTORY_ID.into()),
        ("data_replication", "PRIMARY_AS_SOURCE".into()),
    ];
    let applied = desk.create(&desk.standby(PRIMARIES[0], &more)).await;
    says(applied.error(), &["OperationNotSupported.DataReplication", "Simple AD", "request ID"]);
    assert!(applied.outcome.instance.state.is_null());
}

#[tokio::test(start_paused = true)]
async fn a_region_that_is_not_documented_is_warned_of_once_a_plan() {
    let desk = Desk::with(Settings::default(), &[("region", ZERO_QUOTA_REGION.into())]).await;
    let arguments = [("directory_id", ZERO_QUOTA_DIRECTORY_ID.into())];
    let config = desk.standby(PRIMARIES[0], &arguments);
    let warnings = |planned: &PlannedChange| planned.diagnostics.iter().count();
    let absent = Instance::absent();
    let planned = desk.plan(&absent, &config).await;
    assert_eq!(warnings(&planned), 1, "{:?}", planned.diagnostics);
    // Of a replacement Terraform asks twice: for the change, and then as for a new one.
    let prior = Instance { state: planned.instance.state.unknown_as_null(), ..absent.clone() };
    let config = desk.standby(PRIMARIES[1], &arguments);
    let first = desk.plan(&prior, &config).await;
    assert!(!first.requires_replace.is_empty());
    let second = desk.plan(&absent, &config).await;
    assert_eq!((warnings(&first), warnings(&second)), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn an_exhausted_quota_names_service_quotas() {
    let desk = Desk::new(Settings::default()).await;
    let more =
        [("region", ZERO_QUOTA_REGION.into()), ("directory_id", ZERO_QUOTA_DIRECTORY_ID.into())];
    let applied = desk.create(&desk.standby(PRIMARIES[0], &more)).await;
    let said =
        ["ResourceLimitExceeded", "quota", "Service Quotas", ZERO_QUOTA_REGION, "request ID"];
    refused(&applied, &said, None);
}

#[tokio::test(start_paused = true)]
async fn a_second_standby_is_refused_and_the_first_is_not_touched() {
    let desk = Desk::new(Settings::default()).await;
    let first = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
    let ireland = [("region", IRELAND.into()), ("directory_id", IRELAND_DIRECTORY_ID.into())];
    for more in [&[][..], &ireland[..]] {
        let applied = desk.create(&desk.standby(PRIMARIES[0], more)).await;
        let said =
            if more.is_empty() { "Two resources have the primary" } else { "ResourceExists" };
        refused(&applied, &[said, PRIMARIES[0]], Some("primary_workspace_id"));
    }
    // Another process knows it from the primary, and sends nothing.
    let another = desk.another(&[]).await;
    desk.forget_calls();
    for more in [&[][..], &ireland[..]] {
        let applied = another.create(&desk.standby(PRIMARIES[0], more)).await;
        refused(&applied, &[PRIMARIES[0], id(&first)], Some("primary_workspace_id"));
        assert_eq!(desk.calls("CreateStandbyWorkspaces").len(), usize::from(!more.is_empty()));
        if more.is_empty() {
            let import = format!("id = \"{}@{STANDBY_REGION}\"", id(&first));
            says(applied.error(), &["import {", &import]);
        }
    }
    // A standby cannot be a primary either.
    let mut config = desk.standby(PRIMARIES[0], &ireland);
    config.set("primary_workspace_id", id(&first).into());
    config.set("primary_region", STANDBY_REGION.into());
    let applied = desk.create(&config).await;
    refused(&applied, &["itself a standby"], Some("primary_workspace_id"));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_of_the_whole_call_says_what_to_do() {
    for (code, said) in [
        (
            "AccessDeniedException",
            &["workspaces:CreateStandbyWorkspaces", "workspaces:CreateTags"][..],
        ),
        ("ResourceLimitExceededException", &["Service Quotas", "tandby"]),
        ("OperationNotSupportedException", &["A fault of the simulator"]),
        ("InvalidParameterValuesException", &["argument that AWS names"]),
        ("ResourceNotFoundException", &["Region"]),
        ("UnrecognizedClientException", &["credentials"]),
        ("SomethingNewException", &[]),
    ] {
        let desk = Desk::new(Settings::default()).await;
        desk.faults(&[&format!("CreateStandbyWorkspaces:error={code}:1")]);
        let applied = desk.create(&desk.standby(PRIMARIES[0], &[])).await;
        refused(&applied, &[code, "told to refuse", "request ID ", STANDBY_REGION], None);
        says(applied.error(), said);
        assert_eq!(desk.calls("CreateStandbyWorkspaces").len(), 1, "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn neither_pending_nor_failed_is_an_error_after_looking() {
    let desk = Desk::new(Settings::default()).await;
    desk.faults(&["CreateStandbyWorkspaces:neither:1"]);
    let applied = desk.create(&desk.standby(PRIMARIES[0], &[])).await;
    refused(&applied, &["neither", "request ID", STANDBY_REGION], None);
    let directory = json!(STANDBY_DIRECTORY_ID);
    let looks = desk.calls("DescribeWorkspaces");
    let after = desk.calls("CreateStandbyWorkspaces")[0].at;
    let looked = looks.iter().any(|look| look.body["DirectoryId"] == directory && look.at > after);
    assert!(looked, "{looks:?}");
    assert_eq!(desk.standbys_of(PRIMARIES[0]), [""; 0]);
}
