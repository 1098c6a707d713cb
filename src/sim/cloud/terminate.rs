use serde::Deserialize;
use serde_json::{Value, json};

use super::describe::{Answer, read};
use super::state::{Cloud, Context};
use super::workspace::{Termination, WorkspaceState, later};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Request {
    terminate_workspace_requests: Vec<Item>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Item {
    workspace_id: String,
}

impl Cloud {
    /// `TerminateWorkspaces`: any state but `SUSPENDED`. Items fail one by one; one that is already
    /// ending does not.
    pub(crate) fn terminate_workspaces(&mut self, context: Context<'_>, body: &Value) -> Answer {
        let request: Request = read(body)?;
        let mut failed = Vec::new();
        for Item { workspace_id: id } in request.terminate_workspace_requests {
            if let Err((code, message)) = self.terminate(context, &id) {
                failed.push(json!({"WorkspaceId": id, "ErrorCode": code, "ErrorMessage": message}));
            }
        }
        Ok(json!({"FailedRequests": failed}))
    }

    fn terminate(&mut self, context: Context<'_>, id: &str) -> Result<(), (&'static str, String)> {
        let Some(workspace) = self.workspace_mut(context.region, id, context.now) else {
            return Err((
                "ResourceNotFound.Workspace",
                format!("The WorkSpace {id} was not found."),
            ));
        };
        if workspace.state(context.now) == WorkspaceState::Suspended {
            let message = format!("The WorkSpace {id} is suspended and cannot be terminated.");
            return Err(("InvalidResourceState.Workspace", message));
        }
        if workspace.termination.is_none() {
            workspace.termination =
                Some(Termination { gone_at: later(context.now, context.pace.termination) });
        }
        Ok(())
    }
}
