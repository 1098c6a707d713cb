//! How to reach AWS: settings, the SDK's configuration, credentials and HTTP. It sends nothing except
//! the calls that return credentials.

pub(in crate::aws) mod bounds;
pub(in crate::aws) mod clients;
pub(in crate::aws) mod credentials;
pub(in crate::aws) mod http;
pub(in crate::aws) mod regions;
pub(in crate::aws) mod retry;
pub(in crate::aws) mod sdk;
pub(in crate::aws) mod settings;
pub(in crate::aws) mod user_agent;
