//! Connection aliases: associating, ending, sharing and importing.

use serde_json::json;
use terraform_provider_aws_workspaces::provider::{ImportTarget, Instance};
use terraform_provider_aws_workspaces::sim::builtin::*;
use terraform_provider_aws_workspaces::sim::{FleetConnectionAlias, Settings};
use terraform_provider_aws_workspaces::tf::Value;

use super::{Messages, stopped_after};
use crate::support::in_process::{Desk, minutes, seconds};

const ASSOCIATION: &str = "aws_workspaces_connection_alias_association";
const PERMISSION: &str = "aws_workspaces_connection_alias_permission";
const ALIAS: &str = "wsca-0desktop1";
const OTHER_ALIAS: &str = "wsca-0desktop2";
const OTHER_ACCOUNT: &str = "210987654321";

async fn desk(type_name: &'static str) -> Desk {
    let mut settings = Settings { modification: minutes(30), ..Settings::default() };
    let region = settings.fleet.regions.get_mut(STANDBY_REGION).unwrap();
    region.connection_aliases = [ALIAS, OTHER_ALIAS]
        .map(|id| FleetConnectionAlias {
            alias_id: id.to_owned(),
            connection_string: "desktop.example.com".to_owned(),
            ..FleetConnectionAlias::default()
        })
        .into();
    Desk::new(settings).await.of(type_name)
}

fn config(desk: &Desk, timeout: Option<&str>) -> Value {
    let mut config =
        desk.config(&[("alias_id", ALIAS.into()), ("directory_id", STANDBY_DIRECTORY_ID.into())]);
    let timeouts = ["create", "delete"].map(|name| (name, Value::optional_string(timeout)));
    config.set("timeouts", Value::object(timeouts));
    config
}

fn pair(alias: &str, directory: &str) -> serde_json::Value {
    json!({"AliasId": alias, "ResourceId": directory})
}

pub(super) async fn associations(messages: &mut Messages) {
    for (met, alias, directory) in [
        ("the alias is associated with another directory", ALIAS, SIMPLE_AD_DIRECTORY_ID),
        ("the association already exists", ALIAS, STANDBY_DIRECTORY_ID),
        ("the directory has another alias", OTHER_ALIAS, STANDBY_DIRECTORY_ID),
    ] {
        let desk = desk(ASSOCIATION).await;
        desk.api(STANDBY_REGION, "AssociateConnectionAlias", &pair(alias, directory));
        let applied = desk.create(&config(&desk, None)).await;
        messages.add(met, &applied.outcome.diagnostics);
    }
    for (met, fault) in [
        ("AssociateConnectionAlias is denied", "error=AccessDeniedException"),
        ("the alias does not exist or is not shared", "error=ResourceNotFoundException"),
        ("the alias or the directory is not ready", "error=InvalidResourceStateException"),
        (
            "AWS does not support redirection for the directory",
            "error=OperationNotSupportedException",
        ),
        ("AWS does not show the conflicting association", "error=ResourceAssociatedException"),
        ("the connection is lost and the alias is associated", "reset-after"),
        ("the connection is lost and the alias is not associated", "reset-before"),
    ] {
        let desk = desk(ASSOCIATION).await;
        desk.faults(&[&format!("AssociateConnectionAlias:{fault}:1")]);
        let applied = desk.create(&config(&desk, None)).await;
        messages.add(met, &applied.outcome.diagnostics);
    }
    let failing = desk(ASSOCIATION).await;
    let removing = async {
        tokio::time::sleep(seconds(30)).await;
        let alias = json!({"AliasId": ALIAS});
        failing.api(STANDBY_REGION, "DisassociateConnectionAlias", &alias);
    };
    let configured = config(&failing, None);
    let (applied, ()) = tokio::join!(failing.create(&configured), removing);
    messages.add("AWS accepts an association and removes it", &applied.outcome.diagnostics);
    let desk = desk(ASSOCIATION).await;
    desk.faults(&[
        "AssociateConnectionAlias:reset-before:1",
        "DescribeConnectionAliases:error=AccessDeniedException:1",
    ]);
    let applied = desk.create(&config(&desk, None)).await;
    messages
        .add("the connection is lost and the alias cannot be read", &applied.outcome.diagnostics);
    desk.faults(&[]);
    let slow = desk.create(&config(&desk, Some("10m"))).await;
    messages.add("an association is not complete in time", &slow.outcome.diagnostics);
    let stopped = stopped_after(&desk, &slow.outcome.instance, &Value::Null, 60).await;
    messages.add(
        "Terraform is interrupted while it removes an association",
        &stopped.outcome.diagnostics,
    );
    let read = desk.read(&slow.outcome.instance).await;
    messages.add("an association is being removed outside Terraform", &read.diagnostics);
    tokio::time::sleep(minutes(30)).await;
    let read = desk.read(&read.instance).await;
    messages.add("an association was removed outside Terraform", &read.diagnostics);
    let absent = Instance::absent();
    let stopped = stopped_after(&desk, &absent, &config(&desk, Some("1h")), 60).await;
    messages.add(
        "Terraform is interrupted while it waits for an association",
        &stopped.outcome.diagnostics,
    );
    let mut elsewhere = stopped.outcome.instance.clone();
    elsewhere.state.set("region", IRELAND.into());
    let moved = desk.plan(&elsewhere, &config(&desk, None)).await;
    messages.add(
        "an association in another Region is imported, and region is not set",
        &moved.diagnostics,
    );
    let mut abroad = config(&desk, None);
    abroad.set("region", "cn-north-1".into());
    let planned = desk.plan(&Instance::absent(), &abroad).await;
    messages.add("the Region is in another partition", &planned.diagnostics);
    let read = desk.read(&elsewhere).await;
    messages.add("the state of an association differs from its identity", &read.diagnostics);
}

