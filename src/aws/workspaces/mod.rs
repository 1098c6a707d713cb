//! What Amazon WorkSpaces can do for this provider.

pub(in crate::aws) mod create;
pub(in crate::aws) mod describe;
pub(in crate::aws) mod directory;
pub(in crate::aws) mod listing;
pub(in crate::aws) mod region;
pub(in crate::aws) mod tagging_api;
pub(in crate::aws) mod tags;
pub(in crate::aws) mod types;
