use serde::{Deserialize, Serialize};

use crate::aws::Account;
use crate::provider::managed::visibility::Visibility;

/// What the provider remembers of an association or a permission in Terraform's private state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Private {
    #[serde(flatten)]
    pub(super) visibility: Visibility,
    /// The account that it belongs to. OpenTofu and Terraform before 1.12 store no identity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) account_id: Option<String>,
}

impl Private {
    /// Of what belongs to this account and is shown by AWS.
    pub(super) fn of(account: Option<&Account>) -> Self {
        Self { account_id: account.map(|account| account.id.clone()), ..Self::default() }
    }

    /// Notes the account, if it is known.
    pub(super) fn belongs_to(&mut self, account: Option<&Account>) {
        if let Some(account) = account {
            self.account_id = Some(account.id.clone());
        }
    }
}
