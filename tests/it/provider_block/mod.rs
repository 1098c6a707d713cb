//! The provider block, argument by argument: the built program with an environment and a home of
//! its own, against the simulator and stand-ins for everything else on the way to AWS.
//!
//! `arguments.tsv` says for every argument which environment variables stand in for it and which
//! tests prove it; [`completeness`] holds the table to the provider's schema and to the tests.
//!
//! Whatever a process says in any of these tests is searched for the secrets it was given.

mod stage;

mod account;
mod assumed;
mod case;
mod completeness;
mod connections;
mod kinds;
mod limits;
mod logged;
mod precedence;
mod proxies;
mod roles;
mod sources;
mod strangers;
mod trust;
mod without_credentials;
