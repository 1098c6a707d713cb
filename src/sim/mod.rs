//! A stand-in for the Amazon WorkSpaces API that needs no AWS account.
//!
//! With it come the STS operations that a provider calls on its way there: `GetCallerIdentity`,
//! `AssumeRole` and `AssumeRoleWithWebIdentity`.
//!
//! [`Simulator::respond`] is a function of a signed HTTP request and the time; it opens no socket
//! and reads no clock. Two fronts use it: [`listen`] serves it over loopback, and tests hand
//! requests to it in process with a clock of their own. WorkSpaces move through their states
//! because each answer compares the given time with stored deadlines; no background task runs.
//!
//! All Regions share one address. The Region, the service and the access key come from the SigV4
//! `Authorization` header; the signature itself is not verified. The endpoints under
//! `/_simulator/` do what the API does not offer (see [`Simulator`]).
//!
//! This module is an independent reading of the API. It shares no code with the provider's own
//! client and does not use the AWS SDK, so that one misreading is not repeated on both sides.

mod alter;
mod banner;
mod calls;
mod cloud;
mod control;
mod duration;
mod error;
mod fault;
mod fleet;
mod log;
mod markup;
mod model;
mod options;
mod page;
mod persist;
mod random;
mod rate;
mod refusal;
mod reply;
mod server;
mod settings;
mod simulator;
mod stats;
mod sts;
mod suggest;
#[cfg(test)]
mod tests;
mod tls;
mod wire;
mod world;

/// The built-in fleet: its identifiers as constants, so that a demonstration and tests can name
/// them.
pub mod builtin;

pub use banner::banner;
pub use calls::CallRecord;
pub use error::Error;
pub use fault::{Delay, Fault, FaultKind};
pub use fleet::{Fleet, FleetConnectionAlias, FleetDirectory, FleetRegion, FleetWorkspace};
pub use log::{LogFormat, write_log};
pub use options::Options;
pub use rate::Rate;
pub use reply::{Outcome, Reply};
pub use server::{Limits, Listening, listen, listen_for};
pub use settings::{ReplicationTarget, Settings};
pub use simulator::Simulator;
pub use stats::{OperationStats, Stats};
pub use tls::Tls;
