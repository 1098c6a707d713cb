//! The sources of credentials, in the order of hashicorp/aws.
//!
//! Where they are was resolved before; here they are asked. The SDK's own providers are not used:
//! they read the environment and the shared files again, and do not tell which of them failed.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{
    ProvideCredentials, Result, SharedCredentialsProvider, future,
};

use crate::aws::config::access::identity::{Base, ProfileIdentity};
use crate::aws::config::clients::Sdk;
use crate::aws::config::credentials::assume_role::{
    AssumeFailed, assume, assume_with_web_identity,
};
use crate::aws::config::credentials::cache::CredentialsCache;
use crate::aws::config::credentials::error::{
    Attempt, CredentialSource, NoSuchProfile, NothingFound, error_chain,
};
use crate::aws::config::credentials::{answer, container, metadata, process, sso};
use crate::aws::config::settings::WebIdentity;

/// How long one source may take; a program may ask a person for a code.
const PATIENCE: Duration = Duration::from_secs(125);

/// The credentials of the provider block, or else of the first source that has some.
///
/// A profile that the provider block names comes before the environment, one that AWS_PROFILE names
/// does not. One that is named and does not exist is an error, wherever else credentials might be.
pub(in crate::aws) fn credentials(sdk: &Sdk) -> SharedCredentialsProvider {
    match &sdk.access.keys {
        Some(keys) => SharedCredentialsProvider::new(answer::of_keys(keys, "provider block")),
        None => {
            SharedCredentialsProvider::new(Chain { sdk: sdk.clone(), cache: Default::default() })
        }
    }
}

#[derive(Debug)]
struct Chain {
    sdk: Sdk,
    cache: CredentialsCache,
}

/// Why a source has no credentials.
struct Missing {
    message: String,
    /// Whether the source is configured, and failed.
    failed: bool,
    /// The command that signs in again, if that helps.
    sign_in: Option<String>,
}

impl ProvideCredentials for Chain {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.cache.get_or_load(|| self.resolve()))
    }
}

impl Chain {
    async fn resolve(&self) -> Result {
        let access = &self.sdk.access;
        if let Some(profile) = &access.profile
            && !access.profiles.has(&profile.value)
        {
            return Err(CredentialsError::invalid_configuration(NoSuchProfile {
                name: profile.value.clone(),
                profiles: access.profiles.names().into_iter().map(str::to_owned).collect(),
                unread: access.unread_files.clone(),
            }));
        }
        let mut attempts = Vec::new();
        for source in self.sources() {
            let asking = Box::pin(self.ask(source));
            let asked = tokio::time::timeout(PATIENCE, asking).await.unwrap_or_else(|_elapsed| {
                failed(format!("no answer within {} seconds", PATIENCE.as_secs()))
            });
            let missing = match asked {
                Ok(credentials) => return Ok(credentials),
                Err(missing) => missing,
            };
            let Missing { message, failed, sign_in } = missing;
            attempts.push(Attempt { source, message, failed });
            if failed {
                return Err(CredentialsError::provider_error(NothingFound { attempts, sign_in }));
            }
        }
        Err(CredentialsError::provider_error(NothingFound { attempts, sign_in: None }))
    }

    fn sources(&self) -> Vec<CredentialSource> {
        use CredentialSource::{Container, Environment, InstanceMetadata, Profile, WebIdentity};
        let mut sources = vec![Environment, WebIdentity, Profile, Container];
        if self.sdk.access.profile_first {
            sources.retain(|source| !matches!(source, Environment | WebIdentity));
        }
        if self.sdk.access.metadata_disabled.is_none() {
            sources.push(InstanceMetadata);
        }
        sources
    }

