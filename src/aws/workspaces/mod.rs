//! What Amazon WorkSpaces offers to this provider. `region` is the face; each other file is one kind
//! of operation with its own calls.

pub(in crate::aws) mod change;
pub(in crate::aws) mod connection_alias;
pub(in crate::aws) mod create;
pub(in crate::aws) mod describe;
pub(in crate::aws) mod directory;
pub(in crate::aws) mod power;
pub(in crate::aws) mod primary;
pub(in crate::aws) mod read_ahead;
pub(in crate::aws) mod region;
pub(in crate::aws) mod tagging_api;
pub(in crate::aws) mod tags;
pub(in crate::aws) mod types;
