//! What the measurements share with the tests.

#[path = "../support/background.rs"]
pub(crate) mod background;
#[path = "../support/client.rs"]
pub(crate) mod client;
#[path = "../support/process.rs"]
pub(crate) mod process;
#[path = "../support/program.rs"]
pub(crate) mod program;
#[path = "../support/reattached.rs"]
pub(crate) mod reattached;
#[path = "../support/requests/mod.rs"]
pub(crate) mod requests;
#[path = "../support/secrets.rs"]
pub(crate) mod secrets;
#[path = "../support/served.rs"]
pub(crate) mod served;
#[path = "../support/terraform/mod.rs"]
pub(crate) mod terraform;
