use std::time::Duration;

use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::{BehaviorVersion, Region as SdkRegion, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_smithy_runtime::client::retries::{RetryPartition, TokenBucket};
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::sdk_ua_metadata::FrameworkMetadata;

use super::retry::{GiveUpConnecting, NotThrottled};
use super::roles;
use super::settings::Settings;
use super::user_agent::Appended;

/// How often a call is tried in all when the provider block does not say; as in hashicorp/aws.
pub(super) const DEFAULT_ATTEMPTS: u32 = 25;

/// How long AWS may take before the first byte of an answer. WorkSpaces answers within seconds, and
/// a connection that hangs for ever must not hang an apply for ever.
const READ_TIMEOUT: Duration = Duration::from_secs(60);

/// The SDK's configuration for every client, with the Region and the credentials it would find by
/// itself where the settings have none.
///
/// Makes no network call unless the instance metadata service has to be asked for the Region.
pub(super) async fn load(settings: &Settings) -> SdkConfig {
    let retries =
        if settings.adaptive_retries { RetryConfig::adaptive() } else { RetryConfig::standard() };
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .retry_config(retries.with_max_attempts(attempts(settings)))
        .timeout_config(TimeoutConfig::builder().read_timeout(READ_TIMEOUT).build());
    if let Some(files) = shared_files(settings) {
        loader = loader.profile_files(files);
    }
    if let Some(use_fips) = settings.use_fips {
        loader = loader.use_fips(use_fips);
    }
    if let Some(use_dualstack) = settings.use_dualstack {
        loader = loader.use_dual_stack(use_dualstack);
    }
    if let Some(region) = &settings.region {
        loader = loader.region(SdkRegion::new(region.clone()));
    }
    if let Some(profile) = &settings.profile {
        loader = loader.profile_name(profile);
    }
    if let (Some(access_key), Some(secret_key)) = (&settings.access_key, &settings.secret_key) {
        let token = settings.token.as_ref().map(|token| token.reveal().to_owned());
        let credentials =
            Credentials::new(access_key, secret_key.reveal(), token, None, "provider block");
        loader = loader.credentials_provider(SharedCredentialsProvider::new(credentials));
    } else if let Some(profile) = settings.profile.as_ref().filter(|_| settings.profile_first) {
        let mut credentials = ProfileFileCredentialsProvider::builder().profile_name(profile);
        if let Some(files) = shared_files(settings) {
            credentials = credentials.profile_files(files);
        }
        loader = loader.credentials_provider(SharedCredentialsProvider::new(credentials.build()));
    }
    for (name, version) in &settings.user_agent {
        // A name or version with a character that a user agent cannot carry is left out: it is
        // for statistics, and no reason to fail.
        if let Ok(product) = FrameworkMetadata::new(name.clone(), Some(version.clone())) {
            loader = loader.framework_metadata(product);
        }
    }
    if let Some(client) = &settings.http_client {
        loader = loader.http_client(client.clone());
    }
    roles::assumed(settings, loader.load().await)
}

/// How often a call is tried in all, at least once.
pub(super) fn attempts(settings: &Settings) -> u32 {
    settings.max_attempts.unwrap_or(DEFAULT_ATTEMPTS).max(1)
}

/// A WorkSpaces client for one Region.
pub(super) fn workspaces(
    settings: &Settings,
    sdk: &SdkConfig,
    region: &str,
) -> aws_sdk_workspaces::Client {
    let mut builder = aws_sdk_workspaces::config::Builder::from(sdk)
        .region(SdkRegion::new(region.to_owned()))
        // The SDK's token bucket would end retries after a burst of throttling, long before the
        // attempts are used up; hashicorp/aws switches it off too.
        .retry_partition(partition(settings, format!("workspaces {region}")))
        .retry_classifier(NotThrottled)
        .interceptor(GiveUpConnecting)
        .interceptor(Appended::new(&settings.appended_user_agent));
    if let Some(endpoint) = &settings.workspaces_endpoint {
        // Another kind of endpoint than the one given is a contradiction to the SDK.
        builder = builder.endpoint_url(endpoint).use_fips(false).use_dual_stack(false);
    }
    aws_sdk_workspaces::Client::from_conf(builder.build())
}

/// A client of the Resource Groups Tagging API for one Region.
pub(super) fn tagging(
    settings: &Settings,
    sdk: &SdkConfig,
    region: &str,
) -> aws_sdk_resourcegroupstagging::Client {
    let mut builder = aws_sdk_resourcegroupstagging::config::Builder::from(sdk)
        .region(SdkRegion::new(region.to_owned()))
        .retry_partition(partition(settings, format!("tagging {region}")))
        .retry_classifier(NotThrottled)
        .interceptor(GiveUpConnecting)
        .interceptor(Appended::new(&settings.appended_user_agent));
    if let Some(endpoint) = &settings.tagging_endpoint {
        // Another kind of endpoint than the one given is a contradiction to the SDK.
        builder = builder.endpoint_url(endpoint).use_fips(false).use_dual_stack(false);
    }
    aws_sdk_resourcegroupstagging::Client::from_conf(builder.build())
}

/// An STS client for one Region.
pub(super) fn sts(settings: &Settings, sdk: &SdkConfig, region: &str) -> aws_sdk_sts::Client {
    let mut builder = aws_sdk_sts::config::Builder::from(sdk)
        .region(SdkRegion::new(region.to_owned()))
        .retry_partition(partition(settings, format!("sts {region}")))
        .interceptor(GiveUpConnecting)
        .interceptor(Appended::new(&settings.appended_user_agent));
    if let Some(endpoint) = &settings.sts_endpoint {
        // Another kind of endpoint than the one given is a contradiction to the SDK.
        builder = builder.endpoint_url(endpoint).use_fips(false).use_dual_stack(false);
    }
    aws_sdk_sts::Client::from_conf(builder.build())
}

fn partition(settings: &Settings, name: String) -> RetryPartition {
    let bucket = match settings.retry_tokens {
        Some(tokens) => TokenBucket::new(usize::try_from(tokens).unwrap_or(usize::MAX)),
        None => TokenBucket::unlimited(),
    };
    RetryPartition::custom(name).token_bucket(bucket).build()
}

/// The shared files that the settings name; the usual one stays for the kind they do not name.
fn shared_files(settings: &Settings) -> Option<EnvConfigFiles> {
    let Settings { shared_config_files: config, shared_credentials_files: credentials, .. } =
        settings;
    if config.is_empty() && credentials.is_empty() {
        return None;
    }
    let mut files = EnvConfigFiles::builder()
        .include_default_config_file(config.is_empty())
        .include_default_credentials_file(credentials.is_empty());
    for file in config {
        files = files.with_file(EnvConfigFileKind::Config, file);
    }
    for file in credentials {
        files = files.with_file(EnvConfigFileKind::Credentials, file);
    }
    Some(files.build())
}
