use std::fs;
use std::path::Path;
use std::time::Duration;

use http::StatusCode;
use jiff::Timestamp;
use serde_json::json;

use super::stand::{Stand, answer, header, json};
use super::{Keys, secret};

/// The name of the cached token's file: the SHA-1 of the session's name, `desk`.
const CACHE_FILE: &str = "46e7cfa080913f4dae18d802d041de7d664b10e2.json";

/// A profile that signs in through the session `desk`.
pub(crate) const PORTAL_PROFILE: &str = "[profile signed-in]\n\
     sso_session = desk\nsso_account_id = 123456789012\nsso_role_name = Desks\n\
     region = us-west-2\n\n\
     [sso-session desk]\nsso_start_url = https://example.awsapps.com/start\n\
     sso_region = us-east-1\nsso_registration_scopes = sso:account:access\n";

/// The access portal of AWS IAM Identity Center, as far as GetRoleCredentials goes.
///
/// <https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html>
pub(crate) struct Portal(Stand);

impl Portal {
    /// One that gives these keys for the account and the role of [`PORTAL_PROFILE`].
    pub(crate) fn start(keys: Keys) -> Self {
        Self(Stand::start(move |request| {
            if header(request, "x-amz-sso_bearer_token") != secret("portal-access") {
                let mut refused = answer(
                    StatusCode::UNAUTHORIZED,
                    json!({"message": "Session token not found or invalid"}).to_string(),
                );
                let kind = http::HeaderValue::from_static("UnauthorizedException");
                refused.headers_mut().insert("x-amzn-errortype", kind);
                return refused;
            }
            let query = request.uri().query().unwrap_or_default();
            let names = |pair: &str| query.split('&').any(|part| part == pair);
            if request.uri().path() != "/federation/credentials"
                || !names("role_name=Desks")
                || !names("account_id=123456789012")
            {
                return answer(StatusCode::NOT_FOUND, "{}");
            }
            json(&json!({"roleCredentials": {
                "accessKeyId": keys.access_key,
                "secretAccessKey": keys.secret_key,
                "sessionToken": keys.token,
                "expiration": keys.expiration().as_millisecond(),
            }}))
        }))
    }

    /// `AWS_ENDPOINT_URL_SSO`.
    pub(crate) fn url(&self) -> String {
        self.0.url()
    }

    /// Method and path of everything that was asked.
    pub(crate) fn heard(&self) -> Vec<String> {
        self.0.heard()
    }

    /// Writes the end of the token that [`Portal::sign_in`] left with another offset.
    pub(crate) fn rewrite_expiry(home: &Path, offset: &str) {
        let file = home.join(".aws/sso/cache").join(CACHE_FILE);
        let text = fs::read_to_string(&file).unwrap();
        let mut token: serde_json::Value = serde_json::from_str(&text).unwrap();
        let end: Timestamp = token["expiresAt"].as_str().unwrap().parse().unwrap();
        let hours = if offset == "-08:00" { 8 } else { 0 };
        let local = end - Duration::from_secs(3600 * hours);
        token["expiresAt"] = json!(local.strftime("%Y-%m-%dT%H:%M:%S").to_string() + offset);
        fs::write(file, token.to_string()).unwrap();
    }

    /// Leaves in a home what `aws sso login` leaves there: a token that ends so much later, or ended
    /// so much earlier.
    pub(crate) fn sign_in(home: &Path, left: Result<Duration, Duration>) {
        let end = match left {
            Ok(left) => Timestamp::now() + left,
            Err(since) => Timestamp::now() - since,
        };
        let folder = home.join(".aws/sso/cache");
        fs::create_dir_all(&folder).unwrap();
        let token = json!({
            "accessToken": secret("portal-access"),
            "expiresAt": end.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            "region": "us-east-1",
            "startUrl": "https://example.awsapps.com/start",
        });
        fs::write(folder.join(CACHE_FILE), token.to_string()).unwrap();
    }
}
