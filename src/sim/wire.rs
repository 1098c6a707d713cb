use std::borrow::Cow;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use serde_json::{Map, Value, json};

use super::model::MODEL;
use super::sts;

/// A service that speaks AWS JSON, and is known by the beginning of `X-Amz-Target`.
struct JsonService {
    target_prefix: &'static str,
    /// The service's name in a credential scope.
    signing_name: &'static str,
    /// Its operations; the others are the first service's.
    operations: &'static [&'static str],
}

/// Amazon WorkSpaces, and the AWS Resource Groups Tagging API.
const JSON_SERVICES: [JsonService; 2] = [
    JsonService { target_prefix: "WorkspacesService", signing_name: "workspaces", operations: &[] },
    JsonService {
        target_prefix: "ResourceGroupsTaggingAPI_20170126",
        signing_name: "tagging",
        operations: &["GetResources"],
    },
];

/// One request of an AWS API, read as far as its headers and the form of its body go.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) protocol: Protocol,
    pub(super) operation: &'static str,
    pub(super) region: String,
    pub(super) access_key: String,
    /// The session token of temporary credentials.
    pub(super) session_token: Option<String>,
    /// What the client says it is.
    pub(super) user_agent: String,
    /// The JSON body without its nulls; for STS, the parameters as texts.
    pub(super) body: Value,
}

/// The two protocols spoken: AWS JSON 1.1 (WorkSpaces) and the Query protocol with XML answers
/// (STS).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protocol {
    Json,
    Query,
}

/// A request that is refused as a whole, in AWS's terms.
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

    pub(super) fn response(&self, protocol: Protocol, request_id: &str) -> Response<Bytes> {
        match protocol {
            Protocol::Json => {
                // AWS's services qualify the name in the body with a namespace; clients must cut it
                // off.
                let mut body = json!({"__type": format!("com.amazonaws.workspaces#{}", self.code)});
                body["message"] = Value::from(self.message.as_str());
                self.members.iter().for_each(|(name, value)| body[name] = value.clone());
                let mut response = json_response(self.status, &body, request_id);
                if let Ok(code) = http::HeaderValue::from_str(&self.code) {
                    response.headers_mut().insert("x-amzn-errortype", code);
                }
                response
            }
            Protocol::Query => sts::error_response(self, request_id),
        }
    }
}

/// An answer in AWS JSON 1.1.
pub(super) fn json_response(status: StatusCode, body: &Value, request_id: &str) -> Response<Bytes> {
    response(status, "application/x-amz-json-1.1", body.to_string(), request_id)
}

/// An answer with the headers that every AWS answer carries.
pub(super) fn response(
    status: StatusCode,
    kind: &str,
    body: String,
    request_id: &str,
) -> Response<Bytes> {
    Response::builder()
        .status(status)
        .header("content-type", kind)
        .header("x-amzn-requestid", request_id)
        .body(Bytes::from(body))
        .expect("the content type and the request id are plain ASCII")
}

/// The protocol of a request, which the shape of an early refusal depends on.
pub(super) fn protocol(request: &Request<Bytes>) -> Protocol {
    match header(request, "content-type") {
        Some(kind) if kind.starts_with("application/x-www-form-urlencoded") => Protocol::Query,
        _ => Protocol::Json,
    }
}

/// Reads a request: who signed it, for which Region and service, and which operation it is.
///
/// # Errors
/// The refusals that AWS gives before any operation runs: unsigned, badly signed, unknown
/// operation, no JSON.
pub(super) fn read(request: &Request<Bytes>) -> Result<Call, Refusal> {
    let protocol = protocol(request);
    let user_agent = header(request, "user-agent").unwrap_or_default().to_owned();
    let session_token = header(request, "x-amz-security-token").map(str::to_owned);
    if protocol == Protocol::Query
        && let Ok((sts::UNSIGNED, body)) = sts::read(request.body())
    {
        let (region, access_key) = ("aws-global".to_owned(), String::new());
        return Ok(Call {
            protocol,
            operation: sts::UNSIGNED,
            region,
            access_key,
            session_token: None,
            user_agent,
            body,
        });
    }
    let scope = Scope::read(request)?;
    let service = match protocol {
        Protocol::Json => json_service(request).map_or("workspaces", |known| known.signing_name),
        Protocol::Query => "sts",
    };
    if scope.service != service {
        let message = format!("Credential should be scoped to correct service: '{service}'.");
        return Err(Refusal::new("InvalidSignatureException", &message));
    }
    let (operation, body) = match protocol {
        Protocol::Json => (json_operation(request)?, json_body(request.body())?),
        Protocol::Query => sts::read(request.body())?,
    };
    let Scope { region, access_key, .. } = scope;
    Ok(Call { protocol, operation, region, access_key, session_token, user_agent, body })
}

