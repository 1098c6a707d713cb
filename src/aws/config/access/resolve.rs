use crate::aws::config::access::endpoints::{Endpoints, Service};
use crate::aws::config::access::identity::{
    Container, Keys, ProfileIdentity, container, environment_keys, environment_web_identity,
    of_profile,
};
use crate::aws::config::access::problem::{Problem, broken_key, check, is_broken};
use crate::aws::config::access::profiles::{FileKind, Profiles};
use crate::aws::config::access::source::{Environment, Setting, Source, switch, variable};
use crate::aws::config::settings::{Secret, Settings, WebIdentity, WebIdentityToken};

/// How to reach AWS and with which credentials, each value with its source.
#[derive(Clone, Debug)]
pub struct Access {
    /// The Region of resources that set none. `None`: the instance metadata may know one.
    pub region: Option<Setting<String>>,
    /// The profile that is named, if one is.
    pub profile: Option<Setting<String>>,
    /// The paths of the shared files, whether they exist or not.
    pub shared_files: Vec<String>,
    /// What keeps shared files from being read, each a sentence without a full stop.
    pub unread_files: Vec<String>,
    /// Whether FIPS endpoints are used, where AWS's own endpoints are.
    pub use_fips: Option<Setting<bool>>,
    /// Whether dual-stack endpoints are used, where AWS's own endpoints are.
    pub use_dualstack: Option<Setting<bool>>,
    /// How many attempts a call has, the first included; at least one.
    pub max_attempts: u32,
    /// How connections are made.
    pub connection: Connections,
    /// Why the EC2 instance metadata is not asked, if it is not.
    pub metadata_disabled: Option<Source>,
    /// The URL of the EC2 instance metadata.
    pub metadata_endpoint: Setting<String>,
    /// What is wrong with the values, before any call is made.
    pub problems: Vec<Problem>,
    pub(in crate::aws) endpoints: Endpoints,
    pub(in crate::aws) profiles: Profiles,
    /// Keys of the provider block.
    pub(in crate::aws) keys: Option<Keys>,
    /// Whether the provider block names the profile; it comes before the environment then.
    pub(in crate::aws) profile_first: bool,
    pub(in crate::aws) environment_keys: Result<Keys, String>,
    pub(in crate::aws) environment_web_identity: Option<WebIdentity>,
    pub(in crate::aws) profile_identity: Result<Option<ProfileIdentity>, String>,
    pub(in crate::aws) container: Option<Container>,
    /// The web identity of the provider block, completed by the environment.
    pub(in crate::aws) web_identity: Option<WebIdentity>,
    /// The home of the user, where `aws sso login` leaves its tokens.
    pub(in crate::aws) home: Option<String>,
}

/// How connections are made, each value with its source.
#[derive(Clone, Debug, Default)]
pub struct Connections {
    /// The proxy for http addresses; a URL that may contain a password.
    pub http_proxy: Option<Setting<Secret>>,
    /// The proxy for https addresses; a URL that may contain a password.
    pub https_proxy: Option<Setting<Secret>>,
    /// Hosts, domains and address ranges that are reached without a proxy, separated by commas.
    pub no_proxy: Option<String>,
    /// A file of certificates (PEM) to trust instead of those of the system.
    pub ca_bundle: Option<Setting<String>>,
    /// Whether any certificate is accepted.
    pub insecure: bool,
}

/// How many attempts a call has by default, the first included; as in hashicorp/aws.
const DEFAULT_ATTEMPTS: u32 = 25;

/// The shared files to read, in the order in which they are merged.
pub(in crate::aws) fn shared_files(
    settings: &Settings,
    environment: &Environment,
) -> Vec<(FileKind, String)> {
    let home = home(environment);
    let of_kind = |kind: FileKind, named: &[String], name: &str, usual: &str| {
        let mut paths = named.to_vec();
        if paths.is_empty() {
            let set = variable(environment, name).map(|setting| expand_home(&setting.value, &home));
            paths.extend(set.or_else(|| Some(format!("{}/.aws/{usual}", home.as_ref()?))));
        }
        paths.into_iter().map(move |path| (kind, path)).collect::<Vec<_>>()
    };
    let Settings { shared_config_files, shared_credentials_files, .. } = settings;
    let config = of_kind(FileKind::Config, shared_config_files, "AWS_CONFIG_FILE", "config");
    let credentials = of_kind(
        FileKind::Credentials,
        shared_credentials_files,
        "AWS_SHARED_CREDENTIALS_FILE",
        "credentials",
    );
    [config, credentials].concat()
}

/// The home of the user.
fn home(environment: &Environment) -> Option<String> {
    let home = ["HOME", "USERPROFILE"].into_iter().find_map(|name| variable(environment, name));
    home.map(|setting| setting.value)
}

