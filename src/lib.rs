//! A Terraform provider for Amazon WorkSpaces standby desktops (Multi-Region Resilience).
//!
//! A call passes these modules in order, and each module knows only its neighbors:
//!
//! ```text
//! Terraform
//!   |  starts the program, reads one line from its standard output
//! plugin      handshake, mutual TLS, sockets                      no Terraform types
//!   |  gRPC
//! rpc         tfplugin6 RPCs: decode, call, encode                no AWS
//!   |  tf::Value, tf::Schema, tf::Diagnostic
//! provider    provider block, resource, data sources              no protobuf, no SDK types
//!   |  aws::WorkSpace, aws::Error
//! aws         operations, batching, rate limiting, credentials    the AWS SDK, no Terraform
//!   |  HTTPS, AWS JSON 1.1
//! AWS, or sim
//! ```
//!
//! [`tf`] has the types of Terraform, without the protocol and without AWS. [`sim`] simulates the AWS
//! API at the same HTTP interface. It is written from the API description and shares no code with
//! [`aws`]. [`demo`] and [`install`] are commands for people. [`generate`] writes the documentation
//! pages.
//!
//! An apply calls `rpc/server.rs`, `provider/mod.rs`, `provider/standby/create/` (or `update.rs`,
//! `delete.rs`) and `aws/workspaces/` down to the SDK, waits in `provider/wait.rs`, and returns
//! through `provider/standby/model.rs` and `rpc/encode.rs`.

pub mod plugin;
pub mod rpc;
pub mod tf;
pub mod provider;
pub mod aws;
pub mod sim;
pub mod demo;
pub mod install;
pub mod generate;
