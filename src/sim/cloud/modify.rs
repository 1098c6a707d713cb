use serde::Deserialize;
use serde_json::{Value, json};

use super::describe::{Answer, read};
use super::state::{Cloud, Context};
use super::workspace::{
    DataReplication, Link, Properties, Replication, Workspace, WorkspaceState, later,
};
use crate::sim::ReplicationTarget;
use crate::sim::refusal::Refusal;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Request {
    workspace_id: String,
    workspace_properties: Option<Wanted>,
    data_replication: Option<DataReplication>,
}

/// The `WorkspaceProperties` of a request; members that have no effect here are read past.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Wanted {
    running_mode: Option<String>,
    running_mode_auto_stop_timeout_in_minutes: Option<i64>,
    root_volume_size_gib: Option<i64>,
    user_volume_size_gib: Option<i64>,
    compute_type_name: Option<String>,
    operating_system_name: Option<String>,
}

impl Wanted {
    pub(crate) fn apply(&self, properties: &mut Properties) {
        fn set<T: Clone>(to: &mut T, from: &Option<T>) {
            if let Some(value) = from {
                to.clone_from(value);
            }
        }
        set(&mut properties.running_mode, &self.running_mode);
        set(&mut properties.root_volume_size_gib, &self.root_volume_size_gib);
        set(&mut properties.user_volume_size_gib, &self.user_volume_size_gib);
        set(&mut properties.compute_type_name, &self.compute_type_name);
        set(&mut properties.operating_system_name, &self.operating_system_name);
        let minutes = self.running_mode_auto_stop_timeout_in_minutes;
        let minutes = minutes.or(properties.running_mode_auto_stop_timeout_in_minutes);
        properties.running_mode_auto_stop_timeout_in_minutes =
            (properties.running_mode == "AUTO_STOP").then(|| minutes.unwrap_or(60));
    }
}

impl Cloud {
    /// `ModifyWorkspaceProperties`: data replication of a standby, or properties of any other
    /// WorkSpace.
    pub(crate) fn modify_workspace_properties(
        &mut self,
        context: Context<'_>,
        body: &Value,
    ) -> Answer {
        let request: Request = read(body)?;
        let id = &request.workspace_id;
        let Some(workspace) = self.workspace(context.region, id, context.now) else {
            let message = format!("The WorkSpace {id} was not found.");
            return Err(Refusal::new("ResourceNotFoundException", &message).with("ResourceId", id));
        };
        let refuse = |code: &'static str, message: &str| Err(Refusal::new(code, message));
        use WorkspaceState::{Available, Stopped, Unhealthy};
        if workspace.replication.is_changing(context.now) {
            return refuse(
                "OperationInProgressException",
                "The properties of this WorkSpace are being modified. Try again in a moment.",
            );
        }
        if !matches!(workspace.state(context.now), Available | Stopped | Unhealthy) {
            return refuse(
                "InvalidResourceStateException",
                "The state of the WorkSpace does not allow this operation.",
            );
        }
        match (request.data_replication, &request.workspace_properties) {
            (None, None) => refuse(
                "InvalidParameterValuesException",
                "Specify WorkspaceProperties or DataReplication.",
            ),
            (Some(_), Some(_)) => refuse(
                "InvalidParameterValuesException",
                "Specify only one of WorkspaceProperties and DataReplication.",
            ),
            (None, Some(_)) if workspace.primary.is_some() => Err(standby_is_fixed()),
            (None, Some(wanted)) => {
                if let Some(workspace) = self.workspace_mut(context.region, id, context.now) {
                    wanted.apply(&mut workspace.properties);
                }
                Ok(json!({}))
            }
            (Some(wanted), None) => {
                let standby = self.replicated(workspace, context)?;
                self.switch_replication(&standby, wanted, context)?;
                Ok(json!({}))
            }
        }
    }

    /// The standby whose replication a request for this WorkSpace is about.
    fn replicated(&self, workspace: &Workspace, context: Context<'_>) -> Result<Link, Refusal> {
        use ReplicationTarget::{Both, Primary, Standby};
        match (&workspace.primary, context.pace.replication_target) {
            (Some(_), Standby | Both) => {
                Ok(Link { region: context.region.to_owned(), id: workspace.id.clone() })
            }
            (Some(_), Primary) => Err(standby_is_fixed()),
            (None, Primary | Both) => {
                let standby =
                    self.standbys(workspace, context.now).next().map(|(link, _)| link.clone());
                let message = "The WorkSpace has no standby WorkSpace.";
                standby.ok_or_else(|| Refusal::new("InvalidResourceStateException", message))
            }
            (None, Standby) => Err(Refusal::new(
                "UnsupportedWorkspaceConfigurationException",
                "Data replication is modified on the standby WorkSpace.",
            )),
        }
    }

    fn switch_replication(
        &mut self,
        standby: &Link,
        wanted: DataReplication,
        context: Context<'_>,
    ) -> Result<(), Refusal> {
        let Some(standby) = self.workspace_mut(&standby.region, &standby.id, context.now) else {
            return Err(Refusal::new(
                "InvalidResourceStateException",
                "The WorkSpace has no standby WorkSpace.",
            ));
        };
        if standby.replication.is_changing(context.now) {
            let message =
                "The properties of this WorkSpace are being modified. Try again in a moment.";
            return Err(Refusal::new("OperationInProgressException", message));
        }
        if standby.state(context.now) == WorkspaceState::Pending {
            let message = "The standby WorkSpace is still being provisioned.";
            return Err(Refusal::new("InvalidResourceStateException", message));
        }
        let before = standby.replication.current(context.now);
        if before != wanted {
            standby.replication = Replication {
                before,
                after: wanted,
                changes_at: later(context.now, context.pace.modification),
            };
        }
        Ok(())
    }
}

fn standby_is_fixed() -> Refusal {
    let message = "A standby WorkSpace cannot be modified directly. Modify its primary WorkSpace.";
    Refusal::new("UnsupportedWorkspaceConfigurationException", message)
}
