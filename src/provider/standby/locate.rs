use crate::aws::{Account, WorkSpaceArn};
use crate::provider::region::is_region;
use crate::provider::session::Session;
use crate::tf::Diagnostic;

use super::model::{Standby, Stored};

/// What to do with a state that does not say which standby it is about.
pub(super) const IMPORT_AGAIN: &str =
    "Remove the resource from the state with `terraform state rm` and import it.";

/// Which standby a stored state is about: its id and its Region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Location {
    pub(super) id: String,
    pub(super) region: String,
}

impl Location {
    /// From the stored state. `verb` completes "Could not …".
    ///
    /// A state without a Region is about the provider's Region.
    ///
    /// # Errors
    /// There is no id or no Region, or the stored ARN differs: the state was damaged, and it is not
    /// certain which standby it is about.
    pub(super) async fn of(
        session: &Session,
        state: &Standby,
        verb: &str,
    ) -> Result<Self, Diagnostic> {
        let Some(id) = state.id.as_str() else {
            let detail = format!("The stored state has no id. {IMPORT_AGAIN}");
            return Err(Diagnostic::error(format!("Could not {verb} a standby"), detail));
        };
        let error = |detail: String| Diagnostic::error(format!("Could not {verb} {id}"), detail);
        let region = match state.region.as_str() {
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
        if let Some(arn) = stored_arn(state)
            && (arn.region != region || arn.id != id)
        {
            return Err(error(format!(
                "The state is inconsistent: its id is {id} in {region}, but its arn names {} in {}. \
                 Restore the state from a backup, or remove the resource from the state with \
                 `terraform state rm` and import it.",
                arn.id, arn.region
            )));
        }
        Ok(Self { id: id.to_owned(), region })
    }

    /// Fails if the credentials belong to another account than the standby: that account does not
    /// show it, which must not be mistaken for a standby that is gone.
    ///
    /// # Errors
    /// A diagnostic that names both accounts.
    pub(super) fn check_account(
        &self,
        stored: &Stored,
        account: Option<&Account>,
        verb: &str,
    ) -> Result<(), Diagnostic> {
        let Some(account) = account else { return Ok(()) };
        match stored_account(stored).filter(|of_standby| of_standby != account) {
            None => Ok(()),
            Some(Account { id: of_standby }) => Err(Diagnostic::error(
                format!("Could not {verb} {}", self.id),
                format!(
                    "The standby belongs to the account {of_standby}, but the credentials belong \
                     to {}. Use credentials, or a profile, of {of_standby}.",
                    account.id
                ),
            )),
        }
    }
}

/// The account of the standby, from the stored ARN or else from the identity.
pub(super) fn stored_account(stored: &Stored) -> Option<Account> {
    let id = match stored_arn(&stored.state) {
        Some(arn) => arn.account,
        None => stored.identity.known()?.account_id.as_str()?,
    };
    Some(Account { id: id.to_owned() })
}

/// The stored ARN.
fn stored_arn(state: &Standby) -> Option<WorkSpaceArn<'_>> {
    WorkSpaceArn::parse(state.arn.as_str()?)
}
