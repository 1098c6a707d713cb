//! Where credentials and the Region are looked for, in the order of hashicorp/aws.
//!
//! The SDK's providers do the looking; its own chain of them is not used, because it does not tell
//! which of them failed, and goes on where a profile that is named does not exist.

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

/// How long one place may take: a program may ask a person, and must not hang for ever.
pub(in crate::aws) const PATIENCE: Duration = Duration::from_secs(120);

/// The settings of a profile that is to give credentials: without any it goes on to the next place,
/// with one that leads nowhere it does not.
const GIVING: [&str; 8] = [
    "aws_access_key_id",
    "aws_secret_access_key",
    "role_arn",
    "credential_process",
    "sso_session",
    "sso_start_url",
    "web_identity_token_file",
    "login_session",
];

/// The Region that the environment, the profile or the machine's metadata name.
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
    let machine = ImdsRegionProvider::builder()
        .configure(sdk)
        .imds_client(metadata_client(settings, sdk))
        .build();
    chain.or_else(machine).region().await
}

/// Credentials from the first place that has some.
///
/// A profile that the provider block names comes before the environment, one that AWS_PROFILE names
/// does not. One that is named and does not exist is an error, wherever else credentials might be.
pub(in crate::aws) fn credentials(
    settings: &Settings,
    sdk: &ProviderConfig,
    loaded: &SdkConfig,
) -> SharedCredentialsProvider {
    let machine = || {
        SharedCredentialsProvider::new(
            ImdsCredentialsProvider::builder()
                .configure(sdk)
                .imds_client(metadata_client(settings, sdk))
                .build(),
        )
    };
    // A profile may name the machine's metadata as its source.
    let mut profile = ProfileFileCredentialsProvider::builder()
        .configure(sdk)
        .with_custom_provider("Ec2InstanceMetadata", machine());
    if let Some(name) = &settings.profile {
        profile = profile.profile_name(name);
    }
    if let Some(files) = with_sts_endpoint(settings) {
        profile = profile.profile_files(files);
    }
    let profile = (CredentialSource::Profile, SharedCredentialsProvider::new(profile.build()));
    let mut places = Vec::new();
    if !settings.profile_first {
        let environment = EnvironmentVariableCredentialsProvider::new();
        places.push((CredentialSource::Environment, SharedCredentialsProvider::new(environment)));
        let web = match settings.environment_identity.clone() {
            Some(identity) => assume_role::of_web_identity(settings, identity, loaded),
            None => SharedCredentialsProvider::new(NotGiven("AWS_WEB_IDENTITY_TOKEN_FILE")),
        };
        places.push((CredentialSource::WebIdentity, web));
    }
    places.push(profile);
    let container = EcsCredentialsProvider::builder().configure(sdk).build();
    places.push((CredentialSource::Container, SharedCredentialsProvider::new(container)));
    if !settings.metadata.disabled {
        places.push((CredentialSource::InstanceMetadata, machine()));
    }
    let named = settings.profile.clone();
    let files = shared_files(settings).unwrap_or_default();
    SharedCredentialsProvider::new(Sources {
        places,
        named,
        files,
        cache: CredentialsCache::default(),
    })
}

/// The shared files that the settings name; the usual one stays for the kind they do not name.
pub(in crate::aws) fn shared_files(settings: &Settings) -> Option<EnvConfigFiles> {
    let Settings { shared_config_files: config, shared_credentials_files: credentials, .. } =
        settings;
    (!config.is_empty() || !credentials.is_empty()).then(|| files(settings).build())
}

/// The same, and behind them the address of STS in the settings, for the roles that profiles name:
/// the SDK takes it from nowhere else.
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
    let mut asked = match &settings.metadata.endpoint {
        // The schema lets no other address through; the SDK would say what is wrong with it.
        Some(endpoint) => client().endpoint(endpoint).unwrap_or_else(|_| client()),
        None => client(),
    };
    if settings.metadata.endpoint.is_none()
        && let Some(ipv6) = settings.metadata.ipv6
    {
        asked = asked.endpoint_mode(if ipv6 { EndpointMode::IpV6 } else { EndpointMode::IpV4 });
    }
    asked.build()
}

