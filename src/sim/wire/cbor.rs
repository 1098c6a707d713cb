//! Smithy RPC v2 CBOR: <https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html>.

use bytes::Bytes;
use ciborium::Value as Cbor;
use http::{HeaderValue, Request, Response, StatusCode};
use serde_json::{Map, Number, Value};

use super::{response, unknown_operation};
use crate::sim::model::{Kind, MODEL, Operation};
use crate::sim::refusal::Refusal;

/// The tag of a timestamp: seconds since 1970 (RFC 8949, section 3.4.2).
const EPOCH_SECONDS: u64 = 1;

/// The operation that the path names, as
/// `/service/WorkspacesService/operation/DescribeWorkspaces`.
pub(super) fn operation(request: &Request<Bytes>) -> Result<&'static Operation, Refusal> {
    let path = request.uri().path();
    let unknown = || unknown_operation(path);
    match path.split('/').collect::<Vec<_>>()[..] {
        ["", "service", service, "operation", name] => MODEL
            .operation(name)
            .filter(|found| found.service.wire_name == service)
            .ok_or_else(unknown),
        _ => Err(unknown()),
    }
}

pub(super) fn body(body: &Bytes) -> Result<Value, Refusal> {
    if body.is_empty() {
        return Ok(Value::Object(Map::new()));
    }
    let malformed = || Refusal::new("SerializationException", "The request body is not CBOR");
    let read: Cbor = ciborium::from_reader(body.as_ref()).map_err(|_| malformed())?;
    to_json(read).ok_or_else(malformed)
}

pub(super) fn answer(operation: &Operation, output: &Value, request_id: &str) -> Response<Bytes> {
    let body = to_cbor(Kind::Structure(operation.output), output);
    respond(StatusCode::OK, &body, request_id)
}

pub(super) fn refusal(namespace: &str, refusal: &Refusal, request_id: &str) -> Response<Bytes> {
    let text = |text: &str| Cbor::Text(text.to_owned());
    let mut members = vec![
        (text("__type"), text(&format!("{namespace}#{}", refusal.code))),
        (text("message"), text(&refusal.message)),
    ];
    members.extend(
        refusal.members.iter().map(|(name, value)| (text(name), to_cbor(Kind::String, value))),
    );
    respond(refusal.status, &Cbor::Map(members), request_id)
}

fn respond(status: StatusCode, body: &Cbor, request_id: &str) -> Response<Bytes> {
    let mut bytes = Vec::new();
    ciborium::into_writer(body, &mut bytes).expect("a vector takes every byte");
    let mut response = response(status, "application/cbor", bytes, request_id);
    response.headers_mut().insert("smithy-protocol", HeaderValue::from_static("rpc-v2-cbor"));
    response
}

/// The same value in JSON's types; none for what no member of the API can be.
fn to_json(value: Cbor) -> Option<Value> {
    Some(match value {
        Cbor::Null => Value::Null,
        Cbor::Bool(value) => Value::Bool(value),
        Cbor::Integer(value) => Value::Number(Number::from_i128(value.into())?),
        Cbor::Float(value) => Value::Number(Number::from_f64(value)?),
        Cbor::Text(value) => Value::String(value),
        Cbor::Array(items) => Value::Array(items.into_iter().map(to_json).collect::<Option<_>>()?),
        Cbor::Map(members) => {
            let member =
                |(name, value): (Cbor, Cbor)| Some((name.into_text().ok()?, to_json(value)?));
            Value::Object(members.into_iter().map(member).collect::<Option<_>>()?)
        }
        Cbor::Tag(EPOCH_SECONDS, time) => to_json(*time)?,
        _ => return None,
    })
}

/// A value of the given kind in CBOR's types, which tell timestamps from numbers.
fn to_cbor(kind: Kind, value: &Value) -> Cbor {
    match value {
        Value::Null => Cbor::Null,
        Value::Bool(value) => Cbor::Bool(*value),
        Value::String(value) => Cbor::Text(value.clone()),
        Value::Number(number) => {
            let plain = match number.as_i64() {
                Some(integer) => Cbor::Integer(integer.into()),
                None => Cbor::Float(number.as_f64().unwrap_or_default()),
            };
            match kind {
                Kind::Timestamp => Cbor::Tag(EPOCH_SECONDS, Box::new(plain)),
                _ => plain,
            }
        }
        Value::Array(items) => {
            let element = match kind {
                Kind::List(name) => MODEL.element(name).map_or(Kind::Structure(name), |it| it.kind),
                other => other,
            };
            Cbor::Array(items.iter().map(|item| to_cbor(element, item)).collect())
        }
        Value::Object(members) => {
            let shape = match kind {
                Kind::Structure(name) => MODEL.members(name).unwrap_or_default(),
                _ => &[],
            };
            let member = |(name, value): (&String, &Value)| {
                let known = shape.iter().find(|member| member.name == name);
                let kind = known.map_or(Kind::String, |member| member.kind);
                (Cbor::Text(name.clone()), to_cbor(kind, value))
            };
            Cbor::Map(members.iter().map(member).collect())
        }
    }
}
