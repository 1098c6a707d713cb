use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use jiff::Timestamp;
use serde_json::Value;

use crate::aws::config::access::identity::Keys;
use crate::aws::config::access::problem::is_broken;
use crate::aws::secrets::remember;

/// Credentials in the JSON of a `credential_process`, a container or the instance metadata.
///
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html>
///
/// # Errors
/// What is wrong with them, without quoting any of it.
pub(super) fn credentials(body: &[u8], provider: &'static str) -> Result<Credentials, String> {
    let answer: Value =
        serde_json::from_slice(body).map_err(|_| "the answer is not JSON".to_owned())?;
    // An empty member is unset.
    let text = |names: &[&str]| {
        let found = names.iter().find_map(|name| answer.get(*name)?.as_str());
        found.filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let need = |name: &str| {
        text(&[name]).ok_or_else(|| match text(&["Message", "message"]) {
            Some(message) => format!("the answer has no {name}: {message}"),
            None => format!("the answer has no {name}"),
        })
    };
    let (access_key, secret_key) = (need("AccessKeyId")?, need("SecretAccessKey")?);
    let token = text(&["SessionToken", "Token"]);
    let broken = [Some(&access_key), Some(&secret_key), token.as_ref()];
    if broken.into_iter().flatten().any(|key| is_broken(key)) {
        return Err("the answer has a key with a space or a control character".to_owned());
    }
    [Some(&secret_key), token.as_ref()].into_iter().flatten().for_each(|secret| remember(secret));
    let expires = text(&["Expiration"]).map(|text| time(&text)).transpose();
    let expires = expires.map_err(|()| "the answer's Expiration is not a time".to_owned())?;
    Ok(Credentials::new(access_key, secret_key, token, expires, provider))
}

/// Static keys.
pub(super) fn of_keys(keys: &Keys, provider: &'static str) -> Credentials {
    let token = keys.token.as_ref().map(|token| token.reveal().to_owned());
    Credentials::new(&keys.access_key, keys.secret_key.reveal(), token, None, provider)
}

/// A time with any offset. Old versions of the AWS CLI write `UTC` for `Z`.
pub(super) fn time(text: &str) -> Result<SystemTime, ()> {
    let text = text.trim().replace("UTC", "Z");
    let seconds = text.parse::<Timestamp>().map_err(drop)?.as_second();
    let seconds = u64::try_from(seconds).map_err(drop)?;
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds)).ok_or(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_members_are_unset_and_broken_keys_are_refused_without_quoting_them() {
        let parse = |json: &str| credentials(json.as_bytes(), "test");
        let keys = r#""AccessKeyId":"a","SecretAccessKey":"b""#;
        for (json, token) in [
            (format!(r#"{{{keys}}}"#), None),
            (format!(r#"{{{keys},"SessionToken":""}}"#), None),
            (format!(r#"{{{keys},"Token":"","Expiration":""}}"#), None),
            (
                format!(r#"{{{keys},"Token":"t","Expiration":"2030-01-01T00:00:00+02:00"}}"#),
                Some("t"),
            ),
        ] {
            assert_eq!(parse(&json).unwrap().session_token(), token, "{json}");
        }
        for (json, part) in [
            ("hidden", "not JSON"),
            (r#"{"AccessKeyId":""}"#, "no AccessKeyId"),
            (r#"{"AccessKeyId":"a","SecretAccessKey":"hidden\n"}"#, "control character"),
            (r#"{"AccessKeyId":"a","SecretAccessKey":"b","Expiration":"hidden"}"#, "not a time"),
        ] {
            let error = parse(json).unwrap_err();
            assert!(error.contains(part) && !error.contains("hidden"), "{json}: {error}");
        }
    }

    #[test]
    fn a_time_may_have_any_offset() {
        let utc = time("2030-01-01T08:00:00Z").unwrap();
        for text in
            ["2030-01-01T08:00:00+00:00", "2030-01-01T00:00:00-08:00", "2030-01-01T08:00:00UTC"]
        {
            assert_eq!(time(text), Ok(utc), "{text}");
        }
    }
}
