use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_async::time::SystemTimeSource;
use aws_smithy_runtime::client::identity::IdentityCache;
use aws_smithy_runtime::client::retries::{RetryPartition, TokenBucket};
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;
use aws_types::region::Region;
use aws_types::sdk_ua_metadata::FrameworkMetadata;

use crate::aws::config::access::endpoints::Service;
use crate::aws::config::access::resolve::Access;
use crate::aws::config::bounds::{Bounded, NotTooLarge};
use crate::aws::config::log::LogCalls;
use crate::aws::config::retry::{GiveUp, NotThrottled, OnlyIfNotSent};
use crate::aws::config::settings::{HttpClient, Settings, TagReads};
use crate::aws::config::user_agent::Appended;

/// The Region of AWS STS if no Region is set anywhere; every account has it.
const DEFAULT_STS_REGION: &str = "us-east-1";

/// How long AWS may take before the first byte of an answer. WorkSpaces answers within seconds, and
/// a connection that hangs for ever must not hang an apply for ever.
const READ_TIMEOUT: Duration = Duration::from_secs(60);

/// How long credentials may take to be resolved. A program may ask a person for a code.
const IDENTITY_TIMEOUT: Duration = Duration::from_secs(180);

/// How long a call to the Resource Groups Tagging API may take, all attempts of the SDK included: tags
/// can be read without it, so a network that does not lead there must not hold up a refresh.
const TAGGING_PATIENCE: Duration = Duration::from_secs(5);

/// The resolved access as the SDK takes it.
#[derive(Clone, Debug)]
pub(in crate::aws) struct Sdk {
    pub(in crate::aws) settings: Arc<Settings>,
    pub(in crate::aws) access: Arc<Access>,
    pub(in crate::aws) config: SdkConfig,
}

impl Sdk {
    /// The configuration of all clients, without credentials. It is built from the resolved access
    /// alone: the SDK's own loader, which reads the environment and the shared files, is not used.
    pub(in crate::aws) fn new(
        settings: Arc<Settings>,
        access: Arc<Access>,
        http: HttpClient,
    ) -> Self {
        let retries = RetryConfig::standard().with_max_attempts(access.max_attempts);
        let timeouts = TimeoutConfig::builder().read_timeout(READ_TIMEOUT).build();
        let region = access.region.as_ref().map(|region| Region::new(region.value.clone()));
        let mut config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .http_client(http)
            .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
            .time_source(SystemTimeSource::new())
            .identity_cache(IdentityCache::lazy().load_timeout(IDENTITY_TIMEOUT).build())
            .retry_config(retries)
            .timeout_config(timeouts)
            .region(region);
        for (name, version) in &settings.user_agent {
            // A name or version with a character that a user agent cannot carry is left out: it is
            // for statistics, and no reason to fail.
            if let Ok(product) = FrameworkMetadata::new(name.clone(), Some(version.clone())) {
                config = config.framework_metadata(product);
            }
        }
        Self { settings, access, config: config.build() }
    }

    /// The same with other credentials.
    pub(in crate::aws) fn with_credentials(&self, provider: SharedCredentialsProvider) -> Self {
        let config = self.config.to_builder().credentials_provider(provider).build();
        Self { config, ..self.clone() }
    }

    /// The same with another Region.
    pub(in crate::aws) fn with_region(&self, region: &str) -> Self {
        let config = self.config.to_builder().region(Region::new(region.to_owned())).build();
        Self { config, ..self.clone() }
    }

    /// How many attempts a call has, the first included.
    pub(in crate::aws) fn attempts(&self) -> u32 {
        self.access.max_attempts
    }

    /// The Region in which AWS STS is called.
    pub(in crate::aws) fn sts_region(&self) -> String {
        let region = self.settings.sts_region.clone();
        let region = region.or_else(|| self.config.region().map(ToString::to_string));
        region.unwrap_or_else(|| DEFAULT_STS_REGION.to_owned())
    }

    /// The current time.
    pub(in crate::aws) fn now(&self) -> SystemTime {
        self.config.time_source().map_or_else(SystemTime::now, |source| source.now())
    }
}

/// The configuration of one service's client. A macro, because each SDK crate has a builder type of
/// its own and these share no trait.
macro_rules! service_config {
    ($sdk_crate:ident, $sdk:expr, $region:expr, $service:expr) => {{
        let (sdk, region): (&Sdk, &str) = ($sdk, $region);
        let access = &sdk.access;
        let mut builder = $sdk_crate::config::Builder::from(&sdk.config)
            .region(Region::new(region.to_owned()))
            .retry_partition(retry_partition(&sdk.settings, stringify!($sdk_crate), region))
            .interceptor(GiveUp::default())
            .interceptor(Bounded)
            .retry_classifier(NotTooLarge)
            .interceptor(Appended::new(&sdk.settings.appended_user_agent))
            .interceptor(LogCalls::new(region));
        builder = match access.endpoints.of($service) {
            // The SDK rejects a custom endpoint together with FIPS or dual-stack.
            Some(endpoint) => builder.endpoint_url(&endpoint.value),
            None => builder
                .use_fips(access.use_fips.as_ref().is_some_and(|fips| fips.value))
                .use_dual_stack(access.use_dualstack.as_ref().is_some_and(|dual| dual.value)),
        };
        builder
    }};
}

