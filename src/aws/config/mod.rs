//! How to reach AWS: the resolved access, the SDK's configuration, credentials and HTTP.

pub(in crate::aws) mod access;
pub(in crate::aws) mod bounds;
pub(in crate::aws) mod clients;
pub(in crate::aws) mod credentials;
pub(in crate::aws) mod files;
pub(in crate::aws) mod http;
pub(in crate::aws) mod log;
pub(in crate::aws) mod regions;
pub(in crate::aws) mod retry;
pub(in crate::aws) mod settings;
pub(in crate::aws) mod user_agent;
