use crate::aws::{Account, WorkSpaceArn};
use crate::provider::session::Session;
use crate::tf::{Diagnostic, Value};

use super::{damaged_region, is_region};

/// Which standby a stored state is about: its id and its Region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Location {
    pub(super) id: String,
    pub(super) region: String,
}

impl Location {
    /// From the stored state. `verb` completes "Could not …".
    ///
    /// A state of an older form may have no Region; then it was the provider's.
    ///
    /// # Errors
    /// There is no id, or no Region anywhere, or the stored ARN says otherwise: then the state was
    /// damaged, and what would be looked for is not what was made.
    pub(super) async fn of(
        session: &Session,
        state: &Value,
        verb: &str,
    ) -> Result<Self, Diagnostic> {
        let Some(id) = state.get("id").as_str() else {
            let detail = "The stored state has no id. Remove the resource from the state with \
                          `terraform state rm` and import it.";
            return Err(Diagnostic::error(format!("Could not {verb} a standby"), detail));
        };
        let region = match state.get("region").as_str() {
            Some(region) => Some(region.to_owned()),
            None => session.cloud.default_region().await,
        };
        let Some(region) = region else {
            let detail = "Neither the state nor the provider names a Region. Set region in the \
                          provider block.";
            return Err(Diagnostic::error(format!("Could not {verb} {id}"), detail));
        };
        if !is_region(&region) {
            return Err(damaged_region(&format!("{verb} {id}"), &region));
        }
        if let Some((arn_region, _, arn_id)) = arn(state)
            && (arn_region != region || arn_id != id)
        {
            let detail = format!(
                "The stored state contradicts itself: it is about {id} in {region}, and its arn \
                 about {arn_id} in {arn_region}. Restore the state from a backup, or remove the \
                 resource from it with `terraform state rm` and import it."
            );
            return Err(Diagnostic::error(format!("Could not {verb} {id}"), detail));
        }
        Ok(Self { id: id.to_owned(), region })
    }

    /// What to say where the credentials belong to another account than the standby. There it is
    /// not shown, which must not be taken for gone.
    pub(super) fn of_another_account(
        &self,
        state: &Value,
        identity: &Value,
        account: Option<&Account>,
        verb: &str,
    ) -> Option<Diagnostic> {
        let account = &account?.id;
        let stored = match arn(state) {
            Some((_, stored, _)) => stored,
            None => identity.get("account_id").as_str()?,
        };
        (stored != account).then(|| {
            let detail = format!(
                "The standby belongs to the account {stored}, and the credentials to {account}. \
                 Use the credentials, or the profile, of {stored}."
            );
            Diagnostic::error(format!("Could not {verb} {}", self.id), detail)
        })
    }
}

/// Region, account and id in the stored ARN.
fn arn(state: &Value) -> Option<(&str, &str, &str)> {
    let WorkSpaceArn { region, account, id } = WorkSpaceArn::parse(state.get("arn").as_str()?)?;
    Some((region, account, id))
}
