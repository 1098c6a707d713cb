//! The actions: starting, stopping and rebooting WorkSpaces, for drills and for the day of a failover.

mod change;
mod goal;
mod schema;

use futures_util::future::BoxFuture;

use crate::aws::PowerChange;
use crate::provider::action::{Action, ActionType, Progress};
use crate::provider::session::Session;
use crate::tf::{Diagnostics, Value};

/// The action `aws_workspaces_start_workspaces`.
pub(in crate::provider) fn start() -> ActionType {
    ActionType {
        name: "aws_workspaces_start_workspaces",
        schema: schema::start(),
        operations: &Power(PowerChange::Start),
    }
}

/// The action `aws_workspaces_stop_workspaces`.
pub(in crate::provider) fn stop() -> ActionType {
    ActionType {
        name: "aws_workspaces_stop_workspaces",
        schema: schema::stop(),
        operations: &Power(PowerChange::Stop),
    }
}

/// The action `aws_workspaces_reboot_workspaces`.
pub(in crate::provider) fn reboot() -> ActionType {
    ActionType {
        name: "aws_workspaces_reboot_workspaces",
        schema: schema::reboot(),
        operations: &Power(PowerChange::Reboot),
    }
}

#[derive(Debug)]
struct Power(PowerChange);

impl Action for Power {
    fn invoke<'a>(
        &'a self,
        session: &'a Session,
        configuration: &'a Value,
        progress: &'a dyn Progress,
    ) -> BoxFuture<'a, Diagnostics> {
        Box::pin(async move {
            let changed = change::change(self.0, session, configuration, progress).await;
            changed.err().unwrap_or_default()
        })
    }
}
