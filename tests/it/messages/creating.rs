//! While a standby is made.

use std::time::Duration;

use serde_json::json;
use terraform_provider_aws_workspaces::provider::Instance;
use terraform_provider_aws_workspaces::sim::Settings;
use terraform_provider_aws_workspaces::sim::builtin::*;

use super::{Messages, stopped_after};
use crate::support::in_process::Desk;

pub(super) async fn refusals(messages: &mut Messages) {
    for (met, primary, directory) in [
        ("the primary does not exist", "ws-0unknown1", STANDBY_DIRECTORY_ID),
        ("the primary runs Linux", LINUX_PRIMARY, STANDBY_DIRECTORY_ID),
        ("the primary has a graphics bundle", GRAPHICS_PRIMARY, STANDBY_DIRECTORY_ID),
        (
            "the user already has a WorkSpace in the directory",
            OCCUPIED_PRIMARY,
            STANDBY_DIRECTORY_ID,
        ),
        ("the directory does not exist", PRIMARIES[0], "d-0123456789"),
        ("the directory is not registered", PRIMARIES[0], DEREGISTERED_DIRECTORY_ID),
    ] {
        let desk = Desk::new(Settings::default()).await;
        let config = desk.standby(primary, &[("directory_id", directory.into())]);
        messages.add(met, &desk.create(&config).await.outcome.diagnostics);
    }
    for (met, fault) in [
        ("CreateStandbyWorkspaces is denied", "error=AccessDeniedException:1"),
        ("the quota for standby WorkSpaces is reached", "error=ResourceLimitExceededException:1"),
        ("AWS does not support the operation", "error=OperationNotSupportedException:1"),
        ("AWS rejects a parameter", "error=InvalidParameterValuesException:1"),
        ("AWS does not find a resource", "error=ResourceNotFoundException:1"),
        ("a resource is not available", "error=ResourceUnavailableException:1"),
        ("the credentials have expired", "error=ExpiredTokenException:1"),
        ("AWS returns an unknown error code", "error=BrandNewException:1"),
        ("AWS throttles every attempt", "error=ThrottlingException:1"),
        ("AWS returns neither success nor failure", "neither:1"),
    ] {
        let desk = Desk::new(Settings::default()).await;
        desk.faults(&[&format!("CreateStandbyWorkspaces:{fault}")]);
        let applied = desk.create(&desk.standby(PRIMARIES[0], &[])).await;
        messages.add(met, &applied.outcome.diagnostics);
    }
    let simple = [
        ("directory_id", SIMPLE_AD_DIRECTORY_ID.into()),
        ("data_replication", "PRIMARY_AS_SOURCE".into()),
    ];
    let desk = Desk::new(Settings::default()).await;
    let applied = desk.create(&desk.standby(PRIMARIES[0], &simple)).await;
    messages.add(
        "the directory is a Simple AD and data replication is on",
        &applied.outcome.diagnostics,
    );
    let zero =
        [("region", ZERO_QUOTA_REGION.into()), ("directory_id", ZERO_QUOTA_DIRECTORY_ID.into())];
    let applied = desk.create(&desk.standby(PRIMARIES[0], &zero)).await;
    messages.add("the quota for standby WorkSpaces is zero", &applied.outcome.diagnostics);
    let desk = Desk::new(Settings::default()).await;
    // Nothing is created, so that the answer is true.
    desk.faults(&["CreateStandbyWorkspaces:neither:1"]);
    for (met, code) in [
        ("one standby of a batch is denied", "AccessDenied.KMSKey"),
        ("one standby of a batch has an unknown error code", "Brand.New"),
    ] {
        desk.rewrite(move |call, _| {
            (call.operation == "CreateStandbyWorkspaces").then(|| {
                json!({"FailedStandbyRequests": [{
                    "ErrorCode": code, "ErrorMessage": "The request was refused.",
                }]})
                .to_string()
            })
        });
        let applied = desk.create(&desk.standby(PRIMARIES[0], &[])).await;
        messages.add(met, &applied.outcome.diagnostics);
    }
    let desk = Desk::new(Settings::default()).await;
    desk.created(&desk.standby(PRIMARIES[0], &[])).await;
    let again = desk.create(&desk.standby(PRIMARIES[0], &[])).await;
    messages.add("two resources of an apply have the same primary", &again.outcome.diagnostics);
    let another = desk.another(&[]).await;
    let again = another.create(&desk.standby(PRIMARIES[0], &[])).await;
    messages.add("the primary already has a standby", &again.outcome.diagnostics);
}

