use crate::aws::Account;
use crate::provider::attr::{Attr, Field};
use crate::provider::managed::location::{IMPORT_AGAIN, Location, Subject};
use crate::provider::session::Session;
use crate::tf::{Diagnostic, Value};

use super::private::Private;

/// What a stored state is about: an alias, its Region, and the attribute that names the rest.
pub(super) struct Named<'a> {
    pub(super) subject: &'a Subject,
    pub(super) alias_id: &'a Attr<String>,
    pub(super) region: &'a Attr<String>,
    pub(super) other: (&'static str, &'a Attr<String>),
    identity: Value,
    account: Option<&'a str>,
}

impl<'a> Named<'a> {
    pub(super) fn new<I: Field>(
        subject: &'a Subject,
        (alias_id, region): (&'a Attr<String>, &'a Attr<String>),
        other: (&'static str, &'a Attr<String>),
        identity: &Attr<I>,
        private: &'a Private,
    ) -> Self {
        let account = private.account_id.as_deref();
        Self { subject, alias_id, region, other, identity: identity.encode(), account }
    }

    /// Where it is. `verb` completes "Could not …".
    ///
    /// # Errors
    /// An attribute is missing, or the stored identity names something else: the state was damaged, and
    /// what AWS does not show could be taken for gone.
    pub(super) async fn locate(
        &self,
        session: &Session,
        verb: &str,
    ) -> Result<Location, Diagnostic> {
        let Self { subject, alias_id, region, other: (other, value), .. } = self;
        let location = Location::of(session, subject, (alias_id, region), verb).await?;
        let error = |detail: String| {
            let summary = format!("Could not {verb} {}", subject.called(&location.id));
            Diagnostic::error(summary, detail)
        };
        if value.as_str().is_none() {
            return Err(error(format!("The stored state has no {other}. {IMPORT_AGAIN}")));
        }
        let state = [
            ("region", Some(location.region.as_str())),
            (subject.key, Some(location.id.as_str())),
            (other, value.as_str()),
        ];
        for (name, of_state) in state {
            let of_identity = self.identity.get(name).as_str();
            if let (Some(of_identity), Some(of_state)) = (of_identity, of_state)
                && of_identity != of_state
            {
                return Err(error(format!(
                    "The state is inconsistent: its {name} is {of_state}, but its identity has \
                     {of_identity}. Restore the state from a backup, or remove the resource from the \
                     state with `terraform state rm` and import it."
                )));
            }
        }
        Ok(location)
    }

    /// Fails if the credentials belong to another account than the stored one.
    ///
    /// # Errors
    /// A diagnostic that names both accounts.
    pub(super) fn check_account(
        &self,
        location: &Location,
        account: Option<&Account>,
        verb: &str,
    ) -> Result<(), Diagnostic> {
        location.check_account(self.subject, self.account(), account, verb)
    }

    /// Fails unless the credentials belong to the stored account, before what AWS does not show counts
    /// as gone.
    ///
    /// # Errors
    /// A diagnostic: they belong to another account, or STS does not tell.
    pub(super) async fn check_absence(
        &self,
        location: &Location,
        session: &Session,
        verb: &str,
    ) -> Result<(), Diagnostic> {
        location.check_absence(session, self.subject, self.account(), verb).await
    }

    fn account(&self) -> Option<&str> {
        self.identity.get("account_id").as_str().or(self.account)
    }
}
