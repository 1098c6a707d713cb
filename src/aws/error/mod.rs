//! What went wrong: one error type for every call, and what kind of failure it is.

pub(in crate::aws) mod causes;
pub(in crate::aws) mod text;
pub(in crate::aws) mod transport;

use std::error::Error as StdError;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::aws::error::causes::{
    find, innermost, is_untrusted, lacks_credentials, never_connected,
};
use crate::aws::error::text::cut;
use crate::aws::error::transport::{BadConnection, NoAnswer};
use crate::aws::secrets::hide;

/// Why a call failed, or what AWS refused.
///
/// Every caller whose item was in the same call gets a copy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{operation} in {region}: {message}")]
pub struct Error {
    /// What kind of failure this is, which decides what to do next.
    pub kind: Kind,
    /// The API operation.
    pub operation: &'static str,
    /// The Region of the call.
    pub region: String,
    /// AWS's error code, if AWS answered.
    pub code: Option<String>,
    /// The message of AWS, or of the system.
    pub message: String,
    /// AWS's id of the request, which AWS Support asks for.
    pub request_id: Option<String>,
    /// How many attempts were made, if that is known.
    pub attempts: Option<u32>,
}

/// What kind of failure an [`Error`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The resource does not exist (ResourceNotFoundException).
    NotFound,
    /// The credentials do not allow this (AccessDeniedException and similar codes).
    AccessDenied,
    /// The resource exists already (ResourceAlreadyExistsException and the `ResourceExists…` codes).
    AlreadyExists,
    /// The resource is in use by another (ResourceAssociatedException).
    InUse,
    /// A quota is reached (ResourceLimitExceededException).
    LimitExceeded,
    /// AWS does not support this (OperationNotSupportedException and similar codes).
    NotSupported,
    /// A member of the request is invalid (InvalidParameterValuesException).
    InvalidParameter,
    /// The state of the resource does not allow this (InvalidResourceStateException).
    InvalidState,
    /// The resource is unavailable (ResourceUnavailableException).
    Unavailable,
    /// Another change is in progress (OperationInProgressException).
    InProgress,
    /// AWS throttled every attempt.
    Throttled,
    /// No credentials, or unusable ones.
    Credentials,
    /// No connection to the endpoint was made, so the request was not carried out.
    Unreachable,
    /// The certificate of the endpoint is not trusted. Nothing was sent.
    Untrusted,
    /// The request was sent and may or may not have been carried out: connection lost, timeout,
    /// or a server fault.
    Ambiguous,
    /// The settings do not make a valid request.
    Configuration,
    /// Refused for another reason; the code and message say which.
    Other,
    /// Terraform asked to stop before there was an answer.
    Stopped,
    /// A worker of this program is gone.
    WorkerGone,
}

impl Kind {
    /// Whether the same call can succeed later: the request itself is valid.
    pub fn is_transient(self) -> bool {
        matches!(self, Self::Unreachable | Self::Untrusted | Self::Ambiguous | Self::Throttled)
    }

    /// Whether AWS did not carry out the request, and would not if it was sent again.
    pub fn is_refusal(self) -> bool {
        matches!(
            self,
            Self::NotFound
                | Self::AccessDenied
                | Self::AlreadyExists
                | Self::InUse
                | Self::LimitExceeded
                | Self::NotSupported
                | Self::InvalidParameter
                | Self::InvalidState
                | Self::Unavailable
                | Self::Other
        )
    }
}

impl Error {
    /// An error that does not come from an AWS response.
    pub fn local(
        kind: Kind,
        operation: &'static str,
        region: &str,
        message: impl Into<String>,
    ) -> Self {
        Self {
            kind,
            operation,
            region: region.to_owned(),
            code: None,
            message: message.into(),
            request_id: None,
            attempts: None,
        }
    }

    /// The error of an SDK call.
    pub(in crate::aws) fn from_sdk<E>(
        operation: &'static str,
        region: &str,
        attempts: u32,
        error: &SdkError<E, HttpResponse>,
    ) -> Self
    where
        E: StdError + ProvideErrorMetadata + 'static,
    {
        let local = |kind, message| Self::local(kind, operation, region, message);
        match error {
            SdkError::ConstructionFailure(_) => {
                local(kind_of_chain(error).unwrap_or(Kind::Configuration), innermost(error))
            }
            SdkError::TimeoutError(_) => local(Kind::Ambiguous, innermost(error)),
            SdkError::DispatchFailure(failure) => {
                // The SDK uses these two kinds for what fails before the request is given to the HTTP
                // client: the endpoint, the signature. So nothing was sent.
                let connector = failure.as_connector_error();
                let is_sent = !connector.is_some_and(|error| error.is_user() || error.is_other());
                let default = if is_sent { Kind::Ambiguous } else { Kind::Configuration };
                local(kind_of_chain(error).unwrap_or(default), innermost(error))
            }
            SdkError::ResponseError(response) => Self {
                request_id: request_id(response.raw()),
                ..local(Kind::Ambiguous, unreadable(response.raw(), error))
            },
            SdkError::ServiceError(service) => {
                let status = service.raw().status().as_u16();
                let code = service.err().meta().code().map(cut);
                let id = request_id(service.raw());
                let is_from_aws = code.is_some() || id.is_some();
                let kind = match kind_of_code(code.as_deref(), status) {
                    Kind::Other if !is_from_aws => Kind::Ambiguous,
                    kind => kind,
                };
                let message = match service.err().meta().message() {
                    Some(message) => without_secrets(message),
                    None if !is_from_aws => unreadable(service.raw(), error),
                    None => format!("AWS answered with HTTP status {status} and no message"),
                };
                let message = match reason(service.raw()) {
                    Some(reason) => format!("{} ({reason})", message.trim_end_matches('.')),
                    None => message,
                };
                let message = cut(&message);
                let attempts = (kind == Kind::Throttled).then_some(attempts);
                Self { code, request_id: id, attempts, ..local(kind, message) }
            }
            unforeseen => local(Kind::Ambiguous, innermost(unforeseen)),
        }
    }
}

