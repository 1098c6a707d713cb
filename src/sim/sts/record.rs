use std::collections::VecDeque;

use serde_json::{Map, Value, json};

use crate::sim::wire::{Call, Refusal};

use super::form::list;

/// How many calls are remembered; the oldest are forgotten first.
const MOST: usize = 1000;

/// What STS was sent: the body of `GET /_simulator/sts`.
#[derive(Debug, Default)]
pub(in crate::sim) struct Record(VecDeque<Value>);

impl Record {
    /// Remembers a call, and how it was refused if it was.
    pub(super) fn push(&mut self, call: &Call, refusal: Option<&Refusal>) {
        if self.0.len() == MOST {
            self.0.pop_front();
        }
        self.0.push_back(json!({
            "Operation": call.operation,
            "Region": call.region,
            "AccessKeyId": call.access_key,
            "HasSessionToken": call.session_token.is_some(),
            "UserAgent": call.user_agent,
            "Parameters": parameters(&call.body),
            "Refused": refusal.map(|refusal| &*refusal.code),
        }));
    }

    pub(in crate::sim) fn shown(&self) -> Value {
        json!({ "Calls": self.0 })
    }
}

/// The parameters with lists as lists and tags as an object; of a token only how long it is.
fn parameters(body: &Value) -> Value {
    let is_plain = |name: &str| !name.contains('.') && !["Action", "Version"].contains(&name);
    let sent = body.as_object().into_iter().flatten();
    let mut shown: Map<String, Value> = sent
        .filter(|(name, _)| is_plain(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    if let Some(token) = shown.get_mut("WebIdentityToken") {
        *token = json!(format!("{} characters", token.as_str().unwrap_or_default().len()));
    }
    let mut put = |name: &str, value: Value, is_empty: bool| {
        if !is_empty {
            shown.insert(name.to_owned(), value);
        }
    };
    let policies = list(body, "PolicyArns", "arn");
    put("PolicyArns", json!(policies), policies.is_empty());
    let tags: Map<String, Value> = list(body, "Tags", "Key")
        .into_iter()
        .zip(list(body, "Tags", "Value"))
        .map(|(key, value)| (key.to_owned(), json!(value)))
        .collect();
    put("Tags", json!(tags), tags.is_empty());
    let transitive = list(body, "TransitiveTagKeys", "");
    put("TransitiveTagKeys", json!(transitive), transitive.is_empty());
    Value::Object(shown)
}
