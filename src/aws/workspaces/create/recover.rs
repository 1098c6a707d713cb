//! What became of a request whose answer was lost.
//!
//! CreateStandbyWorkspaces has no client token, and DescribeWorkspaces may not show a new WorkSpace
//! for a while. So there are three rules:
//!
//! - **A failed look is not a look.** While DescribeWorkspaces fails, nothing is known, and the search
//!   goes on until the create timeout.
//! - **Nothing is sent again on a guess.** A request is sent again only after a complete look that
//!   began [`MAY_BE_INVISIBLE`] after the answer was lost and found nothing: a standby that the lost
//!   request had created would be visible by then.
//! - **A standby that is found is not taken for our own.** Nothing in an answer of AWS says which
//!   request created a WorkSpace: another state, tool or person can have requested the standby of the
//!   same primary, with the same tags, in the meantime. Not even "it was not there before" excludes
//!   that, because the other request can be invisible too. So the standby is named in the error, and
//!   the user decides: with an `import` block, or with `adopt_existing`. AWS allows a primary one
//!   standby, so there is no other candidate.

use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::aws::error::{Error, Kind};
use crate::aws::workspaces::create::types::{CreateFailure, NewStandby};
use crate::aws::workspaces::describe::LookUps;
use crate::aws::workspaces::types::{MAY_BE_INVISIBLE, WorkSpace};

/// How long the standby is looked for if the answer was not lost but says nothing about it.
const PATIENCE: Duration = Duration::from_secs(30);

/// The shortest and the longest pause between two looks. Each look is a call, and requests that were
/// lost together are looked for one by one, so the pauses grow with a third of the time.
const SHORTEST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(120);

/// The pause before the next look, so long after the answer was lost. One look comes as soon as it can
/// tell that nothing was created.
fn pause(age: Duration) -> Duration {
    let pause = (age / 3).clamp(SHORTEST, LONGEST);
    let rest = MAY_BE_INVISIBLE.saturating_sub(age);
    if rest.is_zero() { pause } else { pause.min(rest) }
}

/// How long the last looks can take after a stop, and at the deadline.
const LAST_LOOKS: Duration = Duration::from_secs(10);
const LAST_LOOK: Duration = Duration::from_secs(5);

/// How long to wait between the last looks. AWS shows a new WorkSpace after about a second.
const BETWEEN_LAST_LOOKS: Duration = Duration::from_secs(1);

/// What one complete look found.
enum Found {
    /// A standby of the primary.
    Standby(String),
    /// A WorkSpace of the same user that AWS shows without its primary: AWS shows new WorkSpaces
    /// incompletely at first.
    Incomplete(String),
    Nothing,
}

impl Found {
    fn ids(self) -> Vec<String> {
        match self {
            Self::Standby(id) | Self::Incomplete(id) => vec![id],
            Self::Nothing => Vec::new(),
        }
    }
}

/// Looks for the standby of a request that ended with `error`, an uncertain one, until it is certain
/// that AWS has not created it: then the request can be sent again.
///
/// # Errors
/// [`CreateFailure::Unknown`] with the standby that was found; without one at the deadline, after a
/// stop, or if DescribeWorkspaces is refused.
pub(super) async fn until_certainly_absent(
    look_ups: &LookUps,
    new: &NewStandby,
    user: Option<&str>,
    error: Error,
    deadline: Instant,
    stop: &CancellationToken,
) -> Result<(), CreateFailure> {
    let lost = Instant::now();
    let is_lost = error.kind == Kind::Ambiguous;
    let end = if is_lost { deadline } else { deadline.min(lost + PATIENCE) };
    let unknown = |candidates| Err(CreateFailure::Unknown { error: error.clone(), candidates });
    let over = async {
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep_until(end) => {}
        }
    };
    tokio::pin!(over);
    loop {
        let mut began = Instant::now();
        let next_look = async {
            tokio::time::sleep(pause(lost.elapsed())).await;
            began = Instant::now();
            look(look_ups, new, user).await
        };
        let found = tokio::select! {
            biased;
            () = &mut over => break,
            found = next_look => found,
        };
        match found {
            Ok(Found::Standby(id)) => return unknown(vec![id]),
            Ok(Found::Nothing) if is_lost && began.duration_since(lost) >= MAY_BE_INVISIBLE => {
                return Ok(());
            }
            // AWS shows it without a primary for good: it is not a standby.
            Ok(Found::Incomplete(id)) if lost.elapsed() >= MAY_BE_INVISIBLE => {
                return unknown(vec![id]);
            }
            Ok(Found::Nothing | Found::Incomplete(_)) => {}
            Err(error) if error.kind.is_transient() => {
                tracing::warn!(%error, "looking for the standby failed, retrying");
            }
            Err(error) => {
                tracing::warn!(%error, "looking for the standby failed");
                return unknown(Vec::new());
            }
        }
    }
    // A standby that was requested a moment before a stop is not visible yet: look until it is.
    let last_looks = async {
        loop {
            match look(look_ups, new, user).await.map(Found::ids) {
                Ok(ids) if ids.is_empty() && stop.is_cancelled() => {
                    tokio::time::sleep(BETWEEN_LAST_LOOKS).await;
                }
                found => return found.unwrap_or_default(),
            }
        }
    };
    let patience = if stop.is_cancelled() { LAST_LOOKS } else { LAST_LOOK };
    unknown(tokio::time::timeout(patience, last_looks).await.unwrap_or_default())
}

/// One complete look at the WorkSpaces of the user in the directory, or at the whole directory if the
/// user is not known.
async fn look(look_ups: &LookUps, new: &NewStandby, user: Option<&str>) -> Result<Found, Error> {
    let is_own = |workspace: &WorkSpace| {
        workspace.primary.as_ref().is_some_and(|primary| primary.id == new.primary_id)
    };
    let Some(user) = user else {
        let mut found = look_ups.standbys_of(&new.primary_id, &new.directory_id).await?;
        return Ok(found.pop().map_or(Found::Nothing, |standby| Found::Standby(standby.id)));
    };
    let mut found = look_ups.of_user(&new.directory_id, user).await?;
    found.retain(|workspace| !workspace.is_ending());
    if let Some(own) = found.iter().find(|workspace| is_own(workspace)) {
        return Ok(Found::Standby(own.id.clone()));
    }
    let incomplete = found.into_iter().find(|workspace| workspace.primary.is_none());
    Ok(incomplete.map_or(Found::Nothing, |workspace| Found::Incomplete(workspace.id)))
}
