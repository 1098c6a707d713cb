//! What AWS says of a WorkSpace, as attributes.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::aws::{Account, DataReplication, NewStandby, WorkSpace, WorkSpaceArn};
use crate::provider::tags::{TagSettings, from_map, to_map};
use crate::tf::{Value, duration};

use super::key;
use super::private::Private;

/// The request for what was planned.
pub(super) fn new_standby(planned: &Value) -> NewStandby {
    let text = |name: &str| planned.get(name).as_str().unwrap_or_default().to_owned();
    NewStandby {
        primary_id: text("primary_workspace_id"),
        primary_region: text("primary_region"),
        directory_id: text("directory_id"),
        volume_encryption_key: planned.get("volume_encryption_key").as_str().map(str::to_owned),
        data_replication: data_replication(planned),
        tags: to_map(planned.get("tags_all")),
    }
}

/// The data replication that a state or plan names.
pub(super) fn data_replication(state: &Value) -> Option<DataReplication> {
    state.get("data_replication").as_str().and_then(DataReplication::parse)
}

/// The ARN of a WorkSpace; null where the account is not known.
pub(super) fn arn(account: Option<&Account>, region: &str, id: &str) -> Value {
    Value::optional_string(
        account.map(|account| WorkSpaceArn { region, account: &account.id, id }.to_string()),
    )
}

/// A duration of the `timeouts` block, or the default.
pub(in crate::provider) fn timeout(state: &Value, name: &str, default: Duration) -> Duration {
    let configured = state.get("timeouts").get(name).as_str();
    configured.and_then(|text| duration::parse(text).ok()).unwrap_or(default)
}

/// These attributes of a standby as AWS shows it, tags aside: null where it says nothing.
pub(in crate::provider) fn described(
    attributes: impl Iterator<Item = &'static str>,
    workspace: &WorkSpace,
    region: &str,
    account: Option<&Account>,
) -> Value {
    let mut state = Value::object(attributes.map(|name| (name, Value::Null)));
    refresh(&mut state, workspace, &mut Private::default());
    state.set("region", region.into());
    state.set("arn", arn(account, region, &workspace.id));
    state
}

/// Brings a state up to date with what DescribeWorkspaces shows.
///
/// AWS answers incompletely for a while after a WorkSpace was made: what an answer leaves out keeps
/// its prior value. An answer that names the primary counts as complete, and then a missing data
/// replication means that there is none.
pub(super) fn refresh(state: &mut Value, workspace: &WorkSpace, private: &mut Private) {
    let mut text = |name: &str, now: Option<&String>| {
        if let Some(now) = now {
            state.set(name, Value::from(now.as_str()));
        }
    };
    text("id", Some(&workspace.id));
    text("directory_id", workspace.directory_id.as_ref());
    text("user_name", workspace.user_name.as_ref());
    text("bundle_id", workspace.bundle_id.as_ref());
    text("subnet_id", workspace.subnet_id.as_ref());
    text("computer_name", workspace.computer_name.as_ref());
    text("ip_address", workspace.ip_address.as_ref());
    text("state", workspace.state.as_ref());
    if let Some(primary) = &workspace.primary {
        text("primary_workspace_id", Some(&primary.id));
        text("primary_region", primary.region.as_ref());
        text("primary_state", primary.state.as_ref());
        let replication = workspace.data_replication.unwrap_or(DataReplication::Off);
        state.set("data_replication", replication.as_str().into());
        let snapshot = workspace.recovery_snapshot_time.clone();
        state.set("recovery_snapshot_time", Value::optional_string(snapshot));
    }
    for (name, encrypted) in [
        ("root_volume_encryption_enabled", workspace.root_volume_encryption_enabled),
        ("user_volume_encryption_enabled", workspace.user_volume_encryption_enabled),
    ] {
        if let Some(encrypted) = encrypted {
            state.set(name, encrypted.into());
        }
    }
    refresh_key(state, workspace.volume_encryption_key.as_deref(), private);
}

/// Keeps the configured spelling of the key for as long as AWS reports the same key.
fn refresh_key(state: &mut Value, reported: Option<&str>, private: &mut Private) {
    const NAME: &str = "volume_encryption_key";
    let Some(reported) = reported else { return };
    let same = state.get(NAME).as_str().is_some_and(|spelled| {
        // The first report after the creation is what AWS made of the spelling in the request.
        let remembered = private.key.as_mut().is_some_and(|key| {
            key.configured == spelled
                && key.reported.get_or_insert_with(|| reported.to_owned()) == reported
        });
        remembered || key::is_same(spelled, reported)
    });
    if !same {
        state.set(NAME, reported.into());
    }
}

/// Brings `tags` and `tags_all` up to date with all tags that AWS reports.
pub(super) fn refresh_tags(
    state: &mut Value,
    reported: BTreeMap<String, String>,
    settings: &TagSettings,
) {
    let all = settings.all_of(reported);
    let own = settings.own_of(&all, state.get("tags"));
    state.set("tags", own);
    state.set("tags_all", from_map(&all));
}

/// What an apply gives back: every planned value that was known as it was planned, because
/// Terraform insists on it, and what was not known as it now is. What AWS has made of a planned
/// value shows at the next refresh.
pub(super) fn as_planned(planned: &Value, actual: &Value) -> Value {
    match (planned, actual) {
        (Value::Unknown, actual) => actual.clone().unknown_as_null(),
        (Value::Object(planned), actual) => Value::object(
            planned.iter().map(|(name, value)| (name.clone(), as_planned(value, actual.get(name)))),
        ),
        (Value::Map(planned), actual) => Value::map(
            planned.iter().map(|(key, value)| (key.clone(), as_planned(value, actual.get(key)))),
        ),
        (known, _) => known.clone().unknown_as_null(),
    }
}
