//! What a run of a real `terraform` needs.

#[path = "../support/api.rs"]
pub(crate) mod api;
#[path = "../support/background.rs"]
pub(crate) mod background;
#[path = "../support/cores.rs"]
pub(crate) mod cores;
#[path = "../support/hashicorp_aws/mod.rs"]
pub(crate) mod hashicorp_aws;
#[path = "../support/program.rs"]
pub(crate) mod program;
#[path = "../support/reattached.rs"]
pub(crate) mod reattached;
#[path = "../support/secrets.rs"]
pub(crate) mod secrets;
#[path = "../support/served.rs"]
pub(crate) mod served;
#[path = "../support/terraform/mod.rs"]
pub(crate) mod terraform;
