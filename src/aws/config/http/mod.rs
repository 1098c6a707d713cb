//! The HTTP client of the SDK.

pub(in crate::aws) mod client;
pub(in crate::aws) mod connect;
mod names;
pub(in crate::aws) mod proxy;
pub(in crate::aws) mod tls;