pub(super) async fn permissions(messages: &mut Messages) {
    let desk = desk(PERMISSION).await;
    let absent = Instance::absent();
    let config = |account: &str| {
        desk.config(&[("alias_id", ALIAS.into()), ("shared_account_id", account.into())])
    };
    let applied = desk.create(&config(ACCOUNT_ID)).await;
    messages.add("an alias is shared with its owner", &applied.outcome.diagnostics);
    let stopped = stopped_after(&desk, &absent, &config(OTHER_ACCOUNT), 0).await;
    messages
        .add("Terraform is interrupted before it shares an alias", &stopped.outcome.diagnostics);
    for (met, fault) in [
        ("the connection is lost and the alias is shared", "reset-after"),
        ("the permission already exists", "reset-before"),
    ] {
        desk.faults(&[&format!("UpdateConnectionAliasPermission:{fault}:1")]);
        let applied = desk.create(&config(OTHER_ACCOUNT)).await;
        messages.add(met, &applied.outcome.diagnostics);
    }
    desk.faults(&[]);
    let ended = json!({"SharedAccountId": OTHER_ACCOUNT, "AllowAssociation": false});
    let ended = json!({"AliasId": ALIAS, "ConnectionAliasPermission": ended});
    desk.api(STANDBY_REGION, "UpdateConnectionAliasPermission", &ended);
    let created = desk.created(&config(OTHER_ACCOUNT)).await;
    let applied = desk.create(&config(OTHER_ACCOUNT)).await;
    messages.add("two resources have the same permission", &applied.outcome.diagnostics);
    desk.faults(&["UpdateConnectionAliasPermission:error=AccessDeniedException:1"]);
    let applied = desk.delete(&created).await;
    messages.add("UpdateConnectionAliasPermission is denied", &applied.outcome.diagnostics);
    desk.faults(&["UpdateConnectionAliasPermission:error=ResourceAssociatedException:1"]);
    let applied = desk.delete(&created).await;
    messages.add("the other account uses the alias", &applied.outcome.diagnostics);
    desk.faults(&[]);
    let seen = desk.read(&created).await.instance;
    assert!(desk.delete(&created).await.succeeded().is_absent());
    messages.add("AWS does not show a new permission yet", &desk.read(&created).await.diagnostics);
    messages.add("a permission was removed outside Terraform", &desk.read(&seen).await.diagnostics);
}

pub(super) async fn imports(messages: &mut Messages) {
    for (met, type_name, id) in [
        ("the import ID of an association is not valid", ASSOCIATION, "desktop.example.com"),
        ("the imported alias has no association", ASSOCIATION, ALIAS),
        ("the imported alias does not exist", ASSOCIATION, "wsca-0unknown01"),
        ("the import ID of a permission is not valid", PERMISSION, ALIAS),
        ("the imported permission does not exist", PERMISSION, "wsca-0desktop1/210987654321"),
    ] {
        let desk = desk(type_name).await;
        let of = desk.provider.resources().iter().find(|of| of.name == type_name).unwrap();
        let outcome = desk.provider.import(of, ImportTarget::Id(id.to_owned())).await;
        messages.add(met, &outcome.diagnostics);
    }
}
