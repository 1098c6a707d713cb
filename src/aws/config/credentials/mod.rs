//! Where credentials come from.

pub(in crate::aws) mod assume_role;
pub(in crate::aws) mod cache;
pub(in crate::aws) mod chain;
pub(in crate::aws) mod error;
