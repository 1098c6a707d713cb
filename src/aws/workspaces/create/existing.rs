use std::time::Duration;

use tokio::time::Instant;

use crate::aws::error::{Error, Kind};
use crate::aws::workspaces::create::types::{CreateFailure, NewStandby};
use crate::aws::workspaces::describe::{LookUps, OPERATION};
use crate::aws::workspaces::primary::Primary;
use crate::aws::workspaces::types::{Related, WorkSpace};

/// How long looking for an existing standby can take. It only improves an error message.
const PATIENCE: Duration = Duration::from_secs(10);

/// The same if the time for the creation is over.
const SHORTEST: Duration = Duration::from_secs(1);

/// Checks what the primary Region shows against the request. A Region that does not answer never
/// speaks against it.
///
/// # Errors
/// The primary does not exist, is a standby itself, or has a standby in this Region already. A
/// standby that only the primary shows is left to AWS to refuse: the primary can still show one that
/// was terminated moments ago.
pub(super) async fn check(
    look_ups: &LookUps,
    new: &NewStandby,
    primary: &Primary,
    primary_region: &str,
) -> Result<(), CreateFailure> {
    let id = &new.primary_id;
    let error = |kind, message: String| Error::local(kind, OPERATION, primary_region, message);
    let workspace = match primary {
        Primary::Unknown(_) => return Ok(()),
        Primary::Absent => {
            let message = format!("the WorkSpace {id} does not exist in {primary_region}");
            return Err(error(Kind::NotFound, message).into());
        }
        Primary::Shown(workspace) => workspace,
    };
    if let Some(its_primary) = &workspace.primary {
        let message = format!(
            "the WorkSpace {id} is itself a standby, and its primary is {} in {}",
            its_primary.id,
            its_primary.region.as_deref().unwrap_or("another Region")
        );
        return Err(error(Kind::NotSupported, message).into());
    }
    let Some(standby) = standby_of(workspace) else { return Ok(()) };
    let is_here = standby.region.as_deref() == Some(look_ups.region());
    let found = match is_here {
        true => tokio::time::timeout(PATIENCE, look_ups.find_for_change(&standby.id)).await,
        false => return Ok(()),
    };
    match found {
        Ok(Ok(Some(found))) if !found.is_ending() => {
            let region = look_ups.region();
            let message = format!("the WorkSpace {id} has the standby {} in {region}", standby.id);
            Err(CreateFailure::Exists {
                error: error(Kind::AlreadyExists, message),
                standby: Some(Box::new(related(&found, region))),
                created_here: false,
            })
        }
        _ => Ok(()),
    }
}

/// The failure if AWS refuses a request because the primary has a standby, with that standby.
pub(super) async fn exists(
    look_ups: &LookUps,
    new: &NewStandby,
    primary: &Primary,
    error: Error,
    deadline: Instant,
) -> CreateFailure {
    let find = async {
        let here = match primary.user() {
            Some(user) => look_ups.of_user(&new.directory_id, user).await.ok()?,
            None => look_ups.standbys_of(&new.primary_id, &new.directory_id).await.ok()?,
        };
        let is_its = |workspace: &&WorkSpace| {
            let primary = workspace.primary.as_ref();
            !workspace.is_ending() && primary.is_some_and(|primary| primary.id == new.primary_id)
        };
        here.iter().find(is_its).map(|standby| related(standby, look_ups.region()))
    };
    let now = Instant::now();
    let end = (now + PATIENCE).min(deadline.max(now + SHORTEST));
    let found = tokio::time::timeout_at(end, find).await.ok().flatten();
    let standby = found
        .or_else(|| match primary {
            Primary::Shown(workspace) => standby_of(workspace).cloned(),
            Primary::Absent | Primary::Unknown(_) => None,
        })
        .or_else(|| named(&error.message, &new.primary_id));
    CreateFailure::Exists { error, standby: standby.map(Box::new), created_here: false }
}

/// The standby of a primary, unless it is being terminated.
fn standby_of(primary: &WorkSpace) -> Option<&Related> {
    primary.standbys.iter().find(|standby| !standby.is_ending())
}

fn related(workspace: &WorkSpace, region: &str) -> Related {
    let (id, state) = (workspace.id.clone(), workspace.state.clone());
    Related { id, region: Some(region.to_owned()), state }
}

/// The WorkSpace that a message of AWS names besides the primary.
fn named(message: &str, primary_id: &str) -> Option<Related> {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    let id = message
        .split(|letter| !is_part(letter))
        .find(|word| word.starts_with("ws-") && *word != primary_id)?;
    Some(Related { id: id.to_owned(), region: None, state: None })
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn a_standby_that_aws_names_is_found_in_the_message() {
        let id = |message| named(message, "ws-1primary0").map(|standby| standby.id);
        let message = "The WorkSpace ws-1primary0 already has the standby (ws-2standby0).";
        assert_eq!(id(message).as_deref(), Some("ws-2standby0"));
        assert_eq!(id("The WorkSpace ws-1primary0 already has a standby WorkSpace."), None);
    }
}
