//! What the data sources cannot read.

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
    desk.created(&desk.standby(PRIMARIES[1], &no_wait)).await;
    let by_primary = [
        ("primary_workspace_id", Value::from(PRIMARIES[2])),
        ("directory_id", STANDBY_DIRECTORY_ID.into()),
    ];
    for (met, by) in [
        ("a data source names no standby by its id", &[("id", "ws-0nowhere1".into())][..]),
        ("a data source names an ordinary WorkSpace", &[("id", ORDINARY_WORKSPACE.into())]),
        ("a primary has no standby", &by_primary),
    ] {
        messages.add(met, &desk.data("aws_workspaces_standby", by).await.unwrap_err());
    }
    let mut settings = Settings::default();
    let second = "d-90672f1a02";
    let region = settings.fleet.regions.get_mut(PRIMARY_REGION).unwrap();
    region.directories.push(FleetDirectory::new(second));
    region.workspaces.push(FleetWorkspace::new("ws-0second001", USERS[0], second));
    let primaries = Desk::new(settings).await;
    let arguments = [("region", Value::from(PRIMARY_REGION))];
    let read = primaries.data_and_warnings("aws_workspaces_primaries", &arguments).await;
    messages.add("a user has WorkSpaces in several directories", &read.unwrap().1);
    desk.faults(&["DescribeWorkspaces:slow=10m:1"]);
    let short = [("timeouts", Value::object([("read", Value::from("5s"))]))];
    let found = desk.data("aws_workspaces_standbys", &short).await.unwrap_err();
    messages.add("a list takes longer than timeouts.read", &found);
    desk.faults(&[]);
    let timeouts = Value::object([("read", Value::from("10m"))]);
    let wait = [("wait_for_ready", Value::from(true)), ("timeouts", timeouts)];
    for (met, state) in [("a fleet is not ready in time", "STOPPED"), ("one has failed", "ERROR")] {
        desk.force(id(&one), state);
        messages.add(met, &desk.data("aws_workspaces_standbys", &wait).await.unwrap_err());
    }
}
