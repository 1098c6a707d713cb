use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::aws::error::Error;
use crate::aws::workspaces::region::Region;
use crate::aws::workspaces::types::WorkSpace;

use super::{Accepted, NewStandby};

/// How long to pause before each look for a standby that may or may not have been made. AWS needs a
/// while to show a new WorkSpace; together these are half a minute.
const LOOKS: [Duration; 6] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(3),
    Duration::from_secs(5),
    Duration::from_secs(8),
    Duration::from_secs(11),
];

/// How long a listing of a directory is good enough as proof of what was there. Creations that begin
/// together share one.
const FRESH: Duration = Duration::from_secs(60);

/// What was in each directory shortly before something was to be made there.
///
/// CreateStandbyWorkspaces has no client token, so after a lost answer the only proof that a
/// standby is the one just asked for is that it was not there before.
#[derive(Default)]
pub(in crate::aws) struct Baselines {
    directories: Mutex<HashMap<String, Arc<Baseline>>>,
    /// The ids that this process knows to belong to other requests.
    claimed: Mutex<HashSet<String>>,
}

/// The last listing of a directory, locked while a new one is made.
type Baseline = tokio::sync::Mutex<Option<Listing>>;

struct Listing {
    at: Instant,
    before: Before,
}

/// The ids in a directory; nothing where it could not be listed.
pub(super) type Before = Option<Arc<HashSet<String>>>;

impl Region {
    /// The ids that are in the directory before a request is sent, at most [`FRESH`] old.
    pub(super) async fn what_was_there(&self, directory_id: &str) -> Before {
        let baseline = self.baseline(directory_id);
        let mut last = baseline.lock().await;
        if let Some(listing) = last.as_ref().filter(|listing| listing.at.elapsed() < FRESH) {
            return listing.before.clone();
        }
        let before = match self.of_directory(directory_id).await {
            Ok(found) => Some(Arc::new(found.into_iter().map(|workspace| workspace.id).collect())),
            Err(error) => {
                // Not worth failing for: it only matters after a lost answer, and then means that
                // nothing can be proven.
                tracing::debug!(%error, "the directory could not be listed before creating");
                None
            }
        };
        *last = Some(Listing { at: Instant::now(), before: before.clone() });
        before
    }

    fn baseline(&self, directory_id: &str) -> Arc<Baseline> {
        Arc::clone(lock(&self.0.baselines.directories).entry(directory_id.to_owned()).or_default())
    }

    /// Looks for the standby that may have been made until it is found, time is up or a stop is
    /// asked for.
    pub(super) async fn look(
        &self,
        new: &NewStandby,
        before: &Before,
        stop: &CancellationToken,
    ) -> Option<Accepted> {
        tokio::select! {
            biased;
            () = stop.cancelled() => None,
            found = self.look_patiently(new, before) => found,
        }
    }

    async fn look_patiently(&self, new: &NewStandby, before: &Before) -> Option<Accepted> {
        for pause in LOOKS {
            tokio::time::sleep(pause).await;
            for found in self.candidates(new).await {
                if self.is_provably(new, &found, before).await
                    && lock(&self.0.baselines.claimed).insert(found.id.clone())
                {
                    return Some(Accepted::seen(found));
                }
            }
        }
        None
    }

    /// The standbys of the same primary in the same directory that are not ending.
    async fn candidates(&self, new: &NewStandby) -> Vec<WorkSpace> {
        self.standbys_of(&new.primary_id, &new.directory_id).await.unwrap_or_default()
    }

    /// The standbys of a primary in a directory that are not ending.
    ///
    /// # Errors
    /// Whatever AWS, or the way to it, refused.
    pub async fn standbys_of(
        &self,
        primary_id: &str,
        directory_id: &str,
    ) -> Result<Vec<WorkSpace>, Error> {
        let mut found = self.of_directory(directory_id).await?;
        found.retain(|workspace| {
            workspace.primary.as_ref().is_some_and(|primary| primary.id == primary_id)
                && !matches!(workspace.state(), "TERMINATING" | "TERMINATED")
        });
        Ok(found)
    }

    /// The [`candidates`](Self::candidates), or none where a stop is asked for before they are known.
    pub(super) async fn candidates_unless(
        &self,
        stop: &CancellationToken,
        new: &NewStandby,
    ) -> Vec<WorkSpace> {
        tokio::select! {
            biased;
            () = stop.cancelled() => Vec::new(),
            found = self.candidates(new) => found,
        }
    }

    async fn is_provably(&self, new: &NewStandby, found: &WorkSpace, before: &Before) -> bool {
        before.as_ref().is_some_and(|before| !before.contains(&found.id))
            && !lock(&self.0.baselines.claimed).contains(&found.id)
            && self.tags(&found.id).await.is_ok_and(|mut tags| {
                tags.retain(|key, _| !key.starts_with("aws:"));
                tags == new.tags
            })
    }

    /// Remembers ids as those of requests of this process.
    pub(super) fn claim<'a>(&self, ids: impl Iterator<Item = &'a str>) {
        lock(&self.0.baselines.claimed).extend(ids.map(str::to_owned));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing that can panic runs under these locks.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
