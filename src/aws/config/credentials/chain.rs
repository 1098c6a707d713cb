//! The chain of sources of credentials and of the Region, in the order of hashicorp/aws.
//!
//! Each source is a provider of the SDK. The SDK's own chain is not used, because it does not report
//! which source failed, and because it continues if a named profile does not exist.

use std::borrow::Cow;
use std::time::Duration;

use aws_config::ecs::EcsCredentialsProvider;
use aws_config::environment::{
    EnvironmentVariableCredentialsProvider, EnvironmentVariableRegionProvider,
};
use aws_config::imds;
use aws_config::imds::client::EndpointMode;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::imds::region::ImdsRegionProvider;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::{
    self, Profile, ProfileFileCredentialsProvider, ProfileFileLoadError, ProfileFileRegionProvider,
    ProfileSet,
};
use aws_config::provider_config::ProviderConfig;
use aws_config::{Region, SdkConfig};
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{
    ProvideCredentials, Result, SharedCredentialsProvider, future,
};
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_types::os_shim_internal::{Env, Fs};

use crate::aws::config::credentials::assume_role;
use crate::aws::config::credentials::cache::CredentialsCache;
use crate::aws::config::credentials::error::{
    Attempt, CredentialSource, NoSuchProfile, NothingFound, error_chain,
};
use crate::aws::config::settings::Settings;

/// How long one source can take: a program can ask a person, and must not hang.
pub(in crate::aws) const PATIENCE: Duration = Duration::from_secs(120);

/// The settings of a profile that provide credentials. The chain continues after a profile without
/// any of them, and ends at a profile with one that fails.
const PROVIDING: [&str; 8] = [
    "aws_access_key_id",
    "aws_secret_access_key",
    "role_arn",
    "credential_process",
    "sso_session",
    "sso_start_url",
    "web_identity_token_file",
    "login_session",
];

/// The Region of the environment, the profile or the instance metadata.
pub(in crate::aws) async fn region(settings: &Settings, sdk: &ProviderConfig) -> Option<Region> {
    let mut profile = ProfileFileRegionProvider::builder().configure(sdk);
    if let Some(name) = &settings.profile {
        profile = profile.profile_name(name);
    }
    if let Some(files) = shared_files(settings) {
        profile = profile.profile_files(files);
    }
    let chain = RegionProviderChain::first_try(EnvironmentVariableRegionProvider::new())
        .or_else(profile.build());
    if settings.metadata.disabled {
        return chain.region().await;
    }
    let metadata = ImdsRegionProvider::builder()
        .configure(sdk)
        .imds_client(metadata_client(settings, sdk))
        .build();
    chain.or_else(metadata).region().await
}

/// The credentials of the first source that has any.
///
/// A profile of the provider block is used before the environment, a profile of AWS_PROFILE after it.
/// A named profile that does not exist is an error, even if another source has credentials.
pub(in crate::aws) fn credentials(
    settings: &Settings,
    sdk: &ProviderConfig,
    loaded: &SdkConfig,
) -> SharedCredentialsProvider {
    let metadata = || {
        SharedCredentialsProvider::new(
            ImdsCredentialsProvider::builder()
                .configure(sdk)
                .imds_client(metadata_client(settings, sdk))
                .build(),
        )
    };
    // A profile can name the instance metadata as its source.
    let mut profile = ProfileFileCredentialsProvider::builder()
        .configure(sdk)
        .with_custom_provider("Ec2InstanceMetadata", metadata());
    if let Some(name) = &settings.profile {
        profile = profile.profile_name(name);
    }
    if let Some(files) = with_sts_endpoint(settings) {
        profile = profile.profile_files(files);
    }
    let profile = (CredentialSource::Profile, SharedCredentialsProvider::new(profile.build()));
    let mut sources = Vec::new();
    if !settings.profile_first {
        let environment = EnvironmentVariableCredentialsProvider::new();
        sources.push((CredentialSource::Environment, SharedCredentialsProvider::new(environment)));
        let web = match settings.environment_identity.clone() {
            Some(identity) => assume_role::of_web_identity(settings, identity, loaded),
            None => SharedCredentialsProvider::new(NotSet("AWS_WEB_IDENTITY_TOKEN_FILE")),
        };
        sources.push((CredentialSource::WebIdentity, web));
    }
    sources.push(profile);
    let container = EcsCredentialsProvider::builder().configure(sdk).build();
    sources.push((CredentialSource::Container, SharedCredentialsProvider::new(container)));
    if !settings.metadata.disabled {
        sources.push((CredentialSource::InstanceMetadata, metadata()));
    }
    let named = settings.profile.clone();
    let files = shared_files(settings).unwrap_or_default();
    SharedCredentialsProvider::new(Chain {
        sources,
        named,
        files,
        cache: CredentialsCache::default(),
    })
}

