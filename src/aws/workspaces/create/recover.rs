use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::aws::lock::lock;
use crate::aws::workspaces::create::types::{Accepted, NewStandby};
use crate::aws::workspaces::describe::LookUps;
use crate::aws::workspaces::tags::TagCalls;
use crate::aws::workspaces::types::WorkSpace;

/// The pauses before each look for a standby that may have been created. AWS needs a while to show a
/// new WorkSpace; together these are half a minute.
const PAUSES: [Duration; 6] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(3),
    Duration::from_secs(5),
    Duration::from_secs(8),
    Duration::from_secs(11),
];

/// How long a snapshot of a directory is used. Requests that start together share one.
const FRESH: Duration = Duration::from_secs(60);

/// Finds a standby whose create request got no answer.
///
/// CreateStandbyWorkspaces has no client token. After a lost answer, the proof that a standby is the
/// requested one is that it was not in the directory before.
pub(super) struct Recovery {
    look_ups: LookUps,
    tags: TagCalls,
    snapshots: DirectorySnapshots,
    /// The ids that are known to belong to requests of this process.
    claimed: Mutex<HashSet<String>>,
}

/// The WorkSpaces of each directory shortly before a request.
#[derive(Default)]
struct DirectorySnapshots(Mutex<HashMap<String, Arc<Snapshot>>>);

/// The latest list of a directory, locked while a new one is read.
type Snapshot = tokio::sync::Mutex<Option<(Instant, Before)>>;

/// The ids in a directory; `None` if it could not be listed.
pub(super) type Before = Option<Arc<HashSet<String>>>;

impl Recovery {
    pub(super) fn new(look_ups: LookUps, tags: TagCalls) -> Self {
        let (snapshots, claimed) = (DirectorySnapshots::default(), Mutex::default());
        Self { look_ups, tags, snapshots, claimed }
    }

    /// The ids in the directory, at most [`FRESH`] old.
    pub(super) async fn snapshot(&self, directory_id: &str) -> Before {
        let snapshot =
            Arc::clone(lock(&self.snapshots.0).entry(directory_id.to_owned()).or_default());
        let mut snapshot = snapshot.lock().await;
        if let Some((at, before)) = snapshot.as_ref()
            && at.elapsed() < FRESH
        {
            return before.clone();
        }
        let before = match self.look_ups.in_directory(directory_id).await {
            Ok(found) => {
                Some(Arc::new(found.iter().map(|workspace| workspace.id.clone()).collect()))
            }
            Err(error) => {
                // No reason to fail: it matters only after a lost answer, and then nothing can be
                // proven.
                tracing::debug!(%error, "the directory could not be listed before creating");
                None
            }
        };
        *snapshot = Some((Instant::now(), before.clone()));
        before
    }

    /// Looks for the standby that may have been created until it is found, time is up or a stop is
    /// requested.
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
        for pause in PAUSES {
            tokio::time::sleep(pause).await;
            for found in self.candidates(new).await {
                if self.is_proven(new, &found, before).await
                    && lock(&self.claimed).insert(found.id.clone())
                {
                    return Some(Accepted::seen(found));
                }
            }
        }
        None
    }

    /// The standbys of the same primary in the same directory.
    async fn candidates(&self, new: &NewStandby) -> Vec<WorkSpace> {
        let found = self.look_ups.standbys_of(&new.primary_id, &new.directory_id).await;
        found.unwrap_or_default()
    }

    /// The [`candidates`](Self::candidates), or none if a stop is requested before they are known.
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

    async fn is_proven(&self, new: &NewStandby, found: &WorkSpace, before: &Before) -> bool {
        before.as_ref().is_some_and(|before| !before.contains(&found.id))
            && !lock(&self.claimed).contains(&found.id)
            && self.tags.describe(&found.id).await.is_ok_and(|mut tags| {
                tags.retain(|key, _| !key.starts_with("aws:"));
                tags == new.tags
            })
    }

    /// Marks ids as those of requests of this process.
    pub(super) fn claim<'a>(&self, ids: impl Iterator<Item = &'a str>) {
        lock(&self.claimed).extend(ids.map(str::to_owned));
    }
}
