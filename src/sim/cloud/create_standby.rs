use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::describe::{Answer, read};
use super::keys;
use super::state::{Cloud, Context};
use super::tags::{self, Tag};
use super::workspace::{
    Condition, DataReplication, Link, Replication, Workspace, WorkspaceState, later,
};
use crate::sim::random::Random;
use crate::sim::refusal::Refusal;

/// AWS documents no most for this call; `CreateWorkspaces` takes 25.
const MOST_ITEMS: usize = 25;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Request {
    primary_region: String,
    standby_workspaces: Vec<Value>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Item {
    primary_workspace_id: String,
    directory_id: String,
    volume_encryption_key: Option<String>,
    #[serde(default)]
    tags: Vec<Tag>,
    #[serde(default)]
    data_replication: DataReplication,
}

/// Why one item was not taken: code and message. AWS documents no codes; those for
/// `CreateWorkspaces` set the form.
type Failure = (&'static str, String);

impl Cloud {
    /// `CreateStandbyWorkspaces`, called in the standby Region. Items fail one by one.
    pub(crate) fn create_standby_workspaces(
        &mut self,
        context: Context<'_>,
        body: &Value,
    ) -> Answer {
        let request: Request = read(body)?;
        let refuse = |message: &str| Err(Refusal::new("InvalidParameterValuesException", message));
        if request.primary_region == context.region {
            return refuse(
                "PrimaryRegion must be another Region than the one of the standby WorkSpaces.",
            );
        }
        if !(1..=MOST_ITEMS).contains(&request.standby_workspaces.len()) {
            return refuse("StandbyWorkspaces must have from 1 to 25 items.");
        }
        let items: Vec<Item> =
            request.standby_workspaces.iter().map(read).collect::<Result<_, _>>()?;
        let tagged = items.iter().map(|item| tags::collect(&item.tags));
        let tagged: Vec<_> = tagged.collect::<Result<_, _>>()?;
        let (mut pending, mut failed) = (Vec::new(), Vec::new());
        for ((item, tags), echo) in items.iter().zip(tagged).zip(&request.standby_workspaces) {
            match self.create_standby(context, &request.primary_region, item, tags) {
                Ok(made) => pending.push(made),
                Err((code, message)) => failed.push(json!({
                    "StandbyWorkspaceRequest": echo, "ErrorCode": code, "ErrorMessage": message,
                })),
            }
        }
        Ok(json!({"PendingStandbyRequests": pending, "FailedStandbyRequests": failed}))
    }

    fn create_standby(
        &mut self,
        context: Context<'_>,
        primary_region: &str,
        item: &Item,
        tags: BTreeMap<String, String>,
    ) -> Result<Value, Failure> {
        let primary = self.check(context, primary_region, item)?.clone();
        let encrypted = primary.user_volume_encrypted || primary.root_volume_encrypted;
        let key = match &item.volume_encryption_key {
            Some(key) => Some(
                keys::key_arn(key, context.region, &self.account_id)
                    .map_err(|why| ("InvalidParameterValues.VolumeEncryptionKey", why))?,
            ),
            // AWS does not say what an encrypted primary without a key of the standby Region gives.
            None => encrypted.then(|| keys::managed_key_arn(context.region, &self.account_id)),
        };
        let id = self.new_workspace_id();
        let ready_at = later(context.now, context.pace.provisioning);
        let named = item.volume_encryption_key.is_some() && !encrypted;
        let standby = Workspace {
            volume_encryption_key: key,
            user_volume_encrypted: primary.user_volume_encrypted || named,
            root_volume_encrypted: primary.root_volume_encrypted || named,
            properties: primary.properties.clone(),
            created_at: context.now,
            visible_from: later(context.now, context.pace.visible_after),
            ready_at,
            rest: if context.twist.fails_provisioning {
                provisioning_failed()
            } else {
                WorkspaceState::Available.into()
            },
            primary: Some(Link { region: primary_region.to_owned(), id: primary.id.clone() }),
            replication: Replication::constant(item.data_replication, ready_at),
            tags,
            ..Workspace::plain(
                &id,
                &item.directory_id,
                &primary.user_name,
                mirrored_bundle(&primary, context.region),
            )
        };
        let answer = json!({
            "UserName": standby.user_name, "DirectoryId": standby.directory_id,
            "State": WorkspaceState::Pending, "WorkspaceId": id,
        });
        if let Some(primary) = self.workspace_mut(primary_region, &primary.id, context.now) {
            primary.standbys.push(Link { region: context.region.to_owned(), id: id.clone() });
        }
        let region =
            self.regions.get_mut(context.region).expect("the directory was found in this Region");
        region.workspaces.insert(id, standby);
        Ok(answer)
    }

    /// Checks one item, in this order: primary, directory, user, quota.
    fn check(
        &self,
        context: Context<'_>,
        primary_region: &str,
        item: &Item,
    ) -> Result<&Workspace, Failure> {
        let id = &item.primary_workspace_id;
        let Some(primary) = self.workspace(primary_region, id, context.now) else {
            return Err((
                "ResourceNotFound.Workspace",
                format!("The WorkSpace {id} was not found in {primary_region}."),
            ));
        };
        check_primary(primary, context.now)?;
        let twist = context.twist;
        let existing = self.standbys(primary, context.now).next();
        if let Some((standby, _)) = existing.filter(|_| !twist.twins) {
            let message = match twist.exists_without_id {
                true => format!("The WorkSpace {id} already has a standby WorkSpace."),
                false => format!(
                    "The WorkSpace {id} already has the standby WorkSpace {} in {}.",
                    standby.id, standby.region
                ),
            };
            return Err(("ResourceExists.StandbyWorkspace", message));
        }
        let directory_id = &item.directory_id;
        let region = self.region(context.region);
        let directory = region.and_then(|region| region.directories.get(directory_id));
        let (Some(region), Some(directory)) = (region, directory) else {
            let message =
                format!("The directory {directory_id} was not found in {}.", context.region);
            return Err(("ResourceNotFound.Directory", message));
        };
        if directory.state(context.now) != "REGISTERED" {
            let message =
                format!("The directory {directory_id} is not registered with WorkSpaces.");
            return Err(("ResourceUnavailable.Directory", message));
        }
        if directory.kind == "SIMPLE_AD"
            && item.data_replication == DataReplication::PrimaryAsSource
        {
            return Err((
                "OperationNotSupported.DataReplication",
                "Simple AD does not support data replication.".into(),
            ));
        }
        // A twin has the user of the standby that is there already.
        let holder = region.of_user(directory_id, &primary.user_name, context.now);
        if holder.is_some_and(|holder| !twist.twins || holder.primary.is_none()) {
            return Err((
                "ResourceExists.WorkSpace",
                "A WorkSpace already exists for the specified user".to_owned(),
            ));
        }
        let standbys = region
            .workspaces
            .values()
            .filter(|w| w.primary.is_some() && w.exists(context.now))
            .count();
        if standbys >= region.standby_quota as usize {
            let quota = region.standby_quota;
            let message = format!(
                "The quota of {quota} standby WorkSpaces in {} has been reached.",
                context.region
            );
            return Err(("ResourceLimitExceeded.StandbyWorkspaces", message));
        }
        Ok(primary)
    }
}

/// The rules of the administration guide on what can have a standby.
fn check_primary(primary: &Workspace, now: Timestamp) -> Result<(), Failure> {
    let id = &primary.id;
    let unsupported = |why: String| Err(("OperationNotSupported.PrimaryWorkspace", why));
    if primary.primary.is_some() {
        return unsupported(format!("The WorkSpace {id} is itself a standby WorkSpace."));
    }
    let system = &primary.properties.operating_system_name;
    if ["AMAZON_LINUX", "UBUNTU", "RHEL", "ROCKY"].iter().any(|linux| system.starts_with(linux)) {
        return unsupported(format!(
            "The operating system {system} of {id} is not supported for standby WorkSpaces."
        ));
    }
    let bundle = &primary.properties.compute_type_name;
    if ["GRAPHICS", "GENERALPURPOSE"].iter().any(|kind| bundle.starts_with(kind)) {
        return unsupported(format!(
            "The compute type {bundle} of {id} is not supported for standby WorkSpaces."
        ));
    }
    use WorkspaceState::{Error, Pending, Suspended, Terminated, Terminating};
    if matches!(primary.state(now), Pending | Error | Suspended | Terminating | Terminated) {
        return Err((
            "InvalidResourceState.Workspace",
            format!("The state of the WorkSpace {id} does not allow this."),
        ));
    }
    Ok(())
}

/// Why a WorkSpace cannot have a standby, if it cannot.
pub(crate) fn refusal_of_primary(primary: &Workspace, now: Timestamp) -> Option<String> {
    check_primary(primary, now).err().map(|(_, why)| why)
}

fn provisioning_failed() -> Condition {
    Condition {
        state: WorkspaceState::Error,
        error_code: Some("ProvisioningFailed".to_owned()),
        error_message: Some("The standby WorkSpace could not be provisioned.".to_owned()),
    }
}

/// The primary's image arrives in the standby Region as a bundle of its own.
fn mirrored_bundle(primary: &Workspace, region: &str) -> String {
    format!("wsb-{}", Random::stable(&["mirror", &primary.bundle_id, region]).letters(9))
}
