//! Requests of the WorkSpaces API as another client than the provider sends them.

use bytes::Bytes;
use http::Request;
use serde_json::Value;

/// A request in AWS JSON 1.1. The simulator requires a signature and does not verify it.
pub(crate) fn request(region: &str, operation: &str, body: &Value) -> Request<Bytes> {
    let scope = format!("AKIDOTHER/20260101/{region}/workspaces/aws4_request");
    let signature = format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0");
    Request::post("/")
        .header("x-amz-target", format!("WorkspacesService.{operation}"))
        .header("content-type", "application/x-amz-json-1.1")
        .header("x-amz-date", "20260101T000000Z")
        .header("authorization", signature)
        .body(Bytes::from(body.to_string()))
        .expect("the headers are text")
}
