use std::sync::LazyLock;

use crate::provider::managed::arguments::{region, timeout};
use crate::provider::standby;
use crate::tf::{Attribute, Block, Schema, Type, Validator};

/// The arguments of `aws_workspaces_start_workspaces`.
pub(super) fn start() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(|| {
        schema(
            "Starts WorkSpaces and waits until they are `AVAILABLE`. Only stopped WorkSpaces \
             with the running mode `AUTO_STOP` or `MANUAL` can be started. WorkSpaces that are \
             already `AVAILABLE` are not changed.",
        )
    });
    &SCHEMA
}

/// The arguments of `aws_workspaces_stop_workspaces`.
pub(super) fn stop() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(|| {
        schema(
            "Stops WorkSpaces and waits until they are `STOPPED`. Users who are connected are \
             disconnected. Only WorkSpaces with the running mode `AUTO_STOP` or `MANUAL` can be \
             stopped. WorkSpaces that are already `STOPPED` are not changed.",
        )
    });
    &SCHEMA
}

/// The arguments of `aws_workspaces_reboot_workspaces`.
pub(super) fn reboot() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(|| {
        schema(
            "Reboots WorkSpaces and waits until they are `AVAILABLE`. Users who are connected are \
             disconnected. Only WorkSpaces in the state `AVAILABLE`, `UNHEALTHY` or `REBOOTING` can be \
             rebooted.",
        )
    });
    &SCHEMA
}

fn schema(description: &'static str) -> Schema {
    let attributes = vec![
        Attribute::required(
            "workspace_ids",
            Type::set(Type::String),
            "IDs of the WorkSpaces, any number of them. One call to AWS changes 25.",
        )
        .validator(Validator::Pattern(
            standby::WORKSPACE_ID,
            "a WorkSpace ID such as `ws-0a1b2c3d4`",
        )),
        region(Attribute::optional(
            "region",
            Type::String,
            "Region of the WorkSpaces. The default is the provider's Region.",
        )),
        timeout("timeout", "How long to wait for the WorkSpaces. The default is `20m`."),
    ];
    Schema { version: 0, block: Block { description, attributes, blocks: Vec::new() } }
}
