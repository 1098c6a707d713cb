//! The plugin process: handshake, mutual TLS, sockets, and the services that go-plugin requires.
//!
//! Terraform starts the program with a cookie in its environment, reads one line from standard
//! output, connects to the address on that line, and calls gRPC services until it calls `Shutdown`.
//! [`serve`] does this. With [`serve_debug`] a person starts the program and passes its address to
//! Terraform.
//!
//! This module does not know what a provider is. The gRPC service and the environment are arguments.
//! Standard input belongs to Terraform and is never read; standard output is written once.

mod serve;

pub mod handshake;

mod connections;
mod error;
#[cfg(unix)]
mod leftovers;
mod listen;
mod signals;
mod tls;

mod reattach;
mod services;

pub mod log;
pub mod panics;

pub use error::Error;
pub use reattach::reattach;
pub use serve::{Plugin, serve, serve_debug};
pub use services::proto;
