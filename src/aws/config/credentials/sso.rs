use std::fs;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_lc_rs::digest;
use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::aws::config::access::identity::Sso;
use crate::aws::config::access::problem::is_broken;
use crate::aws::config::clients::{self, Sdk};
use crate::aws::config::credentials::answer;
use crate::aws::config::files;
use crate::aws::error::{Error, Kind};
use crate::aws::secrets::remember;

/// How long before its end a token is refreshed, as in the AWS SDKs.
const REFRESH: Duration = Duration::from_secs(300);

/// Why a sign-in gave no credentials.
#[derive(Debug)]
pub(super) struct SsoFailed {
    pub(super) message: String,
    /// Whether signing in again helps: the token is missing, expired or no longer accepted.
    pub(super) needs_sign_in: bool,
}

/// Credentials of a role, for the token that `aws sso login` left.
///
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html>
///
/// # Errors
/// Why there are none.
pub(super) async fn credentials(
    sdk: &Sdk,
    sso: &Sso,
    home: Option<&str>,
) -> Result<Credentials, SsoFailed> {
    const OPERATION: &str = "GetRoleCredentials";
    let token = token(sdk, sso, home).await?;
    remember(&token);
    let client = clients::sso(sdk, &sso.region);
    let asked = client
        .get_role_credentials()
        .access_token(token)
        .account_id(&sso.account_id)
        .role_name(&sso.role_name)
        .send()
        .await;
    let answer = asked.map_err(|error| {
        let needs_sign_in =
            error.raw_response().is_some_and(|response| response.status().as_u16() == 401);
        let error = Error::from_sdk(OPERATION, &sso.region, sdk.attempts(), &error);
        SsoFailed { message: error.to_string(), needs_sign_in }
    })?;
    let given = answer.role_credentials();
    let given = given.and_then(|keys| {
        let expires = u64::try_from(keys.expiration()).ok();
        let expires = expires.map(|time| SystemTime::UNIX_EPOCH + Duration::from_millis(time));
        let token = keys.session_token().filter(|token| !token.is_empty()).map(str::to_owned);
        let (id, key) = (keys.access_key_id()?, keys.secret_access_key()?);
        if [id, key, token.as_deref().unwrap_or_default()].into_iter().any(is_broken) {
            return None;
        }
        [Some(key), token.as_deref()].into_iter().flatten().for_each(remember);
        Some(Credentials::new(id, key, token, expires, "IAM Identity Center"))
    });
    given.ok_or_else(|| {
        failed(format!("{OPERATION} in {}: the answer has no usable keys", sso.region))
    })
}

/// The cached token, refreshed if it is about to expire and can be.
async fn token(sdk: &Sdk, sso: &Sso, home: Option<&str>) -> Result<String, SsoFailed> {
    let sign_in = |message: String| SsoFailed { message, needs_sign_in: true };
    let path = cache_file(sso, home).ok_or_else(|| failed("the user has no home directory"))?;
    let shown = path.display().to_string();
    let cached = files::read(&shown, files::TOKEN).await;
    let cached = cached.map_err(|why| failed(format!("the file {shown} {why}")))?;
    let cached = cached.ok_or_else(|| {
        sign_in(format!("there is no token of a sign-in: the file {shown} does not exist"))
    })?;
    let cached: Map<String, Value> = serde_json::from_slice(&cached)
        .map_err(|_| sign_in(format!("the file {shown} is not a token of a sign-in")))?;
    let text =
        |name: &str| cached.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let token = text("accessToken")
        .ok_or_else(|| sign_in(format!("the file {shown} has no accessToken")))?;
    let time = |name: &str| {
        let of = |text: &str| {
            answer::time(text)
                .map_err(|()| failed(format!("{name} in the file {shown} is not a time")))
        };
        text(name).map(of).transpose()
    };
    let now = sdk.now();
    let expires =
        time("expiresAt")?.ok_or_else(|| sign_in(format!("the file {shown} has no expiresAt")))?;
    if expires > now + REFRESH {
        return Ok(token.to_owned());
    }
    let is_registered = time("registrationExpiresAt")?.is_some_and(|end| end > now);
    let refresh = [text("clientId"), text("clientSecret"), text("refreshToken")];
    [Some(token), refresh[1], refresh[2]].into_iter().flatten().for_each(remember);
    if let ([Some(id), Some(secret), Some(refresh)], true, true) =
        (refresh, is_registered, sso.is_session)
    {
        match refreshed(sdk, sso, [id, secret, refresh]).await {
            Ok(fresh) => {
                save(path, cached.clone(), &fresh).await;
                return Ok(fresh.access_token);
            }
            Err(error) => tracing::debug!(%error, "the SSO token was not refreshed"),
        }
    }
    if expires > now {
        return Ok(token.to_owned());
    }
    Err(sign_in(format!("the token of the sign-in has expired (expiresAt in the file {shown})")))
}

