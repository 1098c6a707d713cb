//! What the trials share with the tests.

#[path = "../support/terraform/path.rs"]
pub(crate) mod path;
#[path = "../support/program.rs"]
pub(crate) mod program;
