use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::aws::NewStandby;

/// How long AWS may take to show a new standby, and to name its primary.
///
/// A data source that waits for a fleet asks for what this process has made for as long as that,
/// even where AWS lists nothing of it.
const MAY_BE_INVISIBLE: Duration = Duration::from_secs(15 * 60);

/// What this process has made of late, since AWS does not show it at once.
#[derive(Debug, Default)]
pub(in crate::provider) struct Recent(Mutex<BTreeMap<String, Made>>);

#[derive(Debug)]
struct Made {
    at: Instant,
    region: String,
    directory_id: String,
    primary_region: String,
}

impl Recent {
    /// Remembers a standby that AWS has begun to make.
    pub(in crate::provider) fn made(&self, region: &str, id: &str, new: &NewStandby) {
        let made = Made {
            at: Instant::now(),
            region: region.to_owned(),
            directory_id: new.directory_id.clone(),
            primary_region: new.primary_region.clone(),
        };
        self.lock().insert(id.to_owned(), made);
    }

    /// Forgets one that is to end.
    pub(in crate::provider) fn ended(&self, id: &str) {
        self.lock().remove(id);
    }

    /// The ids of those in this Region, and in this directory and of this primary Region where they
    /// are given, that AWS need not show yet.
    pub(in crate::provider) fn ids(
        &self,
        region: &str,
        directory_id: Option<&str>,
        primary_region: Option<&str>,
    ) -> Vec<String> {
        let mut all = self.lock();
        all.retain(|_, made| made.at.elapsed() < MAY_BE_INVISIBLE);
        let matching = all.iter().filter(|(_, made)| {
            made.region == region
                && directory_id.is_none_or(|id| made.directory_id == id)
                && primary_region.is_none_or(|name| made.primary_region == name)
        });
        matching.map(|(id, _)| id.clone()).collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Made>> {
        // Nothing that can panic runs under the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
