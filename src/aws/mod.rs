//! Amazon WorkSpaces as this provider uses it: find, create, change, tag, terminate and wait.
//!
//! This is the only room that knows the AWS SDK, and it knows no Terraform. A [`Cloud`] holds the
//! settings, the credentials and one [`Region`] per Region that is asked; a [`Region`] offers the
//! operations on a [`WorkSpace`].
//!
//! - `client` is one configuration's account and its Regions.
//! - `workspaces` is what Amazon WorkSpaces can do.
//! - `calls` is how calls travel: in batches, at the pace that AWS allows, repeated, and polled.
//! - `config` is how one gets in: settings, credentials, HTTP.
//! - `error` is what went wrong.

mod calls;
mod client;
mod config;
mod error;
mod workspaces;

pub use calls::batch::Lost;
pub use calls::poll::{Observation, Watch};
pub use client::{Account, Cloud, NoCredentials, Source};
pub use config::credentials::chain::{Place, Tried};
pub use config::http::client::BadConnection;
pub use config::regions::{has_fips_endpoint, is_known_region};
pub use config::settings::{
    Batching, Connection, HttpClient, Metadata, Role, Secret, Settings, TagReads, WebIdentity,
    WebIdentityToken,
};
pub use error::{Error, Kind};
pub use workspaces::create::{Accepted, CreateFailure, NewStandby};
pub use workspaces::directory::Directory;
pub use workspaces::region::Region;
pub use workspaces::tagging_api::{Fallback, TagsRead};
pub use workspaces::types::{DataReplication, Related, WorkSpace, partition};
