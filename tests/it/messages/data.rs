//! What the data sources cannot read, and what the actions cannot change.

use terraform_provider_aws_workspaces::sim::builtin::*;
use terraform_provider_aws_workspaces::sim::{FleetDirectory, FleetWorkspace, Settings};
use terraform_provider_aws_workspaces::tf::Value;

use super::Messages;
use crate::support::in_process::{Desk, id, minutes};

pub(super) async fn data_sources(messages: &mut Messages) {
    let settings = Settings { provisioning: minutes(60), ..Settings::default() };
    let desk = Desk::new(settings).await;
    let no_wait = [("wait_for_ready", Value::from(false))];
    let one = desk.created(&desk.standby(PRIMARIES[0], &no_wait)).await;
    for primary in &PRIMARIES[1..3] {
        desk.created(&desk.standby(primary, &no_wait)).await;
    }
    let by_primary = [
        ("primary_workspace_id", Value::from(OCCUPIED_PRIMARY)),
        ("directory_id", STANDBY_DIRECTORY_ID.into()),
    ];
    for (met, by) in [
        ("the WorkSpace of a data source does not exist", &[("id", "ws-0nowhere1".into())][..]),
        ("the WorkSpace of a data source is not a standby", &[("id", ORDINARY_WORKSPACE.into())]),
        ("a primary has no standby", &by_primary),
    ] {
        messages.add(met, &desk.data("aws_workspaces_standby", by).await.unwrap_err());
    }
    let of = desk.provider.data_sources().iter().find(|of| of.name == "aws_workspaces_standby");
    let unnamed = desk.provider.validate_data_source(of.unwrap(), &desk.config(&[]));
    messages.add("a data source names no WorkSpace", &unnamed);
    let mut settings = Settings::default();
    let second = "d-90672f1a02";
    let region = settings.fleet.regions.get_mut(PRIMARY_REGION).unwrap();
    region.directories.push(FleetDirectory::new(second));
    region.workspaces.push(FleetWorkspace::new("ws-0second001", USERS[0], second));
    let primaries = Desk::new(settings).await;
    let arguments = [("region", Value::from(PRIMARY_REGION))];
    let read = primaries.data_and_warnings("aws_workspaces_primaries", &arguments).await;
    messages.add("a user has WorkSpaces in several directories", &read.unwrap().1);
    for (met, fault) in [
        ("the primary Region is unavailable", "reset-before"),
        ("DescribeWorkspaces is denied in the primary Region", "error=AccessDeniedException"),
    ] {
        primaries.faults(&[&format!("DescribeWorkspaces:{fault}:1")]);
        let found = primaries.data("aws_workspaces_primaries", &arguments).await.unwrap_err();
        messages.add(met, &found);
    }
    desk.faults(&["DescribeWorkspaces:slow=10m:1"]);
    let short = [("timeouts", Value::object([("read", Value::from("5s"))]))];
    let found = desk.data("aws_workspaces_standbys", &short).await.unwrap_err();
    messages.add("AWS does not respond within timeouts.read", &found);
    desk.faults(&[]);
    let timeouts = Value::object([("read", Value::from("10m"))]);
    let wait = [("wait_for_ready", Value::from(true)), ("timeouts", timeouts)];
    for (met, state) in
        [("some standbys are not ready in time", "STOPPED"), ("some standbys have failed", "ERROR")]
    {
        desk.force(id(&one), state);
        messages.add(met, &desk.data("aws_workspaces_standbys", &wait).await.unwrap_err());
    }
}

pub(super) async fn actions(messages: &mut Messages) {
    let desk = Desk::new(Settings::default()).await;
    let workspaces =
        Value::Set(vec![PRIMARIES[0].into(), "ws-0missing00".into(), "ws-0missing01".into()]);
    let all = [("workspace_ids", workspaces), ("region", PRIMARY_REGION.into())];
    let (_, failed) = desk.invoke("aws_workspaces_stop_workspaces", &all).await;
    messages.add("an action cannot change all WorkSpaces", &failed);
    desk.faults(&["RebootWorkspaces:slow=10m:1"]);
    let one = Value::Set(vec![PRIMARIES[0].into()]);
    let short =
        [("workspace_ids", one), ("region", PRIMARY_REGION.into()), ("timeout", "30s".into())];
    let (_, failed) = desk.invoke("aws_workspaces_reboot_workspaces", &short).await;
    messages.add("AWS does not respond to an action", &failed);
}
