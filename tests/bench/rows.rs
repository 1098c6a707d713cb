//! What is measured with a real Terraform, and the goals of it.

use std::fmt;
use std::time::Duration;

use terraform_provider_aws_workspaces::sim::{Rate, Settings};

use Case::{Plain, Slow, SlowTogether, Throttled, Untagged};
use Goal::{Calls, OfFloor, OfPeer, Refused, Seconds};
use Step::{Apply, Destroy, DestroyAlone, Plan};

/// A fleet, how Terraform works on it, and how AWS answers.
pub(crate) struct Row {
    /// What `--rows` takes: the size of the fleet, `@`, the parallelism, and how AWS answers.
    pub(crate) name: &'static str,
    pub(crate) size: u32,
    /// The option of Terraform: how many resources it works on at a time.
    pub(crate) parallelism: u32,
    pub(crate) case: Case,
    /// The commands in order, each with its goals.
    pub(crate) steps: &'static [(Step, &'static [Goal])],
}

/// How AWS answers, and who waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    /// After 50 ms, and a WorkSpace is ready at once.
    Plain,
    /// As [`Case::Plain`] with five calls a second of each operation, ten at once.
    Throttled,
    /// As [`Case::Plain`] with 30 seconds until a WorkSpace is ready.
    Slow,
    /// The same, and one data source waits for all WorkSpaces instead of each resource for its own.
    SlowTogether,
    /// As [`Case::Plain`] without the permission `tag:GetResources`.
    Untagged,
}

/// A command of Terraform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    Apply,
    Plan,
    Destroy,
    /// Destroy without the refresh, after an apply that is not measured.
    DestroyAlone,
}

/// What a step is not to exceed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Goal {
    /// A share of the seconds that hashicorp/aws takes.
    OfPeer(f64),
    /// So many times the seconds of Terraform without calls, and so many seconds more.
    OfFloor(f64, f64),
    /// Seconds.
    Seconds(f64),
    /// Calls to AWS, those to AWS STS included.
    Calls(u64),
    /// Calls that AWS throttles.
    Refused(u64),
}

impl fmt::Display for Goal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OfPeer(share) => write!(formatter, "≤ {share} of hashicorp/aws"),
            OfFloor(times, more) => write!(formatter, "≤ {times} × floor + {more} s"),
            Seconds(seconds) => write!(formatter, "≤ {seconds} s"),
            Calls(calls) => write!(formatter, "≤ {calls} calls"),
            Refused(refused) => write!(formatter, "≤ {refused} throttled"),
        }
    }
}

/// All rows.
pub(crate) const ROWS: [Row; 9] = [
    row(
        "1@10",
        1,
        10,
        Plain,
        &[
            (Apply, &[OfPeer(0.25), Calls(4)]),
            (Plan, &[OfPeer(0.25), Calls(3)]),
            (Destroy, &[OfPeer(0.3), Calls(5)]),
        ],
    ),
    // No goals: a point of the picture.
    row("10@10", 10, 10, Plain, &[(Apply, &[]), (Plan, &[]), (Destroy, &[])]),
    row(
        "100@10",
        100,
        10,
        Plain,
        &[
            (Apply, &[OfPeer(0.5), Calls(25)]),
            (Plan, &[OfPeer(0.45), Calls(22)]),
            (Destroy, &[OfPeer(0.65), Calls(42)]),
            (DestroyAlone, &[]),
        ],
    ),
    row(
        "100@50",
        100,
        50,
        Plain,
        &[
            (Apply, &[OfPeer(0.42), Calls(12)]),
            (Plan, &[OfPeer(0.4), Calls(8)]),
            (Destroy, &[OfPeer(0.45), Calls(16)]),
        ],
    ),
    row(
        "100@10-untagged",
        100,
        10,
        Untagged,
        &[
            (Apply, &[OfPeer(0.5), Calls(25)]),
            (Plan, &[OfPeer(0.5), Calls(110)]),
            (Destroy, &[OfPeer(0.7)]),
        ],
    ),
    row(
        "100@10-throttled",
        100,
        10,
        Throttled,
        &[
            (Apply, &[OfPeer(0.05), Refused(2)]),
            (Plan, &[OfPeer(0.067), Refused(2)]),
            (Destroy, &[OfPeer(0.067), Refused(2)]),
        ],
    ),
    row("50@10-slow", 50, 10, SlowTogether, &[(Apply, &[Seconds(34.0)])]),
    row("50@50-slow", 50, 50, Slow, &[(Apply, &[Seconds(33.0)])]),
    row(
        "1000@10",
        1000,
        10,
        Plain,
        &[
            (Apply, &[OfFloor(1.5, 10.0), OfPeer(1.0), Calls(250)]),
            (Plan, &[OfFloor(1.5, 10.0), OfPeer(1.0), Calls(250)]),
            (Destroy, &[OfFloor(1.5, 10.0), OfPeer(1.0), Calls(250)]),
        ],
    ),
];

const fn row(
    name: &'static str,
    size: u32,
    parallelism: u32,
    case: Case,
    steps: &'static [(Step, &'static [Goal])],
) -> Row {
    Row { name, size, parallelism, case, steps }
}

/// In words.
impl fmt::Display for Row {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { size, parallelism, .. } = self;
        let plural = if *size == 1 { "" } else { "s" };
        write!(formatter, "{size} WorkSpace{plural}, parallelism {parallelism}")?;
        formatter.write_str(match self.case {
            Plain => "",
            Throttled => ", 5 calls per second of each operation, burst 10",
            Slow => ", ready after 30 seconds",
            SlowTogether => ", ready after 30 seconds, one wait for all",
            Untagged => ", without the permission tag:GetResources",
        })
    }
}

impl Case {
    /// The settings of the simulator for a fleet of this size.
    pub(crate) fn settings(self, size: u32) -> Settings {
        let plain = Settings {
            synthetic_primaries: size,
            latency: Duration::from_millis(50),
            ..Settings::default()
        };
        match self {
            Plain => plain,
            Throttled => Settings { rate: Some(Rate { per_second: 5.0, burst: 10.0 }), ..plain },
            Slow | SlowTogether => Settings { provisioning: Duration::from_secs(30), ..plain },
            Untagged => {
                let denied = "GetResources:error=AccessDeniedException:1".parse();
                Settings { faults: vec![denied.expect("a fault")], ..plain }
            }
        }
    }
}

impl Step {
    /// The arguments of Terraform.
    pub(crate) fn arguments(self) -> &'static [&'static str] {
        match self {
            Apply => &["apply", "-auto-approve"],
            Plan => &["plan"],
            Destroy => &["destroy", "-auto-approve"],
            DestroyAlone => &["destroy", "-refresh=false", "-auto-approve"],
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Apply => "apply",
            Plan => "plan",
            Destroy => "destroy",
            DestroyAlone => "destroy -refresh=false",
        })
    }
}
