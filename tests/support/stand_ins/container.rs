use http::StatusCode;
use serde_json::json;

use super::stand::{Stand, answer, header, json};
use super::{Keys, secret};

const PATH: &str = "/v1/credentials";

/// The credentials endpoint of a container, as EKS Pod Identity and Greengrass have it.
///
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html>
pub(crate) struct Container(Stand);

impl Container {
    /// One that gives these keys to whoever knows its token.
    pub(crate) fn start(keys: Keys) -> Self {
        Self(Stand::start(move |request| {
            if header(request, "authorization") != Self::token() {
                return answer(StatusCode::UNAUTHORIZED, "{}");
            }
            if request.uri().path() != PATH {
                return answer(StatusCode::NOT_FOUND, "{}");
            }
            json(&json!({
                "AccessKeyId": keys.access_key,
                "SecretAccessKey": keys.secret_key,
                "Token": keys.token,
                "Expiration": keys.expiration().to_string(),
                "RoleArn": "arn:aws:iam::123456789012:role/container",
            }))
        }))
    }

    /// `AWS_CONTAINER_CREDENTIALS_FULL_URI`.
    pub(crate) fn uri(&self) -> String {
        format!("{}{PATH}", self.0.url())
    }

    /// `AWS_CONTAINER_AUTHORIZATION_TOKEN`, or what its file holds.
    pub(crate) fn token() -> String {
        secret("container-authorization")
    }

    /// Method and path of everything that was asked.
    pub(crate) fn heard(&self) -> Vec<String> {
        self.0.heard()
    }
}
