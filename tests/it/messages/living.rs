//! After it was made: refreshing, changing, ending, upgrading and importing.

use std::time::Duration;

use serde_json::json;
use terraform_provider_aws_workspaces::provider::{ImportTarget, Instance};
use terraform_provider_aws_workspaces::sim::Settings;
use terraform_provider_aws_workspaces::sim::builtin::*;
use terraform_provider_aws_workspaces::tf::Value;

use super::{Messages, stopped_after};
use crate::support::in_process::{Desk, id};

pub(super) async fn refreshes(messages: &mut Messages) {
    let desk = Desk::new(Settings::default()).await;
    let config = desk.standby(PRIMARIES[0], &[]);
    let created = desk.created(&config).await;
    for (met, state) in [
        ("a standby is UNHEALTHY, IMPAIRED or ERROR", "UNHEALTHY"),
        ("a standby is being terminated outside Terraform", "TERMINATING"),
    ] {
        desk.force(id(&created), state);
        messages.add(met, &desk.read(&created).await.diagnostics);
    }
    desk.faults(&["DescribeWorkspaces:error=AccessDeniedException:1"]);
    messages.add(
        "DescribeWorkspaces is denied during a refresh",
        &desk.read(&created).await.diagnostics,
    );
    desk.faults(&["DescribeWorkspaces:5xx-before:1"]);
    messages.add("AWS fails during a refresh", &desk.read(&created).await.diagnostics);
    desk.faults(&[]);
    let stored = |name: &str, value: Value| {
        let mut stored = created.clone();
        stored.state.set(name, value);
        stored
    };
    let arn = created.state.get("arn").as_str().unwrap();
    let of_another = arn.replace(ACCOUNT_ID, "999999999999");
    for (met, stored) in [
        ("the stored ID belongs to another WorkSpace", stored("id", ORDINARY_WORKSPACE.into())),
        ("the stored Region is not valid", stored("region", "us-est".into())),
        ("the stored ID is missing", stored("id", Value::Null)),
        ("the credentials belong to another account", stored("arn", of_another.as_str().into())),
    ] {
        messages.add(met, &desk.read(&stored).await.diagnostics);
    }
    // What has no primary and belongs to another user cannot be the stored standby.
    let mut replaced = created.clone();
    replaced.state.set("id", ORDINARY_WORKSPACE.into());
    replaced.state.set("arn", Value::Null);
    messages.add(
        "AWS shows another WorkSpace with the stored ID",
        &desk.read(&replaced).await.diagnostics,
    );
    let another = Value::object([
        ("account_id", Value::from("999999999999")),
        ("region", STANDBY_REGION.into()),
        ("id", id(&created).into()),
    ]);
    let stored = Instance { identity: another, ..created.clone() };
    messages.add(
        "the stored identity belongs to another account",
        &desk.read(&stored).await.diagnostics,
    );
    let unchecked = desk.another(&[("skip_credentials_validation", true.into())]).await;
    desk.vanish(id(&created));
    desk.faults(&["GetCallerIdentity:error=AccessDenied:1"]);
    let met = "AWS does not show a standby and GetCallerIdentity is denied";
    messages.add(met, &unchecked.read(&created).await.diagnostics);
    desk.faults(&[]);
    messages
        .add("a standby was terminated outside Terraform", &desk.read(&created).await.diagnostics);

    let hidden = Settings { visible_after: Duration::from_secs(600), ..Settings::default() };
    let desk = Desk::new(hidden).await;
    let config = desk.standby(PRIMARIES[0], &[("wait_for_ready", false.into())]);
    let created = desk.created(&config).await;
    messages.add("AWS does not show a new standby yet", &desk.read(&created).await.diagnostics);

    let desk = Desk::with(Settings::default(), &[("tag_reads", "tagging_api".into())]).await;
    let created = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
    desk.faults(&["GetResources:error=AccessDeniedException:1"]);
    messages.add("GetResources is denied", &desk.read(&created).await.diagnostics);
}

