use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::provider::recent::MAY_BE_INVISIBLE;

/// What the provider remembers of a standby in Terraform's private state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Private {
    /// When AWS returned the id, until DescribeWorkspaces shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) unseen_since: Option<Timestamp>,
    /// The configured spelling of the encryption key, and its ARN.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) key: Option<Key>,
}

/// A configured spelling of a key, and the ARN that AWS reports for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Key {
    pub(super) configured: String,
    /// Absent until AWS has reported it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reported: Option<String>,
}

impl Private {
    /// From the stored bytes. Bytes of another program, or none, count as an empty private state.
    pub(super) fn decode(bytes: &[u8]) -> Self {
        serde_json::from_slice(bytes).unwrap_or_default()
    }

    /// As bytes for Terraform to store.
    pub(super) fn encode(&self) -> Vec<u8> {
        if *self == Self::default() {
            return Vec::new();
        }
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Whether the WorkSpace may exist although DescribeWorkspaces does not show it.
    pub(super) fn may_be_invisible(&self, now: Timestamp) -> bool {
        self.unseen_since.is_some() && !self.patience(now).is_zero()
    }

    /// How much longer it may stay invisible.
    pub(super) fn patience(&self, now: Timestamp) -> Duration {
        let waited =
            self.unseen_since.map_or(SignedDuration::MAX, |since| now.duration_since(since));
        // A clock that was set back makes the time negative, and no wait longer.
        MAY_BE_INVISIBLE.saturating_sub(waited.try_into().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_comes_back_and_nothing_takes_no_bytes() {
        assert!(Private::default().encode().is_empty());
        let private = Private {
            unseen_since: Some(Timestamp::UNIX_EPOCH),
            key: Some(Key { configured: "alias/a".into(), reported: Some("arn".into()) }),
        };
        assert_eq!(Private::decode(&private.encode()), private);
        for foreign in [&b""[..], b"\x00", b"[]", br#"{"other":1}"#] {
            assert_eq!(Private::decode(foreign), Private::default(), "{foreign:?}");
        }
    }

    #[test]
    fn a_new_workspace_may_be_invisible_for_a_while_only() {
        let private = Private { unseen_since: Some(Timestamp::UNIX_EPOCH), ..Private::default() };
        let after = |minutes| Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes);
        assert!(private.may_be_invisible(after(1)));
        assert!(!private.may_be_invisible(after(16)));
        assert!(!Private::default().may_be_invisible(after(1)));
        assert_eq!(private.patience(after(5)).as_secs(), 600);
        assert_eq!(private.patience(after(16)).as_secs(), 0);
    }
}
