//! The managed resource `aws_workspaces_standby`.
//!
//! A standby WorkSpace is a second desktop for the user of a *primary* WorkSpace. It is in another
//! Region, for the case that the first Region fails (Multi-Region Resilience). It is created with
//! CreateStandbyWorkspaces in the standby Region and cannot be modified, rebuilt or migrated.
//!
//! - `resource` is what Terraform calls.
//! - `schema` is the one declaration of its attributes, `model` the same in Rust types.
//! - `validate` holds the rules that need no network.
//! - `plan` decides what a change does, without any call unless the provider block asks for a
//!   `preflight` check.
//! - `create`, `read`, `update`, `delete` and `import` do it, one file each. An update changes tags
//!   (`tagging`) and data replication (`replication`).
//! - `list` lists what exists, for `terraform query`.
//! - `status` names the states, `locate` says which standby a state is about, `identity` and `private`
//!   are what Terraform stores with the attributes.
//!
//! Refreshing, planning and destroying ask only the standby Region, so that they work while the
//! primary Region is down. Nothing here knows the plugin protocol or the AWS SDK.
//!
//! <https://docs.aws.amazon.com/workspaces/latest/adminguide/multi-region-resilience.html>

mod resource;
mod schema;
mod model;
mod identity;
mod private;
mod key;
mod locate;
mod status;
mod validate;
mod plan;
mod eligible;
mod preflight;
mod create;
mod read;
mod update;
mod subject;
mod tagging;
mod replication;
mod delete;
mod import;
mod list;

pub(super) use eligible::unsupported;
pub(super) use import::not_a_standby;
pub(super) use list::list_resource;
pub(super) use model::Standby;
pub(super) use resource::resource_type;
pub(super) use schema::{TYPE_NAME, WORKSPACE_ID, is_workspace_id, schema};
pub(super) use status::{Readiness, ready};