pub(super) async fn updates(messages: &mut Messages) {
    let on = [("data_replication", Value::from("PRIMARY_AS_SOURCE"))];
    let tagged = [("tags", Value::map([("Team", Value::from("dr"))]))];
    let created = async |desk: &Desk| desk.created(&desk.standby(PRIMARIES[0], &[])).await;

    for (met, fault, change) in [
        ("CreateTags is denied", "CreateTags:error=AccessDeniedException:1", &tagged),
        (
            "data replication is changed while the primary Region is unavailable",
            "ModifyWorkspaceProperties@us-east-1:reset-before:1",
            &on,
        ),
        (
            "AWS rejects a change of data replication in both Regions",
            "ModifyWorkspaceProperties:error=OperationNotSupportedException:1",
            &on,
        ),
    ] {
        let desk = Desk::new(Settings::default()).await;
        let prior = created(&desk).await;
        desk.faults(&[fault]);
        let updated = desk.update(&prior, &desk.standby(PRIMARIES[0], change)).await;
        messages.add(met, &updated.outcome.diagnostics);
    }
    let slow = Settings { modification: Duration::from_secs(36_000), ..Settings::default() };
    let desk = Desk::new(slow.clone()).await;
    let prior = created(&desk).await;
    let updated = desk.update(&prior, &desk.standby(PRIMARIES[0], &on)).await;
    messages
        .add("a change of data replication is not complete in time", &updated.outcome.diagnostics);

    let desk = Desk::new(Settings::default()).await;
    let prior = created(&desk).await;
    desk.faults(&["CreateTags:slow=10h:1"]);
    let updated = desk.update(&prior, &desk.standby(PRIMARIES[0], &tagged)).await;
    messages.add("AWS does not respond to a change of tags", &updated.outcome.diagnostics);

    let desk = Desk::new(Settings::default()).await;
    let prior = created(&desk).await;
    desk.faults(&["ModifyWorkspaceProperties:error=OperationInProgressException:1"]);
    let updated = desk.update(&prior, &desk.standby(PRIMARIES[0], &on)).await;
    messages
        .add("another change of the WorkSpace is still in progress", &updated.outcome.diagnostics);

    let desk = Desk::new(slow).await;
    let prior = created(&desk).await;
    let mut nowhere = prior.clone();
    nowhere.state.set("region", "us-est".into());
    let config = desk
        .standby(PRIMARIES[0], &[("region", "us-est".into()), ("wait_for_ready", false.into())]);
    let updated = desk.update(&nowhere, &config).await;
    messages.add("the stored Region is not valid, during an update", &updated.outcome.diagnostics);
    let stopped = stopped_after(&desk, &prior, &desk.standby(PRIMARIES[0], &on), 60).await;
    messages
        .add("Terraform is interrupted while it waits for a change", &stopped.outcome.diagnostics);
    let stopped = stopped_after(&desk, &prior, &desk.standby(PRIMARIES[0], &tagged), 0).await;
    messages.add("Terraform is interrupted before a change", &stopped.outcome.diagnostics);
}

