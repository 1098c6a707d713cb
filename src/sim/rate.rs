use std::collections::HashMap;

use jiff::Timestamp;

/// How many calls each operation of each Region may take before it answers `ThrottlingException`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// Calls per second that can go on for ever.
    pub per_second: f64,
    /// Calls that may come at once after a quiet time.
    pub burst: f64,
}

/// One token bucket for each Region and operation.
#[derive(Debug, Default)]
pub(super) struct Buckets(HashMap<(String, &'static str), Bucket>);

#[derive(Debug)]
struct Bucket {
    tokens: f64,
    at: Timestamp,
}

impl Buckets {
    /// Takes a token if there is one; false means the call is to be throttled.
    pub(super) fn take(
        &mut self,
        rate: Rate,
        region: &str,
        operation: &'static str,
        now: Timestamp,
    ) -> bool {
        let full = || Bucket { tokens: rate.burst, at: now };
        let bucket = self.0.entry((region.to_owned(), operation)).or_insert_with(full);
        // A clock that steps back must not take tokens away.
        let elapsed = now.duration_since(bucket.at).as_secs_f64().max(0.0);
        bucket.tokens = (bucket.tokens + elapsed * rate.per_second).min(rate.burst);
        bucket.at = now;
        let allowed = bucket.tokens >= 1.0;
        if allowed {
            bucket.tokens -= 1.0;
        }
        allowed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_burst_goes_through_then_the_rate_holds_and_regions_do_not_share() {
        let mut buckets = Buckets::default();
        let rate = Rate { per_second: 2.0, burst: 3.0 };
        let start = Timestamp::UNIX_EPOCH;
        let mut taken = |region, milliseconds| {
            let now = start + std::time::Duration::from_millis(milliseconds);
            buckets.take(rate, region, "DescribeTags", now)
        };
        let burst: Vec<bool> = (0..4).map(|_| taken("us-west-2", 0)).collect();
        assert_eq!(burst, [true, true, true, false]);
        assert!(!taken("us-west-2", 400));
        assert!(taken("us-west-2", 500));
        assert!(taken("eu-west-1", 500));
    }
}
