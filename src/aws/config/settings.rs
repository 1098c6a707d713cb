use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
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
    /// Shared configuration files to read instead of the usual one.
    pub shared_config_files: Vec<String>,
    /// Shared credentials files to read instead of the usual one.
    pub shared_credentials_files: Vec<String>,
    /// The machine's own metadata, which may hold a role's credentials and the Region.
    pub metadata: Metadata,
    /// A role to take on with a token of an identity provider, before any other.
    pub web_identity: Option<WebIdentity>,
    /// The same as the environment gives it, one of the places where credentials are looked for.
    pub environment_identity: Option<WebIdentity>,
    /// Roles to take on one after the other; the last one does the work.
    pub roles: Vec<Role>,
    /// The Region of AWS STS, where it is not the provider's.
    pub sts_region: Option<String>,
    /// How connections are made.
    pub connection: Connection,
    /// Whether endpoints with FIPS 140 cryptography are used; else the profile decides.
    pub use_fips: Option<bool>,
    /// Whether endpoints that can be reached over IPv6 are used; else the profile decides.
    pub use_dualstack: Option<bool>,
    /// Another address for Amazon WorkSpaces.
    pub workspaces_endpoint: Option<String>,
    /// Another address for AWS STS.
    pub sts_endpoint: Option<String>,
    /// Whether that comes before what the environment and the profile say: so it is when the
    /// provider block names it.
    pub sts_endpoint_first: bool,
    /// Another address for the Resource Groups Tagging API.
    pub tagging_endpoint: Option<String>,
    /// Where the tags of WorkSpaces are read.
    pub tag_reads: TagReads,
    /// How questions about many WorkSpaces travel together.
    pub batching: Batching,
    /// How often a call is tried in all, the first time included.
    pub max_attempts: Option<u32>,
    /// Whether calls are held back as soon as AWS throttles one (the SDK's adaptive mode).
    pub adaptive_retries: bool,
    /// How many tokens the calls of a service have for being tried again; without limit where absent.
    pub retry_tokens: Option<u32>,
    /// Whether the account id may not be asked for; ARNs then stay empty.
    pub skip_requesting_account_id: bool,
    /// What AWS sees of the program: products and versions, in the order of the user agent.
    pub user_agent: Vec<(String, String)>,
    /// What the user adds to the user agent, as it is.
    pub appended_user_agent: Vec<String>,
    /// The HTTP client for every call; the SDK's own where there is none.
    pub http_client: Option<HttpClient>,
}

/// The machine's own metadata (EC2).
///
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html>
#[derive(Clone, Debug, Default)]
pub struct Metadata {
    /// Whether it is not to be asked.
    pub disabled: bool,
    /// Its address, where that is not the usual one.
    pub endpoint: Option<String>,
    /// Whether it is asked over IPv6 where no address is given; else the environment decides.
    pub ipv6: Option<bool>,
}

/// How connections are made.
#[derive(Clone, Debug, Default)]
pub struct Connection {
    /// The proxy for http addresses; a URL that may hold a password.
    pub http_proxy: Option<Secret>,
    /// The proxy for https addresses; a URL that may hold a password.
    pub https_proxy: Option<Secret>,
    /// Hosts, domains and address ranges to reach without a proxy, separated by commas.
    pub no_proxy: Option<String>,
    /// A file of certificates (PEM) to trust instead of the machine's.
    pub ca_bundle: Option<String>,
    /// Whether any certificate is accepted.
    pub insecure: bool,
}

/// A role to take on.
///
/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>
#[derive(Clone, Debug, Default)]
pub struct Role {
    /// The role.
    pub arn: String,
    /// Name of the session; made up where there is none.
    pub session_name: Option<String>,
    /// External id that the trust policy asks for.
    pub external_id: Option<String>,
    /// How long a session lasts; AWS decides where it is absent.
    pub duration: Option<Duration>,
    /// Policy in JSON that narrows the session down.
    pub policy: Option<String>,
    /// Managed policies that narrow the session down.
    pub policy_arns: Vec<String>,
    /// Who is behind the session.
    pub source_identity: Option<String>,
    /// Tags of the session.
    pub tags: BTreeMap<String, String>,
    /// Keys of those tags that later sessions keep.
    pub transitive_tag_keys: Vec<String>,
}

/// A role to take on with a token of an identity provider.
///
/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html>
#[derive(Clone, Debug)]
pub struct WebIdentity {
    /// The role.
    pub role_arn: Option<String>,
    /// Name of the session; made up where there is none.
    pub session_name: Option<String>,
    /// The token.
    pub token: Option<WebIdentityToken>,
    /// How long a session lasts; AWS decides where it is absent.
    pub duration: Option<Duration>,
    /// Policy in JSON that narrows the session down.
    pub policy: Option<String>,
    /// Managed policies that narrow the session down.
    pub policy_arns: Vec<String>,
}

/// The token of an identity provider.
#[derive(Clone, Debug)]
pub enum WebIdentityToken {
    /// The token itself.
    Text(Secret),
    /// A file with the token, which others may renew.
    File(PathBuf),
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
    /// How long a call waits for one more request after the last that has joined it.
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
