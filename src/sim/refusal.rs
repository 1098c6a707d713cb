use std::borrow::Cow;

use http::StatusCode;
use serde_json::{Map, Value};

/// An error answer to a whole request, in AWS's terms. The protocol gives it its form.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) code: Cow<'static, str>,
    pub(super) message: String,
    /// Members beyond the message, such as `ResourceId`.
    pub(super) members: Map<String, Value>,
}

impl Refusal {
    pub(super) fn new(code: impl Into<Cow<'static, str>>, message: &str) -> Self {
        let code = code.into();
        Self { status: usual_status(&code), code, message: message.to_owned(), members: Map::new() }
    }

    pub(super) fn with(mut self, member: &str, value: &str) -> Self {
        self.members.insert(member.to_owned(), Value::from(value));
        self
    }
}

/// Errors are HTTP 400, but for a few that every service shares.
fn usual_status(code: &str) -> StatusCode {
    match code {
        "MissingAuthenticationTokenException"
        | "InvalidSignatureException"
        | "InvalidClientTokenId" => StatusCode::FORBIDDEN,
        "SignatureDoesNotMatch" | "ExpiredToken" | "AccessDenied" => StatusCode::FORBIDDEN,
        "InternalServerException" | "InternalFailure" => StatusCode::INTERNAL_SERVER_ERROR,
        "ServiceUnavailable" | "ServiceUnavailableException" => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::BAD_REQUEST,
    }
}
