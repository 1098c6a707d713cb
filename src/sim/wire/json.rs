use bytes::Bytes;
use http::{Request, Response, StatusCode};
use serde_json::{Value, json};

use super::{header, response, unknown_operation};
use crate::sim::model::{MODEL, Operation};
use crate::sim::refusal::Refusal;

const CONTENT_TYPE: &str = "application/x-amz-json-1.1";

/// The operation that `X-Amz-Target` names, as `WorkspacesService.DescribeWorkspaces`.
pub(super) fn operation(request: &Request<Bytes>) -> Result<&'static Operation, Refusal> {
    let target = header(request, "x-amz-target").unwrap_or_default();
    let (service, name) = target.split_once('.').unwrap_or_default();
    let operation = MODEL.operation(name).filter(|found| found.service.wire_name == service);
    operation.ok_or_else(|| unknown_operation(target))
}

pub(super) fn body(body: &Bytes) -> Result<Value, Refusal> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(json!({}));
    }
    let malformed = |_| Refusal::new("SerializationException", "The request body is not JSON");
    serde_json::from_slice(body).map_err(malformed)
}

pub(super) fn answer(output: &Value, request_id: &str) -> Response<Bytes> {
    response(StatusCode::OK, CONTENT_TYPE, output.to_string(), request_id)
}

pub(super) fn refusal(namespace: &str, refusal: &Refusal, request_id: &str) -> Response<Bytes> {
    let mut body = json!({"__type": format!("{namespace}#{}", refusal.code)});
    body["message"] = json!(refusal.message);
    refusal.members.iter().for_each(|(name, value)| body[name] = value.clone());
    let mut response = response(refusal.status, CONTENT_TYPE, body.to_string(), request_id);
    if let Ok(code) = http::HeaderValue::from_str(&refusal.code) {
        response.headers_mut().insert("x-amzn-errortype", code);
    }
    response
}