pub(super) async fn deletions(messages: &mut Messages) {
    let desk = Desk::new(Settings::default()).await;
    let created = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
    desk.force(id(&created), "SUSPENDED");
    let deleted = desk.delete(&created).await;
    messages.add("a suspended standby is destroyed", &deleted.outcome.diagnostics);
    desk.control(
        "POST",
        &format!("workspaces/{STANDBY_REGION}/{}", id(&created)),
        &json!({"State": null}),
    );
    desk.faults(&["TerminateWorkspaces:error=AccessDeniedException:1"]);
    let deleted = desk.delete(&created).await;
    messages.add("TerminateWorkspaces is denied", &deleted.outcome.diagnostics);

    let slow = Settings { termination: Duration::from_secs(36_000), ..Settings::default() };
    // The simulator ends what it is asked to end, so another answer stands in for the refusal, and
    // the WorkSpace is shown as if nothing had happened.
    let desk = Desk::new(slow.clone()).await;
    let created = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
    let refused = id(&created).to_owned();
    desk.rewrite(move |call, body| match &*call.operation {
        "TerminateWorkspaces" => Some(
            json!({"FailedRequests": [{
                "WorkspaceId": refused, "ErrorCode": "InternalError.Workspace",
                "ErrorMessage": "The WorkSpace cannot be terminated at this time.",
            }]})
            .to_string(),
        ),
        _ => Some(body.replace("TERMINATING", "AVAILABLE")),
    });
    let deleted = desk.delete(&created).await;
    messages
        .add("AWS rejects the termination of one standby of a batch", &deleted.outcome.diagnostics);

    let desk = Desk::new(slow.clone()).await;
    let created = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
    let denied = async {
        tokio::time::sleep(Duration::from_secs(60)).await;
        desk.faults(&["DescribeWorkspaces:error=AccessDeniedException:1"]);
    };
    let (deleted, ()) = tokio::join!(desk.delete(&created), denied);
    messages.add("DescribeWorkspaces is denied during a termination", &deleted.outcome.diagnostics);

    let desk = Desk::new(slow.clone()).await;
    let created = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
    let deleted = desk.delete(&created).await;
    messages.add("a termination is not complete in time", &deleted.outcome.diagnostics);

    let desk = Desk::new(slow).await;
    let created = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
    let stopped = stopped_after(&desk, &created, &Value::Null, 60).await;
    messages.add(
        "Terraform is interrupted while it waits for a termination",
        &stopped.outcome.diagnostics,
    );

    // The state of a process that was killed has never seen the standby.
    let hidden = Settings { visible_after: Duration::from_secs(60), ..Settings::default() };
    let desk = Desk::new(hidden).await;
    let config = desk.standby(PRIMARIES[0], &[("wait_for_ready", false.into())]);
    let created = desk.created(&config).await;
    let request = json!({"TerminateWorkspaceRequests": [{"WorkspaceId": id(&created)}]});
    desk.api(STANDBY_REGION, "TerminateWorkspaces", &request);
    tokio::time::sleep(Duration::from_secs(900)).await;
    let deleted = desk.another(&[]).await.delete(&created).await;
    messages.add("AWS does not know the standby to destroy", &deleted.outcome.diagnostics);
}

pub(super) async fn upgrades(messages: &mut Messages) {
    let desk = Desk::new(Settings::default()).await;
    let of = &desk.provider.resources()[0];
    for (met, version, json) in [
        ("a newer version of the provider wrote the state", 9, &b"{}"[..]),
        ("the state is not valid JSON", 0, b"{"),
        ("the state has a value of the wrong type", 0, br#"{"tags": 5}"#),
    ] {
        messages.add(met, &desk.provider.upgrade_state(of, version, json).1);
    }
    let (_, diagnostics) = desk.provider.upgrade_identity(of, 9, b"{}");
    messages.add("a newer version of the provider wrote the identity", &diagnostics);
}

pub(super) async fn imports(messages: &mut Messages) {
    let desk = Desk::new(Settings::default()).await;
    desk.created(&desk.standby(PRIMARIES[0], &[])).await;
    let of = &desk.provider.resources()[0];
    let identity = |account: &str| {
        let account = Value::from(account);
        Value::object([
            ("account_id", account),
            ("region", Value::Null),
            ("id", "ws-0a1b2c3d4".into()),
        ])
    };
    for (met, target) in [
        ("the import ID is not valid", ImportTarget::Id("i-0a1b2c3d".to_owned())),
        (
            "the Region in an import ID is not valid",
            ImportTarget::Id("ws-0a1b2c3d4@us-est".to_owned()),
        ),
        ("AWS does not find the imported standby", ImportTarget::Id("ws-0a1b2c3d4".to_owned())),
        (
            "AWS does not find the imported standby in the Region of the import ID",
            ImportTarget::Id("ws-0a1b2c3d4@eu-west-1".to_owned()),
        ),
        ("a primary is imported", ImportTarget::Id(format!("{}@{PRIMARY_REGION}", PRIMARIES[0]))),
        ("an ordinary WorkSpace is imported", ImportTarget::Id(ORDINARY_WORKSPACE.to_owned())),
        (
            "the import identity belongs to another account",
            ImportTarget::Identity(identity("999999999999")),
        ),
        ("the import identity is not valid", ImportTarget::Identity(identity("mine"))),
    ] {
        messages.add(met, &desk.provider.import(of, target).await.diagnostics);
    }
    desk.faults(&["DescribeWorkspaces:error=AccessDeniedException:1"]);
    let target = ImportTarget::Id(ORDINARY_WORKSPACE.to_owned());
    let imported = desk.provider.import(of, target).await;
    messages.add("DescribeWorkspaces is denied during an import", &imported.diagnostics);
}