/// The credential scope of a SigV4 `Authorization` header.
struct Scope {
    access_key: String,
    region: String,
    service: String,
}

impl Scope {
    fn read(request: &Request<Bytes>) -> Result<Self, Refusal> {
        let incomplete = |message: &str| Refusal::new("IncompleteSignatureException", message);
        let Some(authorization) = header(request, "authorization") else {
            return Err(Refusal::new(
                "MissingAuthenticationTokenException",
                "Missing Authentication Token",
            ));
        };
        let Some(parameters) = authorization.strip_prefix("AWS4-HMAC-SHA256 ") else {
            return Err(incomplete(
                "Authorization header requires the 'AWS4-HMAC-SHA256' algorithm.",
            ));
        };
        let parameter = |name: &str| {
            let mut pairs = parameters.split(',').filter_map(|pair| pair.trim().split_once('='));
            pairs
                .find(|(key, _)| *key == name)
                .map(|(_, value)| value)
                .filter(|value| !value.is_empty())
        };
        let missing: Vec<String> = ["Credential", "SignedHeaders", "Signature"]
            .iter()
            .filter(|name| parameter(name).is_none())
            .map(|name| format!("Authorization header requires '{name}' parameter."))
            .collect();
        if !missing.is_empty() {
            return Err(incomplete(&missing.join(" ")));
        }
        if header(request, "x-amz-date").is_none() && header(request, "date").is_none() {
            return Err(incomplete(
                "Authorization header requires a 'X-Amz-Date' or a 'Date' header.",
            ));
        }
        let credential = parameter("Credential").unwrap_or_default();
        match credential.split('/').collect::<Vec<_>>()[..] {
            [key, date, region, service, "aws4_request"]
                if !key.is_empty()
                    && date.len() == 8
                    && is_region(region)
                    && !service.is_empty() =>
            {
                Ok(Self { access_key: key.into(), region: region.into(), service: service.into() })
            }
            _ => Err(incomplete(&format!(
                "Credential must have 5 parts, ending in 'aws4_request': '{credential}'."
            ))),
        }
    }
}

fn is_region(text: &str) -> bool {
    (1..=31).contains(&text.len())
        && text.bytes().all(|b| b == b'-' || b.is_ascii_digit() || b.is_ascii_lowercase())
}

fn json_service(request: &Request<Bytes>) -> Option<&'static JsonService> {
    let (prefix, _) = header(request, "x-amz-target")?.split_once('.')?;
    JSON_SERVICES.iter().find(|service| service.target_prefix == prefix)
}

fn json_operation(request: &Request<Bytes>) -> Result<&'static str, Refusal> {
    let target = header(request, "x-amz-target").unwrap_or_default();
    let operation = json_service(request).and_then(|service| {
        let (_, name) = target.split_once('.')?;
        let others = JSON_SERVICES.iter().flat_map(|service| service.operations);
        let is_its_own = match service.operations {
            [] => others.into_iter().all(|other| *other != name),
            own => own.contains(&name),
        };
        MODEL.operation(name).filter(|_| is_its_own)
    });
    let unknown = || {
        Refusal::new(
            "UnknownOperationException",
            &format!("the simulator does not know '{target}'"),
        )
    };
    operation.map(|operation| operation.name).ok_or_else(unknown)
}

fn json_body(body: &Bytes) -> Result<Value, Refusal> {
    let empty = body.iter().all(u8::is_ascii_whitespace);
    let mut value =
        if empty { json!({}) } else { serde_json::from_slice(body).map_err(|_| not_json())? };
    strip_nulls(&mut value);
    Ok(value)
}

fn not_json() -> Refusal {
    Refusal::new("SerializationException", "The request body is not JSON")
}

/// A null member is the same as none in AWS JSON.
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

fn header<'a>(request: &'a Request<Bytes>, name: &str) -> Option<&'a str> {
    request.headers().get(name).and_then(|value| value.to_str().ok())
}

/// Errors of AWS JSON services are HTTP 400, but for a few that every service shares.
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
