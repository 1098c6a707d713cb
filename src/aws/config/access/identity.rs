use std::time::Duration;

use crate::aws::config::access::profiles::Profiles;
use crate::aws::config::access::source::{Environment, Setting, variable};
use crate::aws::config::settings::{Role, Secret, WebIdentity, WebIdentityToken};

/// Access keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::aws) struct Keys {
    pub(in crate::aws) access_key: String,
    pub(in crate::aws) secret_key: Secret,
    pub(in crate::aws) token: Option<Secret>,
}

/// Where the first credentials of a profile come from.
#[derive(Clone, Debug)]
pub(in crate::aws) enum Base {
    Keys(Keys),
    Environment,
    Container,
    InstanceMetadata,
    WebIdentity(WebIdentity),
    Sso(Sso),
    Process(String),
}

/// A sign-in with IAM Identity Center.
#[derive(Clone, Debug)]
pub(in crate::aws) struct Sso {
    /// The profile that signs in.
    pub(in crate::aws) profile: String,
    /// The name that the cached token is found by: of the SSO session, or the start URL.
    pub(in crate::aws) cached_as: String,
    /// Whether the token may be refreshed, which needs an SSO session.
    pub(in crate::aws) is_session: bool,
    pub(in crate::aws) region: String,
    pub(in crate::aws) account_id: String,
    pub(in crate::aws) role_name: String,
}

/// The credentials of a profile: a base, and roles that are assumed in order.
#[derive(Clone, Debug)]
pub(in crate::aws) struct ProfileIdentity {
    pub(in crate::aws) base: Base,
    pub(in crate::aws) roles: Vec<Role>,
}

/// The container's credentials.
#[derive(Clone, Debug)]
pub(in crate::aws) struct Container {
    pub(in crate::aws) uri: Setting<String>,
    pub(in crate::aws) token: Option<ContainerToken>,
}

/// The token that the container's endpoint asks for.
#[derive(Clone, Debug)]
pub(in crate::aws) enum ContainerToken {
    Text(Secret),
    File(String),
}

/// The keys that the environment sets, or which one of them is unset.
pub(super) fn environment_keys(environment: &Environment) -> Result<Keys, String> {
    let get = |name: &str| variable(environment, name).map(|setting| setting.value);
    let names =
        [["AWS_ACCESS_KEY_ID", "AWS_ACCESS_KEY"], ["AWS_SECRET_ACCESS_KEY", "AWS_SECRET_KEY"]];
    let [access_key, secret_key] = names.map(|[name, old]| get(name).or_else(|| get(old)));
    match (access_key, secret_key) {
        (Some(access_key), Some(secret_key)) => Ok(Keys {
            access_key,
            secret_key: Secret::new(secret_key),
            token: get("AWS_SESSION_TOKEN").map(Secret::new),
        }),
        (None, None) => Err("neither is set".to_owned()),
        (None, Some(_)) => Err("AWS_ACCESS_KEY_ID is not set".to_owned()),
        (Some(_), None) => Err("AWS_SECRET_ACCESS_KEY is not set".to_owned()),
    }
}

