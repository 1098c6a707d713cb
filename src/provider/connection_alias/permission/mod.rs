//! The managed resource `aws_workspaces_connection_alias_permission`: another account may associate an
//! alias with one of its directories.
//!
//! AWS has no id for a permission. It is named by the alias and the account, and nothing of it can be
//! changed.

mod change;
mod import;
mod messages;
mod model;
mod plan;
mod read;
mod resource;
mod schema;

pub(in crate::provider) use resource::resource_type;
