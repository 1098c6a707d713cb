use jiff::Timestamp;
use serde_json::{Value, json};

use super::state::{Cloud, Pace};
use super::workspace::{Link, Workspace, WorkspaceState};

impl Cloud {
    /// A WorkSpace as `DescribeWorkspaces` shows it.
    pub(crate) fn render(&self, workspace: &Workspace, pace: &Pace, now: Timestamp) -> Value {
        let condition = workspace.condition(now);
        let mut shown = identity(workspace, condition.state);
        if let Some(key) = &workspace.volume_encryption_key {
            shown["VolumeEncryptionKey"] = json!(key);
        }
        shown["UserVolumeEncryptionEnabled"] = json!(workspace.user_volume_encrypted);
        shown["RootVolumeEncryptionEnabled"] = json!(workspace.root_volume_encrypted);
        shown["WorkspaceProperties"] = properties(workspace);
        shown["ModificationStates"] = json!([]);
        // A pending WorkSpace has no machine yet.
        if condition.state != WorkspaceState::Pending {
            shown["IpAddress"] = json!(workspace.ip_address);
            shown["SubnetId"] = json!(workspace.subnet_id);
            shown["ComputerName"] = json!(workspace.computer_name);
        }
        if let Some(code) = condition.error_code {
            shown["ErrorCode"] = json!(code);
        }
        if let Some(message) = condition.error_message {
            shown["ErrorMessage"] = json!(message);
        }
        if let Some(primary) = &workspace.primary {
            shown["RelatedWorkspaces"] = json!([self.related(primary, "PRIMARY", now)]);
            shown["DataReplicationSettings"] = replication(workspace, pace, now);
        }
        let standbys: Vec<_> =
            self.standbys(workspace, now).filter(|(_, standby)| standby.is_visible(now)).collect();
        if !standbys.is_empty() {
            let related =
                standbys.iter().map(|(link, _)| self.related(link, "STANDBY", now)).collect();
            shown["RelatedWorkspaces"] = Value::Array(related);
            let properties = standbys.iter().map(|(link, standby)| {
                let mut properties = replication(standby, pace, now);
                properties["StandbyWorkspaceId"] = json!(link.id);
                properties
            });
            shown["StandbyWorkspacesProperties"] = properties.collect();
        }
        shown
    }

    fn related(&self, link: &Link, kind: &str, now: Timestamp) -> Value {
        // AWS does not say what a standby shows once its primary is gone; its id stays known here,
        // as TERMINATED.
        let state = self
            .workspace(&link.region, &link.id, now)
            .map_or(WorkspaceState::Terminated, |w| w.state(now));
        json!({"WorkspaceId": link.id, "Region": link.region, "State": state, "Type": kind})
    }
}

/// The members that an incomplete description has, too.
pub(crate) fn identity(workspace: &Workspace, state: WorkspaceState) -> Value {
    json!({
        "WorkspaceId": workspace.id,
        "DirectoryId": workspace.directory_id,
        "UserName": workspace.user_name,
        "State": state,
        "BundleId": workspace.bundle_id,
    })
}

fn properties(workspace: &Workspace) -> Value {
    let properties = &workspace.properties;
    let mut shown = json!({
        "RunningMode": properties.running_mode,
        "RootVolumeSizeGib": properties.root_volume_size_gib,
        "UserVolumeSizeGib": properties.user_volume_size_gib,
        "ComputeTypeName": properties.compute_type_name,
        "Protocols": ["WSP"],
        "OperatingSystemName": properties.operating_system_name,
    });
    if let Some(minutes) = properties.running_mode_auto_stop_timeout_in_minutes {
        shown["RunningModeAutoStopTimeoutInMinutes"] = json!(minutes);
    }
    shown
}

fn replication(standby: &Workspace, pace: &Pace, now: Timestamp) -> Value {
    let mut shown = json!({"DataReplication": standby.replication.current(now)});
    if let Some(snapshot) = standby.replication.snapshot(pace.snapshot_after, now) {
        shown["RecoverySnapshotTime"] = epoch_seconds(snapshot);
    }
    shown
}

/// A time as AWS JSON has it: seconds since 1970, to the millisecond.
pub(crate) fn epoch_seconds(time: Timestamp) -> Value {
    json!(time.as_millisecond() as f64 / 1000.0)
}