/// The container's credentials, if a variable names an endpoint. The relative one comes first.
///
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html>
pub(super) fn container(environment: &Environment) -> Option<Container> {
    const RELATIVE: &str = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
    let relative = variable(environment, RELATIVE).map(|setting| {
        setting.map(|path| format!("http://169.254.170.2/{}", path.trim_start_matches('/')))
    });
    let uri = relative.or_else(|| variable(environment, "AWS_CONTAINER_CREDENTIALS_FULL_URI"))?;
    let token = variable(environment, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")
        .map(|setting| ContainerToken::File(setting.value))
        .or_else(|| {
            let text = variable(environment, "AWS_CONTAINER_AUTHORIZATION_TOKEN")?.value;
            Some(ContainerToken::Text(Secret::new(text)))
        });
    Some(Container { uri, token })
}

/// The web identity of the environment.
pub(super) fn environment_web_identity(environment: &Environment) -> Option<WebIdentity> {
    let get = |name: &str| variable(environment, name).map(|setting| setting.value);
    Some(WebIdentity {
        role_arn: get("AWS_ROLE_ARN"),
        session_name: get("AWS_ROLE_SESSION_NAME"),
        token: Some(WebIdentityToken::File(get("AWS_WEB_IDENTITY_TOKEN_FILE")?.into())),
        duration: None,
        policy: None,
        policy_arns: Vec::new(),
    })
}

/// The credentials of a profile. `None` if the profile has none.
///
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html>
///
/// # Errors
/// Why the profile cannot be used, although it is meant to have credentials.
pub(super) fn of_profile(
    profiles: &Profiles,
    name: &str,
) -> Result<Option<ProfileIdentity>, String> {
    let (mut roles, mut seen) = (Vec::new(), vec![name.to_owned()]);
    let mut name = name.to_owned();
    loop {
        let get = |key: &str| profiles.get(&name, key);
        let text = |key: &str| get(key).map(|setting| setting.value);
        let role = get("role_arn");
        let web_identity_token = text("web_identity_token_file");
        let source = role.as_ref().and_then(|_| get("source_profile"));
        if let (Some(role), None) = (&role, &web_identity_token) {
            if let Some(device) = get("mfa_serial") {
                return Err(format!(
                    "the role needs the code of an MFA device, and a provider cannot ask for one \
                     ({})",
                    device.source
                ));
            }
            roles.push(assumed(&role.value, &get));
        }
        if let Some(source) = source.filter(|source| source.value != name) {
            let next = source.value.clone();
            if !profiles.has(&next) {
                return Err(format!("the profile {next:?} does not exist ({})", source.source));
            }
            if seen.contains(&next) {
                return Err(format!("source_profile leads back to {next:?} ({})", source.source));
            }
            seen.push(next.clone());
            name = next;
            continue;
        }
        let base = base(profiles, &name, web_identity_token.zip(role.clone()))?;
        roles.reverse();
        return match (base, role) {
            (Some(base), _) => Ok(Some(ProfileIdentity { base, roles })),
            (None, Some(role)) => Err(format!(
                "the role has no source of credentials: set source_profile, credential_source or \
                 web_identity_token_file beside it ({})",
                role.source
            )),
            (None, None) if seen.len() > 1 => Err(format!(
                "the profile {name:?} is named as source_profile and has no credentials"
            )),
            (None, None) => Ok(None),
        };
    }
}

/// Where the first credentials come from, in the order of the AWS SDK for Go.
fn base(
    profiles: &Profiles,
    name: &str,
    web_identity: Option<(String, Setting<String>)>,
) -> Result<Option<Base>, String> {
    let get = |key: &str| profiles.get(name, key);
    let text = |key: &str| get(key).map(|setting| setting.value);
    match (get("aws_access_key_id"), get("aws_secret_access_key")) {
        (Some(access_key), Some(secret_key)) => {
            return Ok(Some(Base::Keys(Keys {
                access_key: access_key.value,
                secret_key: Secret::new(secret_key.value),
                token: text("aws_session_token").map(Secret::new),
            })));
        }
        (Some(one), None) => {
            return Err(format!("aws_secret_access_key is missing beside {}", one.source));
        }
        (None, Some(one)) => {
            return Err(format!("aws_access_key_id is missing beside {}", one.source));
        }
        (None, None) => {}
    }
    if let Some(source) = get("credential_source") {
        return match source.value.to_ascii_lowercase().as_str() {
            "environment" => Ok(Some(Base::Environment)),
            "ec2instancemetadata" => Ok(Some(Base::InstanceMetadata)),
            "ecscontainer" => Ok(Some(Base::Container)),
            _ => Err(format!(
                "{:?} is not a credential_source: use Environment, Ec2InstanceMetadata or \
                 EcsContainer ({})",
                source.value, source.source
            )),
        };
    }
    if let Some((token_file, role)) = web_identity {
        return Ok(Some(Base::WebIdentity(WebIdentity {
            role_arn: Some(role.value),
            session_name: text("role_session_name"),
            token: Some(WebIdentityToken::File(token_file.into())),
            duration: None,
            policy: None,
            policy_arns: Vec::new(),
        })));
    }
    if let Some(sso) = sso(profiles, name)? {
        return Ok(Some(Base::Sso(sso)));
    }
    if let Some(session) = get("login_session") {
        return Err(format!(
            "credentials of `aws login` are not supported; export them with `aws configure \
             export-credentials` ({})",
            session.source
        ));
    }
    Ok(text("credential_process").map(Base::Process))
}

/// A sign-in with IAM Identity Center, through an SSO session or with the keys in the profile.
fn sso(profiles: &Profiles, name: &str) -> Result<Option<Sso>, String> {
    let get = |key: &str| profiles.get(name, key);
    let session = get("sso_session");
    let start_url = get("sso_start_url");
    let Some(first) = session.as_ref().or(start_url.as_ref()) else { return Ok(None) };
    let missing = |key: &str, place: &str| {
        format!("{key} is missing in {place}, which {} needs", first.source)
    };
    let of_profile = format!("the profile {name:?}");
    let need =
        |key: &str| get(key).map(|setting| setting.value).ok_or_else(|| missing(key, &of_profile));
    let (cached_as, region) = match &session {
        Some(session) => {
            let section = format!("sso-session {}", session.value);
            if !profiles.has_section(&section) {
                return Err(format!("there is no section [{section}] ({})", session.source));
            }
            let region = profiles
                .value(&section, "sso_region")
                .ok_or_else(|| missing("sso_region", &format!("[{section}]")))?;
            (session.value.clone(), region.value)
        }
        None => (first.value.clone(), need("sso_region")?),
    };
    Ok(Some(Sso {
        profile: name.to_owned(),
        cached_as,
        is_session: session.is_some(),
        region,
        account_id: need("sso_account_id")?,
        role_name: need("sso_role_name")?,
    }))
}

fn assumed(arn: &str, get: &dyn Fn(&str) -> Option<Setting<String>>) -> Role {
    let text = |key: &str| get(key).map(|setting| setting.value);
    Role {
        arn: arn.to_owned(),
        session_name: text("role_session_name"),
        external_id: text("external_id"),
        duration: text("duration_seconds")
            .and_then(|text| text.parse().ok())
            .map(Duration::from_secs),
        ..Role::default()
    }
}
