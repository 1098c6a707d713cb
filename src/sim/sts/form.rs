use bytes::Bytes;
use http::Response;
use serde_json::{Map, Value};

use crate::sim::wire::{Refusal, response};

use super::{NAMESPACE, operation};

/// Reads a Query body (`Action=...&Version=2011-06-15`): the operation, and its parameters as
/// texts.
///
/// # Errors
/// `InvalidAction` for an operation that the simulator does not know.
pub(in crate::sim) fn read(body: &Bytes) -> Result<(&'static str, Value), Refusal> {
    let text = String::from_utf8_lossy(body);
    let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    let form: Map<String, Value> =
        pairs.map(|(name, value)| (decode(name), decode(value).into())).collect();
    let action = form.get("Action").and_then(Value::as_str).unwrap_or_default();
    let unknown = || {
        Refusal::new("InvalidAction", &format!("the simulator does not know the action '{action}'"))
    };
    let operation = operation(action).ok_or_else(unknown)?;
    Ok((operation, Value::Object(form)))
}

/// A parameter that was sent, an empty one too.
pub(super) fn parameter<'a>(body: &'a Value, name: &str) -> Option<&'a str> {
    body.get(name).and_then(Value::as_str)
}

/// One part of every item of a list, in order: `Tags.member.1.Key`, `Tags.member.2.Key` and so on;
/// of a list of texts when the part is empty. An item without the part is empty.
pub(super) fn list<'a>(body: &'a Value, name: &str, part: &str) -> Vec<&'a str> {
    let item = |number: usize| format!("{name}.member.{number}");
    let sent = |number: &usize| {
        let prefix = item(*number);
        let names = body.as_object().into_iter().flat_map(Map::keys);
        let mut rests = names.filter_map(|name| name.strip_prefix(&prefix));
        rests.any(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let dotted = if part.is_empty() { String::new() } else { format!(".{part}") };
    let text = |number| parameter(body, &format!("{}{dotted}", item(number))).unwrap_or_default();
    (1..).take_while(sent).map(text).collect()
}

/// A refusal in the XML of the Query protocol.
pub(in crate::sim) fn error_response(refusal: &Refusal, request_id: &str) -> Response<Bytes> {
    // Query services name the errors that all services share without the suffix of JSON services;
    // two of the operations' own errors do have it.
    let code = match &*refusal.code {
        own @ ("ExpiredTokenException" | "RegionDisabledException") => own,
        shared => shared.strip_suffix("Exception").unwrap_or(shared),
    };
    let blame = if refusal.status.is_server_error() { "Receiver" } else { "Sender" };
    let error = tags(&[("Type", blame), ("Code", code), ("Message", &refusal.message)]);
    let body = format!(
        "<ErrorResponse xmlns=\"{NAMESPACE}\"><Error>{error}</Error>\
         <RequestId>{request_id}</RequestId></ErrorResponse>"
    );
    response(refusal.status, "text/xml", body, request_id)
}

/// Elements with the texts given, escaped.
pub(super) fn tags(elements: &[(&str, &str)]) -> String {
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    elements.iter().map(|(name, text)| format!("<{name}>{}</{name}>", escape(text))).collect()
}

/// Undoes the encoding of a form: `+` is a space, `%3A` a byte.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digit = |byte: Option<u8>| {
                    char::from(byte.unwrap_or_default()).to_digit(16).unwrap_or_default()
                };
                (digit(rest.next()) * 16 + digit(rest.next())) as u8
            }
            other => other,
        });
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
