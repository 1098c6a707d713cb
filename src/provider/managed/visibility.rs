use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::aws::MAY_BE_INVISIBLE;

/// The largest error of a system's clock that does not keep the provider from working otherwise.
const CLOCK_ERROR: Duration = Duration::from_secs(24 * 60 * 60);

/// What the provider remembers, in Terraform's private state, of something that AWS may not show yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::provider) struct Visibility {
    /// When AWS accepted the request to create it, until AWS shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::provider) unseen_since: Option<Timestamp>,
    /// When a refresh did not show it for the first time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::provider) missing_since: Option<Timestamp>,
}

impl Visibility {
    /// Of what AWS has accepted at this time and not shown yet.
    pub(in crate::provider) fn unseen(now: Timestamp) -> Self {
        Self { unseen_since: Some(now), missing_since: None }
    }

    /// Notes that AWS shows it.
    pub(in crate::provider) fn seen(&mut self) {
        *self = Self::default();
    }

    /// Whether it may exist although AWS does not show it. `age` is how long ago this process created
    /// it, if it did; else the system's clock has to tell.
    ///
    /// That clock may be wrong, by hours where it takes daylight saving time for another time. So
    /// what was never shown counts as gone only if it was missing for a while too, by a clock that was
    /// read after the creation, or if it is older than any such error.
    pub(in crate::provider) fn may_be_invisible(
        &self,
        now: Timestamp,
        age: Option<Duration>,
    ) -> bool {
        let Some(since) = self.unseen_since else { return false };
        if let Some(age) = age {
            return age < MAY_BE_INVISIBLE;
        }
        let is_over = |since: Timestamp, time: Duration| {
            Duration::try_from(now.duration_since(since)).is_ok_and(|waited| waited >= time)
        };
        let missing = self.missing_since.is_some_and(|since| is_over(since, MAY_BE_INVISIBLE));
        !(is_over(since, CLOCK_ERROR) || missing && is_over(since, MAY_BE_INVISIBLE))
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    #[test]
    fn what_is_new_may_be_invisible_for_a_while_whatever_the_clock_shows() {
        let minutes = |minutes| Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes);
        let created = |missing: Option<i64>| Visibility {
            unseen_since: Some(Timestamp::UNIX_EPOCH),
            missing_since: missing.map(minutes),
        };
        for (missing, now, age, may_be) in [
            (None, 1, None, true),
            // The clock of the next run is an hour ahead.
            (None, 61, None, true),
            (Some(61), 62, None, true),
            (Some(61), 77, None, false),
            // And right again.
            (Some(61), 20, None, true),
            (Some(1), 10, None, true),
            (Some(1), 16, None, false),
            (None, 25 * 60, None, false),
            // This process has created it.
            (None, 61, Some(1), true),
            (None, 1, Some(16), false),
        ] {
            let age = age.map(|minutes: u64| Duration::from_secs(minutes * 60));
            let is = created(missing).may_be_invisible(minutes(now), age);
            assert_eq!(is, may_be, "missing since {missing:?}, now {now}, age {age:?}");
        }
        assert!(!Visibility::default().may_be_invisible(minutes(1), None));
    }
}
