use serde::Deserialize;
use serde_json::{Value, json};

use super::describe::{Answer, read};
use super::state::{Cloud, Context};
use super::workspace::WorkspaceState;
use crate::sim::refusal::Refusal;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Request {
    workspace_id: String,
    workspace_state: WorkspaceState,
}

impl Cloud {
    /// `ModifyWorkspaceState`: into `ADMIN_MAINTENANCE` and back to `AVAILABLE`.
    pub(crate) fn modify_workspace_state(&mut self, context: Context<'_>, body: &Value) -> Answer {
        let Request { workspace_id: id, workspace_state: wanted } = read(body)?;
        let Some(workspace) = self.workspace_mut(context.region, &id, context.now) else {
            let message = format!("The WorkSpace {id} was not found.");
            return Err(Refusal::new("ResourceNotFoundException", &message).with("ResourceId", &id));
        };
        if workspace.primary.is_some() {
            let message = "A standby WorkSpace cannot be modified directly.";
            let refusal = Refusal::new("OperationNotSupportedException", message);
            return Err(refusal.with("reason", message));
        }
        use WorkspaceState::{AdminMaintenance, Available, Stopped};
        match workspace.state(context.now) {
            Available | Stopped | AdminMaintenance => {
                workspace.rest = wanted.into();
                Ok(json!({}))
            }
            _ => {
                let message = "The state of the WorkSpace does not allow this operation.";
                Err(Refusal::new("InvalidResourceStateException", message))
            }
        }
    }
}
