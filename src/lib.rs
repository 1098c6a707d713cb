//! A Terraform provider for Amazon WorkSpaces standby desktops (Multi-Region Resilience).
//!
//! The program is one straight line, and each room of it knows only its neighbours:
//!
//! ```text
//! Terraform
//!   |  starts the program, reads one line from its standard output
//! plugin      handshake, mutual TLS, sockets            no Terraform types
//!   |  gRPC
//! rpc         tfplugin6 methods: decode, call, encode   no AWS
//!   |  tf::Value, tf::Schema, tf::Diagnostic
//! provider    configuration, resource, data sources     no protobuf, no SDK types
//!   |  aws::WorkSpace, aws::Error
//! aws         batch, watch, retry, find, create         the AWS SDK, no Terraform
//!   |  HTTPS, AWS JSON 1.1
//! AWS, or sim
//! ```
//!
//! [`tf`] is Terraform's vocabulary, without a protocol and without AWS. [`sim`] is a stand-in for
//! the AWS API behind the same wire, written from the API's description and not from [`aws`].
//! [`demo`] and [`install`] are for people, and [`generate`] writes the documentation pages.
//!
//! An apply goes down through `rpc/server.rs`, `provider/mod.rs`, `provider/standby/create.rs`
//! (or `update.rs`, `delete.rs`) and `aws/create.rs` to the SDK, waits in
//! `provider/standby/wait.rs`, and comes back through `provider/standby/model.rs` and
//! `rpc/encode.rs`.

pub mod plugin;
pub mod rpc;
pub mod tf;
pub mod provider;
pub mod aws;
pub mod sim;
pub mod demo;
pub mod install;
pub mod generate;
