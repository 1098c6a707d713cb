use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::json;

use super::check::check;
use super::keys;
use super::workspace::{
    Condition, DataReplication, Properties, Replication, Workspace, WorkspaceState,
};
use crate::sim::random::Random;
use crate::sim::{Error, FleetWorkspace};

impl Workspace {
    /// A WorkSpace that is ready and has neither a primary nor a standby.
    pub(crate) fn plain(id: &str, directory_id: &str, user_name: &str, bundle_id: String) -> Self {
        let mut stable = Random::stable(&[id, directory_id]);
        let byte = |random: &mut Random| random.next() % 254 + 1;
        Self {
            id: id.to_owned(),
            directory_id: directory_id.to_owned(),
            user_name: user_name.to_owned(),
            bundle_id,
            subnet_id: subnet_ids(directory_id)[0].clone(),
            ip_address: format!(
                "10.{}.{}.{}",
                byte(&mut stable),
                byte(&mut stable),
                byte(&mut stable)
            ),
            // 15 characters are the most that NetBIOS allows.
            computer_name: format!("WSAMZN-{}", stable.letters(8).to_uppercase()),
            volume_encryption_key: None,
            user_volume_encrypted: false,
            root_volume_encrypted: false,
            properties: Properties {
                running_mode: "AUTO_STOP".to_owned(),
                running_mode_auto_stop_timeout_in_minutes: Some(60),
                root_volume_size_gib: 80,
                user_volume_size_gib: 50,
                compute_type_name: "STANDARD".to_owned(),
                operating_system_name: "WINDOWS_SERVER_2022".to_owned(),
            },
            created_at: Timestamp::MIN,
            visible_from: Timestamp::MIN,
            ready_at: Timestamp::MIN,
            rest: WorkspaceState::Available.into(),
            transition: None,
            forced: None,
            termination: None,
            primary: None,
            standbys: Vec::new(),
            replication: Replication::constant(DataReplication::NoReplication, Timestamp::MIN),
            tags: BTreeMap::new(),
            was_tagged: false,
        }
    }

    /// A WorkSpace of a fleet.
    ///
    /// # Errors
    /// A value breaks the API's rules, or the key is in another Region.
    pub(crate) fn of_fleet(
        wanted: &FleetWorkspace,
        region: &str,
        account_id: &str,
    ) -> Result<Self, Error> {
        let id = &wanted.workspace_id;
        let shown = json!({
            "WorkspaceId": id,
            "UserName": wanted.user_name,
            "State": wanted.state,
            "WorkspaceProperties": {
                "ComputeTypeName": wanted.compute_type_name,
                "OperatingSystemName": wanted.operating_system_name,
            },
        });
        check("Workspace", &shown, region)?;
        let bundle_id = bundle_id(region, &wanted.operating_system_name, &wanted.compute_type_name);
        let mut made = Self::plain(id, &wanted.directory_id, &wanted.user_name, bundle_id);
        made.properties.compute_type_name.clone_from(&wanted.compute_type_name);
        made.properties.operating_system_name.clone_from(&wanted.operating_system_name);
        made.tags.clone_from(&wanted.tags);
        made.rest = serde_json::from_value::<Condition>(json!({"State": wanted.state}))
            .map_err(|error| Error::Fleet(format!("{id} in {region}: {error}")))?;
        if let Some(key) = &wanted.volume_encryption_key {
            let arn = keys::key_arn(key, region, account_id);
            made.volume_encryption_key =
                Some(arn.map_err(|why| Error::Fleet(format!("{id} in {region}: {why}")))?);
            made.user_volume_encrypted = true;
            made.root_volume_encrypted = true;
        }
        Ok(made)
    }
}

/// A bundle id that depends only on the Region and what the bundle is.
pub(crate) fn bundle_id(region: &str, operating_system: &str, compute_type: &str) -> String {
    format!(
        "wsb-{}",
        Random::stable(&["bundle", region, operating_system, compute_type]).letters(9)
    )
}

/// The two subnets of a directory.
pub(crate) fn subnet_ids(directory_id: &str) -> [String; 2] {
    ["a", "b"]
        .map(|zone| format!("subnet-{}", Random::stable(&["subnet", directory_id, zone]).hex(17)))
}