/// A client of Amazon WorkSpaces in one Region.
pub(in crate::aws) fn workspaces(sdk: &Sdk, region: &str) -> aws_sdk_workspaces::Client {
    aws_sdk_workspaces::Client::from_conf(workspaces_config(sdk, region).build())
}

/// The same for calls that must not be carried out twice: an attempt that may have reached AWS is
/// not repeated.
pub(in crate::aws) fn workspaces_once(sdk: &Sdk, region: &str) -> aws_sdk_workspaces::Client {
    let config = workspaces_config(sdk, region).retry_classifier(OnlyIfNotSent);
    aws_sdk_workspaces::Client::from_conf(config.build())
}

fn workspaces_config(sdk: &Sdk, region: &str) -> aws_sdk_workspaces::config::Builder {
    service_config!(aws_sdk_workspaces, sdk, region, Service::WorkSpaces)
        .retry_classifier(NotThrottled)
}

/// A client of the Resource Groups Tagging API in one Region, if the settings allow to call it.
///
/// If only Amazon WorkSpaces has a custom endpoint, such as an emulator, AWS itself is called for tags
/// only if the settings select that API.
pub(in crate::aws) fn tagging(
    sdk: &Sdk,
    region: &str,
) -> Option<aws_sdk_resourcegroupstagging::Client> {
    let endpoints = &sdk.access.endpoints;
    let is_called = match sdk.settings.tag_reads {
        TagReads::WorkSpaces => false,
        TagReads::TaggingApi => true,
        TagReads::Auto => {
            endpoints.of(Service::WorkSpaces).is_none() || endpoints.of(Service::Tagging).is_some()
        }
    };
    let timeouts = TimeoutConfig::builder()
        .read_timeout(READ_TIMEOUT)
        .operation_timeout(TAGGING_PATIENCE)
        .build();
    let config = service_config!(aws_sdk_resourcegroupstagging, sdk, region, Service::Tagging)
        .timeout_config(timeouts)
        .retry_classifier(NotThrottled);
    is_called.then(|| aws_sdk_resourcegroupstagging::Client::from_conf(config.build()))
}

/// A client of AWS STS in one Region.
pub(in crate::aws) fn sts(sdk: &Sdk, region: &str) -> aws_sdk_sts::Client {
    let config = service_config!(aws_sdk_sts, sdk, region, Service::Sts);
    aws_sdk_sts::Client::from_conf(config.build())
}

/// A client of the access portal of IAM Identity Center. Its calls are not signed.
pub(in crate::aws) fn sso(sdk: &Sdk, region: &str) -> aws_sdk_sso::Client {
    let config = service_config!(aws_sdk_sso, sdk, region, Service::Sso);
    aws_sdk_sso::Client::from_conf(config.build())
}

/// A client of the sign-in service of IAM Identity Center. Its calls are not signed.
pub(in crate::aws) fn sso_oidc(sdk: &Sdk, region: &str) -> aws_sdk_ssooidc::Client {
    let config = service_config!(aws_sdk_ssooidc, sdk, region, Service::SsoOidc);
    aws_sdk_ssooidc::Client::from_conf(config.build())
}

/// The retry tokens of one service in one Region. The SDK's default bucket would end retries after
/// a burst of throttling, long before the attempts are used up; hashicorp/aws turns it off too.
fn retry_partition(settings: &Settings, service: &str, region: &str) -> RetryPartition {
    let bucket = match settings.retry_tokens {
        Some(tokens) => TokenBucket::new(usize::try_from(tokens).unwrap_or(usize::MAX)),
        None => TokenBucket::unlimited(),
    };
    RetryPartition::custom(format!("{service} {region}")).token_bucket(bucket).build()
}

#[cfg(test)]
pub(in crate::aws::config) mod tests {
    use aws_credential_types::Credentials;

    use super::*;
    use crate::aws::config::access::profiles::Profiles;
    use crate::aws::config::access::resolve::resolve;

    /// The configuration for these settings, without environment and files, with keys.
    pub(in crate::aws::config) fn sdk(settings: Settings, http: HttpClient) -> Sdk {
        let access = resolve(&settings, &settings.environment, Profiles::default());
        let keys = Credentials::new("a", "b", None, None, "test");
        Sdk::new(Arc::new(settings), Arc::new(access), http)
            .with_credentials(SharedCredentialsProvider::new(keys))
    }
}
