use std::collections::VecDeque;

use serde_json::{Value, json};

use crate::sim::refusal::Refusal;
use crate::sim::wire::Call;

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
            "Operation": call.operation.name,
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

/// The parameters with numbers as text, policies as a list of ARNs and tags as an object. Of a token
/// and of an external id only the length is kept.
fn parameters(body: &Value) -> Value {
    let mut shown = body.as_object().cloned().unwrap_or_default();
    for (name, value) in &mut shown {
        *value = match (name.as_str(), &*value) {
            ("WebIdentityToken" | "ExternalId", Value::String(secret)) => {
                json!(format!("{} characters", secret.chars().count()))
            }
            ("PolicyArns", Value::Array(policies)) => {
                policies.iter().map(|policy| policy["arn"].clone()).collect()
            }
            ("Tags", Value::Array(tags)) => {
                let pair =
                    |tag: &Value| Some((tag["Key"].as_str()?.to_owned(), tag["Value"].clone()));
                Value::Object(tags.iter().filter_map(pair).collect())
            }
            (_, Value::Number(number)) => json!(number.to_string()),
            (_, other) => other.clone(),
        };
    }
    Value::Object(shown)
}
