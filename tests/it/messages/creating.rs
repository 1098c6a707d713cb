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
        ("the primary is not there", "ws-0unknown1", STANDBY_DIRECTORY_ID),
        ("the primary runs Linux", LINUX_PRIMARY, STANDBY_DIRECTORY_ID),
        ("the primary has a graphics bundle", GRAPHICS_PRIMARY, STANDBY_DIRECTORY_ID),
        ("the user has a WorkSpace already", OCCUPIED_PRIMARY, STANDBY_DIRECTORY_ID),
        ("the directory is not there", PRIMARIES[0], "d-0123456789"),
        ("the directory is not registered", PRIMARIES[0], DEREGISTERED_DIRECTORY_ID),
    ] {
        let desk = Desk::new(Settings::default()).await;
        let config = desk.standby(primary, &[("directory_id", directory.into())]);
        messages.add(met, &desk.create(&config).await.outcome.diagnostics);
    }
    for (met, fault) in [
        ("a permission is missing", "error=AccessDeniedException:1"),
        ("a quota is used up", "error=ResourceLimitExceededException:1"),
        ("AWS refuses the operation", "error=OperationNotSupportedException:1"),
        ("AWS refuses a parameter", "error=InvalidParameterValuesException:1"),
        ("something is not found", "error=ResourceNotFoundException:1"),
        ("something is not available", "error=ResourceUnavailableException:1"),
        ("the credentials have expired", "error=ExpiredTokenException:1"),
        ("AWS gives a reason that is new", "error=BrandNewException:1"),
        ("AWS throttles for good", "error=ThrottlingException:1"),
        ("AWS says neither yes nor no", "neither:1"),
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
    messages.add("a Simple AD is to be replicated into", &applied.outcome.diagnostics);
    let zero =
        [("region", ZERO_QUOTA_REGION.into()), ("directory_id", ZERO_QUOTA_DIRECTORY_ID.into())];
    let applied = desk.create(&desk.standby(PRIMARIES[0], &zero)).await;
    messages.add("the quota of the account is zero", &applied.outcome.diagnostics);
    for (met, code) in [
        ("one of several is not allowed", "AccessDenied.KMSKey"),
        ("one of several has a code that is new", "Brand.New"),
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
    messages.add("the primary has a standby already", &again.outcome.diagnostics);
}

pub(super) async fn lost_answers(messages: &mut Messages) {
    let desk = Desk::new(Settings::default()).await;
    desk.faults(&["CreateStandbyWorkspaces:reset-before:1"]);
    let applied = desk.create(&desk.standby(PRIMARIES[0], &[])).await;
    messages.add("no answer comes back", &applied.outcome.diagnostics);

    let desk = Desk::new(Settings::default()).await;
    desk.faults(&["CreateStandbyWorkspaces:reset-after:1", "DescribeTags:5xx-before:1"]);
    let applied = desk.create(&desk.standby(PRIMARIES[0], &[])).await;
    messages.add("what a lost request made cannot be proven", &applied.outcome.diagnostics);

    let desk = Desk::new(Settings::default()).await;
    desk.faults(&["CreateStandbyWorkspaces:slow=50s:1"]);
    let applied =
        stopped_after(&desk, &Instance::absent(), &desk.standby(PRIMARIES[0], &[]), 1).await;
    messages.add("a stop comes while AWS is asked", &applied.outcome.diagnostics);
    let applied =
        stopped_after(&desk, &Instance::absent(), &desk.standby(PRIMARIES[1], &[]), 0).await;
    messages.add("a stop comes before AWS is asked", &applied.outcome.diagnostics);
}

pub(super) async fn waits(messages: &mut Messages) {
    let slow = || Settings { provisioning: Duration::from_secs(36_000), ..Settings::default() };
    let desk = Desk::new(slow()).await;
    let config = desk.standby(PRIMARIES[0], &[]);
    let applied = desk.create(&config).await;
    messages.add("a standby takes too long", &applied.outcome.diagnostics);

    let desk = Desk::new(slow()).await;
    let applied = stopped_after(&desk, &Instance::absent(), &config, 60).await;
    messages.add("a stop comes while a standby is awaited", &applied.outcome.diagnostics);

    let desk = Desk::new(slow()).await;
    let denied = async {
        tokio::time::sleep(Duration::from_secs(60)).await;
        desk.faults(&["DescribeWorkspaces:error=AccessDeniedException:1"]);
    };
    let (applied, ()) = tokio::join!(desk.create(&config), denied);
    messages.add("a wait is not allowed to look any more", &applied.outcome.diagnostics);

    let desk = Desk::new(slow()).await;
    let outage = async {
        tokio::time::sleep(Duration::from_secs(60)).await;
        desk.faults(&["DescribeWorkspaces:reset-before:1"]);
    };
    let (applied, ()) = tokio::join!(desk.create(&config), outage);
    messages.add("AWS cannot be reached to the end of a wait", &applied.outcome.diagnostics);

    let desk = Desk::new(slow()).await;
    let vanishing = async {
        tokio::time::sleep(Duration::from_secs(60)).await;
        desk.vanish(&desk.standbys_of(PRIMARIES[0])[0]);
    };
    let (applied, ()) = tokio::join!(desk.create(&config), vanishing);
    messages.add("a standby vanishes while it is awaited", &applied.outcome.diagnostics);

    let desk = Desk::new(Settings::default()).await;
    desk.faults(&["CreateStandbyWorkspaces:fails-provisioning:1"]);
    let applied = desk.create(&config).await;
    messages.add("a standby turns out bad", &applied.outcome.diagnostics);
}
