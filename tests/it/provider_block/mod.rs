//! The provider block, argument by argument: the built program with an environment and a home of
//! its own, against the simulator and stand-ins for everything else on the way to AWS.
//!
//! Whatever a process says in any of these tests is searched for the secrets it was given.

mod stage;

mod account;
mod aliases;
mod connections;
mod precedence;
mod sources;
