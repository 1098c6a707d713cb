//! The whole way: a real `terraform` that drives the built provider against the simulator.
//!
//! `TF_ACC=0` leaves these out; without it a missing `terraform` is a failure.

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
// A hundred at once.
mod fleet;
