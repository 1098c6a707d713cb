use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::check::check;
use crate::sim::refusal::Refusal;
use crate::sim::{Error, FleetConnectionAlias};

/// A connection alias as stored. What it looks like is a function of this and of the time.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Alias {
    pub(crate) id: String,
    pub(crate) connection_string: String,
    /// The account that owns it and shares it, if that is another one.
    #[serde(default)]
    pub(crate) owner: Option<String>,
    /// `CREATING` before this, `CREATED` from then on.
    pub(crate) created_at: Timestamp,
    pub(crate) deleted_at: Option<Timestamp>,
    pub(crate) association: Option<Association>,
    /// Accounts that the alias is shared with.
    pub(crate) shared_with: Vec<String>,
    pub(crate) tags: BTreeMap<String, String>,
}

/// A connection alias that is associated with a directory.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Association {
    pub(crate) resource_id: String,
    /// The account of the directory, if that is another one.
    #[serde(default)]
    pub(crate) account_id: Option<String>,
    pub(crate) connection_identifier: String,
    /// `PENDING_ASSOCIATION` before this.
    pub(crate) complete_at: Timestamp,
    /// `PENDING_DISASSOCIATION` before this, and nothing from then on.
    pub(crate) ends_at: Option<Timestamp>,
}

impl Alias {
    /// The alias of a fleet.
    ///
    /// # Errors
    /// A value breaks the API's rules.
    pub(crate) fn of_fleet(
        alias: &FleetConnectionAlias,
        region: &str,
        account_id: &str,
    ) -> Result<Self, Error> {
        let new = Self {
            id: alias.alias_id.clone(),
            connection_string: alias.connection_string.clone(),
            owner: alias.owner_account_id.clone(),
            created_at: Timestamp::UNIX_EPOCH,
            deleted_at: None,
            association: alias.resource_id.clone().map(|resource_id| Association {
                connection_identifier: alias.alias_id.replace('-', ""),
                resource_id,
                account_id: alias.associated_account_id.clone(),
                complete_at: Timestamp::UNIX_EPOCH,
                ends_at: None,
            }),
            shared_with: alias.shared_account_ids.clone(),
            tags: alias.tags.clone(),
        };
        check("ConnectionAlias", &new.render(account_id, Timestamp::UNIX_EPOCH), region)?;
        Ok(new)
    }

    /// Refuses what only the owner of an alias may do.
    pub(crate) fn check_owner(&self) -> Result<(), Refusal> {
        let Some(owner) = &self.owner else { return Ok(()) };
        let message = format!("The connection alias {} belongs to the account {owner}.", self.id);
        Err(Refusal::new("AccessDeniedException", &message))
    }

    /// Refuses what only an alias in the state `CREATED` allows.
    pub(crate) fn check_created(&self, now: Timestamp) -> Result<(), Refusal> {
        match self.state(now) {
            "CREATED" => Ok(()),
            state => {
                let message = format!("The connection alias {} is {state}.", self.id);
                Err(Refusal::new("InvalidResourceStateException", &message))
            }
        }
    }

    pub(crate) fn exists(&self, now: Timestamp) -> bool {
        self.deleted_at.is_none_or(|deleted_at| now < deleted_at)
    }

    /// The association that holds, also while it begins or ends.
    pub(crate) fn association(&self, now: Timestamp) -> Option<&Association> {
        let association = self.association.as_ref();
        association.filter(|association| association.ends_at.is_none_or(|end| now < end))
    }

    fn state(&self, now: Timestamp) -> &'static str {
        match self.deleted_at {
            Some(_) => "DELETING",
            None if now < self.created_at => "CREATING",
            None => "CREATED",
        }
    }

    /// The alias as `DescribeConnectionAliases` shows it.
    pub(crate) fn render(&self, account_id: &str, now: Timestamp) -> Value {
        let owner = self.owner.as_deref().unwrap_or(account_id);
        let association = match self.association(now) {
            // An alias always has an association; that of an unassociated one says so.
            None => json!({"AssociationStatus": "NOT_ASSOCIATED"}),
            Some(association) => json!({
                "AssociationStatus": association.status(owner, account_id, now),
                "AssociatedAccountId": association.account_id.as_deref().unwrap_or(account_id),
                "ResourceId": association.resource_id,
                "ConnectionIdentifier": association.connection_identifier,
            }),
        };
        json!({
            "ConnectionString": self.connection_string,
            "AliasId": self.id,
            "State": self.state(now),
            "OwnerAccountId": owner,
            "Associations": [association],
        })
    }
}

impl Association {
    fn status(&self, owner: &str, account_id: &str, now: Timestamp) -> &'static str {
        let account_id = self.account_id.as_deref().unwrap_or(account_id);
        match self.ends_at {
            Some(_) => "PENDING_DISASSOCIATION",
            None if now < self.complete_at => "PENDING_ASSOCIATION",
            None if account_id == owner => "ASSOCIATED_WITH_OWNER_ACCOUNT",
            None => "ASSOCIATED_WITH_SHARED_ACCOUNT",
        }
    }
}
