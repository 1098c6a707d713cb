//! The data sources: `aws_workspaces_standby` finds one standby, `aws_workspaces_standbys` lists
//! many, and can wait until all of them are ready, and `aws_workspaces_primaries` lists what can have
//! a standby.
//!
//! - `schema` declares both; what they show of a standby is what the resource shows of it.
//! - `standby` and `standbys` read them, `wait` is the wait for a fleet, `timeouts`
//!   ends what takes too long.
//!
//! Only the standby Region is asked, as in a refresh of the resource, except for primaries.

mod primaries;
mod schema;
mod standby;
mod standbys;
mod timeouts;
mod wait;

pub(super) use primaries::data_source as primaries;
pub(super) use standby::data_source as standby;
pub(super) use standbys::data_source as standbys;
