//! The HTTP client that the SDK is given.

pub(in crate::aws) mod client;
pub(in crate::aws) mod connect;
pub(in crate::aws) mod proxy;
pub(in crate::aws) mod tls;
