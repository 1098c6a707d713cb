use crate::aws::Account;
use crate::provider::attr::{Attr, model};
use crate::tf::Diagnostic;

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

    /// The identity to return: the stored one if it names the same standby, since an identity never
    /// changes.
    ///
    /// # Errors
    /// A diagnostic if the stored identity names another standby.
    pub(super) fn keep(stored: &Attr<Self>, now: Self) -> Result<Self, Diagnostic> {
        let Some(stored) = stored.known().filter(|stored| stored.id.known().is_some()) else {
            return Ok(now);
        };
        let parts = [
            ("account_id", &stored.account_id, &now.account_id),
            ("region", &stored.region, &now.region),
            ("id", &stored.id, &now.id),
        ];
        for (name, stored, now) in parts {
            if let (Some(stored), Some(now)) = (stored.as_str(), now.as_str())
                && stored != now
            {
                return Err(Diagnostic::error(
                    "The standby differs from the stored one",
                    format!(
                        "The stored identity has {name} {stored:?}, but this provider \
                         configuration uses {name} {now:?}. Use the provider configuration that \
                         created the standby."
                    ),
                ));
            }
        }
        Ok(stored.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::attr::tests::assert_fits;
    use crate::provider::standby::schema;
    use crate::tf::{Attribute, Block, Mode};

    #[test]
    fn the_model_holds_what_the_identity_schema_declares() {
        let attributes = schema::identity().attributes.iter();
        let attributes = attributes
            .map(|one| Attribute::new(one.name, one.ty.clone(), Mode::Optional, one.description));
        assert_fits::<Identity>(&Block { attributes: attributes.collect(), ..Block::default() });
    }
}