fn expand_home(path: &str, home: &Option<String>) -> String {
    match (path.strip_prefix('~'), home) {
        (Some(below), Some(home)) if below.is_empty() || below.starts_with(['/', '\\']) => {
            format!("{home}{below}")
        }
        _ => path.to_owned(),
    }
}

/// Resolves the provider block, the environment and the shared files. The block comes before the
/// environment, the environment before the profile.
pub(in crate::aws) fn resolve(
    settings: &Settings,
    environment: &Environment,
    profiles: Profiles,
) -> Access {
    let get = |name: &str| variable(environment, name);
    let profile = settings
        .profile
        .clone()
        .map(|name| Setting::argument("profile", name))
        .or_else(|| get("AWS_PROFILE"))
        .or_else(|| get("AWS_DEFAULT_PROFILE"));
    let name = profile.as_ref().map_or("default", |profile| profile.value.as_str());
    let of_profile_key = |key: &str| profiles.get(name, key);
    let text = |argument: Option<(&'static str, &String)>, variables: &[&str], key: &str| {
        argument
            .map(|(name, value)| Setting::argument(name, value.clone()))
            .or_else(|| variables.iter().find_map(|name| get(name)))
            .or_else(|| of_profile_key(key))
    };
    let truth = |argument: (&'static str, Option<bool>), name: &str, key: &str| {
        let (argument, value) = argument;
        value
            .map(|value| Setting::argument(argument, value))
            .or_else(|| get(name).and_then(switch))
            .or_else(|| of_profile_key(key).and_then(switch))
    };
    let region = text(
        settings.region.as_ref().map(|region| ("region", region)),
        &["AWS_REGION", "AWS_DEFAULT_REGION"],
        "region",
    );
    let number = |setting: Setting<String>| setting.value.trim().parse::<u32>().ok();
    let max_attempts = settings
        .max_attempts
        .or_else(|| number(get("AWS_MAX_ATTEMPTS")?))
        .or_else(|| number(of_profile_key("max_attempts")?))
        .unwrap_or(DEFAULT_ATTEMPTS)
        .max(1);
    let endpoints = Endpoints::resolve(settings, environment, &profiles, name);
    let mut access = Access {
        use_fips: truth(
            ("use_fips_endpoint", settings.use_fips),
            "AWS_USE_FIPS_ENDPOINT",
            "use_fips_endpoint",
        ),
        use_dualstack: truth(
            ("use_dualstack_endpoint", settings.use_dualstack),
            "AWS_USE_DUALSTACK_ENDPOINT",
            "use_dualstack_endpoint",
        ),
        max_attempts,
        connection: connection(settings, environment, of_profile_key("ca_bundle")),
        metadata_disabled: metadata_disabled(settings, environment),
        metadata_endpoint: metadata_endpoint(settings, &text),
        keys: keys(settings),
        profile_first: settings.profile.is_some(),
        environment_keys: environment_keys(environment),
        environment_web_identity: environment_web_identity(environment),
        profile_identity: of_profile(&profiles, name),
        container: container(environment),
        web_identity: settings.web_identity.clone().map(|web| completed(web, environment)),
        home: home(environment),
        problems: Vec::new(),
        shared_files: profiles.files.clone(),
        unread_files: profiles.unread.clone(),
        endpoints,
        profiles,
        profile,
        region,
    };
    access.problems = problems(&access);
    access
}

impl Access {
    /// The name of the profile that is used.
    pub fn profile_name(&self) -> &str {
        self.profile.as_ref().map_or("default", |profile| profile.value.as_str())
    }

    /// Whether the EC2 instance metadata may be asked: it is not turned off, and its URL is usable.
    pub(in crate::aws) fn may_ask_metadata(&self) -> bool {
        self.metadata_disabled.is_none()
            && check(&self.metadata_endpoint, "the EC2 instance metadata").is_none()
    }

    /// The endpoint of Amazon WorkSpaces, if it is not AWS's own.
    pub fn workspaces_endpoint(&self) -> Option<&Setting<String>> {
        self.endpoints.of(Service::WorkSpaces)
    }
}

/// Keys of the provider block.
fn keys(settings: &Settings) -> Option<Keys> {
    Some(Keys {
        access_key: settings.access_key.clone()?,
        secret_key: settings.secret_key.clone().unwrap_or_else(|| Secret::new("")),
        token: settings.token.clone(),
    })
}

/// The web identity of the block; what it omits is read from the environment.
fn completed(web: WebIdentity, environment: &Environment) -> WebIdentity {
    let get = |name: &str| variable(environment, name).map(|setting| setting.value);
    WebIdentity {
        role_arn: web.role_arn.or_else(|| get("AWS_ROLE_ARN")),
        session_name: web.session_name.or_else(|| get("AWS_ROLE_SESSION_NAME")),
        token: web
            .token
            .or_else(|| Some(WebIdentityToken::File(get("AWS_WEB_IDENTITY_TOKEN_FILE")?.into()))),
        ..web
    }
}