    async fn ask(&self, source: CredentialSource) -> std::result::Result<Credentials, Missing> {
        let access = &self.sdk.access;
        match source {
            CredentialSource::Environment => match &access.environment_keys {
                Ok(keys) => Ok(answer::of_keys(keys, "environment")),
                Err(why) => unset(why.clone()),
            },
            CredentialSource::WebIdentity => match &access.environment_web_identity {
                Some(identity) => self.web_identity(identity).await,
                None => unset("AWS_WEB_IDENTITY_TOKEN_FILE is not set"),
            },
            CredentialSource::Profile => match &access.profile_identity {
                Ok(Some(identity)) => self.profile(identity).await,
                Ok(None) if access.unread_files.is_empty() => unset("it has no credentials"),
                Ok(None) => unset(access.unread_files.join("; ")),
                Err(why) => failed(why.clone()),
            },
            CredentialSource::Container => self.container().await,
            CredentialSource::InstanceMetadata => self.instance_metadata().await,
        }
    }

    async fn profile(
        &self,
        identity: &ProfileIdentity,
    ) -> std::result::Result<Credentials, Missing> {
        let access = &self.sdk.access;
        // A source that a profile names has to have credentials.
        let named = |asked: std::result::Result<Credentials, Missing>, name: &str| {
            asked.map_err(|missing| Missing {
                message: format!("credential_source = {name}: {}", missing.message),
                failed: true,
                ..missing
            })
        };
        let mut credentials = match &identity.base {
            Base::Keys(keys) => answer::of_keys(keys, "profile"),
            Base::Environment => match &access.environment_keys {
                Ok(keys) => answer::of_keys(keys, "environment"),
                Err(why) => return failed(format!("credential_source = Environment: {why}")),
            },
            Base::Container => named(self.container().await, "EcsContainer")?,
            Base::InstanceMetadata => match &access.metadata_disabled {
                None => named(self.instance_metadata().await, "Ec2InstanceMetadata")?,
                Some(by) => {
                    return failed(format!(
                        "credential_source = Ec2InstanceMetadata, and {by} turns the EC2 instance \
                         metadata off"
                    ));
                }
            },
            Base::WebIdentity(identity) => self.web_identity(identity).await?,
            Base::Process(command) => {
                process::credentials(command).await.or_else(failed::<Credentials>)?
            }
            Base::Sso(sso) => {
                let asked = sso::credentials(&self.sdk, sso, access.home.as_deref()).await;
                asked.map_err(|error| {
                    let command = format!("aws sso login --profile {}", sso.profile);
                    Missing {
                        message: error.message,
                        failed: true,
                        sign_in: error.needs_sign_in.then_some(command),
                    }
                })?
            }
        };
        for role in &identity.roles {
            let sdk = self.sdk.with_credentials(SharedCredentialsProvider::new(credentials));
            credentials = assume(&sdk, role).await.map_err(missing)?;
        }
        Ok(credentials)
    }

    async fn web_identity(
        &self,
        identity: &WebIdentity,
    ) -> std::result::Result<Credentials, Missing> {
        assume_with_web_identity(&self.sdk, identity).await.map_err(missing)
    }

    async fn container(&self) -> std::result::Result<Credentials, Missing> {
        match &self.sdk.access.container {
            Some(container) => {
                container::credentials(&self.sdk.config, container).await.or_else(failed)
            }
            None => unset("neither variable is set"),
        }
    }

    /// A machine without metadata is no error: most machines have none.
    async fn instance_metadata(&self) -> std::result::Result<Credentials, Missing> {
        let endpoint = &self.sdk.access.metadata_endpoint.value;
        metadata::credentials(&self.sdk.config, endpoint).await.or_else(unset)
    }
}

fn missing(error: AssumeFailed) -> Missing {
    let message = match error {
        AssumeFailed::NoCredentials(error) => error_chain(&error),
        AssumeFailed::Refused(error) => error.to_string(),
    };
    Missing { message, failed: true, sign_in: None }
}

fn failed<T>(message: impl Into<String>) -> std::result::Result<T, Missing> {
    Err(Missing { message: message.into(), failed: true, sign_in: None })
}

fn unset<T>(message: impl Into<String>) -> std::result::Result<T, Missing> {
    Err(Missing { message: message.into(), failed: false, sign_in: None })
}
