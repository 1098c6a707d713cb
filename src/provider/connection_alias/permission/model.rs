use crate::aws::Account;
use crate::provider::attr::model;
use crate::provider::connection_alias::private::Private;
use crate::provider::managed::stored;

model! {
    /// The attributes of the resource, as `schema` declares them.
    struct Permission {
        alias_id: String,
        shared_account_id: String,
        region: String,
    }
}

model! {
    /// The identity of a permission.
    struct Identity {
        account_id: String,
        region: String,
        alias_id: String,
        shared_account_id: String,
    }
}

/// One permission as Terraform stores it, decoded.
pub(super) type Stored = stored::Stored<Permission, Identity, Private>;

impl Permission {
    /// The identity of the permission in a Region.
    pub(super) fn identity(&self, account: Option<&Account>, region: &str) -> Identity {
        Identity {
            account_id: account.map(|account| account.id.as_str()).into(),
            region: region.into(),
            alias_id: self.alias_id.clone(),
            shared_account_id: self.shared_account_id.clone(),
        }
    }

    /// The permission in words, for a message: the alias, `link` and the account.
    pub(super) fn words(&self, link: &str) -> String {
        format!("{} {link} {}", self.alias_id.text(), self.shared_account_id.text())
    }

    /// What an import takes as its id.
    pub(super) fn import_id(&self) -> String {
        format!("{}/{}", self.alias_id.text(), self.shared_account_id.text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::attr::tests::assert_fits;
    use crate::provider::connection_alias::permission::schema::{identity, schema};
    use crate::provider::managed::identity::tests::assert_identity_fits;

    #[test]
    fn the_models_hold_what_the_schemas_declare() {
        assert_fits::<Permission>(&schema().block);
        assert_identity_fits::<Identity>(identity());
    }
}
