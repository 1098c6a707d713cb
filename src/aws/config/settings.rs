use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

pub use aws_smithy_runtime_api::client::http::SharedHttpClient as HttpClient;

use crate::aws::config::access::source::Environment;

/// How to reach AWS, and as whom: the provider block as it was meant, and the environment.
///
/// What is absent is looked for in the environment and the shared files.
///
/// <https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html>
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The environment variables of the process.
    pub environment: Environment,
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
    /// Shared configuration files to read instead of the usual one.
    pub shared_config_files: Vec<String>,
    /// Shared credentials files that replace the default one.
    pub shared_credentials_files: Vec<String>,
    /// The EC2 instance metadata, which can contain credentials and the Region.
    pub metadata: Metadata,
    /// A role to assume with a token of an identity provider, before all others.
    pub web_identity: Option<WebIdentity>,
    /// Roles to take on one after the other; the last one does the work.
    pub roles: Vec<Role>,
    /// The Region of AWS STS, if it is not that of the provider.
    pub sts_region: Option<String>,
    /// The connection settings.
    pub connection: Connection,
    /// Whether FIPS endpoints are used; the profile decides if absent.
    pub use_fips: Option<bool>,
    /// Whether dual-stack endpoints are used; the profile decides if absent.
    pub use_dualstack: Option<bool>,
    /// A custom endpoint of Amazon WorkSpaces.
    pub workspaces_endpoint: Option<String>,
    /// A custom endpoint of AWS STS.
    pub sts_endpoint: Option<String>,
    /// Another address for the Resource Groups Tagging API.
    pub tagging_endpoint: Option<String>,
    /// The API that tags are read from.
    pub tag_reads: TagReads,
    /// How requests are batched.
    pub batching: Batching,
    /// How many attempts a call has, the first included.
    pub max_attempts: Option<u32>,
    /// How many tokens the calls of a service have for being tried again; without limit where absent.
    pub retry_tokens: Option<u32>,
    /// Whether STS is not called for the account id. ARNs are empty then.
    pub skip_requesting_account_id: bool,
    /// Products and versions of the user agent, in order.
    pub user_agent: Vec<(String, String)>,
    /// Text that is appended to the user agent unchanged.
    pub appended_user_agent: Vec<String>,
    /// The HTTP client of every call; one is made from the connection settings if absent.
    pub http_client: Option<HttpClient>,
}

/// The EC2 instance metadata service.
///
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html>
#[derive(Clone, Debug, Default)]
pub struct Metadata {
    /// Whether it is not to be asked; else the environment decides.
    pub disabled: Option<bool>,
    /// Its address, where that is not the usual one.
    pub endpoint: Option<String>,
    /// Whether it is called over IPv6; the environment decides if absent.
    pub ipv6: Option<bool>,
}

/// The connection settings.
#[derive(Clone, Debug, Default)]
pub struct Connection {
    /// The proxy for http addresses; a URL that may contain a password. Empty for no proxy.
    pub http_proxy: Option<Secret>,
    /// The proxy for https addresses; a URL that may contain a password. Empty for no proxy.
    pub https_proxy: Option<Secret>,
    /// Hosts, domains and address ranges that are reached without a proxy, separated by commas.
    pub no_proxy: Option<String>,
    /// A file of trusted certificates (PEM) that replaces those of the machine.
    pub ca_bundle: Option<String>,
    /// Whether any certificate is accepted.
    pub insecure: bool,
}

/// A role to assume.
///
/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>
#[derive(Clone, Debug, Default)]
pub struct Role {
    /// Its ARN.
    pub arn: String,
    /// Name of the session; a default is used if absent.
    pub session_name: Option<String>,
    /// External id that the trust policy requires.
    pub external_id: Option<String>,
    /// Duration of a session; AWS decides if absent.
    pub duration: Option<Duration>,
    /// Session policy in JSON.
    pub policy: Option<String>,
    /// ARNs of managed session policies.
    pub policy_arns: Vec<String>,
    /// The source identity of the session.
    pub source_identity: Option<String>,
    /// Tags of the session.
    pub tags: BTreeMap<String, String>,
    /// Keys of the tags that chained sessions inherit.
    pub transitive_tag_keys: Vec<String>,
}

/// A role to assume with a token of an identity provider.
///
/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html>
#[derive(Clone, Debug)]
pub struct WebIdentity {
    /// Its ARN.
    pub role_arn: Option<String>,
    /// Name of the session; a default is used if absent.
    pub session_name: Option<String>,
    /// The token.
    pub token: Option<WebIdentityToken>,
    /// Duration of a session; AWS decides if absent.
    pub duration: Option<Duration>,
    /// Session policy in JSON.
    pub policy: Option<String>,
    /// ARNs of managed session policies.
    pub policy_arns: Vec<String>,
}

/// The token of an identity provider.
#[derive(Clone, Debug)]
pub enum WebIdentityToken {
    /// The token itself.
    Text(Secret),
    /// A file with the token, which other programs can renew.
    File(PathBuf),
}

/// The API that tags are read from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TagReads {
    /// GetResources of the Resource Groups Tagging API where it agrees with the state, and DescribeTags
    /// for every other WorkSpace.
    #[default]
    Auto,
    /// DescribeTags of Amazon WorkSpaces, one WorkSpace a call.
    WorkSpaces,
    /// GetResources of the Resource Groups Tagging API, a hundred WorkSpaces a call. It needs the
    /// permission `tag:GetResources`.
    TaggingApi,
}

/// How requests are batched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Batching {
    /// Whether requests share calls; otherwise each call is for one WorkSpace.
    pub enabled: bool,
    /// How long a call waits for one more request after the last one joined.
    pub send_after: Duration,
}

impl Default for Batching {
    /// Terraform starts ten resources within a few milliseconds; 50 ms are enough to collect them,
    /// and a small delay compared with a call to AWS.
    fn default() -> Self {
        Self { enabled: true, send_after: Duration::from_millis(50) }
    }
}

/// Text that debug output does not show.
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
