//! How one gets in: settings, the SDK's configuration, credentials and HTTP.

pub(in crate::aws) mod clients;
pub(in crate::aws) mod credentials;
pub(in crate::aws) mod http;
pub(in crate::aws) mod regions;
pub(in crate::aws) mod retry;
pub(in crate::aws) mod sdk;
pub(in crate::aws) mod settings;
pub(in crate::aws) mod user_agent;
