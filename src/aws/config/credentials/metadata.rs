use std::time::Duration;

use aws_credential_types::Credentials;
use aws_types::SdkConfig;

use crate::aws::config::credentials::answer;
use crate::aws::config::credentials::fetch::{Fetched, Patience, Plain, fetch};
use crate::aws::secrets::remember;

/// As in the AWS SDKs: a machine that is not on EC2 has nothing there, and must not wait for it.
const PATIENCE: Patience =
    Patience { connect: Duration::from_secs(1), read: Duration::from_secs(1), attempts: 3 };

/// How long a token for the metadata is valid, in seconds: the longest time.
const TOKEN_SECONDS: &str = "21600";

/// Credentials of the machine's role.
///
/// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html>
///
/// # Errors
/// Why there are none.
pub(super) async fn credentials(sdk: &SdkConfig, endpoint: &str) -> Result<Credentials, String> {
    const ROLES: &str = "/latest/meta-data/iam/security-credentials/";
    let token = token(sdk, endpoint).await?;
    let roles = get(sdk, endpoint, ROLES, &token).await?;
    let role = String::from_utf8_lossy(&roles);
    let role = role.lines().next().unwrap_or_default().trim();
    let is_name = |name: &str| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "+=,.@-_".contains(c))
    };
    if !is_name(role) {
        return Err("its answer is not the name of a role".to_owned());
    }
    let body = get(sdk, endpoint, &format!("{ROLES}{role}"), &token).await?;
    answer::credentials(&body, "instance metadata")
}

/// The Region of the machine.
///
/// # Errors
/// Why it is not known.
pub(in crate::aws) async fn region(sdk: &SdkConfig, endpoint: &str) -> Result<String, String> {
    let token = token(sdk, endpoint).await?;
    let body = get(sdk, endpoint, "/latest/meta-data/placement/region", &token).await?;
    let region = String::from_utf8_lossy(&body).trim().to_owned();
    let is_region = !region.is_empty()
        && region.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if is_region { Ok(region) } else { Err("its answer is not a Region".to_owned()) }
}

/// A token for further requests (IMDSv2).
async fn token(sdk: &SdkConfig, endpoint: &str) -> Result<String, String> {
    let request = Plain {
        method: "PUT",
        url: format!("{}/latest/api/token", endpoint.trim_end_matches('/')),
        headers: vec![("x-aws-ec2-metadata-token-ttl-seconds", TOKEN_SECONDS.to_owned())],
    };
    let body = succeeded(fetch(sdk, &request, PATIENCE).await?)?;
    let token = String::from_utf8_lossy(&body).trim().to_owned();
    let is_token = !token.is_empty() && token.chars().all(|c| c.is_ascii_graphic());
    remember(&token);
    if is_token { Ok(token) } else { Err("its answer is not a token".to_owned()) }
}

async fn get(sdk: &SdkConfig, endpoint: &str, path: &str, token: &str) -> Result<Vec<u8>, String> {
    let request = Plain {
        method: "GET",
        url: format!("{}{path}", endpoint.trim_end_matches('/')),
        headers: vec![("x-aws-ec2-metadata-token", token.to_owned())],
    };
    succeeded(fetch(sdk, &request, PATIENCE).await?)
}

fn succeeded(fetched: Fetched) -> Result<Vec<u8>, String> {
    match fetched.status {
        200 => Ok(fetched.body),
        403 => Err("it refuses to answer (HTTP status 403); access to it is turned off".to_owned()),
        404 => Err("the machine has no role (HTTP status 404)".to_owned()),
        status => Err(format!("it answered with HTTP status {status}")),
    }
}
