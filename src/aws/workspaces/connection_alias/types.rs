/// A connection alias: the name by which users reach a directory, and which can lead to another
/// directory when a Region fails.
///
/// <https://docs.aws.amazon.com/workspaces/latest/api/API_ConnectionAlias.html>
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConnectionAlias {
    /// The alias id, `wsca-…`.
    pub id: String,
    /// The fully qualified domain name that users enter as the registration code.
    pub connection_string: Option<String>,
    /// Its state, as AWS spells it.
    pub state: Option<String>,
    /// The account that created it.
    pub owner_account_id: Option<String>,
    /// Its associations, without the entry that AWS shows for an alias without one.
    pub associations: Vec<AliasAssociation>,
}

/// The association of a connection alias with a directory.
///
/// <https://docs.aws.amazon.com/workspaces/latest/api/API_ConnectionAliasAssociation.html>
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AliasAssociation {
    /// Its status, as AWS spells it.
    pub status: Option<String>,
    /// The account that associated the alias: its owner, or an account that it is shared with.
    pub account_id: Option<String>,
    /// The directory.
    pub directory_id: Option<String>,
    /// The value of the DNS TXT record that leads users to the directory.
    pub connection_identifier: Option<String>,
}

impl ConnectionAlias {
    /// The association with a directory.
    pub fn association_with(&self, directory_id: &str) -> Option<&AliasAssociation> {
        let mut all = self.associations.iter();
        all.find(|association| association.directory_id.as_deref() == Some(directory_id))
    }

    /// Whether AWS shows that it leads to another directory. An alias has one association at a time, so
    /// it then has none with this directory, not even one that AWS does not show yet.
    pub fn leads_elsewhere(&self, directory_id: &str) -> bool {
        let is_other = |association: &AliasAssociation| {
            association.directory_id.as_deref() != Some(directory_id) && !association.is_ending()
        };
        self.associations.iter().any(is_other) && self.association_with(directory_id).is_none()
    }

    /// The status of its association, `NOT_ASSOCIATED` if it has none.
    pub fn status(&self) -> &str {
        self.associations.first().map_or("NOT_ASSOCIATED", AliasAssociation::status)
    }
}

impl AliasAssociation {
    /// Its status; `unknown` if AWS shows none.
    pub fn status(&self) -> &str {
        self.status.as_deref().unwrap_or("unknown")
    }

    /// Whether users who connect are led to the directory. A status that is new to this program
    /// counts as pending.
    pub fn is_complete(&self) -> bool {
        matches!(self.status(), "ASSOCIATED_WITH_OWNER_ACCOUNT" | "ASSOCIATED_WITH_SHARED_ACCOUNT")
    }

    /// Whether it is being removed.
    pub fn is_ending(&self) -> bool {
        self.status() == "PENDING_DISASSOCIATION"
    }
}
