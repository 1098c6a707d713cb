//! What the trials share with the tests.

#[path = "../support/program.rs"]
pub(crate) mod program;
