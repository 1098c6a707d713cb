use std::collections::BTreeMap;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::response;
use crate::sim::markup::escape;
use crate::sim::model::{Kind, MODEL, Member, Operation};
use crate::sim::refusal::Refusal;

const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

type Form = BTreeMap<String, String>;

/// The operation that the parameter `Action` names.
pub(super) fn operation(request: &Request<Bytes>) -> Result<&'static Operation, Refusal> {
    let form = form(request.body());
    let action = form.get("Action").map(String::as_str).unwrap_or_default();
    let operation = MODEL.operation(action).filter(|found| found.service.signing_name == "sts");
    operation.ok_or_else(|| {
        let message = format!("The simulator does not have the operation '{action}'.");
        Refusal::new("InvalidAction", &message)
    })
}

/// The members of the operation's input. Parameters that it does not have are left out.
pub(super) fn body(operation: &Operation, body: &Bytes) -> Value {
    structure(&form(body), operation.input, "")
}

fn form(body: &Bytes) -> Form {
    form_urlencoded::parse(body).into_owned().collect()
}

fn structure(form: &Form, shape: &str, prefix: &str) -> Value {
    let mut object = Map::new();
    for Member { name, kind, .. } in MODEL.members(shape).unwrap_or_default() {
        if let Some(value) = value(form, *kind, &format!("{prefix}{name}")) {
            object.insert((*name).to_owned(), value);
        }
    }
    Value::Object(object)
}

/// What was sent under a name. Items of a list are numbered: `Tags.member.1.Key`.
fn value(form: &Form, kind: Kind, name: &str) -> Option<Value> {
    let text = || form.get(name).map(String::as_str);
    match kind {
        Kind::String | Kind::Timestamp => text().map(Value::from),
        // What is not of the type stays a text, which the check against the model refuses.
        Kind::Integer => text().map(|text| text.parse::<i64>().map_or(json!(text), Value::from)),
        Kind::Boolean => text().map(|text| text.parse::<bool>().map_or(json!(text), Value::from)),
        Kind::Structure(shape) => {
            is_sent(form, name).then(|| structure(form, shape, &format!("{name}.")))
        }
        Kind::List(element) => {
            let item = |name: String| match MODEL.element(element) {
                Some(member) => value(form, member.kind, &name),
                None => value(form, Kind::Structure(element), &name),
            };
            let items: Vec<Value> =
                (1..).map_while(|number| item(format!("{name}.member.{number}"))).collect();
            (!items.is_empty()).then_some(Value::Array(items))
        }
    }
}

fn is_sent(form: &Form, name: &str) -> bool {
    let prefix = format!("{name}.");
    form.range(prefix.clone()..).next().is_some_and(|(name, _)| name.starts_with(&prefix))
}

pub(super) fn answer(operation: &Operation, output: &Value, request_id: &str) -> Response<Bytes> {
    let (name, result) = (operation.name, xml(Kind::Structure(operation.output), output));
    let body = format!(
        "<{name}Response xmlns=\"{NAMESPACE}\"><{name}Result>{result}</{name}Result>\
         <ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></{name}Response>"
    );
    response(StatusCode::OK, "text/xml", body, request_id)
}

pub(super) fn refusal(refusal: &Refusal, request_id: &str) -> Response<Bytes> {
    // Query services name the errors that all services share differently; two of the operations'
    // own errors do have the suffix of JSON services.
    let code = match &*refusal.code {
        own @ ("ExpiredTokenException" | "RegionDisabledException") => own,
        shared => shared.strip_suffix("Exception").unwrap_or(shared),
    };
    let fault = if refusal.status.is_server_error() { "Receiver" } else { "Sender" };
    let body = format!(
        "<ErrorResponse xmlns=\"{NAMESPACE}\"><Error><Type>{fault}</Type><Code>{}</Code>\
         <Message>{}</Message></Error><RequestId>{request_id}</RequestId></ErrorResponse>",
        escape(code),
        escape(&refusal.message),
    );
    response(refusal.status, "text/xml", body, request_id)
}

/// The content of an element, its members in the order of the model.
fn xml(kind: Kind, value: &Value) -> String {
    match (kind, value) {
        (Kind::Structure(shape), _) => {
            let members = MODEL.members(shape).unwrap_or_default().iter();
            let sent = members.filter_map(|member| Some((member, value.get(member.name)?)));
            sent.map(|(Member { name, kind, .. }, value)| {
                format!("<{name}>{}</{name}>", xml(*kind, value))
            })
            .collect()
        }
        (Kind::Timestamp, Value::Number(seconds)) => {
            let milliseconds = (seconds.as_f64().unwrap_or_default() * 1000.0).round() as i64;
            Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::MAX).to_string()
        }
        (_, Value::String(text)) => escape(text),
        (_, other) => escape(&other.to_string()),
    }
}
