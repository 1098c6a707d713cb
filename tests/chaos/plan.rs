//! What each trial does. Its number is its seed, so that a trial can be repeated.

use std::fmt;
use std::time::Duration;

/// How many trials a short run makes.
pub(crate) const SHORT: u64 = 32;

/// How many standbys a trial makes.
pub(crate) const MANY: usize = 10;

/// Every signal, in the order of the trials.
pub(crate) const SIGNALS: [Signal; 8] = [
    Signal::CtrlC,
    Signal::InterruptTerraform,
    Signal::TerminateTerraform,
    Signal::TerminateAll,
    Signal::TerminateProvider,
    Signal::KillTerraform,
    Signal::KillProvider,
    Signal::KillAll,
];

/// Which signal goes to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    /// SIGINT to Terraform and the provider, as from a terminal.
    CtrlC,
    InterruptTerraform,
    TerminateTerraform,
    /// SIGTERM to Terraform and the provider, as from a machine that is shut down.
    TerminateAll,
    TerminateProvider,
    KillTerraform,
    KillProvider,
    KillAll,
}

impl Signal {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::CtrlC => "SIGINT to both",
            Self::InterruptTerraform => "SIGINT to terraform",
            Self::TerminateTerraform => "SIGTERM to terraform",
            Self::TerminateAll => "SIGTERM to both",
            Self::TerminateProvider => "SIGTERM to provider",
            Self::KillTerraform => "SIGKILL to terraform",
            Self::KillProvider => "SIGKILL to provider",
            Self::KillAll => "SIGKILL to both",
        }
    }

    /// Whether it leaves no time for anything.
    pub(crate) fn kills(self) -> bool {
        matches!(self, Self::KillTerraform | Self::KillProvider | Self::KillAll)
    }
}

/// What is interrupted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    Create,
    Update,
    Destroy,
}

/// What goes wrong beside the signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// Creations that take long before and after they are carried out, answers in any order.
    Slow,
    /// Throttling and server errors that change nothing.
    Refused,
    /// Requests that are carried out and whose answers are lost.
    Lost,
    /// The same, where AWS makes a second standby for a primary that has one.
    LostWithTwins,
}

impl Trouble {
    pub(crate) fn faults(self) -> &'static [&'static str] {
        const SLOW: [&str; 5] = [
            "CreateStandbyWorkspaces:slow-before=200ms..2s:0.6",
            "CreateStandbyWorkspaces:slow-after=200ms..2s:0.6",
            "CreateStandbyWorkspaces:shuffled:1",
            "TerminateWorkspaces:slow-after=200ms..2s:0.6",
            "ModifyWorkspaceProperties:slow-after=200ms..1s:0.6",
        ];
        const REFUSED: [&str; 5] = [
            "*:error=ThrottlingException:0.15",
            "*:5xx-before:0.1",
            "CreateStandbyWorkspaces:slow-after=200ms..2s:0.6",
            "CreateStandbyWorkspaces:shuffled:1",
            "CreateStandbyWorkspaces:exists-without-id:1",
        ];
        const LOST: [&str; 5] = [
            "CreateStandbyWorkspaces:5xx-after:0.3",
            "CreateStandbyWorkspaces:reset-after:0.3",
            "CreateStandbyWorkspaces:shuffled:1",
            "TerminateWorkspaces:reset-after:0.3",
            "CreateTags:reset-after:0.3",
        ];
        const LOST_WITH_TWINS: [&str; 6] =
            [LOST[0], LOST[1], LOST[2], LOST[3], LOST[4], "CreateStandbyWorkspaces:twins:1"];
        match self {
            Self::Slow => &SLOW,
            Self::Refused => &REFUSED,
            Self::Lost => &LOST,
            Self::LostWithTwins => &LOST_WITH_TWINS,
        }
    }

    /// Whether an id may exist that AWS never gave.
    pub(crate) fn loses_answers(self) -> bool {
        matches!(self, Self::Lost | Self::LostWithTwins)
    }
}

/// One trial.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    pub(crate) number: u64,
    pub(crate) signal: Signal,
    pub(crate) phase: Phase,
    pub(crate) trouble: Trouble,
    pub(crate) batching: bool,
    /// How long after the first resource was begun.
    pub(crate) moment: Duration,
}

impl Plan {
    /// The trial with a number: signals in turn, and for each every phase and trouble in turn.
    pub(crate) fn of(number: u64) -> Self {
        let mut random = Random(number);
        let signal = SIGNALS[usize::try_from(number % 8).unwrap()];
        let (phase, trouble) = match number / 8 % 7 {
            0 => (Phase::Create, Trouble::Slow),
            1 => (Phase::Create, Trouble::Lost),
            2 => (Phase::Create, Trouble::Refused),
            3 if number % 2 == 0 => (Phase::Destroy, Trouble::Slow),
            3 => (Phase::Update, Trouble::Slow),
            4 => (Phase::Create, Trouble::LostWithTwins),
            5 => (Phase::Create, Trouble::Slow),
            _ if number % 2 == 0 => (Phase::Update, Trouble::Lost),
            _ => (Phase::Destroy, Trouble::Lost),
        };
        // In the middle of the requests, most often; else in the wait after them.
        let longest = if random.below(3) == 0 { 4000 } else { 1500 };
        let moment = Duration::from_millis(random.below(longest));
        Self { number, signal, phase, trouble, batching: random.below(4) > 0, moment }
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { number, signal, phase, trouble, batching, moment } = self;
        let calls = if *batching { "together" } else { "one by one" };
        write!(
            f,
            "trial {number}: {phase:?}, calls {calls}, {trouble:?}, {} after {moment:?}",
            signal.name()
        )
    }
}

/// A seeded generator (splitmix64).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
}
