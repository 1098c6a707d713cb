//! How calls travel to AWS: together, in turn, and again.

pub(in crate::aws) mod batch;
pub(in crate::aws) mod limiter;
pub(in crate::aws) mod pace;
pub(in crate::aws) mod poll;
pub(in crate::aws) mod send;
