//! The RPCs of the plugin protocol (tfplugin6): decode the request, call the provider, encode the
//! response.
//!
//! Each RPC is a method of [`Server`]. It decides only what the response is if the call fails, so
//! that no state is lost. A failure is always a diagnostic in the response, never a gRPC status:
//! Terraform discards the response of a failed RPC, and with it the state. RPCs that are not
//! implemented keep the generated stubs, which return Unimplemented.
//!
//! The generated messages do not leave this module, and it does not know AWS, processes or sockets.

mod server;
mod guard;
mod actions;
mod decode;
mod encode;
mod events;
mod functions;
mod list;
mod schema;
#[cfg(test)]
mod tests;

pub use schema::schema as schema_message;
pub use server::{Server, service};

/// The generated messages, client and server of the protocol.
#[expect(
    missing_docs,
    unused_qualifications,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    reason = "generated code"
)]
pub mod proto {
    tonic::include_proto!("tfplugin6");
}
