use http::{Method, Request, StatusCode};
use serde_json::json;

use super::Keys;
use super::stand::{Stand, answer, header, json};

const TTL: &str = "x-aws-ec2-metadata-token-ttl-seconds";
const TOKEN: &str = "x-aws-ec2-metadata-token";
const ROLE: &str = "desk-role";
const ROLES: &str = "/latest/meta-data/iam/security-credentials/";

/// The instance metadata service of Amazon EC2, version 2; requests of version 1, which have no
/// token, are refused.
///
/// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html>
pub(crate) struct Metadata(Stand);

impl Metadata {
    /// A machine with a role that has these keys, in this Region.
    pub(crate) fn start(keys: Keys, region: &'static str) -> Self {
        Self(Stand::start(move |request| respond(request, &keys, region)))
    }

    /// A machine whose role has this name, whatever it is.
    pub(crate) fn of_role(name: &'static str) -> Self {
        Self(Stand::start(move |request| match *request.method() {
            Method::PUT => answer(StatusCode::OK, "token"),
            _ => answer(StatusCode::OK, name),
        }))
    }

    /// One that is turned off.
    pub(crate) fn refusing() -> Self {
        Self(Stand::start(|_| answer(StatusCode::FORBIDDEN, "")))
    }

    /// What to set as the endpoint of the metadata service.
    pub(crate) fn url(&self) -> String {
        self.0.url()
    }

    /// Method and path of everything that was asked.
    pub(crate) fn heard(&self) -> Vec<String> {
        self.0.heard()
    }
}

fn respond(
    request: &Request<bytes::Bytes>,
    keys: &Keys,
    region: &str,
) -> http::Response<http_body_util::Full<bytes::Bytes>> {
    let path = request.uri().path();
    if (request.method(), path) == (&Method::PUT, "/latest/api/token") {
        // A request that came through a proxy would take the token away from the machine.
        if request.headers().contains_key("x-forwarded-for") {
            return answer(StatusCode::FORBIDDEN, "");
        }
        return match header(request, TTL).parse::<u32>() {
            Ok(seconds @ 1..=21_600) => {
                let mut response = answer(StatusCode::OK, super::secret("metadata-session"));
                response.headers_mut().insert(TTL, seconds.into());
                response
            }
            _ => answer(StatusCode::BAD_REQUEST, ""),
        };
    }
    if header(request, TOKEN) != super::secret("metadata-session") {
        return answer(StatusCode::UNAUTHORIZED, "");
    }
    if request.method() != Method::GET {
        return answer(StatusCode::METHOD_NOT_ALLOWED, "");
    }
    if path == "/latest/meta-data/placement/region" {
        return answer(StatusCode::OK, region.to_owned());
    }
    match path.strip_prefix(ROLES) {
        Some("") => answer(StatusCode::OK, ROLE),
        Some(ROLE) => json(&json!({
            "Code": "Success",
            "LastUpdated": jiff::Timestamp::now().to_string(),
            "Type": "AWS-HMAC",
            "AccessKeyId": keys.access_key,
            "SecretAccessKey": keys.secret_key,
            "Token": keys.token,
            "Expiration": keys.expiration().to_string(),
        })),
        _ => answer(StatusCode::NOT_FOUND, ""),
    }
}
