//! Amazon WorkSpaces as this provider uses it: find, create, change, tag, terminate and wait.
//!
//! This is the only room that knows the AWS SDK, and it knows no Terraform. A [`Cloud`] holds the
//! settings, the credentials and one [`Region`] per Region that is asked; a [`Region`] offers the
//! operations on a [`WorkSpace`]. Looking one up, refreshing it and waiting for it share one
//! [`batch`] queue per Region, so that up to 25 WorkSpaces travel in one DescribeWorkspaces call,
//! and one poll serves everybody who [waits](watch).

mod settings;
mod workspace;
mod error;
pub mod batch;
pub mod pace;
mod retry;
mod limiter;
mod api;
mod config;
mod known;
mod cloud;
mod region;
mod standby;
mod directory;
mod listing;
mod create;
mod tags;
mod tagging;
mod user_agent;
mod roles;
mod kept;
mod sources;
mod http;
pub mod watch;

pub use cloud::{Account, Cloud, NoCredentials, Source};
pub use create::{Accepted, CreateFailure, NewStandby};
pub use directory::Directory;
pub use error::{Error, Kind};
pub use http::BadConnection;
pub use known::{has_fips_endpoint, is_known_region};
pub use region::Region;
pub use settings::{
    Batching, Connection, HttpClient, Metadata, Role, Secret, Settings, TagReads, WebIdentity,
    WebIdentityToken,
};
pub use sources::{Place, Tried};
pub use tagging::{Fallback, TagsRead};
pub use workspace::{DataReplication, Related, WorkSpace, partition};
