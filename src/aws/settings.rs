use std::fmt;
use std::time::Duration;

pub use aws_smithy_runtime_api::client::http::SharedHttpClient as HttpClient;

/// How to reach AWS, and as whom: the provider block as it was meant.
///
/// What is absent is left to the SDK's own chain of environment, shared files, container and
/// instance metadata.
///
/// <https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html>
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The Region for resources that name none.
    pub region: Option<String>,
    /// Static credentials: the access key id.
    pub access_key: Option<String>,
    /// Static credentials: the secret access key.
    pub secret_key: Option<Secret>,
    /// Static credentials: the session token, for temporary ones.
    pub token: Option<Secret>,
    /// The profile in the shared configuration files.
    pub profile: Option<String>,
    /// Whether the profile comes before the environment's credentials, and must exist: so it is
    /// when the provider block names it, as in hashicorp/aws.
    pub profile_first: bool,
    /// Another address for Amazon WorkSpaces.
    pub workspaces_endpoint: Option<String>,
    /// Another address for AWS STS.
    pub sts_endpoint: Option<String>,
    /// Another address for the Resource Groups Tagging API.
    pub tagging_endpoint: Option<String>,
    /// Where the tags of WorkSpaces are read.
    pub tag_reads: TagReads,
    /// How requests are collected into one call.
    pub batching: Batching,
    /// How often a call is tried in all, the first time included.
    pub max_attempts: Option<u32>,
    /// Whether calls are held back as soon as AWS throttles one (the SDK's adaptive mode).
    pub adaptive_retries: bool,
    /// Whether the account id may not be asked for; ARNs then stay empty.
    pub skip_requesting_account_id: bool,
    /// What AWS sees of the program: products and versions, in the order of the user agent.
    pub user_agent: Vec<(String, String)>,
    /// The HTTP client to use instead of the SDK's own; for tests that stand in for the network.
    pub http_client: Option<HttpClient>,
}

/// Where the tags of WorkSpaces are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TagReads {
    /// DescribeTags of Amazon WorkSpaces: one WorkSpace a call.
    #[default]
    WorkSpaces,
    /// GetResources of the Resource Groups Tagging API: a hundred a call, with a permission of its
    /// own.
    TaggingApi,
}

/// How requests are collected into one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Batching {
    /// Whether they are collected at all; otherwise each call names one WorkSpace.
    pub enabled: bool,
    /// How long the first request of a call waits for others.
    pub send_after: Duration,
}

impl Default for Batching {
    /// Terraform starts ten resources within a few milliseconds of each other; 50 ms are enough to
    /// collect them, and a small delay beside a call to AWS.
    fn default() -> Self {
        Self { enabled: true, send_after: Duration::from_millis(50) }
    }
}

/// Text that never shows in a debug print.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps the text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}
