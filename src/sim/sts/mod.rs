use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::cloud::partition;
use super::model::MODEL;
use super::random::Random;
use super::refusal::Refusal;
use super::wire::{Call, Protocol};

mod record;
mod request;
mod roles;
mod web_identity;

pub(super) use record::Record;
use request::RoleRequest;

/// How every session token begins that the simulator gives out, so that it knows its own.
const TOKEN_PREFIX: &str = "simulated-session-";

/// The temporary credentials that were given out. Any other key is a user named after it.
#[derive(Debug)]
pub(super) struct Sessions {
    by_key: HashMap<String, Session>,
    random: Random,
    /// The longest that a session lasts, whatever was asked for.
    lifetime: Option<Duration>,
    pub(super) record: Record,
}

#[derive(Debug)]
struct Session {
    arn: String,
    role_id: String,
    token: String,
    expiration: Timestamp,
}

impl Sessions {
    pub(super) fn new(seed: u64, lifetime: Option<Duration>) -> Self {
        let random = Random::new(seed, "sessions");
        Self { by_key: HashMap::new(), random, lifetime, record: Record::default() }
    }

    /// Checks the credentials of a call to any service, as far as the simulator gave them out.
    ///
    /// # Errors
    /// The service's error for a session that has expired or is unknown.
    pub(super) fn authenticate(&self, call: &Call, now: Timestamp) -> Result<(), Refusal> {
        let token = call.session_token.as_deref();
        let is_known = match self.by_key.get(&call.access_key) {
            Some(session) if session.expiration <= now => return Err(expired(call.protocol)),
            Some(session) => token == Some(&session.token),
            None => {
                let is_ours = token.is_some_and(|token| token.starts_with(TOKEN_PREFIX));
                let lacks_one = token.is_none() && call.access_key.starts_with("ASIA");
                !is_ours && !lacks_one
            }
        };
        if is_known { Ok(()) } else { Err(unknown(call.protocol)) }
    }

    /// Carries a call out, and remembers it.
    ///
    /// # Errors
    /// The errors of AWS, such as `ValidationError` for an invalid role ARN.
    pub(super) fn carry_out(
        &mut self,
        call: &Call,
        account_id: &str,
        now: Timestamp,
    ) -> Result<Value, Refusal> {
        let result = match call.operation.name {
            "GetCallerIdentity" => Ok(self.caller_identity(call, account_id)),
            _ => self.assume_role(call, now),
        };
        self.record.push(call, result.as_ref().err());
        result
    }

    /// Who signs with this key: the role of a session, or a user named after the key.
    pub(super) fn arn(&self, key: &str, region: &str, account_id: &str) -> String {
        let user = || format!("arn:{}:iam::{account_id}:user/{key}", partition(region));
        self.by_key.get(key).map_or_else(user, |session| session.arn.clone())
    }

    fn caller_identity(&self, call: &Call, account_id: &str) -> Value {
        let key = &call.access_key;
        let arn = self.arn(key, &call.region, account_id);
        let user_id = self.by_key.get(key).map_or(key, |session| &session.role_id);
        let account = arn.split(':').nth(4).unwrap_or(account_id);
        json!({"UserId": user_id, "Account": account, "Arn": arn})
    }

    fn assume_role(&mut self, call: &Call, now: Timestamp) -> Result<Value, Refusal> {
        MODEL.check(call.operation.input, &call.body).map_err(|refusal| query_error(&refusal))?;
        let malformed =
            |error: serde_json::Error| Refusal::new("SerializationException", &error.to_string());
        let request = RoleRequest::deserialize(&call.body).map_err(malformed)?;
        let is_chained = self.by_key.contains_key(&call.access_key);
        let seconds = roles::check(&request, is_chained)?;
        let token = request.web_identity_token.as_deref();
        let subject = token.map(|token| web_identity::subject(token, now)).transpose()?;
        let (partition, account, role) = roles::role_parts(&request.role_arn).unwrap_or_default();
        let session_name = &request.role_session_name;
        let asked = Duration::from_secs(seconds);
        let lasts = self.lifetime.map_or(asked, |most| most.min(asked));
        let session = Session {
            arn: format!("arn:{partition}:sts::{account}:assumed-role/{role}/{session_name}"),
            role_id: format!("AROA{}:{session_name}", self.random.letters(17).to_uppercase()),
            token: format!("{TOKEN_PREFIX}{}", self.random.letters(48)),
            expiration: now.checked_add(lasts).unwrap_or(Timestamp::MAX),
        };
        let key = format!("ASIA{}", self.random.letters(16).to_uppercase());
        let mut answer = json!({
            "Credentials": {
                "AccessKeyId": key,
                "SecretAccessKey": format!("simulated-secret-{}", self.random.letters(24)),
                "SessionToken": session.token,
                "Expiration": session.expiration.as_millisecond() as f64 / 1000.0,
            },
            "AssumedRoleUser": {"AssumedRoleId": session.role_id, "Arn": session.arn},
        });
        if let Some(subject) = subject {
            answer["SubjectFromWebIdentityToken"] = json!(subject);
        }
        self.by_key.insert(key, session);
        Ok(answer)
    }
}

/// The code that Query services have for a body that breaks the model.
fn query_error(refusal: &Refusal) -> Refusal {
    let code = match &*refusal.code {
        "SerializationException" => "MalformedInput",
        _ => "ValidationError",
    };
    Refusal::new(code, &refusal.message)
}

fn expired(protocol: Protocol) -> Refusal {
    let code = match protocol {
        Protocol::Json | Protocol::Cbor => "ExpiredTokenException",
        Protocol::Query => "ExpiredToken",
    };
    Refusal::new(code, "The security token included in the request is expired")
}

fn unknown(protocol: Protocol) -> Refusal {
    let code = match protocol {
        Protocol::Json | Protocol::Cbor => "UnrecognizedClientException",
        Protocol::Query => "InvalidClientTokenId",
    };
    Refusal::new(code, "The security token included in the request is invalid.")
}