fn kind_of_chain(error: &(dyn StdError + 'static)) -> Option<Kind> {
    if lacks_credentials(error) {
        return Some(Kind::Credentials);
    }
    if find::<BadConnection>(error).is_some() {
        return Some(Kind::Configuration);
    }
    if is_untrusted(error) {
        return Some(Kind::Untrusted);
    }
    if find::<NoAnswer>(error).is_some() {
        return Some(Kind::Ambiguous);
    }
    never_connected(error).then_some(Kind::Unreachable)
}

fn kind_of_code(code: Option<&str>, status: u16) -> Kind {
    match code.unwrap_or_default() {
        "ResourceNotFoundException" => Kind::NotFound,
        "AccessDeniedException" | "AccessDenied" | "UnauthorizedOperation" => Kind::AccessDenied,
        "ResourceAlreadyExistsException" => Kind::AlreadyExists,
        "ResourceAssociatedException" => Kind::InUse,
        "ResourceLimitExceededException" => Kind::LimitExceeded,
        "OperationNotSupportedException" | "UnsupportedWorkspaceConfigurationException" => {
            Kind::NotSupported
        }
        "InvalidParameterValuesException" | "ValidationException" => Kind::InvalidParameter,
        "InvalidResourceStateException" => Kind::InvalidState,
        "OperationInProgressException" => Kind::InProgress,
        "ResourceUnavailableException" => Kind::Unavailable,
        "UnrecognizedClientException"
        | "InvalidClientTokenId"
        | "ExpiredToken"
        | "ExpiredTokenException"
        | "InvalidSignatureException"
        | "SignatureDoesNotMatch"
        | "MissingAuthenticationTokenException"
        | "IncompleteSignatureException" => Kind::Credentials,
        _ if is_throttled(code, status) => Kind::Throttled,
        _ if status >= 500 => Kind::Ambiguous,
        _ => Kind::Other,
    }
}

/// Whether AWS throttled a call, by its code or by HTTP 429. Nothing was carried out then.
pub(in crate::aws) fn is_throttled(code: Option<&str>, status: u16) -> bool {
    status == 429 || code.is_some_and(is_throttling)
}

fn is_throttling(code: &str) -> bool {
    code.starts_with("Throttl")
        || matches!(code, "TooManyRequestsException" | "RequestLimitExceeded" | "SlowDown")
}

/// A message without the secrets of the request. If AWS rejects a signature, it repeats the headers
/// of the request, and one of them is the session token.
fn without_secrets(message: &str) -> String {
    const HEADERS: [&str; 2] = ["x-amz-security-token", "proxy-authorization"];
    let lines = message.split('\n').map(|line| {
        // As long as the line, because only ASCII changes.
        let lower = line.to_ascii_lowercase();
        let secrets = HEADERS.iter().filter_map(|name| {
            let from = lower.find(&format!("{name}:"))?;
            Some(from + name.len() + 1)
        });
        match secrets.min() {
            Some(from) => format!("{}(hidden)", &line[..from]),
            None => line.to_owned(),
        }
    });
    hide(&lines.collect::<Vec<_>>().join("\n"))
}

/// The message for an answer that is not in the format of AWS, most often of a proxy.
fn unreadable(response: &HttpResponse, error: &(dyn StdError + 'static)) -> String {
    let status = response.status();
    match status.is_success() {
        true => format!("the answer cannot be read: {}", innermost(error)),
        false if expects_tls(response) => format!(
            "the endpoint answered with HTTP status {} that its port is one for https:// URLs",
            status.as_u16()
        ),
        false => format!(
            "the answer with HTTP status {} is not in the format of AWS; a proxy or the endpoint may \
             have sent it",
            status.as_u16()
        ),
    }
}

/// Whether a server says that a plain request came to its port for TLS, as nginx and Go's server do.
fn expects_tls(response: &HttpResponse) -> bool {
    let body = String::from_utf8_lossy(response.body().bytes().unwrap_or_default()).to_lowercase();
    ["http request was sent to https port", "http request to an https server"]
        .iter()
        .any(|part| body.contains(part))
}

/// The `reason` of an OperationNotSupportedException.
fn reason(response: &HttpResponse) -> Option<String> {
    let body: serde_json::Value = serde_json::from_slice(response.body().bytes()?).ok()?;
    let reason = body.get("reason").or_else(|| body.get("Reason"))?.as_str()?;
    Some(reason.trim_end_matches('.').to_owned())
}

/// AWS's ID of the request.
pub(in crate::aws) fn request_id(response: &HttpResponse) -> Option<String> {
    ["x-amzn-requestid", "x-amzn-request-id", "x-amz-request-id"]
        .into_iter()
        .find_map(|header| response.headers().get(header))
        .map(cut)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_aws_repeats_of_a_request_is_shown_without_its_secrets() {
        let canonical =
            "It does not match.\nhost:aws\nX-Amz-Security-Token:abc def\nx-amz-target:T";
        let shown = "It does not match.\nhost:aws\nX-Amz-Security-Token:(hidden)\nx-amz-target:T";
        assert_eq!(without_secrets(canonical), shown);
        let header = "refused: proxy-authorization: Basic abc";
        assert_eq!(without_secrets(header), "refused: proxy-authorization:(hidden)");
        let signed = "SignedHeaders=host;x-amz-security-token;x-amz-target";
        assert_eq!(without_secrets(signed), signed);
    }
}
