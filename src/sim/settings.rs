use std::path::PathBuf;
use std::time::Duration;

use super::{Fault, Fleet, Rate, builtin};

/// How the simulated service behaves. The default is the built-in fleet with everything instant and
/// no fault.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What exists when the simulator starts.
    pub fleet: Fleet,
    /// How many primaries to generate in the built-in primary Region.
    pub synthetic_primaries: u32,
    /// How long a new WorkSpace stays `PENDING`.
    pub provisioning: Duration,
    /// How long a new id stays absent from every describe operation.
    pub visible_after: Duration,
    /// How long a terminated WorkSpace stays `TERMINATING` before it is absent.
    pub termination: Duration,
    /// How long other changes take, such as data replication, start and stop.
    pub modification: Duration,
    /// How long after replication is turned on the first recovery snapshot is reported. Later ones
    /// follow every 12 hours.
    pub snapshot_after: Duration,
    /// The shortest time that an API answer takes.
    pub latency: Duration,
    /// The longest lifetime of temporary credentials from STS; `None` is what the request says.
    pub session_lifetime: Option<Duration>,
    /// The request rate that each operation of each Region allows; `None` is no limit.
    pub rate: Option<Rate>,
    /// The faults to inject, in the order in which they are drawn.
    pub faults: Vec<Fault>,
    /// The seed for identifiers and faults.
    pub seed: u64,
    /// The file to save the account to. An existing one is restored instead of the fleet.
    pub state_file: Option<PathBuf>,
    /// Which WorkSpace `ModifyWorkspaceProperties` takes `DataReplication` for. AWS does not
    /// document it.
    pub replication_target: ReplicationTarget,
}

/// The WorkSpace that `ModifyWorkspaceProperties` accepts `DataReplication` for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum ReplicationTarget {
    /// The primary, in its Region: what the console does.
    #[default]
    Primary,
    /// The standby, in its Region.
    Standby,
    /// Either of the two.
    Both,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            fleet: builtin::fleet(),
            synthetic_primaries: 0,
            provisioning: Duration::ZERO,
            visible_after: Duration::ZERO,
            termination: Duration::ZERO,
            modification: Duration::ZERO,
            snapshot_after: Duration::from_secs(2),
            latency: Duration::ZERO,
            session_lifetime: None,
            rate: None,
            faults: Vec::new(),
            seed: 1,
            state_file: None,
            replication_target: ReplicationTarget::Primary,
        }
    }
}