/// The shared files of the settings, with the default file for the kind that they do not set.
pub(in crate::aws) fn shared_files(settings: &Settings) -> Option<EnvConfigFiles> {
    let Settings { shared_config_files: config, shared_credentials_files: credentials, .. } =
        settings;
    (!config.is_empty() || !credentials.is_empty()).then(|| files(settings).build())
}

/// The same, followed by the STS endpoint of the settings, for the roles of profiles: the SDK reads
/// their endpoint only from the files.
fn with_sts_endpoint(settings: &Settings) -> Option<EnvConfigFiles> {
    let endpoint = settings.sts_endpoint.as_ref().filter(|_| settings.sts_endpoint_first);
    let Some(endpoint) = endpoint else { return shared_files(settings) };
    let name = settings.profile.as_deref().unwrap_or("default");
    let header = if name == "default" { name.to_owned() } else { format!("profile {name}") };
    let section = "provider-block";
    let text = format!(
        "[{header}]\nservices = {section}\n\n[services {section}]\nsts =\n  endpoint_url = {endpoint}\n"
    );
    Some(files(settings).with_contents(EnvConfigFileKind::Config, text).build())
}

fn files(settings: &Settings) -> aws_runtime::env_config::file::Builder {
    let Settings { shared_config_files: config, shared_credentials_files: credentials, .. } =
        settings;
    let mut files = EnvConfigFiles::builder()
        .include_default_config_file(config.is_empty())
        .include_default_credentials_file(credentials.is_empty());
    for file in config {
        files = files.with_file(EnvConfigFileKind::Config, file);
    }
    for file in credentials {
        files = files.with_file(EnvConfigFileKind::Credentials, file);
    }
    files
}

fn metadata_client(settings: &Settings, sdk: &ProviderConfig) -> imds::Client {
    let client = || imds::Client::builder().configure(sdk);
    let mut builder = match &settings.metadata.endpoint {
        // The schema accepts valid addresses only.
        Some(endpoint) => client().endpoint(endpoint).unwrap_or_else(|_| client()),
        None => client(),
    };
    if settings.metadata.endpoint.is_none()
        && let Some(ipv6) = settings.metadata.ipv6
    {
        builder = builder.endpoint_mode(if ipv6 { EndpointMode::IpV6 } else { EndpointMode::IpV4 });
    }
    builder.build()
}

/// A source whose variable is not set.
#[derive(Debug)]
struct NotSet(&'static str);

impl ProvideCredentials for NotSet {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let message = format!("{} is not set", self.0);
        future::ProvideCredentials::ready(Err(CredentialsError::not_loaded(message)))
    }
}

