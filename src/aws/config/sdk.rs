use std::time::Duration;

use aws_config::identity::IdentityCache;
use aws_config::provider_config::ProviderConfig;
use aws_config::{BehaviorVersion, Region as SdkRegion, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::sdk_ua_metadata::FrameworkMetadata;

use crate::aws::config::clients::attempts;
use crate::aws::config::credentials::assume_role;
use crate::aws::config::credentials::chain;
use crate::aws::config::settings::{HttpClient, Secret, Settings};

/// How long AWS can take to start an answer. WorkSpaces answers within seconds, and a connection that
/// hangs must not hang an apply.
const READ_TIMEOUT: Duration = Duration::from_secs(60);

/// The SDK's configuration of every client, with the Region and the credentials of the environment
/// for what the settings do not contain.
///
/// Makes no network call, except to the instance metadata service for a Region that is not set.
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
        // Invalid names and versions are left out: the user agent is only for statistics.
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
