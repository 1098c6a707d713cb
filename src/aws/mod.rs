//! Amazon WorkSpaces as this provider uses it: find, create, change, tag, terminate and wait.
//!
//! Only this room knows the AWS SDK, and it knows nothing of Terraform. A [`Client`] holds the
//! settings, the credentials and one [`Region`] for each Region that is used; a [`Region`] offers
//! the operations on a [`WorkSpace`].
//!
//! - `client` is one configuration's way to AWS.
//! - `workspaces` is what Amazon WorkSpaces offers.
//! - `calls` is how calls travel: batched, limited, retried and polled.
//! - `config` is how to reach AWS: settings, credentials, HTTP.
//! - `operations` is what AWS answers: the members that count, and how large an answer is.
//! - `error` is what went wrong.

mod calls;
mod client;
mod config;
mod error;
mod lock;
mod operations;
mod secrets;
mod workspaces;

pub use calls::batch::WorkerGone;
pub use calls::in_flight::Operation;
pub use calls::poll::{Observation, Watch};
pub use client::Client;
pub use config::access::problem::Problem;
pub use config::access::resolve::{Access, Connections, check_settings};
pub use config::access::source::{Environment, Setting, Source};
pub use config::credentials::error::{Attempt, CredentialSource, CredentialStep, NoCredentials};
pub use config::credentials::process::end_programs;
pub use config::regions::{has_fips_endpoint, is_known_region};
pub use config::settings::{
    Batching, Connection, HttpClient, Metadata, Role, Secret, Settings, TagReads, WebIdentity,
    WebIdentityToken,
};
pub use error::transport::BadConnection;
pub use error::{Error, Kind};
pub use secrets::hide as hide_secrets;
pub use workspaces::connection_alias::ConnectionAliases;
pub use workspaces::connection_alias::types::{AliasAssociation, ConnectionAlias};
pub use workspaces::create::types::{Accepted, CreateFailure, NewStandby};
pub use workspaces::directory::Directory;
pub use workspaces::power::PowerChange;
pub use workspaces::region::Region;
pub use workspaces::tagging_api::Fallback;
pub use workspaces::tags::{AreStored, TagsRead};
pub use workspaces::types::{
    Account, DataReplication, ENDING_STATES, FAILED_STATES, MAY_BE_INVISIBLE, READY_STATES,
    Related, WorkSpace, WorkSpaceArn, partition,
};
