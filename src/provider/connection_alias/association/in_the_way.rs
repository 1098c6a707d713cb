//! An association that keeps another one from being made.

use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::aws::{AliasAssociation, ConnectionAlias, Error, Region};
use crate::provider::wait::{Limit, Unfinished, within};
use crate::tf::Diagnostic;

use super::messages::{self, Pair};

/// How long something in the way may take until it begins to end.
const GRACE: Duration = Duration::from_secs(10);

/// The time between two looks at what is in the way.
pub(super) const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// How long a look may take.
const LONGEST_LOOK: Duration = Duration::from_secs(10);

/// Waits until the association in the way is removed: Terraform removes one and creates another at the
/// same time where a directory or an alias is handed from one resource to another.
///
/// # Errors
/// It is not being removed, or not removed in time.
pub(super) async fn wait(
    region: &Region,
    pair: Pair<'_>,
    limit: Limit,
    stop: &CancellationToken,
    error: &Error,
) -> Result<(), Diagnostic> {
    let begun = Instant::now();
    let mut was_in_the_way = false;
    loop {
        let shown = looked_up(region, pair).await;
        let associations = || shown.iter().flatten().flat_map(|alias| &alias.associations);
        if associations().next().is_none() && was_in_the_way && shown.is_ok() {
            return Ok(());
        }
        was_in_the_way = associations().next().is_some();
        let is_ending = associations().all(AliasAssociation::is_ending);
        if !was_in_the_way || !is_ending && begun.elapsed() >= GRACE {
            return Err(messages::in_use(pair, error, &shown));
        }
        match within(limit.deadline, stop, tokio::time::sleep(LOOK_AGAIN)).await {
            Ok(()) => {}
            Err(Unfinished::Stopped) => return Err(messages::not_begun(pair)),
            Err(Unfinished::TimedOut) => return Err(messages::in_use(pair, error, &shown)),
        }
    }
}

/// The aliases that may be in the way: this one, and the one that the directory has.
async fn looked_up(region: &Region, pair: Pair<'_>) -> Result<Vec<ConnectionAlias>, Option<Error>> {
    let aliases = region.connection_aliases();
    let looks = async {
        let (alias, others) =
            tokio::join!(aliases.find(pair.alias), aliases.all(Some(pair.directory)));
        match (alias, others) {
            (Ok(alias), Ok(others)) => Ok(alias.into_iter().chain(others).collect()),
            (Ok(Some(alias)), Err(_)) if !alias.associations.is_empty() => Ok(vec![alias]),
            (Err(error), _) | (_, Err(error)) => Err(Some(error)),
        }
    };
    tokio::time::timeout(LONGEST_LOOK, looks).await.unwrap_or(Err(None))
}
