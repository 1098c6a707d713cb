//! How long to wait before looking again: pure functions of age and attempt.

use std::time::Duration;

/// The shortest time between two looks: AWS needs about this long to show a new WorkSpace at all.
pub(in crate::aws) const SHORTEST: Duration = Duration::from_secs(1);

/// The longest time between two looks. Making a standby takes tens of minutes and ending one about
/// five, so half a minute is a small delay, and few enough calls.
pub(in crate::aws) const LONGEST: Duration = Duration::from_secs(30);

/// How long to wait before the next look at something that has been waited for since `age`.
///
/// A tenth of the age, between [`SHORTEST`] and [`LONGEST`]: what was just asked for may be ready
/// at once, and what has taken ten minutes will not be ready in the next second.
pub(in crate::aws) fn next_look(age: Duration) -> Duration {
    (age / 10).clamp(SHORTEST, LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pace_slows_with_age_between_the_bounds() {
        for (age, expected) in [(0, 1), (5, 1), (10, 1), (60, 6), (300, 30), (5400, 30)] {
            let (age, expected) = (Duration::from_secs(age), Duration::from_secs(expected));
            assert_eq!(next_look(age), expected, "after {age:?}");
        }
    }
}
