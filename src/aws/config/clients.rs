use aws_config::{Region, SdkConfig};
use aws_smithy_runtime::client::retries::{RetryPartition, TokenBucket};

use crate::aws::config::bounds::{Bounded, NotTooLarge};
use crate::aws::config::retry::{GiveUpConnecting, NotThrottled, OnlyIfNotSent};
use crate::aws::config::settings::Settings;
use crate::aws::config::user_agent::Appended;

/// How many attempts a call has by default, the first included; as in hashicorp/aws.
const DEFAULT_ATTEMPTS: u32 = 25;

/// The Region of AWS STS if neither the settings nor the environment name one; every account has it.
const DEFAULT_STS_REGION: &str = "us-east-1";

/// The configuration of one service's client. A macro, because each SDK crate has a builder type of
/// its own and these share no trait.
macro_rules! service_config {
    ($sdk_crate:ident, $settings:expr, $sdk:expr, $region:expr, $endpoint:expr) => {{
        let (settings, region): (&Settings, &str) = ($settings, $region);
        let mut builder = $sdk_crate::config::Builder::from($sdk)
            .region(Region::new(region.to_owned()))
            .retry_partition(retry_partition(settings, stringify!($sdk_crate), region))
            .interceptor(GiveUpConnecting)
            .interceptor(Bounded)
            .retry_classifier(NotTooLarge)
            .interceptor(Appended::new(&settings.appended_user_agent));
        if let Some(endpoint) = $endpoint {
            // The SDK rejects a custom endpoint together with FIPS or dual-stack.
            builder = builder.endpoint_url(endpoint).use_fips(false).use_dual_stack(false);
        }
        builder
    }};
}

/// A client of Amazon WorkSpaces in one Region.
pub(in crate::aws) fn workspaces(
    settings: &Settings,
    sdk: &SdkConfig,
    region: &str,
) -> aws_sdk_workspaces::Client {
    let config = workspaces_config(settings, sdk, region);
    aws_sdk_workspaces::Client::from_conf(config.build())
}

/// The same for calls that must not be carried out twice: an attempt that may have reached AWS is
/// not repeated.
pub(in crate::aws) fn workspaces_once(
    settings: &Settings,
    sdk: &SdkConfig,
    region: &str,
) -> aws_sdk_workspaces::Client {
    let config = workspaces_config(settings, sdk, region).retry_classifier(OnlyIfNotSent);
    aws_sdk_workspaces::Client::from_conf(config.build())
}

fn workspaces_config(
    settings: &Settings,
    sdk: &SdkConfig,
    region: &str,
) -> aws_sdk_workspaces::config::Builder {
    let endpoint = settings.workspaces_endpoint.as_ref();
    service_config!(aws_sdk_workspaces, settings, sdk, region, endpoint)
        .retry_classifier(NotThrottled)
}

/// A client of the Resource Groups Tagging API in one Region.
pub(in crate::aws) fn tagging(
    settings: &Settings,
    sdk: &SdkConfig,
    region: &str,
) -> aws_sdk_resourcegroupstagging::Client {
    let endpoint = settings.tagging_endpoint.as_ref();
    let config = service_config!(aws_sdk_resourcegroupstagging, settings, sdk, region, endpoint);
    aws_sdk_resourcegroupstagging::Client::from_conf(config.retry_classifier(NotThrottled).build())
}

/// A client of AWS STS in one Region.
pub(in crate::aws) fn sts(
    settings: &Settings,
    sdk: &SdkConfig,
    region: &str,
) -> aws_sdk_sts::Client {
    let endpoint = settings.sts_endpoint.as_ref();
    let config = service_config!(aws_sdk_sts, settings, sdk, region, endpoint);
    aws_sdk_sts::Client::from_conf(config.build())
}

/// The Region in which AWS STS is called.
pub(in crate::aws) fn sts_region(settings: &Settings, sdk: &SdkConfig) -> String {
    let region = settings.sts_region.clone().or_else(|| sdk.region().map(ToString::to_string));
    region.unwrap_or_else(|| DEFAULT_STS_REGION.to_owned())
}

/// How many attempts a call has, at least one.
pub(in crate::aws) fn attempts(settings: &Settings) -> u32 {
    settings.max_attempts.unwrap_or(DEFAULT_ATTEMPTS).max(1)
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