/// A new token.
struct Fresh {
    access_token: String,
    refresh_token: Option<String>,
    expires: SystemTime,
}

async fn refreshed(sdk: &Sdk, sso: &Sso, of: [&str; 3]) -> Result<Fresh, Error> {
    const OPERATION: &str = "CreateToken";
    let [id, secret, refresh] = of;
    let client = clients::sso_oidc(sdk, &sso.region);
    let asked = client
        .create_token()
        .grant_type("refresh_token")
        .client_id(id)
        .client_secret(secret)
        .refresh_token(refresh)
        .send()
        .await;
    let answer =
        asked.map_err(|error| Error::from_sdk(OPERATION, &sso.region, sdk.attempts(), &error))?;
    let access_token = answer.access_token().filter(|token| !token.is_empty());
    let access_token = access_token.ok_or_else(|| {
        Error::local(Kind::Other, OPERATION, &sso.region, "the answer has no token")
    })?;
    let lasts = Duration::from_secs(u64::try_from(answer.expires_in()).unwrap_or_default());
    Ok(Fresh {
        access_token: access_token.to_owned(),
        refresh_token: answer.refresh_token().map(str::to_owned),
        expires: sdk.now() + lasts,
    })
}

/// Writes a new token back, for the AWS CLI and the next run, by way of a file beside it. A token
/// that cannot be written is used all the same.
async fn save(path: PathBuf, mut cached: Map<String, Value>, fresh: &Fresh) {
    cached.insert("accessToken".to_owned(), fresh.access_token.clone().into());
    if let Some(token) = &fresh.refresh_token {
        cached.insert("refreshToken".to_owned(), token.clone().into());
    }
    if let Ok(expires) = Timestamp::try_from(fresh.expires) {
        let expires = expires.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        cached.insert("expiresAt".to_owned(), expires.into());
    }
    let text = Value::Object(cached).to_string();
    let written = tokio::task::spawn_blocking(move || {
        // Readable by the user alone, as the AWS CLI writes it.
        let folder = path.parent().unwrap_or(&path);
        let beside = tempfile::NamedTempFile::new_in(folder)?;
        fs::write(beside.path(), text)?;
        beside.persist(&path).map_err(|error| error.error)
    });
    if let Ok(Err(error)) = written.await {
        tracing::debug!(%error, "the refreshed SSO token was not saved");
    }
}

/// The file is named by the SHA-1 of the session's name or of the start URL.
fn cache_file(sso: &Sso, home: Option<&str>) -> Option<PathBuf> {
    let name = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, sso.cached_as.as_bytes());
    let name: String = name.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let folder = PathBuf::from(home?).join(".aws").join("sso").join("cache");
    Some(folder.join(format!("{name}.json")))
}

fn failed(message: impl Into<String>) -> SsoFailed {
    SsoFailed { message: message.into(), needs_sign_in: false }
}
