use crate::aws::{Account, AliasAssociation, ConnectionAlias};
use crate::provider::attr::model;
use crate::provider::connection_alias::private::Private;
use crate::provider::managed::stored;

model! {
    /// The attributes of the resource, as `schema` declares them.
    struct Association {
        alias_id: String,
        directory_id: String,
        region: String,
        connection_string: String,
        connection_identifier: String,
        association_status: String,
        associated_account_id: String,
        owner_account_id: String,
        timeouts: Timeouts,
    }
}

model! {
    /// The `timeouts` block.
    struct Timeouts {
        create: String,
        delete: String,
    }
}

model! {
    /// The identity of an association.
    struct Identity {
        account_id: String,
        region: String,
        alias_id: String,
    }
}

/// One association as Terraform stores it, decoded.
pub(super) type Stored = stored::Stored<Association, Identity, Private>;

impl Identity {
    pub(super) fn new(account: Option<&Account>, region: &str, alias_id: &str) -> Self {
        Self {
            account_id: account.map(|account| account.id.as_str()).into(),
            region: region.into(),
            alias_id: alias_id.into(),
        }
    }
}

impl Association {
    /// Takes over what DescribeConnectionAliases shows of the alias and of its association with the
    /// directory. What the answer leaves out keeps its value.
    pub(super) fn refresh(&mut self, alias: &ConnectionAlias) {
        self.connection_string.update(alias.connection_string.as_deref());
        self.owner_account_id.update(alias.owner_account_id.as_deref());
        let directory = self.directory_id.text();
        if let Some(association) = alias.association_with(&directory) {
            self.association_status.update(association.status.as_deref());
            self.associated_account_id.update(association.account_id.as_deref());
            self.connection_identifier.update(association.connection_identifier.as_deref());
        }
    }

    /// The association of an alias with a directory as AWS shows it.
    pub(super) fn shown(alias: &ConnectionAlias, directory_id: &str, region: &str) -> Self {
        let mut association = Self {
            alias_id: alias.id.as_str().into(),
            directory_id: directory_id.into(),
            region: region.into(),
            ..Self::default()
        };
        association.refresh(alias);
        association
    }
}

/// The association of an alias that is not being removed and, if the account is known, was made by it.
pub(super) fn own<'a>(
    alias: &'a ConnectionAlias,
    account: Option<&Account>,
) -> Option<&'a AliasAssociation> {
    alias.associations.iter().find(|association| {
        let other = association.account_id.as_ref().zip(account).filter(|(of, own)| **of != own.id);
        !association.is_ending() && other.is_none()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::attr::tests::assert_fits;
    use crate::provider::connection_alias::association::schema;
    use crate::provider::managed::identity::tests::assert_identity_fits;

    #[test]
    fn the_models_hold_what_the_schemas_declare() {
        assert_fits::<Association>(&schema::schema().block);
        assert_identity_fits::<Identity>(schema::identity());
    }
}
