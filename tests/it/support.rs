//! What the suites share.

#[path = "../support/api.rs"]
pub(crate) mod api;
#[path = "../support/client.rs"]
pub(crate) mod client;
#[path = "../support/core_rules.rs"]
pub(crate) mod core_rules;
#[path = "../support/fuzz.rs"]
pub(crate) mod fuzz;
#[path = "../support/heard.rs"]
pub(crate) mod heard;
#[path = "../support/in_process/mod.rs"]
pub(crate) mod in_process;
#[path = "../support/process.rs"]
pub(crate) mod process;
#[path = "../support/program.rs"]
pub(crate) mod program;
#[path = "../support/requests/mod.rs"]
pub(crate) mod requests;
#[path = "../support/secrets.rs"]
pub(crate) mod secrets;
#[path = "../support/served.rs"]
pub(crate) mod served;
#[path = "../support/stand_ins/mod.rs"]
pub(crate) mod stand_ins;
#[path = "../support/values.rs"]
pub(crate) mod values;