pub(super) async fn lost_answers(messages: &mut Messages) {
    let desk = Desk::new(Settings::default()).await;
    desk.faults(&["CreateStandbyWorkspaces:reset-before:1"]);
    let applied = desk.create(&desk.standby(PRIMARIES[0], &[])).await;
    messages.add("the connection is lost before AWS answers", &applied.outcome.diagnostics);

    let desk = Desk::new(Settings::default()).await;
    desk.faults(&["CreateStandbyWorkspaces:reset-after:1", "DescribeTags:5xx-before:1"]);
    let applied = desk.create(&desk.standby(PRIMARIES[0], &[])).await;
    messages
        .add("the connection is lost and the primary has a standby", &applied.outcome.diagnostics);

    let desk = Desk::new(Settings::default()).await;
    desk.faults(&["CreateStandbyWorkspaces:slow=50s:1"]);
    let applied =
        stopped_after(&desk, &Instance::absent(), &desk.standby(PRIMARIES[0], &[]), 1).await;
    messages.add("Terraform is interrupted during the request", &applied.outcome.diagnostics);
    let applied =
        stopped_after(&desk, &Instance::absent(), &desk.standby(PRIMARIES[1], &[]), 0).await;
    messages.add("Terraform is interrupted before the request", &applied.outcome.diagnostics);
}

/// Standbys of one call that AWS neither tells apart nor shows.
pub(super) async fn batches(messages: &mut Messages) {
    let hidden = Settings { visible_after: Duration::from_secs(3_600), ..Settings::default() };
    let desk = Desk::new(hidden).await;
    desk.faults(&["CreateStandbyWorkspaces:without-user-name:1"]);
    let absent = Instance::absent();
    let configs = [PRIMARIES[0], PRIMARIES[1]].map(|primary| desk.standby(primary, &[]));
    let (one, other) = tokio::join!(
        stopped_after(&desk, &absent, &configs[0], 30),
        stopped_after(&desk, &absent, &configs[1], 30),
    );
    for applied in [one, other] {
        let met = "Terraform is interrupted before the standbys of a batch are visible";
        messages.add(met, &applied.outcome.diagnostics);
    }
}

pub(super) async fn waits(messages: &mut Messages) {
    let slow = || Settings { provisioning: Duration::from_secs(36_000), ..Settings::default() };
    let desk = Desk::new(slow()).await;
    let config = desk.standby(PRIMARIES[0], &[]);
    let applied = desk.create(&config).await;
    messages.add("a new standby is not ready in time", &applied.outcome.diagnostics);

    let desk = Desk::new(slow()).await;
    let applied = stopped_after(&desk, &Instance::absent(), &config, 60).await;
    messages.add(
        "Terraform is interrupted while it waits for a new standby",
        &applied.outcome.diagnostics,
    );

    let desk = Desk::new(slow()).await;
    let denied = async {
        tokio::time::sleep(Duration::from_secs(60)).await;
        desk.faults(&["DescribeWorkspaces:error=AccessDeniedException:1"]);
    };
    let (applied, ()) = tokio::join!(desk.create(&config), denied);
    messages.add(
        "DescribeWorkspaces is denied during the wait for a new standby",
        &applied.outcome.diagnostics,
    );

    let desk = Desk::new(slow()).await;
    let outage = async {
        tokio::time::sleep(Duration::from_secs(60)).await;
        desk.faults(&["DescribeWorkspaces:reset-before:1"]);
    };
    let (applied, ()) = tokio::join!(desk.create(&config), outage);
    messages.add("AWS is unreachable until the end of the wait", &applied.outcome.diagnostics);

    let desk = Desk::new(slow()).await;
    let vanishing = async {
        tokio::time::sleep(Duration::from_secs(60)).await;
        desk.vanish(&desk.standbys_of(PRIMARIES[0])[0]);
    };
    let (applied, ()) = tokio::join!(desk.create(&config), vanishing);
    messages.add("a new standby disappears during the wait", &applied.outcome.diagnostics);

    let desk = Desk::new(Settings::default()).await;
    desk.faults(&["CreateStandbyWorkspaces:fails-provisioning:1"]);
    let applied = desk.create(&config).await;
    messages.add("creation of a standby fails", &applied.outcome.diagnostics);
}
