//! Where credentials come from: the chain of sources, then the roles to assume.

pub(in crate::aws) mod assume_role;
pub(in crate::aws) mod cache;
pub(in crate::aws) mod chain;
pub(in crate::aws) mod error;
