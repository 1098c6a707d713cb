//! The provider's RPCs on the wire: the built program, started and called the way Terraform does, against the simulator
//! in the test process.
//!
//! Each test is named after the rule of the protocol or of the documentation that it holds.

pub(crate) mod session;

mod actions;
mod apply;
mod configure;
mod data;
mod faults;
mod functions;
mod generate;
mod import;
mod list;
mod memory;
mod plan;
mod process;
mod random_plans;
mod read;
mod schema;
mod stop;
mod upgrade;
mod validate;
