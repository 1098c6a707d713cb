//! The wire protocols: AWS JSON 1.1 and Smithy RPC v2 CBOR for WorkSpaces and the tagging API, the
//! Query protocol for STS. Each file reads a request into a [`Call`] and writes an answer.

mod cbor;
mod json;
mod query;
mod signature;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use serde_json::Value;

use super::model::Operation;
use super::refusal::Refusal;
use signature::Scope;

/// The operation that needs no signature, because its token identifies the caller.
pub(super) const UNSIGNED: &str = "AssumeRoleWithWebIdentity";

/// One request of an AWS API, read as far as its headers and the form of its body go.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) protocol: Protocol,
    pub(super) operation: &'static Operation,
    pub(super) region: String,
    pub(super) access_key: String,
    /// The session token of temporary credentials.
    pub(super) session_token: Option<String>,
    /// What the client says it is.
    pub(super) user_agent: String,
    /// The members of the input, without nulls.
    pub(super) body: Value,
}

/// A wire protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protocol {
    /// AWS JSON 1.1.
    Json,
    /// Smithy RPC v2 CBOR.
    Cbor,
    /// AWS Query, with XML answers.
    Query,
}

impl Protocol {
    /// The protocol of a request, which the form of every answer depends on.
    pub(super) fn of(request: &Request<Bytes>) -> Self {
        let kind = header(request, "content-type").unwrap_or_default();
        if header(request, "smithy-protocol").is_some()
            || request.uri().path().starts_with("/service/")
        {
            Self::Cbor
        } else if kind.starts_with("application/x-www-form-urlencoded") {
            Self::Query
        } else {
            Self::Json
        }
    }

    /// Its name in the service models.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Cbor => "smithy-rpc-v2-cbor",
            Self::Query => "query",
        }
    }

    /// An answer with the members of the operation's output.
    pub(super) fn answer(
        self,
        operation: &Operation,
        output: &Value,
        request_id: &str,
    ) -> Response<Bytes> {
        match self {
            Self::Json => json::answer(output, request_id),
            Self::Cbor => cbor::answer(operation, output, request_id),
            Self::Query => query::answer(operation, output, request_id),
        }
    }

    /// The answer that a refusal is. `operation` is absent when it could not be told.
    pub(super) fn refusal(
        self,
        operation: Option<&Operation>,
        refusal: &Refusal,
        request_id: &str,
    ) -> Response<Bytes> {
        // AWS qualifies the code with a namespace, which clients must cut off.
        let namespace = operation.map_or("com.amazonaws.workspaces", |it| it.service.namespace);
        match self {
            Self::Json => json::refusal(namespace, refusal, request_id),
            Self::Cbor => cbor::refusal(namespace, refusal, request_id),
            Self::Query => query::refusal(refusal, request_id),
        }
    }
}

/// Reads a request: who signed it, for which Region and service, and which operation it is.
///
/// # Errors
/// The refusals that AWS gives before any operation runs: unsigned, badly signed, unknown
/// operation, malformed body.
pub(super) fn read(request: &Request<Bytes>) -> Result<Call, Refusal> {
    let protocol = Protocol::of(request);
    let operation = match protocol {
        Protocol::Json => json::operation(request),
        Protocol::Cbor => cbor::operation(request),
        Protocol::Query => query::operation(request),
    };
    let unsigned = operation.as_ref().is_ok_and(|operation| operation.name == UNSIGNED);
    let scope = if unsigned { Scope::absent() } else { Scope::read(request)? };
    let operation = operation?;
    let service = operation.service.signing_name;
    if !unsigned && scope.service != service {
        let message = format!("Credential should be scoped to correct service: '{service}'.");
        return Err(Refusal::new("InvalidSignatureException", &message));
    }
    let mut body = match protocol {
        Protocol::Json => json::body(request.body())?,
        Protocol::Cbor => cbor::body(request.body())?,
        Protocol::Query => query::body(operation, request.body()),
    };
    strip_nulls(&mut body);
    let token = header(request, "x-amz-security-token").filter(|_| !unsigned);
    Ok(Call {
        protocol,
        operation,
        region: scope.region,
        access_key: scope.access_key,
        session_token: token.map(str::to_owned),
        user_agent: header(request, "user-agent").unwrap_or_default().to_owned(),
        body,
    })
}

fn unknown_operation(name: &str) -> Refusal {
    let message = format!("The simulator does not have the operation '{name}'.");
    Refusal::new("UnknownOperationException", &message)
}

/// A null member is the same as an absent one.
fn strip_nulls(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, member| !member.is_null());
            members.values_mut().for_each(strip_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(strip_nulls),
        _ => {}
    }
}

/// An answer with the headers that every AWS answer carries.
fn response(
    status: StatusCode,
    kind: &str,
    body: impl Into<Bytes>,
    request_id: &str,
) -> Response<Bytes> {
    Response::builder()
        .status(status)
        .header("content-type", kind)
        .header("x-amzn-requestid", request_id)
        .body(body.into())
        .expect("the content type and the request id are plain ASCII")
}

fn header<'a>(request: &'a Request<Bytes>, name: &str) -> Option<&'a str> {
    request.headers().get(name).and_then(|value| value.to_str().ok())
}
