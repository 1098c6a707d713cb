use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::Error;

/// What exists when the simulator starts: the content of the file that `--fleet` names.
///
/// The file is JSON. Members have the names that the WorkSpaces API uses; a member that is not
/// listed is refused.
///
/// ```json
/// {
///   "AccountId": "123456789012",
///   "Regions": {
///     "us-east-1": {
///       "Directories": [{ "DirectoryId": "d-90672f1a01", "DirectoryName": "corp.example.com" }],
///       "Workspaces": [
///         { "WorkspaceId": "ws-0primary1", "UserName": "ana", "DirectoryId": "d-90672f1a01" },
///         { "WorkspaceId": "ws-0linux001", "UserName": "lea", "DirectoryId": "d-90672f1a01",
///           "OperatingSystemName": "UBUNTU_22_04", "ComputeTypeName": "POWER" }
///       ]
///     },
///     "us-west-2": {
///       "StandbyQuota": 50,
///       "Directories": [{ "DirectoryId": "d-92672f1b01" }],
///       "ConnectionAliases": [
///         { "AliasId": "wsca-0a1b2c3d4", "ConnectionString": "desktop.example.com" }
///       ]
///     }
///   }
/// }
/// ```
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Fleet {
    /// The 12 digits of the account that `GetCallerIdentity` gives and ARNs carry.
    pub account_id: String,
    /// Regions by name. A Region that is not listed is empty.
    #[serde(default)]
    pub regions: BTreeMap<String, FleetRegion>,
}

/// One Region of a [`Fleet`].
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct FleetRegion {
    /// How many standby WorkSpaces the Region may hold. The default is 0, as for a new AWS account.
    pub standby_quota: u32,
    /// Directories known to WorkSpaces.
    pub directories: Vec<FleetDirectory>,
    /// WorkSpaces that are not standbys: primaries, and ordinary ones.
    pub workspaces: Vec<FleetWorkspace>,
    /// Connection aliases of the account, and those that other accounts share with it.
    pub connection_aliases: Vec<FleetConnectionAlias>,
}

/// One directory of a [`FleetRegion`].
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct FleetDirectory {
    /// `d-` and 8 to 63 hexadecimal digits.
    pub directory_id: String,
    /// The domain name; `corp.example.com` when absent.
    #[serde(default = "corp")]
    pub directory_name: String,
    /// `SIMPLE_AD`, `AD_CONNECTOR` (when absent), `CUSTOMER_MANAGED` or `AWS_IAM_IDENTITY_CENTER`.
    #[serde(default = "ad_connector")]
    pub directory_type: String,
    /// `REGISTERED` (when absent), or another directory state of the API.
    #[serde(default = "registered")]
    pub state: String,
    /// Tags by key.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
}

/// One WorkSpace of a [`FleetRegion`].
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct FleetWorkspace {
    /// `ws-` and 8 to 63 lower-case letters or digits.
    pub workspace_id: String,
    /// The user, one WorkSpace for each user of a directory.
    pub user_name: String,
    /// A directory of the same Region.
    pub directory_id: String,
    /// An operating system of the API; `WINDOWS_SERVER_2022` when absent.
    #[serde(default = "windows")]
    pub operating_system_name: String,
    /// A compute type of the API; `STANDARD` when absent.
    #[serde(default = "standard")]
    pub compute_type_name: String,
    /// The KMS key (id, alias or ARN); both volumes are encrypted when it is given.
    #[serde(default)]
    pub volume_encryption_key: Option<String>,
    /// The state it is in; `AVAILABLE` when absent.
    #[serde(default = "available")]
    pub state: String,
    /// Tags by key.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
}

/// One connection alias of a [`FleetRegion`].
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct FleetConnectionAlias {
    /// `wsca-` and 8 to 63 lower-case letters or digits.
    pub alias_id: String,
    /// The domain name that users enter.
    pub connection_string: String,
    /// The account that owns it, if that is not the account of the fleet: it shares the alias.
    pub owner_account_id: Option<String>,
    /// Other accounts that may associate it.
    pub shared_account_ids: Vec<String>,
    /// The directory to which it leads.
    pub resource_id: Option<String>,
    /// The account of that directory, if that is not the account of the fleet.
    pub associated_account_id: Option<String>,
    /// Tags by key.
    pub tags: BTreeMap<String, String>,
}

impl Fleet {
    /// Reads a fleet file.
    ///
    /// # Errors
    /// The file cannot be read, or is not a fleet document. Values are checked later, by
    /// `Simulator::new`.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text =
            std::fs::read(path).map_err(|source| Error::File { path: path.to_owned(), source })?;
        serde_json::from_slice(&text)
            .map_err(|source| Error::Document { path: path.to_owned(), source })
    }
}

impl FleetDirectory {
    /// A registered AD Connector directory.
    #[must_use]
    pub fn new(directory_id: &str) -> Self {
        Self {
            directory_id: directory_id.to_owned(),
            directory_name: corp(),
            directory_type: ad_connector(),
            state: registered(),
            tags: BTreeMap::new(),
        }
    }
}

impl FleetWorkspace {
    /// An unencrypted Windows WorkSpace that is available.
    #[must_use]
    pub fn new(workspace_id: &str, user_name: &str, directory_id: &str) -> Self {
        Self {
            workspace_id: workspace_id.to_owned(),
            user_name: user_name.to_owned(),
            directory_id: directory_id.to_owned(),
            operating_system_name: windows(),
            compute_type_name: standard(),
            volume_encryption_key: None,
            state: available(),
            tags: BTreeMap::new(),
        }
    }
}

fn corp() -> String {
    "corp.example.com".to_owned()
}

fn ad_connector() -> String {
    "AD_CONNECTOR".to_owned()
}

fn registered() -> String {
    "REGISTERED".to_owned()
}

fn windows() -> String {
    "WINDOWS_SERVER_2022".to_owned()
}

fn standard() -> String {
    "STANDARD".to_owned()
}

fn available() -> String {
    "AVAILABLE".to_owned()
}
