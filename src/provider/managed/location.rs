use crate::aws::Account;
use crate::provider::attr::Attr;
use crate::provider::explain::said;
use crate::provider::region::is_region;
use crate::provider::session::Session;
use crate::tf::Diagnostic;

/// What to do with a state that does not say what it is about.
pub(in crate::provider) const IMPORT_AGAIN: &str =
    "Remove the resource from the state with `terraform state rm` and import it.";

/// How messages name a managed resource.
#[derive(Clone, Copy, Debug)]
pub(in crate::provider) struct Subject {
    /// What it is, such as "standby".
    pub(in crate::provider) noun: &'static str,
    /// The attribute that has its id.
    pub(in crate::provider) key: &'static str,
    /// What to write before the id, such as "association of "; empty if the id says it all.
    pub(in crate::provider) before_id: &'static str,
}

impl Subject {
    /// The resource with this id, after a verb: "the association of wsca-…", or the id alone.
    pub(in crate::provider) fn called(&self, id: &str) -> String {
        match self.before_id {
            "" => id.to_owned(),
            before => format!("the {before}{id}"),
        }
    }

    /// The same with the noun and without an article: "standby ws-…".
    pub(in crate::provider) fn with_noun(&self, id: &str) -> String {
        match self.before_id {
            "" => format!("{} {id}", self.noun),
            before => format!("{before}{id}"),
        }
    }
}

/// What a stored state is about: an id and its Region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::provider) struct Location {
    pub(in crate::provider) id: String,
    pub(in crate::provider) region: String,
}

impl Location {
    /// From the stored attributes. `verb` completes "Could not …".
    ///
    /// A state without a Region is about the provider's Region.
    ///
    /// # Errors
    /// There is no id or no Region: the state was damaged.
    pub(in crate::provider) async fn of(
        session: &Session,
        subject: &Subject,
        (id, region): (&Attr<String>, &Attr<String>),
        verb: &str,
    ) -> Result<Self, Diagnostic> {
        let Some(id) = id.as_str() else {
            let Subject { noun, key, .. } = subject;
            let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
            let detail = format!("The stored state has no {key}. {IMPORT_AGAIN}");
            return Err(Diagnostic::error(format!("Could not {verb} {article} {noun}"), detail));
        };
        let error = |detail: String| {
            Diagnostic::error(format!("Could not {verb} {}", subject.called(id)), detail)
        };
        let region = match region.as_str() {
            Some(region) => Some(region.to_owned()),
            None => session.client.default_region().await,
        };
        let region = region.ok_or_else(|| {
            let detail = "Neither the state nor the provider has a Region. Set region in the \
                          provider block.";
            error(detail.to_owned())
        })?;
        if !is_region(&region) {
            return Err(error(format!(
                "The stored state has the Region {region:?}, which is not the name of a Region. If \
                 the state was edited, restore it from a backup. Otherwise remove the resource \
                 from the state with `terraform state rm` and import it. Nothing was changed."
            )));
        }
        Ok(Self { id: id.to_owned(), region })
    }

    /// Fails unless the credentials belong to the stored account, before what AWS does not show counts
    /// as gone.
    ///
    /// # Errors
    /// A diagnostic: they belong to another account, or STS does not tell.
    pub(in crate::provider) async fn check_absence(
        &self,
        session: &Session,
        subject: &Subject,
        stored: Option<&str>,
        verb: &str,
    ) -> Result<(), Diagnostic> {
        let Some(stored) = stored else { return Ok(()) };
        let account = session.certain_account().await.map_err(|error| {
            let Subject { noun, .. } = subject;
            Diagnostic::error(
                format!("Could not {verb} {}", subject.called(&self.id)),
                format!(
                    "AWS does not show the {noun}, which belongs to the account {stored}. An account \
                     sees only its own, and the account of the credentials is not known: {} Allow the \
                     call, or set skip_requesting_account_id = true if the credentials belong to \
                     {stored}. Nothing was changed.",
                    said(&error)
                ),
            )
        })?;
        self.check_account(subject, Some(stored), account.as_ref(), verb)
    }

    /// Fails if the credentials belong to another account than the stored one: that account does not
    /// show the resource, which must not be mistaken for a resource that is gone.
    ///
    /// # Errors
    /// A diagnostic that names both accounts.
    pub(in crate::provider) fn check_account(
        &self,
        subject: &Subject,
        stored: Option<&str>,
        account: Option<&Account>,
        verb: &str,
    ) -> Result<(), Diagnostic> {
        let (Some(account), Some(stored)) = (account, stored) else { return Ok(()) };
        if stored == account.id {
            return Ok(());
        }
        Err(Diagnostic::error(
            format!("Could not {verb} {}", subject.called(&self.id)),
            format!(
                "The {} belongs to the account {stored}, but the credentials belong to {}. Use \
                 credentials, or a profile, of {stored}.",
                subject.noun, account.id
            ),
        ))
    }
}
