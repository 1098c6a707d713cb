use std::collections::HashMap;
use std::time::Duration;

use bytes::Bytes;
use http::{Response, StatusCode};
use jiff::Timestamp;

use super::cloud::partition;
use super::random::Random;
use super::wire::{Call, Protocol, Refusal, response};

mod check;
mod form;
mod record;
mod web_identity;

use check::{role_parts, role_request};
pub(super) use form::{error_response, read};
use form::{parameter, tags};
pub(super) use record::Record;

/// The operation that needs no signature, because its token proves who calls.
pub(super) const UNSIGNED: &str = "AssumeRoleWithWebIdentity";
pub(super) const OPERATIONS: [&str; 3] = ["GetCallerIdentity", "AssumeRole", UNSIGNED];
const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// How every session token begins that the simulator gives out, so that it knows its own.
const TOKEN_PREFIX: &str = "simulated-session-";

/// The STS operation of that name, if the simulator knows it.
pub(super) fn operation(name: &str) -> Option<&'static str> {
    OPERATIONS.into_iter().find(|operation| *operation == name)
}

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
    /// The service's error for a session that has ended, or that is none.
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

    /// Answers a call, and remembers it.
    ///
    /// # Errors
    /// What AWS refuses, such as `ValidationError` for a role that is not one.
    pub(super) fn answer(
        &mut self,
        call: &Call,
        account_id: &str,
        request_id: &str,
        now: Timestamp,
    ) -> Result<Response<Bytes>, Refusal> {
        let result = match call.operation {
            "GetCallerIdentity" => Ok(self.caller_identity(call, account_id)),
            _ => self.assume_role(call, now),
        };
        self.record.push(call, result.as_ref().err());
        let (result, operation) = (result?, call.operation);
        let body = format!(
            "<{operation}Response xmlns=\"{NAMESPACE}\">\
             <{operation}Result>{result}</{operation}Result>\
             <ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata>\
             </{operation}Response>"
        );
        Ok(response(StatusCode::OK, "text/xml", body, request_id))
    }

    fn caller_identity(&self, call: &Call, account_id: &str) -> String {
        let key = &call.access_key;
        let (arn, user_id) = match self.by_key.get(key) {
            Some(session) => (session.arn.clone(), session.role_id.clone()),
            None => {
                let partition = partition(&call.region);
                (format!("arn:{partition}:iam::{account_id}:user/{key}"), key.clone())
            }
        };
        let account = arn.split(':').nth(4).unwrap_or(account_id).to_owned();
        tags(&[("Arn", &arn), ("UserId", &user_id), ("Account", &account)])
    }

    fn assume_role(&mut self, call: &Call, now: Timestamp) -> Result<String, Refusal> {
        let body = &call.body;
        let is_web_identity = call.operation == UNSIGNED;
        let is_chained = self.by_key.contains_key(&call.access_key);
        let seconds = role_request(body, is_web_identity, is_chained)?;
        let subject = match parameter(body, "WebIdentityToken") {
            Some(token) if is_web_identity => Some(web_identity::subject(token, now)?),
            _ => None,
        };
        let role_arn = parameter(body, "RoleArn").unwrap_or_default();
        let session_name = parameter(body, "RoleSessionName").unwrap_or_default();
        let (partition, account, role) = role_parts(role_arn).unwrap_or_default();
        let asked = Duration::from_secs(seconds);
        let lasts = self.lifetime.map_or(asked, |most| most.min(asked));
        let session = Session {
            arn: format!("arn:{partition}:sts::{account}:assumed-role/{role}/{session_name}"),
            role_id: format!("AROA{}:{session_name}", self.random.letters(17).to_uppercase()),
            token: format!("{TOKEN_PREFIX}{}", self.random.letters(48)),
            expiration: now.checked_add(lasts).unwrap_or(Timestamp::MAX),
        };
        let key = format!("ASIA{}", self.random.letters(16).to_uppercase());
        let credentials = tags(&[
            ("AccessKeyId", &key),
            ("SecretAccessKey", &format!("simulated-secret-{}", self.random.letters(24))),
            ("SessionToken", &session.token),
            ("Expiration", &session.expiration.to_string()),
        ]);
        let user = tags(&[("Arn", &session.arn), ("AssumedRoleId", &session.role_id)]);
        let subject = subject.map(|subject| tags(&[("SubjectFromWebIdentityToken", &subject)]));
        self.by_key.insert(key, session);
        Ok(format!(
            "<Credentials>{credentials}</Credentials><AssumedRoleUser>{user}</AssumedRoleUser>{}",
            subject.unwrap_or_default()
        ))
    }
}

fn expired(protocol: Protocol) -> Refusal {
    let code = match protocol {
        Protocol::Json => "ExpiredTokenException",
        Protocol::Query => "ExpiredToken",
    };
    Refusal::new(code, "The security token included in the request is expired")
}

fn unknown(protocol: Protocol) -> Refusal {
    let code = match protocol {
        Protocol::Json => "UnrecognizedClientException",
        Protocol::Query => "InvalidClientTokenId",
    };
    Refusal::new(code, "The security token included in the request is invalid.")
}
