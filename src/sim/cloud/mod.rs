//! What exists in the simulated account, and what each operation does to it. Knows neither HTTP nor
//! a clock: the time is an argument, and what a WorkSpace is at that time follows from the
//! deadlines stored in it.

mod account;
mod alias;
mod alias_permissions;
mod aliases;
mod associations;
mod bundles;
mod check;
mod create_standby;
mod create_workspaces;
mod describe;
mod directories;
mod keys;
mod maintenance;
mod make;
mod modify;
mod operations;
mod paging;
mod power;
mod registration;
mod render;
mod snapshots;
mod state;
mod tagging;
mod tags;
mod terminate;
mod workspace;

pub(super) use create_standby::refusal_of_primary;
pub(super) use operations::{Carry, OPERATIONS};
pub(super) use state::{Cloud, Context, Pace, partition};
pub(super) use workspace::{Condition, Workspace, WorkspaceState};
