use serde::Deserialize;
use serde_json::{Value, json};

use super::describe::{Answer, read};
use super::state::{Cloud, Context};
use super::workspace::{Transition, Workspace, WorkspaceState, later};

use WorkspaceState::{
    Available, Error, Impaired, Rebooting, Starting, Stopped, Stopping, Unhealthy,
};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Item {
    #[serde(default)]
    workspace_id: String,
}

/// What one of the three operations does to a WorkSpace.
struct Change {
    /// The states in which it is allowed.
    from: &'static [WorkspaceState],
    /// The state on the way.
    through: WorkspaceState,
    to: WorkspaceState,
    /// Whether a WorkSpace that is always on refuses it.
    needs_stops: bool,
}

impl Cloud {
    /// `StartWorkspaces`: stopped WorkSpaces that are not always on.
    pub(crate) fn start_workspaces(&mut self, context: Context<'_>, body: &Value) -> Answer {
        let change =
            Change { from: &[Stopped], through: Starting, to: Available, needs_stops: true };
        self.change_power(context, &body["StartWorkspaceRequests"], &change)
    }

    /// `StopWorkspaces`: running WorkSpaces that are not always on.
    pub(crate) fn stop_workspaces(&mut self, context: Context<'_>, body: &Value) -> Answer {
        let from = &[Available, Impaired, Unhealthy, Error];
        let change = Change { from, through: Stopping, to: Stopped, needs_stops: true };
        self.change_power(context, &body["StopWorkspaceRequests"], &change)
    }

    /// `RebootWorkspaces`: running WorkSpaces.
    pub(crate) fn reboot_workspaces(&mut self, context: Context<'_>, body: &Value) -> Answer {
        let from = &[Available, Unhealthy, Rebooting];
        let change = Change { from, through: Rebooting, to: Available, needs_stops: false };
        self.change_power(context, &body["RebootWorkspaceRequests"], &change)
    }

    /// Items fail one by one.
    fn change_power(&mut self, context: Context<'_>, items: &Value, change: &Change) -> Answer {
        let items: Vec<Item> = read(items)?;
        let mut failed = Vec::new();
        for Item { workspace_id: id } in items {
            let result = match self.workspace_mut(context.region, &id, context.now) {
                None => Err(("ResourceNotFound.Workspace", "The WorkSpace was not found.")),
                Some(workspace) => workspace.change_power(context, change),
            };
            if let Err((code, message)) = result {
                failed.push(json!({"WorkspaceId": id, "ErrorCode": code, "ErrorMessage": message}));
            }
        }
        Ok(json!({"FailedRequests": failed}))
    }
}

impl Workspace {
    fn change_power(
        &mut self,
        context: Context<'_>,
        change: &Change,
    ) -> Result<(), (&'static str, &'static str)> {
        if change.needs_stops && self.properties.running_mode == "ALWAYS_ON" {
            return Err((
                "OperationNotSupported.RunningMode",
                "A WorkSpace that is always on cannot be started or stopped.",
            ));
        }
        if !change.from.contains(&self.state(context.now)) {
            return Err((
                "InvalidResourceState.Workspace",
                "The state of the WorkSpace does not allow this operation.",
            ));
        }
        let until = later(context.now, context.pace.modification);
        self.transition = Some(Transition { through: change.through, until });
        self.rest = change.to.into();
        Ok(())
    }
}
