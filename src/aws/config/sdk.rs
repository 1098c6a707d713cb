use std::time::Duration;

use aws_config::identity::IdentityCache;
use aws_config::provider_config::ProviderConfig;
use aws_config::{BehaviorVersion, Region as SdkRegion, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime::client::retries::{RetryPartition, TokenBucket};
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::sdk_ua_metadata::FrameworkMetadata;

use crate::aws::config::credentials::assume_role;
use crate::aws::config::credentials::chain;
use crate::aws::config::retry::{GiveUpConnecting, NotThrottled};
use crate::aws::config::settings::{HttpClient, Secret, Settings};
use crate::aws::config::user_agent::Appended;

/// How often a call is tried in all when the provider block does not say; as in hashicorp/aws.
pub(in crate::aws) const DEFAULT_ATTEMPTS: u32 = 25;

/// How long AWS may take before the first byte of an answer. WorkSpaces answers within seconds, and
/// a connection that hangs for ever must not hang an apply for ever.
const READ_TIMEOUT: Duration = Duration::from_secs(60);

/// The SDK's configuration for every client, with the Region and the credentials it would find by
/// itself where the settings have none.
///
/// Makes no network call unless the instance metadata service has to be asked for the Region.
pub(in crate::aws) async fn load(settings: &Settings, http_client: HttpClient) -> SdkConfig {
    let retries =
        if settings.adaptive_retries { RetryConfig::adaptive() } else { RetryConfig::standard() };
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .http_client(http_client.clone())
        .identity_cache(IdentityCache::lazy().load_timeout(chain::PATIENCE).build())
        .retry_config(retries.with_max_attempts(attempts(settings)))
        .timeout_config(TimeoutConfig::builder().read_timeout(READ_TIMEOUT).build());
    if let Some(files) = chain::shared_files(settings) {
        loader = loader.profile_files(files);
    }
    if let Some(use_fips) = settings.use_fips {
        loader = loader.use_fips(use_fips);
    }
    if let Some(use_dualstack) = settings.use_dualstack {
        loader = loader.use_dual_stack(use_dualstack);
    }
    if let Some(profile) = &settings.profile {
        loader = loader.profile_name(profile);
    }
    let sdk = ProviderConfig::without_region()
        .with_http_client(http_client)
        .with_use_fips(settings.use_fips)
        .with_use_dual_stack(settings.use_dualstack);
    let region = match &settings.region {
        Some(region) => Some(SdkRegion::new(region.clone())),
        None => chain::region(settings, &sdk).await,
    };
    let sdk = sdk.with_region(region.clone());
    loader = loader.region(region).no_credentials();
    for (name, version) in &settings.user_agent {
        // A name or version with a character that a user agent cannot carry is left out: it is
        // for statistics, and no reason to fail.
        if let Ok(product) = FrameworkMetadata::new(name.clone(), Some(version.clone())) {
            loader = loader.framework_metadata(product);
        }
    }
    let loaded = loader.load().await;
    let credentials = match &settings.access_key {
        Some(access_key) => in_the_settings(settings, access_key),
        None => chain::credentials(settings, &sdk, &loaded),
    };
    let loaded = loaded.into_builder().credentials_provider(credentials).build();
    assume_role::assumed(settings, loaded)
}

fn in_the_settings(settings: &Settings, access_key: &str) -> SharedCredentialsProvider {
    let reveal = |secret: &Option<Secret>| secret.as_ref().map(|secret| secret.reveal().to_owned());
    let secret_key = reveal(&settings.secret_key).unwrap_or_default();
    let token = reveal(&settings.token);
    let credentials = Credentials::new(access_key, secret_key, token, None, "provider block");
    SharedCredentialsProvider::new(credentials)
}

/// How often a call is tried in all, at least once.
pub(in crate::aws) fn attempts(settings: &Settings) -> u32 {
    settings.max_attempts.unwrap_or(DEFAULT_ATTEMPTS).max(1)
}

/// A WorkSpaces client for one Region.
pub(in crate::aws) fn workspaces(
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
pub(in crate::aws) fn tagging(
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
pub(in crate::aws) fn sts(
    settings: &Settings,
    sdk: &SdkConfig,
    region: &str,
) -> aws_sdk_sts::Client {
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
