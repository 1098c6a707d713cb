use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::describe::{Answer, read};
use super::keys;
use super::state::{Cloud, Context};
use super::tags::{self, Tag};
use super::workspace::{Workspace, WorkspaceState, later};
use crate::sim::refusal::Refusal;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Request {
    workspaces: Vec<Value>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Item {
    directory_id: String,
    user_name: String,
    bundle_id: String,
    volume_encryption_key: Option<String>,
    #[serde(default)]
    user_volume_encryption_enabled: bool,
    #[serde(default)]
    root_volume_encryption_enabled: bool,
    #[serde(default)]
    workspace_properties: super::modify::Wanted,
    #[serde(default)]
    tags: Vec<Tag>,
}

impl Cloud {
    /// `CreateWorkspaces`: ordinary WorkSpaces, so that a test can make its own primaries. Items
    /// fail one by one.
    pub(crate) fn create_workspaces(&mut self, context: Context<'_>, body: &Value) -> Answer {
        let request: Request = read(body)?;
        let items: Vec<Item> = request.workspaces.iter().map(read).collect::<Result<_, _>>()?;
        let tagged: Vec<_> =
            items.iter().map(|item| tags::collect(&item.tags)).collect::<Result<_, Refusal>>()?;
        let (mut pending, mut failed) = (Vec::new(), Vec::new());
        for ((item, tags), echo) in items.iter().zip(tagged).zip(&request.workspaces) {
            match self.create_workspace(context, item, tags) {
                Ok(made) => pending.push(made),
                Err((code, message)) => failed.push(json!({
                    "WorkspaceRequest": echo, "ErrorCode": code, "ErrorMessage": message,
                })),
            }
        }
        Ok(json!({"PendingRequests": pending, "FailedRequests": failed}))
    }

    fn create_workspace(
        &mut self,
        context: Context<'_>,
        item: &Item,
        tags: BTreeMap<String, String>,
    ) -> Result<Value, (&'static str, String)> {
        let directory_id = &item.directory_id;
        let region = self.region(context.region);
        let directory = region.and_then(|region| region.directories.get(directory_id));
        let (Some(region), Some(directory)) = (region, directory) else {
            return Err((
                "ResourceNotFound.Directory",
                format!("The directory {directory_id} was not found."),
            ));
        };
        if directory.state(context.now) != "REGISTERED" {
            return Err((
                "ResourceUnavailable.Directory",
                format!("The directory {directory_id} is not registered."),
            ));
        }
        if region.of_user(directory_id, &item.user_name, context.now).is_some() {
            return Err((
                "ResourceExists.WorkSpace",
                "A WorkSpace already exists for the specified user".to_owned(),
            ));
        }
        let encrypted = item.user_volume_encryption_enabled || item.root_volume_encryption_enabled;
        let key = match &item.volume_encryption_key {
            Some(key) => Some(
                keys::key_arn(key, context.region, &self.account_id)
                    .map_err(|why| ("InvalidParameterValues.VolumeEncryptionKey", why))?,
            ),
            None => encrypted.then(|| keys::managed_key_arn(context.region, &self.account_id)),
        };
        let id = self.new_workspace_id();
        let mut made = Workspace {
            volume_encryption_key: key,
            user_volume_encrypted: item.user_volume_encryption_enabled,
            root_volume_encrypted: item.root_volume_encryption_enabled,
            created_at: context.now,
            visible_from: later(context.now, context.pace.visible_after),
            ready_at: later(context.now, context.pace.provisioning),
            tags,
            ..Workspace::plain(&id, directory_id, &item.user_name, item.bundle_id.clone())
        };
        // A bundle that the simulator does not have is as good as the usual one.
        if let Some(bundle) = self.bundles(context).remove(&item.bundle_id) {
            made.properties.operating_system_name = bundle.operating_system;
            made.properties.compute_type_name = bundle.compute_type;
        }
        item.workspace_properties.apply(&mut made.properties);
        let answer = json!({
            "WorkspaceId": id, "DirectoryId": made.directory_id, "UserName": made.user_name,
            "State": WorkspaceState::Pending, "BundleId": made.bundle_id,
        });
        let region =
            self.regions.get_mut(context.region).expect("the directory was found in this Region");
        region.workspaces.insert(id, made);
        Ok(answer)
    }
}
