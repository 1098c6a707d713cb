use crate::aws::Account;
use crate::provider::attr::model;

model! {
    /// The identity of a standby WorkSpace.
    struct Identity {
        account_id: String,
        region: String,
        id: String,
    }
}

impl Identity {
    pub(super) fn new(account: Option<&Account>, region: &str, id: &str) -> Self {
        Self {
            account_id: account.map(|account| account.id.as_str()).into(),
            region: region.into(),
            id: id.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::managed::identity::tests::assert_identity_fits;
    use crate::provider::standby::schema;

    #[test]
    fn the_model_holds_what_the_identity_schema_declares() {
        assert_identity_fits::<Identity>(schema::identity());
    }
}
