use std::time::Instant;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeTransmitInterceptorContextRef, FinalizerInterceptorContextRef,
};
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::retries::RequestAttempts;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::Headers;
use aws_smithy_types::config_bag::{ConfigBag, Storable, StoreReplace};
use tracing::Level;

use crate::aws::config::access::problem::shown;
use crate::aws::error::causes::innermost;
use crate::aws::error::request_id;
use crate::aws::secrets::hide;

/// Logs every call to AWS: one line at DEBUG when it is sent and one when it is answered, headers
/// and bodies at TRACE. The fields are those of aws-sdk-go-base, which hashicorp/aws logs.
///
/// <https://github.com/hashicorp/aws-sdk-go-base/blob/main/logging/http.go>
#[derive(Debug)]
pub(in crate::aws) struct LogCalls {
    region: String,
}

/// When an attempt was sent.
#[derive(Debug)]
struct Sent(Instant);

impl Storable for Sent {
    type Storer = StoreReplace<Self>;
}

/// Headers with credentials.
const SECRET_HEADERS: [&str; 6] = [
    "authorization",
    "cookie",
    "proxy-authorization",
    "set-cookie",
    "x-amz-security-token",
    "x-amz-sso_bearer_token",
];

/// The longest body in the log, in bytes.
const LONGEST_BODY: usize = 4 << 10;

impl LogCalls {
    pub(in crate::aws) fn new(region: &str) -> Self {
        Self { region: region.to_owned() }
    }
}

impl Intercept for LogCalls {
    fn name(&self) -> &'static str {
        "log calls"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        bag.interceptor_state().store_put(Sent(Instant::now()));
        if !tracing::enabled!(Level::DEBUG) {
            return Ok(());
        }
        let (service, operation) = names(bag);
        let request = context.request();
        tracing::debug!(
            tf_aws.sdk = "aws-sdk-rust",
            rpc.system = "aws-api",
            rpc.service = service,
            rpc.method = operation,
            aws.region = self.region,
            http.method = request.method(),
            http.url = shown(request.uri()),
            http.request_content_length = request.body().content_length(),
            tf_aws.attempt = attempt(bag),
            tf_aws.workspace_ids = workspace_ids(request.body().bytes()),
            "HTTP Request Sent"
        );
        if tracing::enabled!(Level::TRACE) {
            tracing::trace!(
                rpc.service = service,
                rpc.method = operation,
                http.request.headers = headers(request.headers()),
                http.request.body = body(service, request.body().bytes()),
                "HTTP Request"
            );
        }
        Ok(())
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        // An attempt that was not sent has no answer: it has no credentials, for example.
        let Some(sent) = bag.load::<Sent>().map(|sent| sent.0) else { return Ok(()) };
        if !tracing::enabled!(Level::DEBUG) {
            return Ok(());
        }
        let (service, operation) = names(bag);
        let duration = u64::try_from(sent.elapsed().as_millis()).unwrap_or(u64::MAX);
        let Some(response) = context.response() else {
            let error = context.output_or_error().and_then(Result::err);
            let error = error.and_then(|error| error.as_connector_error());
            let error = error.map_or_else(|| "no answer".to_owned(), |error| innermost(error));
            tracing::debug!(
                tf_aws.sdk = "aws-sdk-rust",
                rpc.system = "aws-api",
                rpc.service = service,
                rpc.method = operation,
                aws.region = self.region,
                http.duration = duration,
                tf_aws.attempt = attempt(bag),
                error = hide(&error),
                "HTTP Request Failed"
            );
            return Ok(());
        };
        tracing::debug!(
            tf_aws.sdk = "aws-sdk-rust",
            rpc.system = "aws-api",
            rpc.service = service,
            rpc.method = operation,
            aws.region = self.region,
            aws.request_id = request_id(response),
            http.status_code = response.status().as_u16(),
            http.duration = duration,
            tf_aws.attempt = attempt(bag),
            "HTTP Response Received"
        );
        if tracing::enabled!(Level::TRACE) {
            tracing::trace!(
                rpc.service = service,
                rpc.method = operation,
                http.response.headers = headers(response.headers()),
                http.response.body = body(service, response.body().bytes()),
                "HTTP Response"
            );
        }
        Ok(())
    }
}

/// The names of the service and the operation.
fn names(bag: &ConfigBag) -> (&str, &str) {
    bag.load::<Metadata>().map_or(("", ""), |metadata| (metadata.service(), metadata.name()))
}

fn attempt(bag: &ConfigBag) -> u32 {
    bag.load::<RequestAttempts>().map_or(1, RequestAttempts::attempts)
}

/// The ids of WorkSpaces in the body of a request, in order and separated by commas.
fn workspace_ids(body: Option<&[u8]>) -> Option<String> {
    fn collect<'a>(json: &'a serde_json::Value, ids: &mut Vec<&'a str>) {
        match json {
            serde_json::Value::String(text) if text.starts_with("ws-") => ids.push(text),
            serde_json::Value::Array(items) => items.iter().for_each(|item| collect(item, ids)),
            serde_json::Value::Object(members) => {
                // Tags are for the user alone.
                let members = members.iter().filter(|(name, _)| *name != "Tags");
                members.for_each(|(_, member)| collect(member, ids));
            }
            _ => {}
        }
    }
    let json: serde_json::Value = serde_json::from_slice(body?).ok()?;
    let mut ids = Vec::new();
    collect(&json, &mut ids);
    (!ids.is_empty()).then(|| ids.join(","))
}

fn headers(headers: &Headers) -> String {
    let line = |(name, value): (&str, &str)| {
        let is_secret = SECRET_HEADERS.contains(&name.to_ascii_lowercase().as_str());
        format!("{name}: {}\n", if is_secret { "(hidden)" } else { value })
    };
    hide(&headers.iter().map(line).collect::<String>())
}

/// Replaces the values of tags: like the rest of the state, they are for the user alone.
fn hide_tags(json: &mut serde_json::Value) {
    match json {
        serde_json::Value::Object(members) => {
            for (name, member) in members {
                if name == "Value" && member.is_string() {
                    *member = "(hidden)".into();
                } else {
                    hide_tags(member);
                }
            }
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(hide_tags),
        _ => {}
    }
}

/// The body of a service whose bodies contain no credentials.
fn body(service: &str, bytes: Option<&[u8]>) -> String {
    let is_open = ["WorkSpaces", "Resource Groups Tagging API"].contains(&service);
    match bytes {
        Some(bytes) if is_open => {
            let text = match serde_json::from_slice::<serde_json::Value>(bytes) {
                Ok(mut json) => {
                    hide_tags(&mut json);
                    hide(&json.to_string())
                }
                Err(_) => format!("({} bytes, not JSON)", bytes.len()),
            };
            text[..text.floor_char_boundary(LONGEST_BODY)].to_owned()
        }
        Some([]) | None => String::new(),
        Some(bytes) => format!("({} bytes, which may contain credentials)", bytes.len()),
    }
}
