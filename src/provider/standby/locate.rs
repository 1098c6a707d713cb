use crate::aws::{Account, WorkSpaceArn};
use crate::provider::managed::location::{Location, Subject};
use crate::provider::session::Session;
use crate::tf::Diagnostic;

use super::model::{Standby, Stored};
use super::schema::NOUN;

/// How messages name a standby.
const SUBJECT: Subject = Subject { noun: NOUN, key: "id", before_id: "" };

/// Which standby a stored state is about. `verb` completes "Could not …".
///
/// # Errors
/// There is no id or no Region, or the stored ARN differs: the state was damaged, and it is not
/// certain which standby it is about.
pub(super) async fn locate(
    session: &Session,
    state: &Standby,
    verb: &str,
) -> Result<Location, Diagnostic> {
    let location = Location::of(session, &SUBJECT, (&state.id, &state.region), verb).await?;
    let Location { id, region } = &location;
    match stored_arn(state) {
        Some(arn) if arn.region != region || arn.id != id => {
            let detail = format!(
                "The state is inconsistent: its id is {id} in {region}, but its arn names {} in {}. \
                 Restore the state from a backup, or remove the resource from the state with \
                 `terraform state rm` and import it.",
                arn.id, arn.region
            );
            Err(Diagnostic::error(format!("Could not {verb} {id}"), detail))
        }
        _ => Ok(location),
    }
}

/// Fails if the credentials belong to another account than the standby.
///
/// # Errors
/// A diagnostic that names both accounts.
pub(super) fn check_account(
    location: &Location,
    stored: &Stored,
    account: Option<&Account>,
    verb: &str,
) -> Result<(), Diagnostic> {
    let of_standby = stored_account(stored).map(|account| account.id);
    location.check_account(&SUBJECT, of_standby.as_deref(), account, verb)
}

/// Fails unless the credentials belong to the account of the standby, before one that AWS does not show
/// counts as gone.
///
/// # Errors
/// A diagnostic: they belong to another account, or STS does not tell.
pub(super) async fn check_absence(
    location: &Location,
    stored: &Stored,
    session: &Session,
    verb: &str,
) -> Result<(), Diagnostic> {
    let of_standby = stored_account(stored).map(|account| account.id);
    location.check_absence(session, &SUBJECT, of_standby.as_deref(), verb).await
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
