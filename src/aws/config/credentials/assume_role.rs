use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{
    ProvideCredentials, Result, SharedCredentialsProvider, future,
};
use aws_sdk_sts::types::{Credentials as Session, PolicyDescriptorType, Tag};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::aws::config::access::problem::is_broken;
use crate::aws::config::clients::{self, Sdk};
use crate::aws::config::credentials::cache::CredentialsCache;
use crate::aws::config::credentials::error::{CredentialStep, RoleRefused};
use crate::aws::config::files;
use crate::aws::config::settings::{Role, WebIdentity, WebIdentityToken};
use crate::aws::error::causes::lacks_credentials;
use crate::aws::error::{Error, Kind};
use crate::aws::secrets::remember;

/// The name of a session if the settings have none.
const SESSION_NAME: &str = "terraform-provider-aws-workspaces";

/// The credentials of the last role. Each role is assumed with the credentials of the one before,
/// the first one with those of `sdk`.
pub(in crate::aws) fn assumed(mut sdk: Sdk) -> Sdk {
    let web = sdk.access.web_identity.clone().map(Step::WebIdentity);
    let roles: Vec<_> = sdk.settings.roles.iter().cloned().enumerate().collect();
    let roles = roles.into_iter().map(|(index, role)| Step::Role(index, role));
    for step in web.into_iter().chain(roles) {
        let assumed = Assumed { step, sdk: sdk.clone(), cache: CredentialsCache::default() };
        sdk = sdk.with_credentials(SharedCredentialsProvider::new(assumed));
    }
    sdk
}

#[derive(Debug)]
enum Step {
    WebIdentity(WebIdentity),
    Role(usize, Role),
}

/// One role, assumed again when its session is about to end.
#[derive(Debug)]
struct Assumed {
    step: Step,
    sdk: Sdk,
    cache: CredentialsCache,
}

impl ProvideCredentials for Assumed {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.cache.get_or_load(|| self.assume()))
    }
}

impl Assumed {
    async fn assume(&self) -> Result {
        let (step, assumed) = match &self.step {
            Step::Role(index, role) => {
                (CredentialStep::Role(*index), assume(&self.sdk, role).await)
            }
            Step::WebIdentity(identity) => {
                (CredentialStep::WebIdentity, assume_with_web_identity(&self.sdk, identity).await)
            }
        };
        assumed.map_err(|failed| match failed {
            AssumeFailed::NoCredentials(error) => error,
            AssumeFailed::Refused(error) => {
                CredentialsError::provider_error(RoleRefused { step, error: *error })
            }
        })
    }
}

/// Why a role was not assumed.
#[derive(Debug)]
pub(in crate::aws) enum AssumeFailed {
    /// There were no credentials to call STS with.
    NoCredentials(CredentialsError),
    /// What STS answered, or what is wrong with the settings.
    Refused(Box<Error>),
}

impl From<Error> for AssumeFailed {
    fn from(error: Error) -> Self {
        Self::Refused(Box::new(error))
    }
}

/// Assumes a role with the credentials of `sdk`.
pub(in crate::aws) async fn assume(
    sdk: &Sdk,
    role: &Role,
) -> std::result::Result<Credentials, AssumeFailed> {
    const OPERATION: &str = "AssumeRole";
    let region = sdk.sts_region();
    let tag = |(key, value): (&String, &String)| Tag::builder().key(key).value(value).build();
    let tags = role.tags.iter().map(tag).collect::<std::result::Result<Vec<_>, _>>();
    let tags = tags.map_err(|error| {
        Error::local(Kind::Configuration, OPERATION, &region, error.to_string())
    })?;
    let answer = clients::sts(sdk, &region)
        .assume_role()
        .role_arn(&role.arn)
        .role_session_name(role.session_name.as_deref().unwrap_or(SESSION_NAME))
        .set_external_id(role.external_id.clone())
        .set_duration_seconds(role.duration.map(seconds))
        .set_policy(role.policy.clone())
        .set_policy_arns(policies(&role.policy_arns))
        .set_source_identity(role.source_identity.clone())
        .set_tags(Some(tags).filter(|tags| !tags.is_empty()))
        .set_transitive_tag_keys(
            Some(role.transitive_tag_keys.clone()).filter(|keys| !keys.is_empty()),
        )
        .send()
        .await
        .map_err(|error| failed(sdk, OPERATION, &region, error))?;
    Ok(session(OPERATION, &region, answer.credentials())?)
}

