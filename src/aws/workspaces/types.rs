use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// A WorkSpace as DescribeWorkspaces shows it, reduced to what a standby needs.
///
/// Every member except the id can be missing: the answers of AWS are incomplete for a while after a
/// WorkSpace was created.
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
    /// Its state, as AWS spells it. States that are new to this program are kept as text.
    pub state: Option<String>,
    /// Why it is in `ERROR`, as a code.
    pub error_code: Option<String>,
    /// Why it is in `ERROR`, in words.
    pub error_message: Option<String>,
    /// Its compute type, such as `GRAPHICS_G4DN`, as AWS spells it.
    pub compute_type: Option<String>,
    /// Its operating system, such as `WINDOWS_11`, as AWS spells it.
    pub operating_system: Option<String>,
    /// Its running mode, such as `AUTO_STOP`, as AWS spells it.
    pub running_mode: Option<String>,
    /// ARN of the KMS key that encrypts its volumes.
    pub volume_encryption_key: Option<String>,
    /// Whether the root volume is encrypted.
    pub root_volume_encryption_enabled: Option<bool>,
    /// Whether the user volume is encrypted.
    pub user_volume_encryption_enabled: Option<bool>,
    /// Its primary; `None` if it is not a standby.
    pub primary: Option<Related>,
    /// Its standbys, if it is a primary.
    pub standbys: Vec<Related>,
    /// Whether data is replicated from the primary; `None` if AWS does not say.
    pub data_replication: Option<DataReplication>,
    /// When the latest recovery snapshot was taken, RFC 3339 in UTC.
    pub recovery_snapshot_time: Option<String>,
}

/// The other WorkSpace of a pair of primary and standby.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// Its WorkSpace id.
    pub id: String,
    /// The Region it is in.
    pub region: Option<String>,
    /// Its state, as AWS spells it.
    pub state: Option<String>,
}

impl Related {
    /// Whether it is being terminated.
    pub fn is_ending(&self) -> bool {
        self.state.as_deref().is_some_and(|state| ENDING_STATES.contains(&state))
    }
}

/// Whether data is replicated from the primary to the standby.
///
/// <https://docs.aws.amazon.com/workspaces/latest/adminguide/multi-region-resilience.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataReplication {
    /// No data is replicated.
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

/// How long AWS may take to show a new WorkSpace. AWS documents only that it is "not immediately
/// available"; this is far longer than any delay that was observed.
///
/// <https://docs.aws.amazon.com/workspaces/latest/api/API_CreateStandbyWorkspaces.html>
pub const MAY_BE_INVISIBLE: Duration = Duration::from_secs(15 * 60);

/// The states in which a new WorkSpace can be used. AWS does not say in which of the two a standby
/// rests.
///
/// <https://docs.aws.amazon.com/workspaces/latest/api/API_Workspace.html>
pub const READY_STATES: [&str; 2] = ["AVAILABLE", "STOPPED"];

/// The states of a WorkSpace that is being terminated.
pub const ENDING_STATES: [&str; 2] = ["TERMINATING", "TERMINATED"];

/// The states from which a new WorkSpace does not become ready by itself.
pub const FAILED_STATES: [&str; 4] = ["ERROR", "TERMINATING", "TERMINATED", "SUSPENDED"];

impl WorkSpace {
    /// Whether the WorkSpace can be used. Every state that is neither ready nor failed, including a
    /// state that is new to this program, is pending.
    pub fn is_ready(&self) -> bool {
        READY_STATES.contains(&self.state())
    }

    /// Whether the WorkSpace is being terminated.
    pub fn is_ending(&self) -> bool {
        ENDING_STATES.contains(&self.state())
    }

    /// Whether the WorkSpace will not become ready by itself.
    pub fn has_failed(&self) -> bool {
        FAILED_STATES.contains(&self.state())
    }

    /// The state; empty if AWS does not show it yet.
    pub fn state(&self) -> &str {
        self.state.as_deref().unwrap_or_default()
    }

    /// The error code and message of AWS for the state, as "code: message", or the one that is set.
    pub fn reason(&self) -> Option<String> {
        let message = self.error_message.as_ref().map(|text| text.trim_end_matches('.').to_owned());
        match (&self.error_code, &message) {
            (Some(code), Some(message)) => Some(format!("{code}: {message}")),
            (Some(only), None) | (None, Some(only)) => Some(only.clone()),
            (None, None) => None,
        }
    }
}

/// The partition of a Region, as used in ARNs: `aws`, `aws-cn`, `aws-us-gov`, an isolated one or the
/// European sovereign one.
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

/// The tags of a WorkSpace: values by key.
pub(in crate::aws) type Tags = BTreeMap<String, String>;

/// An AWS account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The twelve digits.
    pub id: String,
}

/// The ARN of a WorkSpace.
///
/// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonworkspaces.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkSpaceArn<'a> {
    /// The Region of the WorkSpace.
    pub region: &'a str,
    /// The twelve digits of the account.
    pub account: &'a str,
    /// The WorkSpace id, `ws-…`.
    pub id: &'a str,
}

impl<'a> WorkSpaceArn<'a> {
    /// Parses `arn:PARTITION:workspaces:REGION:ACCOUNT:workspace/ID`; `None` for any other text.
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        let mut next = || parts.next();
        let (arn, _partition, service) = (next()?, next()?, next()?);
        let (region, account, resource) = (next()?, next()?, next()?);
        let id = resource.strip_prefix("workspace/")?;
        (arn == "arn" && service == "workspaces").then_some(Self { region, account, id })
    }
}

impl fmt::Display for WorkSpaceArn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { region, account, id } = self;
        write!(f, "arn:{}:workspaces:{region}:{account}:workspace/{id}", partition(region))
    }
}
