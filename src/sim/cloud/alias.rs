use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A connection alias as stored. What it looks like is a function of this and of the time.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Alias {
    pub(crate) id: String,
    pub(crate) connection_string: String,
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
    pub(crate) connection_identifier: String,
    /// `PENDING_ASSOCIATION` before this.
    pub(crate) complete_at: Timestamp,
    /// `PENDING_DISASSOCIATION` before this, and nothing from then on.
    pub(crate) ends_at: Option<Timestamp>,
}

impl Alias {
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
        let association = match self.association(now) {
            // An alias always has an association; that of an unassociated one says so.
            None => json!({"AssociationStatus": "NOT_ASSOCIATED"}),
            Some(association) => json!({
                "AssociationStatus": association.status(now),
                "AssociatedAccountId": account_id,
                "ResourceId": association.resource_id,
                "ConnectionIdentifier": association.connection_identifier,
            }),
        };
        json!({
            "ConnectionString": self.connection_string,
            "AliasId": self.id,
            "State": self.state(now),
            "OwnerAccountId": account_id,
            "Associations": [association],
        })
    }
}

impl Association {
    fn status(&self, now: Timestamp) -> &'static str {
        match self.ends_at {
            Some(_) => "PENDING_DISASSOCIATION",
            None if now < self.complete_at => "PENDING_ASSOCIATION",
            None => "ASSOCIATED_WITH_OWNER_ACCOUNT",
        }
    }
}
