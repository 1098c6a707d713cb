use crate::aws::Account;
use crate::provider::attr::{Attr, Field};
use crate::provider::managed::location::{IMPORT_AGAIN, Location};
use crate::provider::session::Session;
use crate::tf::Diagnostic;

/// What a stored state is about: an alias, its Region, and the attribute that names the rest.
pub(super) struct Named<'a> {
    /// What it is called in a message.
    pub(super) noun: &'static str,
    pub(super) alias_id: &'a Attr<String>,
    pub(super) region: &'a Attr<String>,
    pub(super) other: (&'static str, &'a Attr<String>),
}

impl Named<'_> {
    /// Where it is. `verb` completes "Could not …".
    ///
    /// # Errors
    /// An attribute is missing: the state was damaged.
    pub(super) async fn locate(
        &self,
        session: &Session,
        verb: &str,
    ) -> Result<Location, Diagnostic> {
        let Self { noun, alias_id, region, other: (name, other) } = self;
        let location = Location::of(session, (alias_id, region), noun, verb).await?;
        if other.as_str().is_none() {
            let summary = format!("Could not {verb} the {noun} of {}", location.id);
            let detail = format!("The stored state has no {name}. {IMPORT_AGAIN}");
            return Err(Diagnostic::error(summary, detail));
        }
        Ok(location)
    }

    /// Fails if the credentials belong to another account than the stored identity.
    ///
    /// # Errors
    /// A diagnostic that names both accounts.
    pub(super) fn check_account<I: Field>(
        &self,
        location: &Location,
        identity: &Attr<I>,
        account: Option<&Account>,
        verb: &str,
    ) -> Result<(), Diagnostic> {
        let identity = identity.encode();
        location.check_account(identity.get("account_id").as_str(), account, self.noun, verb)
    }
}
