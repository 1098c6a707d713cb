//! The methods of the plugin protocol (tfplugin6): decode a request, call the provider, encode the answer.
//!
//! Each served RPC is one method of [`Server`], and makes no decision of its own but one: what is
//! said when nothing can be said, so that no state is ever lost. A provider's error is always a
//! diagnostic in the answer, never a gRPC status, because Terraform drops the answer of a call that
//! has failed. RPCs that are not served keep the generated stubs, which answer Unimplemented.
//!
//! Generated messages stop at this module; AWS, processes and sockets do not occur in it.

mod server;
mod guard;
mod decode;
mod encode;
mod schema;
#[cfg(test)]
mod tests;

pub use server::{Server, service};

/// The generated messages, server and client of the protocol.
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
