//! The whole way: a real `terraform` that drives the built provider against the simulator.
//!
//! `TF_ACC=0` leaves these out; without it a missing `terraform` is a failure.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on is to fail where it stands")]

// Helpers: no tests in here.
mod support;

// Create, update, replace, drift, destroy.
mod lifecycle;
// Taking over what exists.
mod import;
// What AWS refuses, and that nothing false is left in the state.
mod refusals;
// Lost answers, waits that end early, Ctrl-C.
mod trouble;
// Default and ignored tags.
mod tags;
// The provider block and its local name.
mod configuration;
// Connection aliases, their associations and permissions.
mod connection_aliases;
// Several provider blocks, and what they show of their secrets.
mod aliases;
// Many at once.
mod fleet;
// Data sources that wait.
mod data_sources;
// Every file under examples/.
mod examples;
// Every command in docs/guides/.
mod guides;
// The zips of a release, found in a mirror.
mod release;
// The same on every Terraform there is, and what only the newer ones can do.
mod cores;
// Found in the mirror that `install` fills.
mod install;
// The demonstration, run to its end.
mod demo;
// The simulator's page in a real browser.
mod page;
