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

use bytes::Bytes;
use http::{Request, StatusCode};

use super::secrets::secret;
use stand::{Stand, answer};

/// Something that answers every request in the same way, whatever it is taken for.
pub(crate) struct Stranger(Stand);

impl Stranger {
    /// Answers with a status and a text.
    pub(crate) fn answering(status: u16, text: &'static str) -> Self {
        Self(Stand::start(move |_| answer(StatusCode::from_u16(status).unwrap(), text)))
    }

    /// Answers with what it was sent.
    pub(crate) fn echoing(status: u16, echo: fn(&Request<Bytes>) -> String) -> Self {
        Self(Stand::start(move |sent| answer(StatusCode::from_u16(status).unwrap(), echo(sent))))
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        self.0.url()
    }
}

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
