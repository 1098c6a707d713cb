use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::describe::{Answer, read};
use super::render::epoch_seconds;
use super::state::{Cloud, Context};
use crate::sim::refusal::Refusal;

/// AWS makes snapshots for rebuilding and restoring every 12 hours.
const PERIOD_SECONDS: i64 = 12 * 3600;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Request {
    workspace_id: String,
}

impl Cloud {
    /// `DescribeWorkspaceSnapshots`: the newest one of each kind. A standby, which can be neither
    /// rebuilt nor restored, has none.
    pub(crate) fn describe_workspace_snapshots(
        &self,
        context: Context<'_>,
        body: &Value,
    ) -> Answer {
        let Request { workspace_id: id } = read(body)?;
        let Some(workspace) = self.workspace(context.region, &id, context.now) else {
            let message = format!("The WorkSpace {id} was not found.");
            return Err(Refusal::new("ResourceNotFoundException", &message).with("ResourceId", &id));
        };
        let newest = context.now.as_second().div_euclid(PERIOD_SECONDS) * PERIOD_SECONDS;
        let newest = Timestamp::from_second(newest).unwrap_or(Timestamp::MIN);
        let has_one = workspace.primary.is_none() && workspace.ready_at <= newest;
        let snapshots: Vec<Value> =
            has_one.then(|| json!({"SnapshotTime": epoch_seconds(newest)})).into_iter().collect();
        Ok(json!({"RebuildSnapshots": snapshots, "RestoreSnapshots": snapshots}))
    }
}
