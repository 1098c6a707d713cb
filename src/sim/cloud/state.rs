use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::alias::Alias;
use super::check::check;
use super::workspace::{Link, Workspace};
use crate::sim::fault::Twist;
use crate::sim::random::Random;
use crate::sim::{Error, Fleet, FleetRegion, ReplicationTarget, Settings};

/// Everything that exists, in all Regions. Serialized, it is the state file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Cloud {
    pub(crate) account_id: String,
    pub(crate) regions: BTreeMap<String, Region>,
    pub(crate) ids: Random,
}

/// One Region.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Region {
    pub(crate) standby_quota: u32,
    pub(crate) directories: BTreeMap<String, Directory>,
    pub(crate) workspaces: BTreeMap<String, Workspace>,
    #[serde(default)]
    pub(crate) aliases: BTreeMap<String, Alias>,
}

/// A directory as WorkSpaces knows it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Directory {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) kind: String,
    /// The state it is in, or is to be in after the change.
    pub(crate) state: String,
    /// A registration or deregistration under way.
    #[serde(default)]
    pub(crate) change: Option<DirectoryChange>,
    pub(crate) tags: BTreeMap<String, String>,
}

/// The state of a directory until some time.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DirectoryChange {
    pub(crate) through: String,
    pub(crate) until: Timestamp,
}

impl Directory {
    pub(crate) fn state(&self, now: Timestamp) -> &str {
        let change = self.change.as_ref().filter(|change| now < change.until);
        change.map_or(&self.state, |change| &change.through)
    }
}

/// The circumstances of a call: where, when, and how the simulator is set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context<'a> {
    /// The Region that was called.
    pub(crate) region: &'a str,
    /// When the call is carried out.
    pub(crate) now: Timestamp,
    pub(crate) pace: &'a Pace,
    /// What the faults of this call change.
    pub(crate) twist: Twist,
}

/// How long things take, and the choice that AWS leaves open.
#[derive(Clone, Debug)]
pub(crate) struct Pace {
    pub(crate) provisioning: Duration,
    pub(crate) visible_after: Duration,
    pub(crate) termination: Duration,
    pub(crate) modification: Duration,
    pub(crate) snapshot_after: Duration,
    pub(crate) replication_target: ReplicationTarget,
}

impl Pace {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self {
            provisioning: settings.provisioning,
            visible_after: settings.visible_after,
            termination: settings.termination,
            modification: settings.modification,
            snapshot_after: settings.snapshot_after,
            replication_target: settings.replication_target,
        }
    }
}

impl Cloud {
    /// The account of a fleet.
    ///
    /// # Errors
    /// A value breaks the API's rules, an id occurs twice, or a WorkSpace names a directory that is
    /// not there.
    pub(crate) fn new(fleet: &Fleet, seed: u64) -> Result<Self, Error> {
        let account_id = fleet.account_id.clone();
        if account_id.len() != 12 || !account_id.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Error::Fleet(format!("AccountId '{account_id}' is not 12 digits")));
        }
        let regions = fleet.regions.iter().map(|(name, region)| {
            let region = Region::new(name, region, &account_id)?;
            Ok((name.clone(), region))
        });
        Ok(Self {
            regions: regions.collect::<Result<_, Error>>()?,
            account_id,
            ids: Random::new(seed, "ids"),
        })
    }

    pub(crate) fn region(&self, name: &str) -> Option<&Region> {
        self.regions.get(name)
    }

    /// A WorkSpace that has not ended, whether describe operations show it or not.
    pub(crate) fn workspace(&self, region: &str, id: &str, now: Timestamp) -> Option<&Workspace> {
        self.region(region)?.workspaces.get(id).filter(|workspace| workspace.exists(now))
    }

    pub(crate) fn workspace_mut(
        &mut self,
        region: &str,
        id: &str,
        now: Timestamp,
    ) -> Option<&mut Workspace> {
        let region = self.regions.get_mut(region)?;
        region.workspaces.get_mut(id).filter(|workspace| workspace.exists(now))
    }

    /// The standbys of a primary that have not ended.
    pub(crate) fn standbys<'a>(
        &'a self,
        primary: &'a Workspace,
        now: Timestamp,
    ) -> impl Iterator<Item = (&'a Link, &'a Workspace)> {
        primary
            .standbys
            .iter()
            .filter_map(move |link| Some((link, self.workspace(&link.region, &link.id, now)?)))
    }

    /// An id that was never given before.
    pub(crate) fn new_workspace_id(&mut self) -> String {
        loop {
            let id = format!("ws-{}", self.ids.letters(9));
            if self.regions.values().all(|region| !region.workspaces.contains_key(&id)) {
                return id;
            }
        }
    }

    /// Forgets what has ended, so that a long run does not grow without end.
    pub(crate) fn sweep(&mut self, now: Timestamp) {
        for region in self.regions.values_mut() {
            region.workspaces.retain(|_, workspace| !workspace.has_ended(now));
            region.aliases.retain(|_, alias| alias.exists(now));
        }
    }
}

impl Region {
    fn new(name: &str, region: &FleetRegion, account_id: &str) -> Result<Self, Error> {
        check("RelatedWorkspaceProperties", &json!({"Region": name}), name)?;
        let mut made = Self { standby_quota: region.standby_quota, ..Self::default() };
        for directory in &region.directories {
            let id = directory.directory_id.clone();
            let shown = json!({
                "DirectoryId": id,
                "DirectoryType": directory.directory_type,
                "State": directory.state,
            });
            check("WorkspaceDirectory", &shown, name)?;
            let new = Directory {
                id: id.clone(),
                name: directory.directory_name.clone(),
                kind: directory.directory_type.clone(),
                state: directory.state.clone(),
                change: None,
                tags: directory.tags.clone(),
            };
            if made.directories.insert(id.clone(), new).is_some() {
                return Err(Error::Fleet(format!("directory {id} occurs twice in {name}")));
            }
        }
        for workspace in &region.workspaces {
            let id = &workspace.workspace_id;
            if !made.directories.contains_key(&workspace.directory_id) {
                let directory = &workspace.directory_id;
                return Err(Error::Fleet(format!(
                    "{id} names the directory {directory}, which {name} does not have"
                )));
            }
            if made
                .workspaces
                .insert(id.clone(), Workspace::of_fleet(workspace, name, account_id)?)
                .is_some()
            {
                return Err(Error::Fleet(format!("WorkSpace {id} occurs twice in {name}")));
            }
        }
        for alias in &region.connection_aliases {
            let id = &alias.alias_id;
            if made.aliases.insert(id.clone(), Alias::of_fleet(alias, name, account_id)?).is_some()
            {
                return Err(Error::Fleet(format!("connection alias {id} occurs twice in {name}")));
            }
        }
        Ok(made)
    }

    /// The WorkSpace of a user in a directory.
    pub(crate) fn of_user(
        &self,
        directory_id: &str,
        user: &str,
        now: Timestamp,
    ) -> Option<&Workspace> {
        let there = self.workspaces.values().filter(|workspace| workspace.exists(now));
        there
            .filter(|workspace| workspace.directory_id == directory_id)
            .find(|workspace| workspace.is_of_user(user))
    }
}

/// The ARN partition of a Region.
pub(crate) fn partition(region: &str) -> &'static str {
    match region {
        _ if region.starts_with("cn-") => "aws-cn",
        _ if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    }
}
