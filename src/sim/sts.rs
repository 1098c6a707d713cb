use std::collections::HashMap;
use std::time::Duration;

use bytes::Bytes;
use http::{Response, StatusCode};
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::cloud::partition;
use super::random::Random;
use super::wire::{Call, Refusal, response};

/// The operation that needs no signature, because its token proves who calls.
pub(super) const UNSIGNED: &str = "AssumeRoleWithWebIdentity";
const OPERATIONS: [&str; 3] = ["GetCallerIdentity", "AssumeRole", UNSIGNED];
const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// The STS operation of that name, if the simulator knows it.
pub(super) fn operation(name: &str) -> Option<&'static str> {
    OPERATIONS.into_iter().find(|operation| *operation == name)
}

/// Reads a Query body (`Action=...&Version=2011-06-15`): the operation, and its parameters as
/// texts.
///
/// # Errors
/// `InvalidAction` for an operation that the simulator does not know.
pub(super) fn read(body: &Bytes) -> Result<(&'static str, Value), Refusal> {
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

/// Who the access keys are that `AssumeRole` gave out. Any other key is a user named after it.
#[derive(Debug)]
pub(super) struct Sessions {
    arns: HashMap<String, String>,
    random: Random,
}

impl Sessions {
    pub(super) fn new(seed: u64) -> Self {
        Self { arns: HashMap::new(), random: Random::new(seed, "sessions") }
    }

    /// Answers a call.
    ///
    /// # Errors
    /// `ValidationError` for a role that is not one, or a session without a name.
    pub(super) fn answer(
        &mut self,
        call: &Call,
        account_id: &str,
        request_id: &str,
        now: Timestamp,
    ) -> Result<Response<Bytes>, Refusal> {
        let result = match call.operation {
            "GetCallerIdentity" => self.caller_identity(call, account_id),
            _ => self.assume_role(call, now)?,
        };
        let operation = call.operation;
        let body = format!(
            "<{operation}Response xmlns=\"{NAMESPACE}\">\
             <{operation}Result>{result}</{operation}Result>\
             <ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata>\
             </{operation}Response>"
        );
        Ok(response(StatusCode::OK, "text/xml", body, request_id))
    }

    fn caller_identity(&self, call: &Call, account_id: &str) -> String {
        let user = || {
            format!("arn:{}:iam::{account_id}:user/{}", partition(&call.region), call.access_key)
        };
        let arn = self.arns.get(&call.access_key).cloned().unwrap_or_else(user);
        let account = arn.split(':').nth(4).unwrap_or(account_id).to_owned();
        tags(&[("Arn", &arn), ("UserId", &call.access_key), ("Account", &account)])
    }

    fn assume_role(&mut self, call: &Call, now: Timestamp) -> Result<String, Refusal> {
        let parameter =
            |name: &str| call.body.get(name).and_then(Value::as_str).unwrap_or_default();
        let (role_arn, session) = (parameter("RoleArn"), parameter("RoleSessionName"));
        let (partition, account, role) = match role_arn.split(':').collect::<Vec<_>>()[..] {
            ["arn", partition, "iam", "", account, role]
                if role.starts_with("role/") && !session.is_empty() =>
            {
                (partition, account, role.rsplit('/').next().unwrap_or_default())
            }
            _ => {
                let message =
                    format!("The role '{role_arn}' or the session name '{session}' is not valid.");
                return Err(Refusal::new("ValidationError", &message));
            }
        };
        let arn = format!("arn:{partition}:sts::{account}:assumed-role/{role}/{session}");
        let key = format!("ASIA{}", self.random.letters(16).to_uppercase());
        let seconds = parameter("DurationSeconds").parse().unwrap_or(3600);
        let expiration = now.checked_add(Duration::from_secs(seconds)).unwrap_or(Timestamp::MAX);
        let credentials = tags(&[
            ("AccessKeyId", &key),
            ("SecretAccessKey", &self.random.letters(40)),
            ("SessionToken", &self.random.letters(64)),
            ("Expiration", &expiration.to_string()),
        ]);
        let user = tags(&[("Arn", &arn), ("AssumedRoleId", &format!("{key}:{session}"))]);
        self.arns.insert(key, arn);
        Ok(format!(
            "<Credentials>{credentials}</Credentials><AssumedRoleUser>{user}</AssumedRoleUser>"
        ))
    }
}

/// A refusal in the XML of the Query protocol.
pub(super) fn error_response(refusal: &Refusal, request_id: &str) -> Response<Bytes> {
    // Query services name the same errors without the suffix that JSON services use.
    let code = refusal.code.strip_suffix("Exception").unwrap_or(&refusal.code);
    let blame = if refusal.status.is_server_error() { "Receiver" } else { "Sender" };
    let error = tags(&[("Type", blame), ("Code", code), ("Message", &refusal.message)]);
    let body = format!(
        "<ErrorResponse xmlns=\"{NAMESPACE}\"><Error>{error}</Error>\
         <RequestId>{request_id}</RequestId></ErrorResponse>"
    );
    response(refusal.status, "text/xml", body, request_id)
}

/// Elements with the texts given, escaped.
fn tags(elements: &[(&str, &str)]) -> String {
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