fn connection(
    settings: &Settings,
    environment: &Environment,
    bundle_of_profile: Option<Setting<String>>,
) -> Connections {
    let either = |name: &str| {
        variable(environment, name).or_else(|| variable(environment, &name.to_ascii_lowercase()))
    };
    let block = &settings.connection;
    let argument =
        |name, proxy: &Option<Secret>| proxy.clone().map(|secret| Setting::argument(name, secret));
    let secret = |setting: Setting<String>| setting.map(Secret::new);
    let http = argument("http_proxy", &block.http_proxy);
    let https = argument("https_proxy", &block.https_proxy)
        .or_else(|| either("HTTPS_PROXY").map(secret))
        .or_else(|| http.clone());
    let http = http.or_else(|| either("HTTP_PROXY").map(secret));
    // An empty argument means no proxy, whatever the environment says.
    let is_set = |setting: &Setting<Secret>| !setting.value.reveal().is_empty();
    Connections {
        http_proxy: http.filter(is_set),
        https_proxy: https.filter(is_set),
        no_proxy: block.no_proxy.clone().or_else(|| Some(either("NO_PROXY")?.value)),
        ca_bundle: block
            .ca_bundle
            .clone()
            .map(|path| Setting::argument("custom_ca_bundle", path))
            .or_else(|| variable(environment, "AWS_CA_BUNDLE"))
            .or(bundle_of_profile),
        insecure: block.insecure,
    }
}

/// The block decides if it says anything; hashicorp/aws asks the metadata then, whatever the
/// environment says.
fn metadata_disabled(settings: &Settings, environment: &Environment) -> Option<Source> {
    match settings.metadata.disabled {
        Some(true) => Some(Source::Argument("skip_metadata_api_check")),
        Some(false) => None,
        None => variable(environment, "AWS_EC2_METADATA_DISABLED")
            .and_then(switch)
            .filter(|setting| setting.value)
            .map(|setting| setting.source),
    }
}

type Text<'a> =
    dyn Fn(Option<(&'static str, &String)>, &[&str], &str) -> Option<Setting<String>> + 'a;

/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html>
fn metadata_endpoint(settings: &Settings, text: &Text<'_>) -> Setting<String> {
    let block = &settings.metadata;
    let endpoint = text(
        block.endpoint.as_ref().map(|url| ("ec2_metadata_service_endpoint", url)),
        &["AWS_EC2_METADATA_SERVICE_ENDPOINT"],
        "ec2_metadata_service_endpoint",
    );
    if let Some(endpoint) = endpoint {
        return endpoint;
    }
    let mode = block.ipv6.map(|ipv6| if ipv6 { "IPv6" } else { "IPv4" }.to_owned());
    let mode = text(
        mode.as_ref().map(|mode| ("ec2_metadata_service_endpoint_mode", mode)),
        &["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"],
        "ec2_metadata_service_endpoint_mode",
    );
    let of_mode = |mode: String| match mode.eq_ignore_ascii_case("IPv6") {
        true => "http://[fd00:ec2::254]".to_owned(),
        false => "http://169.254.169.254".to_owned(),
    };
    let default = Setting { value: String::new(), source: Source::Default };
    mode.unwrap_or(default).map(of_mode)
}

/// What is wrong with the provider block alone: no environment and no file is read.
pub fn check_settings(settings: &Settings) -> Vec<Problem> {
    resolve(settings, &Environment::new(), Profiles::default()).problems
}

/// Values that no request could carry.
fn problems(access: &Access) -> Vec<Problem> {
    let mut problems = access.endpoints.problems();
    if access.metadata_disabled.is_none() {
        problems.extend(check(&access.metadata_endpoint, "the EC2 instance metadata"));
    }
    if access.keys.is_some() {
        return problems;
    }
    let variables = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];
    if !access.profile_first
        && let Ok(keys) = &access.environment_keys
    {
        let values = [Some(keys.access_key.as_str()), Some(keys.secret_key.reveal())]
            .into_iter()
            .chain([keys.token.as_ref().map(Secret::reveal)]);
        let broken = values.zip(variables).filter(|(value, _)| value.is_some_and(is_broken));
        problems.extend(broken.map(|(_, name)| {
            let source = Source::Variable(name.to_owned());
            broken_key(name, source)
        }));
        return problems;
    }
    for key in ["aws_access_key_id", "aws_secret_access_key", "aws_session_token"] {
        let setting = access.profiles.get(access.profile_name(), key);
        if let Some(setting) = setting.filter(|setting| is_broken(&setting.value)) {
            problems.push(broken_key(key, setting.source));
        }
    }
    problems
}
