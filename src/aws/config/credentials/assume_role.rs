use std::time::SystemTime;

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{
    ProvideCredentials, Result, SharedCredentialsProvider, future,
};
use aws_sdk_sts::Client;
use aws_sdk_sts::types::{Credentials as Session, PolicyDescriptorType, Tag};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::aws::config::clients;
use crate::aws::config::credentials::cache::CredentialsCache;
use crate::aws::config::credentials::error::{CredentialStep, RoleRefused};
use crate::aws::config::settings::{Role, Settings, WebIdentity, WebIdentityToken};
use crate::aws::error::causes::lacks_credentials;
use crate::aws::error::{Error, Kind};

/// The session name if the settings have none.
const SESSION_NAME: &str = "terraform-provider-aws-workspaces";

/// The configuration with the credentials of the last role. Each role is assumed with the credentials
/// of the one before, the first one with those of the SDK's configuration.
pub(in crate::aws) fn assumed(settings: &Settings, mut sdk: SdkConfig) -> SdkConfig {
    let region = clients::sts_region(settings, &sdk);
    let web = settings.web_identity.clone().map(Step::WebIdentity);
    let roles = settings.roles.iter().cloned().enumerate();
    for assumed in web.into_iter().chain(roles.map(|(index, role)| Step::Role(index, role))) {
        let provider = step(settings, assumed, &sdk, &region);
        let credentials = SharedCredentialsProvider::new(provider);
        sdk = sdk.into_builder().credentials_provider(credentials).build();
    }
    sdk
}

/// The credentials of the role of a web identity.
pub(in crate::aws) fn of_web_identity(
    settings: &Settings,
    identity: WebIdentity,
    sdk: &SdkConfig,
) -> SharedCredentialsProvider {
    let region = clients::sts_region(settings, sdk);
    SharedCredentialsProvider::new(step(settings, Step::WebIdentity(identity), sdk, &region))
}

fn step(settings: &Settings, step: Step, sdk: &SdkConfig, region: &str) -> Assumed {
    let client = clients::sts(settings, sdk, region);
    let attempts = clients::attempts(settings);
    Assumed {
        step,
        client,
        region: region.to_owned(),
        attempts,
        cache: CredentialsCache::default(),
    }
}

#[derive(Debug)]
enum Step {
    WebIdentity(WebIdentity),
    Role(usize, Role),
}

/// One role, assumed again shortly before its session expires.
#[derive(Debug)]
struct Assumed {
    step: Step,
    client: Client,
    region: String,
    attempts: u32,
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
        match &self.step {
            Step::Role(_, role) => self.role(role).await,
            Step::WebIdentity(identity) => self.web_identity(identity).await,
        }
    }

    async fn role(&self, role: &Role) -> Result {
        const OPERATION: &str = "AssumeRole";
        let tag = |(key, value): (&String, &String)| Tag::builder().key(key).value(value).build();
        let tags = role.tags.iter().map(tag).collect::<std::result::Result<Vec<_>, _>>();
        let tags = tags.map_err(CredentialsError::invalid_configuration)?;
        let answer = self
            .client
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
            .map_err(|error| self.refused(OPERATION, error))?;
        self.session(OPERATION, answer.credentials())
    }

    async fn web_identity(&self, identity: &WebIdentity) -> Result {
        const OPERATION: &str = "AssumeRoleWithWebIdentity";
        let missing = |what: &str| {
            let message = format!("{what}, in the block or in the environment");
            self.refusal(Error::local(Kind::Configuration, OPERATION, &self.region, message))
        };
        let role = identity.role_arn.as_ref();
        let role = role.ok_or_else(|| missing("set role_arn (AWS_ROLE_ARN)"))?;
        let token = match &identity.token {
            Some(WebIdentityToken::Text(token)) => token.reveal().to_owned(),
            Some(WebIdentityToken::File(file)) => {
                let read = tokio::task::spawn_blocking({
                    let file = file.clone();
                    move || std::fs::read_to_string(file)
                });
                let text = read.await.map_err(CredentialsError::unhandled)?;
                let text = text.map_err(|error| {
                    let message = format!("the file {} cannot be read: {error}", file.display());
                    let kind = Kind::Configuration;
                    self.refusal(Error::local(kind, OPERATION, &self.region, message))
                })?;
                if text.trim().is_empty() {
                    let message = format!("the file {} is empty", file.display());
                    let kind = Kind::Configuration;
                    return Err(self.refusal(Error::local(kind, OPERATION, &self.region, message)));
                }
                text.trim().to_owned()
            }
            None => {
                return Err(missing(
                    "set web_identity_token or web_identity_token_file \
                     (AWS_WEB_IDENTITY_TOKEN_FILE)",
                ));
            }
        };
        let answer = self
            .client
            .assume_role_with_web_identity()
            .role_arn(role)
            .role_session_name(identity.session_name.as_deref().unwrap_or(SESSION_NAME))
            .web_identity_token(token)
            .set_duration_seconds(identity.duration.map(seconds))
            .set_policy(identity.policy.clone())
            .set_policy_arns(policies(&identity.policy_arns))
            .send()
            .await
            .map_err(|error| self.refused(OPERATION, error))?;
        self.session(OPERATION, answer.credentials())
    }

    fn session(&self, operation: &'static str, session: Option<&Session>) -> Result {
        let session = session.ok_or_else(|| {
            let message = "the answer contains no credentials";
            self.refusal(Error::local(Kind::Other, operation, &self.region, message))
        })?;
        let end = SystemTime::try_from(*session.expiration());
        let end = end.map_err(CredentialsError::unhandled)?;
        Ok(Credentials::new(
            session.access_key_id(),
            session.secret_access_key(),
            Some(session.session_token().to_owned()),
            Some(end),
            operation,
        ))
    }

    /// The error of STS; if there were no credentials to call it with, that error.
    fn refused<E>(
        &self,
        operation: &'static str,
        error: SdkError<E, HttpResponse>,
    ) -> CredentialsError
    where
        E: std::error::Error + ProvideErrorMetadata + Send + Sync + 'static,
    {
        if lacks_credentials(&error) {
            return CredentialsError::provider_error(error);
        }
        self.refusal(Error::from_sdk(operation, &self.region, self.attempts, &error))
    }

    fn refusal(&self, error: Error) -> CredentialsError {
        let step = match &self.step {
            Step::WebIdentity(_) => CredentialStep::WebIdentity,
            Step::Role(index, _) => CredentialStep::Role(*index),
        };
        CredentialsError::provider_error(RoleRefused { step, error })
    }
}

fn seconds(duration: std::time::Duration) -> i32 {
    i32::try_from(duration.as_secs()).unwrap_or(i32::MAX)
}

fn policies(arns: &[String]) -> Option<Vec<PolicyDescriptorType>> {
    let policy = |arn: &String| PolicyDescriptorType::builder().arn(arn).build();
    Some(arns.iter().map(policy).collect::<Vec<_>>()).filter(|policies| !policies.is_empty())
}
