//! What the suites share.

pub(crate) mod client;
pub(crate) mod core_rules;
pub(crate) mod cores;
pub(crate) mod in_process;
pub(crate) mod process;
pub(crate) mod requests;
pub(crate) mod secrets;
pub(crate) mod served;
pub(crate) mod stand_ins;
pub(crate) mod terraform;
pub(crate) mod values;
