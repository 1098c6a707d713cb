use crate::aws::config::access::problem::{Problem, check};
use crate::aws::config::access::profiles::Profiles;
use crate::aws::config::access::source::{Environment, Setting, switch, variable};
use crate::aws::config::settings::Settings;

/// A service that is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::aws) enum Service {
    WorkSpaces,
    Sts,
    Tagging,
    Sso,
    SsoOidc,
}

/// Endpoints other than AWS's own.
#[derive(Clone, Debug, Default)]
pub(in crate::aws) struct Endpoints(Vec<(Service, Setting<String>)>);

const SERVICES: [Service; 5] =
    [Service::WorkSpaces, Service::Sts, Service::Tagging, Service::Sso, Service::SsoOidc];

impl Service {
    /// The name in `AWS_ENDPOINT_URL_…` and, in lower case, in a `services` section.
    ///
    /// <https://docs.aws.amazon.com/sdkref/latest/guide/ss-endpoints-table.html>
    fn id(self) -> &'static str {
        match self {
            Self::WorkSpaces => "WORKSPACES",
            Self::Sts => "STS",
            Self::Tagging => "RESOURCE_GROUPS_TAGGING_API",
            Self::Sso => "SSO",
            Self::SsoOidc => "SSO_OIDC",
        }
    }

    fn argument(self, settings: &Settings) -> Option<&String> {
        match self {
            Self::WorkSpaces => settings.workspaces_endpoint.as_ref(),
            Self::Sts => settings.sts_endpoint.as_ref(),
            Self::Tagging => settings.tagging_endpoint.as_ref(),
            Self::Sso | Self::SsoOidc => None,
        }
    }

    /// Variables of hashicorp/aws, which no setting to ignore endpoints affects.
    fn old_variables(self) -> &'static [&'static str] {
        match self {
            Self::Sts => &["TF_AWS_STS_ENDPOINT", "AWS_STS_ENDPOINT"],
            _ => &[],
        }
    }
}

impl Endpoints {
    /// The endpoints of all services: the block comes before the variable of the service, that of
    /// all services, the profile's service, and the profile.
    ///
    /// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html>
    pub(super) fn resolve(
        settings: &Settings,
        environment: &Environment,
        profiles: &Profiles,
        profile: &str,
    ) -> Self {
        let is_ignored = variable(environment, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
            .and_then(switch)
            .or_else(|| profiles.get(profile, "ignore_configured_endpoint_urls").and_then(switch))
            .is_some_and(|setting| setting.value);
        let configured = |service: Service| {
            let id = service.id();
            let services = profiles.get(profile, "services");
            variable(environment, &format!("AWS_ENDPOINT_URL_{id}"))
                .or_else(|| variable(environment, "AWS_ENDPOINT_URL"))
                .or_else(|| {
                    let section = format!("services {}", services?.value);
                    profiles.nested(&section, &id.to_ascii_lowercase(), "endpoint_url")
                })
                .or_else(|| profiles.get(profile, "endpoint_url"))
        };
        let endpoint = |service: Service| {
            let argument = service.argument(settings).cloned();
            let old =
                || service.old_variables().iter().find_map(|name| variable(environment, name));
            argument
                .map(|url| Setting::argument("endpoints", url))
                .or_else(old)
                .or_else(|| if is_ignored { None } else { configured(service) })
        };
        Self(SERVICES.iter().filter_map(|one| Some((*one, endpoint(*one)?))).collect())
    }

    /// The endpoint of a service, if it is not AWS's own.
    pub(in crate::aws) fn of(&self, service: Service) -> Option<&Setting<String>> {
        self.0.iter().find(|(one, _)| *one == service).map(|(_, setting)| setting)
    }

    /// Each endpoint, and where it is set.
    pub(in crate::aws) fn sources(&self) -> impl Iterator<Item = (&str, String)> {
        self.0.iter().map(|(_, setting)| (setting.value.as_str(), setting.source.to_string()))
    }

    /// What is wrong with them; one problem for each source.
    pub(super) fn problems(&self) -> Vec<Problem> {
        let mut problems: Vec<Problem> = Vec::new();
        for (_, endpoint) in &self.0 {
            if !problems.iter().any(|one| one.source == endpoint.source) {
                problems.extend(check(endpoint, "a service"));
            }
        }
        problems
    }
}
