use serde::{Deserialize, Serialize};

use crate::provider::managed::visibility::Visibility;

/// What the provider remembers of a standby in Terraform's private state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Private {
    #[serde(flatten)]
    pub(super) visibility: Visibility,
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

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::provider::attr::Attr;
    use crate::provider::managed::stored::decode_private;
    use crate::provider::standby::model::Standby;
    use crate::provider::standby::model::Stored;

    fn encoded(private: Private) -> Vec<u8> {
        Stored { state: Standby::default(), private, identity: Attr::Null }.encode().private
    }

    #[test]
    fn what_is_remembered_comes_back_and_nothing_takes_no_bytes() {
        assert!(encoded(Private::default()).is_empty());
        let visibility = Visibility {
            unseen_since: Some(Timestamp::UNIX_EPOCH),
            missing_since: Some(Timestamp::UNIX_EPOCH),
        };
        let key = Some(Key { configured: "alias/a".into(), reported: Some("arn".into()) });
        let private = Private { visibility, key };
        assert_eq!(decode_private::<Private>(&encoded(private.clone())), private);
        for foreign in [&b""[..], b"\x00", b"[]", br#"{"other":1}"#] {
            assert_eq!(decode_private::<Private>(foreign), Private::default(), "{foreign:?}");
        }
    }
}
