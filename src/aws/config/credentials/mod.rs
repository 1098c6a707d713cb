//! Credentials: the sources that have them, and the roles that are assumed with them.

mod answer;
pub(in crate::aws) mod assume_role;
pub(in crate::aws) mod cache;
pub(in crate::aws) mod chain;
mod container;
pub(in crate::aws) mod error;
mod fetch;
pub(in crate::aws) mod metadata;
pub(in crate::aws) mod process;
mod sso;
