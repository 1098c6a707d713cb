use std::collections::BTreeMap;

use crate::aws::error::Error;
use crate::aws::workspaces::types::{DataReplication, Related, WorkSpace};

/// The API operation.
pub(super) const OPERATION: &str = "CreateStandbyWorkspaces";

/// A standby to create.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewStandby {
    /// The id of its primary.
    pub primary_id: String,
    /// The Region of the primary.
    pub primary_region: String,
    /// Its directory, in the standby Region.
    pub directory_id: String,
    /// The KMS key that encrypts its volumes: id, alias or ARN.
    pub volume_encryption_key: Option<String>,
    /// Whether data is replicated from the primary.
    pub data_replication: Option<DataReplication>,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
}

/// A standby whose creation AWS has accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Its WorkSpace id.
    pub id: String,
    /// The user it is for.
    pub user_name: Option<String>,
    /// Its state, as AWS spells it.
    pub state: Option<String>,
    /// What DescribeWorkspaces returned, if it was looked up already.
    pub shown: Option<Box<WorkSpace>>,
}

impl Accepted {
    /// A standby that was looked up.
    pub(super) fn seen(workspace: WorkSpace) -> Self {
        let WorkSpace { id, user_name, state, .. } = workspace.clone();
        Self { id, user_name, state, shown: Some(Box::new(workspace)) }
    }
}

/// Why a standby was not created, or why that is not certain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CreateFailure {
    /// AWS did not create it.
    #[error(transparent)]
    Refused(#[from] Error),
    /// The primary has a standby already. A primary has at most one.
    #[error("{error}")]
    Exists {
        /// What AWS refused, or what was seen before the request was sent.
        error: Error,
        /// The standby, if it is known.
        standby: Option<Box<Related>>,
        /// Whether this process created it, for another resource with the same primary.
        created_here: bool,
    },
    /// It may exist. It can be one of these WorkSpaces, but that is not proven.
    #[error("{error}, and it is not certain whether the standby was created")]
    Unknown {
        /// The last thing that went wrong.
        error: Error,
        /// The ids of the WorkSpaces that can be it: AWS allows a primary one standby, so there is
        /// one at most, unless AWS shows them incompletely.
        candidates: Vec<String>,
    },
    /// AWS accepted it together with others, and it is not known which of these WorkSpaces it is.
    #[error("{error}, and it is not certain which WorkSpace is the standby")]
    OneOf {
        /// What went wrong while matching the ids.
        error: Error,
        /// The ids that can be its own. Several requests can have the same list: the first failure
        /// has it, the others have none.
        candidates: Vec<String>,
    },
}
