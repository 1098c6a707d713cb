use std::time::Duration;

use super::{Delay, Fault, FaultKind};
use crate::sim::random::Random;

/// The faults in force, with how often each may still be injected.
#[derive(Debug)]
pub(in crate::sim) struct Faults {
    in_force: Vec<Fault>,
    random: Random,
}

/// What is injected into one call.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::sim) struct Injected {
    /// How long the call waits before it is carried out.
    pub(in crate::sim) before: Duration,
    /// How long its answer waits after that.
    pub(in crate::sim) after: Duration,
    /// The pause before each byte of the body.
    pub(in crate::sim) drip: Option<Duration>,
    /// How the call fails.
    pub(in crate::sim) failure: Option<Failure>,
    pub(in crate::sim) twist: Twist,
}

/// How a call fails. At most one failure is injected into a call.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::sim) enum Failure {
    ErrorBefore,
    ErrorAfter,
    ResetBefore,
    ResetAfter,
    Refuse(String),
    Neither,
}

/// What else is different about a call and its answer.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in crate::sim) struct Twist {
    pub(in crate::sim) fails_provisioning: bool,
    pub(in crate::sim) twins: bool,
    pub(in crate::sim) exists_without_id: bool,
    pub(in crate::sim) incomplete: bool,
    pub(in crate::sim) shuffled: bool,
    pub(in crate::sim) without_user_name: bool,
    pub(in crate::sim) paging: Paging,
}

/// What follows a page.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in crate::sim) enum Paging {
    #[default]
    Normal,
    Endless,
    Circular,
}

impl Faults {
    pub(in crate::sim) fn new(faults: Vec<Fault>, seed: u64) -> Self {
        Self { in_force: faults, random: Random::new(seed, "faults") }
    }

    pub(in crate::sim) fn replace(&mut self, faults: Vec<Fault>) {
        self.in_force = faults;
    }

    /// The faults that can still be injected, as they are written.
    pub(in crate::sim) fn shown(&self) -> Vec<String> {
        let left = self.in_force.iter().filter(|fault| fault.times != Some(0));
        left.map(Fault::to_string).collect()
    }

    /// Draws what is injected into this call. Delays add up, and of several failures the first one
    /// drawn counts.
    pub(in crate::sim) fn draw(&mut self, operation: &str, region: &str) -> Injected {
        let mut injected = Injected::default();
        for fault in &mut self.in_force {
            let matches = |wanted: &Option<String>, value: &str| {
                wanted.as_ref().is_none_or(|wanted| wanted == value)
            };
            let applies = matches(&fault.operation, operation)
                && matches(&fault.region, region)
                && fault.times != Some(0);
            if !applies || injected.rules_out(&fault.kind) || self.random.fraction() >= fault.rate {
                continue;
            }
            fault.times = fault.times.map(|times| times - 1);
            injected.add(&fault.kind, &mut self.random);
        }
        injected
    }
}

impl Injected {
    fn add(&mut self, kind: &FaultKind, random: &mut Random) {
        let twist = &mut self.twist;
        match kind {
            FaultKind::SlowBefore(delay) => self.before += drawn(*delay, random),
            FaultKind::SlowAfter(delay) => self.after += drawn(*delay, random),
            FaultKind::Drip(pause) => self.drip = Some(*pause),
            FaultKind::FailsProvisioning => twist.fails_provisioning = true,
            FaultKind::Twins => twist.twins = true,
            FaultKind::ExistsWithoutId => twist.exists_without_id = true,
            FaultKind::Incomplete => twist.incomplete = true,
            FaultKind::Shuffled => twist.shuffled = true,
            FaultKind::WithoutUserName => twist.without_user_name = true,
            FaultKind::EndlessPages => twist.paging = Paging::Endless,
            FaultKind::CircularPages => twist.paging = Paging::Circular,
            failing => self.failure = failure(failing),
        }
    }

    /// Whether the failure drawn so far leaves no place for this: for a second failure, or for a
    /// change to a call that is not carried out.
    fn rules_out(&self, kind: &FaultKind) -> bool {
        let is_delay = matches!(kind, FaultKind::SlowBefore(_) | FaultKind::SlowAfter(_));
        match self.failure {
            None => false,
            Some(Failure::ErrorAfter | Failure::ResetAfter) => failure(kind).is_some(),
            Some(_) => !is_delay,
        }
    }
}

fn failure(kind: &FaultKind) -> Option<Failure> {
    match kind {
        FaultKind::ErrorBefore => Some(Failure::ErrorBefore),
        FaultKind::ErrorAfter => Some(Failure::ErrorAfter),
        FaultKind::ResetBefore => Some(Failure::ResetBefore),
        FaultKind::ResetAfter => Some(Failure::ResetAfter),
        FaultKind::Refuse(code) => Some(Failure::Refuse(code.clone())),
        FaultKind::Neither => Some(Failure::Neither),
        _ => None,
    }
}

fn drawn(delay: Delay, random: &mut Random) -> Duration {
    match delay.most.saturating_sub(delay.least) {
        Duration::ZERO => delay.least,
        span => delay.least + span.mul_f64(random.fraction()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults<const N: usize>(written: [&str; N], seed: u64) -> Faults {
        Faults::new(written.map(|text| text.parse().unwrap()).into(), seed)
    }

    #[test]
    fn a_limited_fault_is_injected_that_often_and_delays_add_up() {
        let mut faults = faults(
            [
                "DescribeTags:5xx-before:1x2",
                "*:slow=1s:1",
                "*@eu-west-1:slow=2s:1",
                "*:reset-after:0",
            ],
            1,
        );
        for _ in 0..2 {
            let failure = faults.draw("DescribeTags", "us-west-2").failure;
            assert_eq!(failure, Some(Failure::ErrorBefore));
        }
        let slow = Injected { after: Duration::from_secs(1), ..Injected::default() };
        assert_eq!(faults.draw("DescribeTags", "us-west-2"), slow);
        assert_eq!(faults.draw("DescribeTags", "eu-west-1").after, Duration::from_secs(3));
    }

    #[test]
    fn failures_exclude_each_other_and_everything_else_combines() {
        let mut faults =
            faults(["*:reset-after:1", "*:5xx-after:1", "*:twins:1", "*:slow-before=1s..2s:1"], 1);
        let injected = faults.draw("CreateStandbyWorkspaces", "us-west-2");
        assert_eq!(injected.failure, Some(Failure::ResetAfter));
        assert!(injected.twist.twins);
        assert!((1.0..2.0).contains(&injected.before.as_secs_f64()), "{:?}", injected.before);
    }

    #[test]
    fn a_rate_is_a_share_of_the_calls() {
        let mut faults = faults(["*:5xx-before:0.25"], 42);
        let affected = (0..1000)
            .filter(|_| faults.draw("DescribeTags", "us-west-2").failure.is_some())
            .count();
        assert!((200..300).contains(&affected), "{affected}");
    }
}
