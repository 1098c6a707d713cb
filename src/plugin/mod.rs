//! The process Terraform starts: handshake, mutual TLS, sockets, and the services every go-plugin
//! process offers.
//!
//! Terraform runs the program with a cookie in its environment, reads one line from its standard
//! output, connects to the address on that line, and calls gRPC services until it calls `Shutdown`.
//! [`serve`] is that life from start to end; [`serve_debug`] is the other way round, where a person
//! starts the program and tells Terraform.
//!
//! What is absent: nothing here knows what a provider is. The gRPC service to serve is an argument,
//! and so is the environment. Standard input is Terraform's own and is never read; standard output
//! is written once.

mod serve;

pub mod handshake;

mod connections;
mod error;
mod listen;
mod signals;
mod tls;

mod reattach;
mod services;

pub mod log;
pub mod panics;

pub use error::Error;
pub use serve::{Plugin, serve, serve_debug};
pub use services::proto;
