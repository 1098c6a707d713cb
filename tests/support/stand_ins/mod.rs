//! What stands on the way to AWS and its credentials: the machine's metadata, a container's
//! credentials, the access portal of IAM Identity Center, a forward proxy. Each listens on a
//! loopback port, is written from the documentation of the real thing, and says what it heard.

mod container;
mod impostor;
mod metadata;
mod portal;
mod proxy;
mod socks;
mod stand;

pub(crate) use container::Container;
pub(crate) use impostor::Impostor;
pub(crate) use metadata::Metadata;
pub(crate) use portal::{PORTAL_PROFILE, Portal};
pub(crate) use proxy::{Passed, Proxy};
pub(crate) use socks::Socks;

use std::time::Duration;

use jiff::Timestamp;

use super::secrets::secret;

/// Temporary credentials as a stand-in gives them out.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    /// Tells in the simulator whose they were.
    pub(crate) access_key: String,
    /// Carries the mark of a secret.
    pub(crate) secret_key: String,
    /// Carries the mark of a secret.
    pub(crate) token: String,
    /// How long they hold from the moment they are asked for.
    pub(crate) lasting: Duration,
}

impl Keys {
    /// Keys that hold for an hour.
    pub(crate) fn of(whom: &str) -> Self {
        Self {
            access_key: format!("ASIA{}", whom.to_uppercase()),
            secret_key: secret(&format!("{whom}key")),
            token: secret(&format!("{whom}token")),
            lasting: Duration::from_secs(3600),
        }
    }

    /// When those end that are given out now.
    fn expiration(&self) -> Timestamp {
        Timestamp::now() + self.lasting
    }
}
