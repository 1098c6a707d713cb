use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A WorkSpace as stored. What it looks like is a function of this and of the time.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Workspace {
    pub(crate) id: String,
    pub(crate) directory_id: String,
    pub(crate) user_name: String,
    pub(crate) bundle_id: String,
    pub(crate) subnet_id: String,
    pub(crate) ip_address: String,
    pub(crate) computer_name: String,
    pub(crate) volume_encryption_key: Option<String>,
    pub(crate) user_volume_encrypted: bool,
    pub(crate) root_volume_encrypted: bool,
    pub(crate) properties: Properties,
    /// When it was created; the beginning of time for what the fleet had.
    #[serde(default = "beginning")]
    pub(crate) created_at: Timestamp,
    /// Before this, describe operations leave it out.
    pub(crate) visible_from: Timestamp,
    /// Before this it is `PENDING`, from then on in the condition `rest`.
    pub(crate) ready_at: Timestamp,
    pub(crate) rest: Condition,
    /// A start, stop or reboot under way.
    #[serde(default)]
    pub(crate) transition: Option<Transition>,
    /// Forced by a control endpoint; hides every other condition except termination.
    pub(crate) forced: Option<Condition>,
    pub(crate) termination: Option<Termination>,
    /// The primary, when this is a standby.
    pub(crate) primary: Option<Link>,
    /// The standbys, when this is a primary. Some may be gone; readers look them up.
    pub(crate) standbys: Vec<Link>,
    /// Standbys only.
    pub(crate) replication: Replication,
    pub(crate) tags: BTreeMap<String, String>,
    /// Whether it had tags before, which the Resource Groups Tagging API remembers.
    #[serde(default)]
    pub(crate) was_tagged: bool,
}

/// The `WorkspaceProperties` that can be told apart.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Properties {
    pub(crate) running_mode: String,
    pub(crate) running_mode_auto_stop_timeout_in_minutes: Option<i64>,
    pub(crate) root_volume_size_gib: i64,
    pub(crate) user_volume_size_gib: i64,
    pub(crate) compute_type_name: String,
    pub(crate) operating_system_name: String,
}

/// A state, and why, where something is wrong.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct Condition {
    pub(crate) state: WorkspaceState,
    #[serde(default)]
    pub(crate) error_code: Option<String>,
    #[serde(default)]
    pub(crate) error_message: Option<String>,
}

/// A change under way.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Transition {
    /// The state until then.
    pub(crate) through: WorkspaceState,
    pub(crate) until: Timestamp,
}

/// A deletion under way.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Termination {
    pub(crate) gone_at: Timestamp,
}

/// A WorkSpace of some Region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Link {
    pub(crate) region: String,
    pub(crate) id: String,
}

/// Data replication, with the last change of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Replication {
    pub(crate) before: DataReplication,
    pub(crate) after: DataReplication,
    pub(crate) changes_at: Timestamp,
}

/// The two values of `DataReplication`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum DataReplication {
    #[default]
    NoReplication,
    PrimaryAsSource,
}

/// The 17 states of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum WorkspaceState {
    Pending,
    Available,
    Impaired,
    Unhealthy,
    Rebooting,
    Starting,
    Rebuilding,
    Restoring,
    Maintenance,
    AdminMaintenance,
    Terminating,
    Terminated,
    Suspended,
    Updating,
    Stopping,
    Stopped,
    Error,
}

impl Workspace {
    /// Whether it has been created and has not ended.
    pub(crate) fn exists(&self, now: Timestamp) -> bool {
        now >= self.created_at && !self.has_ended(now)
    }

    /// Whether its termination is complete.
    pub(crate) fn has_ended(&self, now: Timestamp) -> bool {
        self.termination.as_ref().is_some_and(|termination| now >= termination.gone_at)
    }

    /// Whether describe operations show it.
    pub(crate) fn is_visible(&self, now: Timestamp) -> bool {
        self.exists(now) && now >= self.visible_from
    }

    /// User names do not differ by case.
    pub(crate) fn is_of_user(&self, name: &str) -> bool {
        let ours = self.user_name.as_str();
        ours.eq_ignore_ascii_case(name)
            || (!ours.is_ascii() && ours.to_lowercase() == name.to_lowercase())
    }

    pub(crate) fn condition(&self, now: Timestamp) -> Condition {
        if self.termination.is_some() {
            return WorkspaceState::Terminating.into();
        }
        if let Some(forced) = &self.forced {
            return forced.clone();
        }
        if now < self.ready_at {
            return WorkspaceState::Pending.into();
        }
        if self.replication.is_changing(now) {
            return WorkspaceState::Updating.into();
        }
        if let Some(transition) = self.transition.as_ref().filter(|it| now < it.until) {
            return transition.through.into();
        }
        self.rest.clone()
    }

    pub(crate) fn state(&self, now: Timestamp) -> WorkspaceState {
        self.condition(now).state
    }
}

impl Replication {
    /// Replication that has not changed since `since`.
    pub(crate) fn constant(value: DataReplication, since: Timestamp) -> Self {
        Self { before: value, after: value, changes_at: since }
    }

    pub(crate) fn current(&self, now: Timestamp) -> DataReplication {
        if now < self.changes_at { self.before } else { self.after }
    }

    pub(crate) fn is_changing(&self, now: Timestamp) -> bool {
        self.before != self.after && now < self.changes_at
    }

    /// The newest recovery snapshot: the first comes `first_after` the start of replication, then
    /// one every 12 hours, which is the schedule that the administration guide gives.
    pub(crate) fn snapshot(
        &self,
        first_after: std::time::Duration,
        now: Timestamp,
    ) -> Option<Timestamp> {
        const PERIOD_SECONDS: i64 = 12 * 3600;
        let first = later(self.changes_at, first_after);
        if self.current(now) == DataReplication::NoReplication || now < first {
            return None;
        }
        let periods = now.duration_since(first).as_secs() / PERIOD_SECONDS;
        first.checked_add(jiff::SignedDuration::from_secs(periods * PERIOD_SECONDS)).ok()
    }
}

impl From<WorkspaceState> for Condition {
    fn from(state: WorkspaceState) -> Self {
        Self { state, error_code: None, error_message: None }
    }
}

fn beginning() -> Timestamp {
    Timestamp::MIN
}

/// A time after `now`, or the end of the calendar.
pub(crate) fn later(now: Timestamp, delay: std::time::Duration) -> Timestamp {
    now.checked_add(delay).unwrap_or(Timestamp::MAX)
}
