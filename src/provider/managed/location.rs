use crate::aws::Account;
use crate::provider::attr::Attr;
use crate::provider::region::is_region;
use crate::provider::session::Session;
use crate::tf::Diagnostic;

/// What to do with a state that does not say what it is about.
pub(in crate::provider) const IMPORT_AGAIN: &str =
    "Remove the resource from the state with `terraform state rm` and import it.";

/// What a stored state is about: an id and its Region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::provider) struct Location {
    pub(in crate::provider) id: String,
    pub(in crate::provider) region: String,
}

impl Location {
    /// From the stored attributes. `noun` is what they are about, such as "standby", and `verb`
    /// completes "Could not …".
    ///
    /// A state without a Region is about the provider's Region.
    ///
    /// # Errors
    /// There is no id or no Region: the state was damaged.
    pub(in crate::provider) async fn of(
        session: &Session,
        (id, region): (&Attr<String>, &Attr<String>),
        noun: &str,
        verb: &str,
    ) -> Result<Self, Diagnostic> {
        let Some(id) = id.as_str() else {
            let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
            let detail = format!("The stored state has no id. {IMPORT_AGAIN}");
            return Err(Diagnostic::error(format!("Could not {verb} {article} {noun}"), detail));
        };
        let error = |detail: String| Diagnostic::error(format!("Could not {verb} {id}"), detail);
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

    /// Fails if the credentials belong to another account than the stored one: that account does not
    /// show the resource, which must not be mistaken for a resource that is gone.
    ///
    /// # Errors
    /// A diagnostic that names both accounts.
    pub(in crate::provider) fn check_account(
        &self,
        stored: Option<&str>,
        account: Option<&Account>,
        noun: &str,
        verb: &str,
    ) -> Result<(), Diagnostic> {
        let (Some(account), Some(stored)) = (account, stored) else { return Ok(()) };
        if stored == account.id {
            return Ok(());
        }
        Err(Diagnostic::error(
            format!("Could not {verb} {}", self.id),
            format!(
                "The {noun} belongs to the account {stored}, but the credentials belong to {}. Use \
                 credentials, or a profile, of {stored}.",
                account.id
            ),
        ))
    }
}
