use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::aws::NewStandby;

/// How long AWS may take to show a new standby, and to name its primary.
///
/// AWS says only that a new id "is not immediately available". Other services of the same kind take
/// minutes, and keeping a standby that is gone in the state for this long does no harm.
///
/// <https://docs.aws.amazon.com/workspaces/latest/api/API_CreateWorkspaces.html>
pub(in crate::provider) const MAY_BE_INVISIBLE: Duration = Duration::from_secs(15 * 60);

/// What this process creates, and has created recently: AWS does not show it at once.
#[derive(Debug, Default)]
pub(in crate::provider) struct Recent(Mutex<Creations>);

#[derive(Debug, Default)]
struct Creations {
    /// By primary: a primary has at most one standby.
    by_primary: BTreeMap<Primary, Option<String>>,
    created: BTreeMap<String, Created>,
}

/// The Region and the id of a primary.
type Primary = (String, String);

#[derive(Debug)]
struct Created {
    at: Instant,
    region: String,
    directory_id: String,
    primary: Primary,
}

/// A creation in progress. Unless it leads to an id, dropping it forgets it.
pub(in crate::provider) struct Begun<'a> {
    recent: &'a Recent,
    primary: Primary,
}

/// Another resource of this process has the same primary.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::provider) struct SamePrimary {
    /// The standby that it has created, if AWS has returned its id.
    pub(in crate::provider) id: Option<String>,
}

impl Recent {
    /// Begins the creation of a standby.
    ///
    /// # Errors
    /// Another resource creates, or has created, the standby of this primary.
    pub(in crate::provider) fn begin(&self, new: &NewStandby) -> Result<Begun<'_>, SamePrimary> {
        let primary = (new.primary_region.clone(), new.primary_id.clone());
        let mut all = self.lock();
        if let Some(id) = all.by_primary.get(&primary) {
            return Err(SamePrimary { id: id.clone() });
        }
        all.by_primary.insert(primary.clone(), None);
        Ok(Begun { recent: self, primary })
    }

    /// Forgets a standby that is to be terminated.
    pub(in crate::provider) fn ended(&self, id: &str) {
        let mut all = self.lock();
        if let Some(created) = all.created.remove(id) {
            all.by_primary.remove(&created.primary);
        }
    }

    /// How long ago this process created the standby; nothing if it did not.
    pub(in crate::provider) fn age(&self, id: &str) -> Option<Duration> {
        self.lock().created.get(id).map(|created| created.at.elapsed())
    }

    /// The ids that AWS may not show yet, in this Region and, if given, in this directory and of this
    /// primary Region.
    pub(in crate::provider) fn ids(
        &self,
        region: &str,
        directory_id: Option<&str>,
        primary_region: Option<&str>,
    ) -> Vec<String> {
        let all = self.lock();
        let matching = all.created.iter().filter(|(_, created)| {
            created.at.elapsed() < MAY_BE_INVISIBLE
                && created.region == region
                && directory_id.is_none_or(|id| created.directory_id == id)
                && primary_region.is_none_or(|name| created.primary.0 == name)
        });
        matching.map(|(id, _)| id.clone()).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Creations> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Begun<'_> {
    /// Remembers the id that AWS returned.
    pub(in crate::provider) fn created(self, region: &str, id: &str, new: &NewStandby) {
        let created = Created {
            at: Instant::now(),
            region: region.to_owned(),
            directory_id: new.directory_id.clone(),
            primary: self.primary.clone(),
        };
        let mut all = self.recent.lock();
        all.by_primary.insert(self.primary.clone(), Some(id.to_owned()));
        all.created.insert(id.to_owned(), created);
    }
}

impl Drop for Begun<'_> {
    fn drop(&mut self) {
        let mut all = self.recent.lock();
        if all.by_primary.get(&self.primary) == Some(&None) {
            all.by_primary.remove(&self.primary);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standby(primary: &str) -> NewStandby {
        NewStandby {
            primary_id: primary.to_owned(),
            primary_region: "us-east-1".to_owned(),
            directory_id: "d-1".to_owned(),
            volume_encryption_key: None,
            data_replication: None,
            tags: BTreeMap::new(),
        }
    }

    #[test]
    fn a_primary_is_taken_until_its_creation_fails_or_its_standby_ends() {
        let (recent, new) = (Recent::default(), standby("ws-p"));
        let taken = |id: Option<&str>| Some(SamePrimary { id: id.map(str::to_owned) });
        let begun = recent.begin(&new).ok();
        assert_eq!(recent.begin(&new).err(), taken(None));
        assert!(recent.begin(&standby("ws-q")).is_ok());
        drop(begun);
        let begun = recent.begin(&new).ok().expect("the first has failed");
        begun.created("us-west-2", "ws-s", &new);
        assert_eq!(recent.begin(&new).err(), taken(Some("ws-s")));
        assert_eq!(recent.ids("us-west-2", Some("d-1"), None), ["ws-s"]);
        recent.ended("ws-s");
        assert!(recent.begin(&new).is_ok());
    }
}