#[derive(Debug)]
struct Chain {
    sources: Vec<(CredentialSource, SharedCredentialsProvider)>,
    /// The profile of the provider block or the environment.
    named: Option<String>,
    files: EnvConfigFiles,
    cache: CredentialsCache,
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
        let named = self.named.clone().map(Cow::Owned);
        let profiles = profile::load(&Fs::real(), &Env::real(), &self.files, named).await;
        if let (Some(name), Ok(profiles)) = (&self.named, &profiles)
            && profiles.get_profile(name).is_none()
        {
            let mut known: Vec<String> = profiles.profiles().map(str::to_owned).collect();
            known.sort();
            let missing = NoSuchProfile { name: name.clone(), profiles: known };
            return Err(CredentialsError::invalid_configuration(missing));
        }
        let mut attempts = Vec::new();
        for (source, provider) in &self.sources {
            let defect = match source {
                CredentialSource::Profile => self.defect(&profiles),
                _ => None,
            };
            let error = match defect {
                Some(defect) => CredentialsError::invalid_configuration(defect),
                None => {
                    let call = Box::pin(provider.provide_credentials());
                    match tokio::time::timeout(PATIENCE, call).await {
                        Ok(Ok(credentials)) => return Ok(credentials),
                        Ok(Err(error)) => error,
                        Err(_elapsed) => CredentialsError::provider_timed_out(PATIENCE),
                    }
                }
            };
            let is_configured = *source == CredentialSource::Profile
                && profiles.as_ref().is_ok_and(|profiles| self.provides(profiles));
            let failed =
                is_configured || !matches!(error, CredentialsError::CredentialsNotLoaded(_));
            attempts.push(Attempt { source: *source, message: error_chain(&error), failed });
            if failed {
                let sign_in = match (source, &profiles) {
                    (CredentialSource::Profile, Ok(profiles)) => self.sign_in(profiles),
                    _ => None,
                };
                return Err(CredentialsError::provider_error(NothingFound { attempts, sign_in }));
            }
        }
        Err(CredentialsError::provider_error(NothingFound { attempts, sign_in: None }))
    }

    /// The named profile, or the default one.
    fn name<'a>(&'a self, profiles: &'a ProfileSet) -> &'a str {
        self.named.as_deref().unwrap_or_else(|| profiles.selected_profile())
    }

    /// Whether the profile provides credentials, and not only a Region.
    fn provides(&self, profiles: &ProfileSet) -> bool {
        let profile = profiles.get_profile(self.name(profiles));
        profile.is_some_and(|profile| PROVIDING.iter().any(|key| profile.get(key).is_some()))
    }

    /// The profile, its source profile, and so on.
    fn chain<'a>(&'a self, profiles: &'a ProfileSet) -> impl Iterator<Item = &'a Profile> {
        /// Ends a profile that leads to itself.
        const FARTHEST: usize = 8;
        let first = profiles.get_profile(self.name(profiles));
        std::iter::successors(first, |profile| profiles.get_profile(profile.get("source_profile")?))
            .take(FARTHEST)
    }

    /// What is wrong with the profile, if the SDK would report it less clearly.
    fn defect(
        &self,
        profiles: &std::result::Result<ProfileSet, ProfileFileLoadError>,
    ) -> Option<String> {
        let profiles = match profiles {
            Ok(profiles) => profiles,
            Err(error) => return Some(error_chain(error)),
        };
        let profile = self.chain(profiles).find(|profile| {
            profile.get("role_arn").is_some() && profile.get("mfa_serial").is_some()
        })?;
        Some(format!(
            "the profile {:?} assumes its role with an MFA code (mfa_serial), and Terraform cannot \
             ask for one",
            profile.name()
        ))
    }

    /// The command that signs in again, if the profile or one of its source profiles uses IAM
    /// Identity Center.
    fn sign_in(&self, profiles: &ProfileSet) -> Option<String> {
        let uses_sso = |profile: &&Profile| {
            profile.get("sso_session").or_else(|| profile.get("sso_start_url")).is_some()
        };
        let profile = self.chain(profiles).find(uses_sso)?;
        Some(format!("aws sso login --profile {}", profile.name()))
    }
}
