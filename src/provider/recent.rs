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

/// What this process has created recently: AWS does not show it at once.
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
    /// Remembers a standby that AWS has begun to create.
    pub(in crate::provider) fn made(&self, region: &str, id: &str, new: &NewStandby) {
        let made = Made {
            at: Instant::now(),
            region: region.to_owned(),
            directory_id: new.directory_id.clone(),
            primary_region: new.primary_region.clone(),
        };
        self.lock().insert(id.to_owned(), made);
    }

    /// Forgets a standby that is to be terminated.
    pub(in crate::provider) fn ended(&self, id: &str) {
        self.lock().remove(id);
    }

    /// The ids that AWS may not show yet, in this Region and, if given, in this directory and of this
    /// primary Region.
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
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