/// A place whose variable is not set.
#[derive(Debug)]
struct NotGiven(&'static str);

impl ProvideCredentials for NotGiven {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let told = format!("{} is not set", self.0);
        future::ProvideCredentials::ready(Err(CredentialsError::not_loaded(told)))
    }
}

#[derive(Debug)]
struct Sources {
    places: Vec<(CredentialSource, SharedCredentialsProvider)>,
    /// The profile that the provider block or the environment names.
    named: Option<String>,
    files: EnvConfigFiles,
    cache: CredentialsCache,
}

impl ProvideCredentials for Sources {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.cache.get_or_load(|| self.resolve()))
    }
}

impl Sources {
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
        for (source, provider) in &self.places {
            let known = match source {
                CredentialSource::Profile => self.wrong_with(&profiles),
                _ => None,
            };
            let error = match known {
                Some(wrong) => CredentialsError::invalid_configuration(wrong),
                None => {
                    let asking = Box::pin(provider.provide_credentials());
                    match tokio::time::timeout(PATIENCE, asking).await {
                        Ok(Ok(credentials)) => return Ok(credentials),
                        Ok(Err(error)) => error,
                        Err(_elapsed) => CredentialsError::provider_timed_out(PATIENCE),
                    }
                }
            };
            let is_to_have_some = *source == CredentialSource::Profile
                && profiles.as_ref().is_ok_and(|profiles| self.is_giving(profiles));
            let failed =
                is_to_have_some || !matches!(error, CredentialsError::CredentialsNotLoaded(_));
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

    /// The profile that is named, or else the usual one.
    fn name<'a>(&'a self, profiles: &'a ProfileSet) -> &'a str {
        self.named.as_deref().unwrap_or_else(|| profiles.selected_profile())
    }

    /// Whether the profile is to give credentials, rather than a Region alone.
    fn is_giving(&self, profiles: &ProfileSet) -> bool {
        let profile = profiles.get_profile(self.name(profiles));
        profile.is_some_and(|profile| GIVING.iter().any(|key| profile.get(key).is_some()))
    }

    /// The profile, the one that it takes its credentials from, and so on.
    fn chain<'a>(&'a self, profiles: &'a ProfileSet) -> impl Iterator<Item = &'a Profile> {
        /// One that leads to itself ends somewhere.
        const FARTHEST: usize = 8;
        let first = profiles.get_profile(self.name(profiles));
        std::iter::successors(first, |profile| profiles.get_profile(profile.get("source_profile")?))
            .take(FARTHEST)
    }

    /// What the SDK would say less of, or nothing.
    fn wrong_with(
        &self,
        profiles: &std::result::Result<ProfileSet, ProfileFileLoadError>,
    ) -> Option<String> {
        let profiles = match profiles {
            Ok(profiles) => profiles,
            Err(error) => return Some(error_chain(error)),
        };
        let asks = self.chain(profiles).find(|profile| {
            profile.get("role_arn").is_some() && profile.get("mfa_serial").is_some()
        })?;
        Some(format!(
            "the profile {:?} takes on its role with the code of an MFA device (mfa_serial), and \
             nobody can be asked for one here",
            asks.name()
        ))
    }

    /// The command that signs in again, where the profile, or one that it takes its credentials
    /// from, signs in with IAM Identity Center.
    fn sign_in(&self, profiles: &ProfileSet) -> Option<String> {
        let signs_in = |profile: &&Profile| {
            profile.get("sso_session").or_else(|| profile.get("sso_start_url")).is_some()
        };
        let profile = self.chain(profiles).find(signs_in)?;
        Some(format!("aws sso login --profile {}", profile.name()))
    }
}
