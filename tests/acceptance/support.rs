//! What a run of a real `terraform` needs.

#[path = "../support/cores.rs"]
pub(crate) mod cores;
#[path = "../support/program.rs"]
pub(crate) mod program;
#[path = "../support/secrets.rs"]
pub(crate) mod secrets;
#[path = "../support/served.rs"]
pub(crate) mod served;
#[path = "../support/terraform/mod.rs"]
pub(crate) mod terraform;