/// Assumes a role with a token of an identity provider. The call is not signed.
pub(in crate::aws) async fn assume_with_web_identity(
    sdk: &Sdk,
    identity: &WebIdentity,
) -> std::result::Result<Credentials, AssumeFailed> {
    const OPERATION: &str = "AssumeRoleWithWebIdentity";
    let region = sdk.sts_region();
    let wrong = |message: String| Error::local(Kind::Configuration, OPERATION, &region, message);
    let missing = |what: &str| wrong(format!("{what}, in the block or in the environment"));
    let role = identity.role_arn.as_ref();
    let role = role.ok_or_else(|| missing("role_arn (AWS_ROLE_ARN) is needed"))?;
    let token = match &identity.token {
        Some(WebIdentityToken::Text(token)) => token.reveal().to_owned(),
        Some(WebIdentityToken::File(file)) => {
            let file = file.display().to_string();
            let token = files::token(&file).await;
            token.map_err(|why| wrong(format!("the file {file} {why}")))?
        }
        None => {
            return Err(missing(
                "web_identity_token or web_identity_token_file (AWS_WEB_IDENTITY_TOKEN_FILE) is \
                 needed",
            )
            .into());
        }
    };
    remember(&token);
    let answer = clients::sts(sdk, &region)
        .assume_role_with_web_identity()
        .role_arn(role)
        .role_session_name(identity.session_name.as_deref().unwrap_or(SESSION_NAME))
        .web_identity_token(token)
        .set_duration_seconds(identity.duration.map(seconds))
        .set_policy(identity.policy.clone())
        .set_policy_arns(policies(&identity.policy_arns))
        .send()
        .await
        .map_err(|error| failed(sdk, OPERATION, &region, error))?;
    Ok(session(OPERATION, &region, answer.credentials())?)
}

fn session(
    operation: &'static str,
    region: &str,
    session: Option<&Session>,
) -> std::result::Result<Credentials, Error> {
    let wrong = |message: &str| Error::local(Kind::Other, operation, region, message);
    let session = session.ok_or_else(|| wrong("the answer has no credentials"))?;
    let end = SystemTime::try_from(*session.expiration());
    let end = end.map_err(|_| wrong("the answer's expiration is not a time"))?;
    let token = Some(session.session_token().to_owned()).filter(|token| !token.is_empty());
    let (id, key) = (session.access_key_id(), session.secret_access_key());
    if [id, key, token.as_deref().unwrap_or_default()].into_iter().any(is_broken) {
        return Err(wrong("the answer has a key with a space or a control character"));
    }
    [Some(key), token.as_deref()].into_iter().flatten().for_each(remember);
    Ok(Credentials::new(id, key, token, Some(end), operation))
}

/// What STS answered; if there were no credentials to call it with, why.
fn failed<E>(
    sdk: &Sdk,
    operation: &'static str,
    region: &str,
    error: SdkError<E, HttpResponse>,
) -> AssumeFailed
where
    E: std::error::Error + ProvideErrorMetadata + Send + Sync + 'static,
{
    if lacks_credentials(&error) {
        return AssumeFailed::NoCredentials(CredentialsError::provider_error(error));
    }
    Error::from_sdk(operation, region, sdk.attempts(), &error).into()
}

fn seconds(duration: std::time::Duration) -> i32 {
    i32::try_from(duration.as_secs()).unwrap_or(i32::MAX)
}

fn policies(arns: &[String]) -> Option<Vec<PolicyDescriptorType>> {
    let policy = |arn: &String| PolicyDescriptorType::builder().arn(arn).build();
    Some(arns.iter().map(policy).collect::<Vec<_>>()).filter(|policies| !policies.is_empty())
}
