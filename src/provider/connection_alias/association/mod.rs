//! The managed resource `aws_workspaces_connection_alias_association`: users who connect with an alias
//! are led to a directory.
//!
//! A directory has at most one alias, and an alias leads to at most one directory of its Region.
//! Nothing of an association can be changed: every argument requires replacement.

mod create;
mod delete;
mod import;
mod in_the_way;
mod list;
mod messages;
mod model;
mod plan;
mod read;
mod resource;
mod schema;

pub(in crate::provider) use list::list_resource;
pub(in crate::provider) use resource::resource_type;
