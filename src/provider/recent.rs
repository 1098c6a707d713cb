use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::aws::{MAY_BE_INVISIBLE, NewStandby};

/// The standbys that this process has created or adopted. AWS does not show new ones at once.
#[derive(Debug, Default)]
pub(in crate::provider) struct Recent(Mutex<BTreeMap<String, Created>>);

#[derive(Debug)]
struct Created {
    at: Instant,
    region: String,
    directory_id: String,
    primary_region: String,
}

impl Recent {
    /// Remembers a standby of this process. False if another resource has it already.
    pub(in crate::provider) fn created(&self, region: &str, id: &str, new: &NewStandby) -> bool {
        let mut all = self.lock();
        if all.contains_key(id) {
            return false;
        }
        let created = Created {
            at: Instant::now(),
            region: region.to_owned(),
            directory_id: new.directory_id.clone(),
            primary_region: new.primary_region.clone(),
        };
        all.insert(id.to_owned(), created);
        true
    }

    /// Forgets a standby that is to be terminated.
    pub(in crate::provider) fn ended(&self, id: &str) {
        self.lock().remove(id);
    }

    /// How long ago this process created the standby; nothing if it did not.
    pub(in crate::provider) fn age(&self, id: &str) -> Option<Duration> {
        self.lock().get(id).map(|created| created.at.elapsed())
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
        let matching = all.iter().filter(|(_, created)| {
            created.at.elapsed() < MAY_BE_INVISIBLE
                && created.region == region
                && directory_id.is_none_or(|id| created.directory_id == id)
                && primary_region.is_none_or(|name| created.primary_region == name)
        });
        matching.map(|(id, _)| id.clone()).collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Created>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
