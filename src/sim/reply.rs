use std::time::Duration;

use bytes::Bytes;
use http::Response;

/// What the front (the listener, or a test) has to do with a request.
#[derive(Debug)]
pub struct Reply {
    /// How long the front must wait before it acts.
    pub after: Duration,
    /// What it must do then.
    pub outcome: Outcome,
    /// The pause before each byte of the body; `None` sends it at once.
    pub drip: Option<Duration>,
}

/// How a request ends.
#[derive(Debug)]
pub enum Outcome {
    /// With this answer.
    Response(Response<Bytes>),
    /// With the connection closed and no answer.
    Reset,
}

impl Reply {
    /// An answer to send after this time.
    pub(super) fn new(after: Duration, response: Response<Bytes>) -> Self {
        Self { after, outcome: Outcome::Response(response), drip: None }
    }
}
