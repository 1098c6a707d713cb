use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::Value;

use crate::sim::refusal::Refusal;

/// The subject of a web identity token. Its signature is not verified.
///
/// # Errors
/// `InvalidIdentityToken` for a text that is not a JSON Web Token,
/// `ExpiredTokenException` for an expired one.
pub(super) fn subject(token: &str, now: Timestamp) -> Result<String, Refusal> {
    let malformed = || {
        Refusal::new(
            "InvalidIdentityToken",
            "The ID Token provided is not a valid JWT. (You may see this error if you sent an \
             Access Token)",
        )
    };
    let [_, claims, _] = token.split('.').collect::<Vec<_>>()[..] else {
        return Err(malformed());
    };
    let claims = BASE64_URL_SAFE_NO_PAD.decode(claims).map_err(|_| malformed())?;
    let claims: Value = serde_json::from_slice(&claims).map_err(|_| malformed())?;
    let subject = claims["sub"].as_str().ok_or_else(malformed)?.to_owned();
    match claims["exp"].as_i64() {
        Some(end) if end <= now.as_second() => Err(Refusal::new(
            "ExpiredTokenException",
            &format!(
                "Token expired: current date/time {} must be before the expiration date/time {end}",
                now.as_second()
            ),
        )),
        _ => Ok(subject),
    }
}
