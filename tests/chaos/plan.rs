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
    /// The faults, with creations that take up to so many seconds before they are carried out, and
    /// after.
    pub(crate) fn faults(self, slowest: u64) -> Vec<String> {
        let slow_after = format!("CreateStandbyWorkspaces:slow-after=200ms..{slowest}s:0.6");
        let shuffled = "CreateStandbyWorkspaces:shuffled:1";
        let lost = [
            "CreateStandbyWorkspaces:5xx-after:0.3",
            "CreateStandbyWorkspaces:reset-after:0.3",
            shuffled,
            "TerminateWorkspaces:reset-after:0.3",
            "CreateTags:reset-after:0.3",
        ];
        let faults: &[&str] = match self {
            Self::Slow => &[
                &format!("CreateStandbyWorkspaces:slow-before=200ms..{slowest}s:0.6"),
                &slow_after,
                shuffled,
                &format!("TerminateWorkspaces:slow-after=200ms..{slowest}s:0.6"),
                "ModifyWorkspaceProperties:slow-after=200ms..1s:0.6",
            ],
            Self::Refused => &[
                "*:error=ThrottlingException:0.15",
                "*:5xx-before:0.1",
                &slow_after,
                shuffled,
                "CreateStandbyWorkspaces:exists-without-id:1",
            ],
            Self::Lost => &lost,
            Self::LostWithTwins => &[&lost[..], &["CreateStandbyWorkspaces:twins:1"]].concat(),
        };
        faults.iter().map(|fault| (*fault).to_owned()).collect()
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
    /// The longest delay of a call, in seconds.
    pub(crate) slowest: u64,
}

impl Plan {
    /// The trial with a number: signals in turn, and for each every phase and trouble in turn.
    pub(crate) fn of(number: u64) -> Self {
        let mut random = Random(number);
        let signal = SIGNALS[usize::try_from(number % 8).unwrap()];
        let (phase, trouble) = match number / 8 % 7 {
            0 => (Phase::Create, Trouble::Slow),
            1 if (number / 2).is_multiple_of(2) => (Phase::Create, Trouble::Lost),
            1 => (Phase::Create, Trouble::LostWithTwins),
            2 => (Phase::Create, Trouble::Refused),
            3 if number.is_multiple_of(2) => (Phase::Destroy, Trouble::Slow),
            3 => (Phase::Update, Trouble::Slow),
            4 => (Phase::Create, Trouble::LostWithTwins),
            5 => (Phase::Create, Trouble::Slow),
            _ if number.is_multiple_of(2) => (Phase::Update, Trouble::Lost),
            _ => (Phase::Destroy, Trouble::Lost),
        };
        // In the middle of the requests, most often; else in the wait after them.
        let longest = if random.below(3) == 0 { 4000 } else { 1500 };
        let moment = Duration::from_millis(random.below(longest));
        let batching = random.below(4) > 0;
        // A short run has no time for more.
        let slowest = if number < SHORT || random.below(2) == 0 { 2 } else { 5 };
        Self { number, signal, phase, trouble, batching, moment, slowest }
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { number, signal, phase, trouble, batching, moment, .. } = self;
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
