//! A standby in Rust types, and what AWS shows of a WorkSpace as its attributes.

use std::collections::BTreeMap;

use crate::aws::{Account, DataReplication, NewStandby, WorkSpace, WorkSpaceArn};
use crate::provider::attr::{Attr, Field, Tags, model};
use crate::provider::managed::stored;
use crate::provider::tags::{TagSettings, from_map, to_map};
use crate::tf::Value;

use super::identity::Identity;
use super::key;
use super::private::Private;

model! {
    /// The attributes of `aws_workspaces_standby`, as `schema` declares them.
    struct Standby {
        primary_workspace_id: String,
        primary_region: String,
        directory_id: String,
        region: String,
        volume_encryption_key: String,
        data_replication: String,
        tags: Tags,
        wait_for_ready: bool,
        adopt_existing: bool,
        tags_all: Tags,
        id: String,
        arn: String,
        user_name: String,
        bundle_id: String,
        subnet_id: String,
        computer_name: String,
        ip_address: String,
        state: String,
        primary_state: String,
        recovery_snapshot_time: String,
        root_volume_encryption_enabled: bool,
        user_volume_encryption_enabled: bool,
        timeouts: Timeouts,
    }
}

model! {
    /// The `timeouts` block.
    struct Timeouts {
        create: String,
        update: String,
        delete: String,
    }
}

/// One standby as Terraform stores it, decoded.
pub(super) type Stored = stored::Stored<Standby, Identity, Private>;

impl Standby {
    /// The request that creates what is planned.
    pub(super) fn request(&self) -> NewStandby {
        NewStandby {
            primary_id: self.primary_workspace_id.text(),
            primary_region: self.primary_region.text(),
            directory_id: self.directory_id.text(),
            volume_encryption_key: self.volume_encryption_key.known().cloned(),
            data_replication: self.replication(),
            tags: to_map(&self.tags_all),
        }
    }

    /// The id and the Region of the primary, where both are known.
    pub(super) fn primary(&self) -> Option<(&str, &str)> {
        self.primary_workspace_id.as_str().zip(self.primary_region.as_str())
    }

    /// The data replication that a state or plan names.
    pub(super) fn replication(&self) -> Option<DataReplication> {
        self.data_replication.as_str().and_then(DataReplication::parse)
    }

    /// A standby as AWS shows it, tags aside: null where AWS says nothing.
    pub(in crate::provider) fn shown(
        workspace: &WorkSpace,
        region: &str,
        account: Option<&Account>,
    ) -> Self {
        let mut state = Self::default();
        state.refresh(workspace, &mut Private::default());
        state.locate(account, region, &workspace.id);
        state
    }

    /// Sets the settings that only the provider uses to their defaults where the state has none, as
    /// after an import.
    pub(super) fn default_settings(&mut self) {
        for (setting, default) in
            [(&mut self.wait_for_ready, true), (&mut self.adopt_existing, false)]
        {
            if setting.is_null() {
                *setting = Attr::Known(default);
            }
        }
    }

    /// Sets the Region and, where the account is known, the ARN.
    pub(super) fn locate(&mut self, account: Option<&Account>, region: &str, id: &str) {
        self.region = region.into();
        let account = account.map(|account| account.id.as_str());
        self.arn.update(account.map(|account| WorkSpaceArn { region, account, id }.to_string()));
    }

    /// Takes over what DescribeWorkspaces shows.
    ///
    /// AWS answers incompletely for a while after a WorkSpace was created: an attribute that the
    /// answer leaves out keeps its value. An answer that names the primary counts as complete, and
    /// then a missing data replication means that there is none.
    pub(super) fn refresh(&mut self, workspace: &WorkSpace, private: &mut Private) {
        self.id.update(Some(workspace.id.as_str()));
        self.directory_id.update(workspace.directory_id.as_deref());
        self.user_name.update(workspace.user_name.as_deref());
        self.bundle_id.update(workspace.bundle_id.as_deref());
        self.subnet_id.update(workspace.subnet_id.as_deref());
        self.computer_name.update(workspace.computer_name.as_deref());
        self.ip_address.update(workspace.ip_address.as_deref());
        self.state.update(workspace.state.as_deref());
        self.root_volume_encryption_enabled.update(workspace.root_volume_encryption_enabled);
        self.user_volume_encryption_enabled.update(workspace.user_volume_encryption_enabled);
        if let Some(primary) = &workspace.primary {
            self.primary_workspace_id.update(Some(primary.id.as_str()));
            self.primary_region.update(primary.region.as_deref());
            self.primary_state.update(primary.state.as_deref());
            let replication = workspace.data_replication.unwrap_or(DataReplication::Off);
            self.data_replication = replication.as_str().into();
            self.recovery_snapshot_time = workspace.recovery_snapshot_time.as_deref().into();
        }
        self.refresh_key(workspace.volume_encryption_key.as_deref(), private);
    }

    /// Keeps the configured spelling of the key while AWS reports the same key.
    fn refresh_key(&mut self, reported: Option<&str>, private: &mut Private) {
        let Some(reported) = reported else { return };
        let same = self.volume_encryption_key.as_str().is_some_and(|spelled| {
            // The first report after the creation is the ARN of the key in the request.
            let remembered = private.key.as_mut().is_some_and(|key| {
                key.configured == spelled
                    && key.reported.get_or_insert_with(|| reported.to_owned()) == reported
            });
            remembered || key::is_same(spelled, reported)
        });
        if !same {
            self.volume_encryption_key = reported.into();
        }
    }

    /// Takes over `tags` and `tags_all` from all tags that AWS reports.
    pub(in crate::provider) fn refresh_tags(
        &mut self,
        reported: BTreeMap<String, String>,
        settings: &TagSettings,
    ) {
        let all = settings.all_of(reported);
        self.tags = settings.own_of(&all, &self.tags);
        self.tags_all = Attr::Known(from_map(&all));
    }

    /// The state as a value with these attributes alone.
    pub(in crate::provider) fn encode_only(
        &self,
        names: impl Iterator<Item = &'static str>,
    ) -> Value {
        let mut whole = self.encode();
        if let Value::Object(attributes) = &mut whole {
            let names: Vec<&str> = names.collect();
            attributes.retain(|name, _| names.contains(&name.as_str()));
        }
        whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::attr::tests::assert_fits;
    use crate::provider::standby::schema::schema;

    #[test]
    fn the_model_holds_what_the_schema_declares() {
        assert_fits::<Standby>(&schema().block);
    }
}
