/// A WorkSpace as DescribeWorkspaces shows it, reduced to what a standby needs.
///
/// Every member but the id may be missing: AWS answers incompletely for a while after a WorkSpace
/// was created.
///
/// <https://docs.aws.amazon.com/workspaces/latest/api/API_Workspace.html>
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkSpace {
    /// The WorkSpace id, `ws-…`.
    pub id: String,
    /// The directory it is in.
    pub directory_id: Option<String>,
    /// The user it is for.
    pub user_name: Option<String>,
    /// The bundle it was made from.
    pub bundle_id: Option<String>,
    /// The subnet it is in.
    pub subnet_id: Option<String>,
    /// Its name in the operating system.
    pub computer_name: Option<String>,
    /// Its IP address.
    pub ip_address: Option<String>,
    /// Its state, as AWS spells it; a state that is new to this program is kept as text.
    pub state: Option<String>,
    /// Why it is in `ERROR`, as a code.
    pub error_code: Option<String>,
    /// Why it is in `ERROR`, in words.
    pub error_message: Option<String>,
    /// The size of its machine, such as `GRAPHICS_G4DN`, as AWS spells it.
    pub compute_type: Option<String>,
    /// Its operating system, such as `WINDOWS_11`, as AWS spells it.
    pub operating_system: Option<String>,
    /// ARN of the KMS key that encrypts its volumes.
    pub volume_encryption_key: Option<String>,
    /// Whether the root volume is encrypted.
    pub root_volume_encryption_enabled: Option<bool>,
    /// Whether the user volume is encrypted.
    pub user_volume_encryption_enabled: Option<bool>,
    /// The primary of which it is the standby; none on a WorkSpace that is no standby.
    pub primary: Option<Related>,
    /// Its standbys, where it is a primary.
    pub standbys: Vec<Related>,
    /// Whether data is copied from the primary; none where AWS says nothing about it.
    pub data_replication: Option<DataReplication>,
    /// When the last snapshot that it could be recovered from was taken, RFC 3339 in UTC.
    pub recovery_snapshot_time: Option<String>,
}

/// The WorkSpace at the other end of a primary and standby pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// Its WorkSpace id.
    pub id: String,
    /// The Region it is in.
    pub region: Option<String>,
    /// Its state, as AWS spells it.
    pub state: Option<String>,
}

/// Whether data is copied from the primary to the standby.
///
/// <https://docs.aws.amazon.com/workspaces/latest/adminguide/multi-region-resilience.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataReplication {
    /// Nothing is copied.
    Off,
    /// Snapshots of the primary's volumes are copied to the standby, every twelve hours.
    PrimaryAsSource,
}

impl DataReplication {
    /// The spelling of the API and of the Terraform attribute.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "NO_REPLICATION",
            Self::PrimaryAsSource => "PRIMARY_AS_SOURCE",
        }
    }

    /// From the spelling of the API.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Off, Self::PrimaryAsSource].into_iter().find(|setting| setting.as_str() == text)
    }
}

impl WorkSpace {
    /// The state, or an empty text where AWS has not said it yet.
    pub fn state(&self) -> &str {
        self.state.as_deref().unwrap_or_default()
    }

    /// AWS's reason for the state: "code: message", whichever of the two there is, or nothing.
    pub fn reason(&self) -> Option<String> {
        let message = self.error_message.as_ref().map(|text| text.trim_end_matches('.').to_owned());
        match (&self.error_code, &message) {
            (Some(code), Some(message)) => Some(format!("{code}: {message}")),
            (Some(only), None) | (None, Some(only)) => Some(only.clone()),
            (None, None) => None,
        }
    }
}

/// The partition of a Region, as it stands in ARNs: `aws`, `aws-cn`, `aws-us-gov`, an isolated
/// one or the European sovereign one.
///
/// <https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html>
pub fn partition(region: &str) -> &'static str {
    const BY_PREFIX: [(&str, &str); 7] = [
        ("cn-", "aws-cn"),
        ("us-gov-", "aws-us-gov"),
        ("us-isob-", "aws-iso-b"),
        ("us-isof-", "aws-iso-f"),
        ("eu-isoe-", "aws-iso-e"),
        ("us-iso-", "aws-iso"),
        ("eusc-", "aws-eusc"),
    ];
    BY_PREFIX
        .into_iter()
        .find(|(prefix, _)| region.starts_with(prefix))
        .map_or("aws", |(_, partition)| partition)
}
