use std::net::IpAddr;
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_types::SdkConfig;
use http::Uri;

use crate::aws::config::access::identity::{Container, ContainerToken};
use crate::aws::config::access::problem::{is_broken, shown};
use crate::aws::config::credentials::answer;
use crate::aws::config::credentials::fetch::{Patience, Plain, fetch};
use crate::aws::config::files;
use crate::aws::secrets::remember;

/// As in the AWS SDKs.
const PATIENCE: Patience =
    Patience { connect: Duration::from_secs(2), read: Duration::from_secs(5), attempts: 3 };

/// Credentials of the container's role.
///
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html>
///
/// # Errors
/// Why there are none.
pub(super) async fn credentials(
    sdk: &SdkConfig,
    container: &Container,
) -> Result<Credentials, String> {
    let uri = &container.uri;
    if !may_be_asked(&uri.value).await {
        return Err(format!(
            "{} must be an https URL, or an http URL of this machine or of the addresses that ECS \
             and EKS use, and is {:?}",
            uri.source,
            shown(&uri.value)
        ));
    }
    let token = match &container.token {
        None => None,
        Some(ContainerToken::Text(token)) => Some(token.reveal().to_owned()),
        Some(ContainerToken::File(path)) => {
            let token = files::token(path).await;
            Some(token.map_err(|why| format!("the file {path} {why}"))?)
        }
    };
    if token.as_deref().is_some_and(|token| is_broken(&token.replace(' ', ""))) {
        return Err("its token has a character that no header can carry".to_owned());
    }
    token.iter().for_each(|token| remember(token));
    let headers = token.map(|token| ("authorization", token)).into_iter();
    let headers = headers.chain([("accept", "application/json".to_owned())]).collect();
    let request = Plain { method: "GET", url: uri.value.clone(), headers };
    let fetched = fetch(sdk, &request, PATIENCE).await?;
    match fetched.status {
        200 => answer::credentials(&fetched.body, "container"),
        status => Err(format!("it answered with HTTP status {status}")),
    }
}

/// Whether a token may be sent there: over TLS to any host, otherwise to this machine or to ECS and
/// EKS alone.
async fn may_be_asked(uri: &str) -> bool {
    let Ok(uri) = uri.parse::<Uri>() else { return false };
    let Some(host) = uri.host() else { return false };
    match uri.scheme_str() {
        Some("https") => true,
        Some("http") => {
            let host = host.trim_start_matches('[').trim_end_matches(']');
            if let Ok(address) = host.parse::<IpAddr>() {
                return is_near(address);
            }
            let found = tokio::net::lookup_host((host, uri.port_u16().unwrap_or(80))).await;
            let addresses: Vec<_> = found.into_iter().flatten().collect();
            !addresses.is_empty() && addresses.iter().all(|address| is_near(address.ip()))
        }
        _ => false,
    }
}

fn is_near(address: IpAddr) -> bool {
    const ECS_AND_EKS: [&str; 3] = ["169.254.170.2", "169.254.170.23", "fd00:ec2::23"];
    address.is_loopback() || ECS_AND_EKS.contains(&address.to_string().as_str())
}
