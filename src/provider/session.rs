use std::time::Duration;

use crate::aws::{
    Access, Account, Client, CredentialStep, Error, Kind, Problem, Setting, Source, check_settings,
    has_fips_endpoint, is_known_region,
};
use crate::tf::{Diagnostic, Diagnostics, Path};

use super::access_errors::{bad_connection, no_credentials};
use super::attr::Attr;
use super::claims::Claims;
use super::clock::Clock;
use super::config::Configuration;
use super::explain::explain;
use super::recent::Recent;
use super::tags::TagSettings;
use super::twice::Planned;

/// How long STS may take to check the credentials, all attempts included.
const CHECK_PATIENCE: Duration = Duration::from_secs(45);

/// How long STS may take to return the account id when it is not essential.
const ACCOUNT_PATIENCE: Duration = Duration::from_secs(10);

/// A configured provider: the client of AWS, and the settings that resources depend on.
pub(super) struct Session {
    pub(super) configuration: Configuration,
    pub(super) client: Client,
    pub(super) clock: Clock,
    pub(super) recent: Recent,
    pub(super) planned: Planned,
    pub(super) claims: Claims,
}

impl Session {
    pub(super) fn new(configuration: Configuration, clock: Clock) -> Self {
        let client = Client::new(configuration.settings.clone());
        Self {
            configuration,
            client,
            clock,
            recent: Recent::default(),
            planned: Planned::default(),
            claims: Claims::default(),
        }
    }

    pub(super) fn tags(&self) -> &TagSettings {
        &self.configuration.tags
    }

    /// Checks Region, credentials and, unless that is to be skipped, the account.
    pub(super) async fn check(&self) -> Diagnostics {
        let mut diagnostics = Diagnostics::new();
        let access = self.client.access().await;
        diagnostics.extend(access.problems.iter().map(problem));
        if diagnostics.has_errors() {
            return diagnostics;
        }
        diagnostics.extend(void_endpoint_kinds(access));
        match self.client.check_connection().await {
            Ok(unusable) => diagnostics.extend(unusable_certificates(unusable, access)),
            Err(bad) => {
                diagnostics.push(bad_connection(&bad));
                return diagnostics;
            }
        }
        let credentials = self.client.check_credentials().await;
        if let Err(none) = &credentials
            && none.step == CredentialStep::NamedProfile
        {
            // The profile would have set the Region too.
            diagnostics.push(no_credentials(none, &self.configuration, access));
            return diagnostics;
        }
        if let Some(region) = self.client.default_region().await {
            diagnostics.extend(self.check_region(&region, access));
        } else {
            let detail = "Set region in the provider block to the standby Region, or AWS_REGION in \
                          the environment, or a region in the profile.";
            diagnostics.push(Diagnostic::error("No Region", detail).at(Path::attribute("region")));
        }
        if let Err(none) = &credentials {
            diagnostics.push(no_credentials(none, &self.configuration, access));
        }
        let accounts_matter = !self.configuration.allowed_accounts.is_empty()
            || !self.configuration.forbidden_accounts.is_empty();
        if diagnostics.has_errors()
            || (self.configuration.skip_credentials_validation && !accounts_matter)
        {
            return diagnostics;
        }
        let account = self.account_in_time().await;
        if let Ok(account) = &account {
            diagnostics.extend(self.check_account(account));
        }
        if let Err(error) = account {
            let mut diagnostic = explain("check the credentials", &error);
            if error.kind != Kind::Credentials && !accounts_matter {
                diagnostic.detail.push_str(
                    " To continue without this check, set skip_credentials_validation = true in \
                     the provider block.",
                );
            }
            diagnostics.push(diagnostic);
        }
        diagnostics
    }

    /// Checks that the Region exists and has the endpoints that the settings ask for.
    fn check_region(&self, region: &str, access: &Access) -> Option<Diagnostic> {
        let source = access.region.as_ref().map_or(&Source::InstanceMetadata, |one| &one.source);
        if !self.configuration.skip_region_validation && !is_known_region(region) {
            return Some(unknown_region(region, source));
        }
        self.no_fips(region, access).map(|(diagnostic, source)| at(diagnostic, &source))
    }

    /// An error, and its source, if FIPS endpoints are requested and the Region has none.
    fn no_fips(&self, region: &str, access: &Access) -> Option<(Diagnostic, Source)> {
        let fips = access.use_fips.as_ref().filter(|fips| fips.value)?;
        if access.workspaces_endpoint().is_some() || has_fips_endpoint(region) {
            return None;
        }
        let detail = format!(
            "Amazon WorkSpaces has no FIPS endpoint in {region}. It has one in us-east-1, \
             us-west-2, us-gov-east-1 and us-gov-west-1. Use one of these Regions, or remove the \
             setting: {}.",
            fips.source
        );
        Some((Diagnostic::error("No FIPS endpoint", detail), fips.source.clone()))
    }

    /// The same at an argument of a resource.
    pub(super) async fn no_fips_at(&self, region: &str, argument: &str) -> Option<Diagnostic> {
        let (diagnostic, _) = self.no_fips(region, self.client.access().await)?;
        Some(diagnostic.at(Path::attribute(argument)))
    }

    /// Checks the account against the allowed and forbidden ones.
    fn check_account(&self, account: &Account) -> Option<Diagnostic> {
        let Configuration { allowed_accounts, forbidden_accounts, .. } = &self.configuration;
        let (name, why) = if !allowed_accounts.is_empty() && !allowed_accounts.contains(&account.id)
        {
            ("allowed_account_ids", "is not in")
        } else if forbidden_accounts.contains(&account.id) {
            ("forbidden_account_ids", "is in")
        } else {
            return None;
        };
        let detail = format!(
            "The credentials belong to the account {}, which {why} {name} of the provider block. \
             Use credentials of another account, or change {name}.",
            account.id
        );
        let refused = Diagnostic::error("AWS account not allowed", detail);
        Some(refused.at(Path::attribute(name)))
    }

    /// The account, or an error if STS does not answer in time.
    async fn account_in_time(&self) -> Result<Account, Error> {
        let asked = tokio::time::timeout(CHECK_PATIENCE, self.client.account()).await;
        asked.unwrap_or_else(|_elapsed| {
            let message = format!("no answer within {} seconds", CHECK_PATIENCE.as_secs());
            let (operation, region) = ("GetCallerIdentity", "the provider's Region");
            Err(Error::local(Kind::Unreachable, operation, region, message))
        })
    }

    /// The provider's Region as a planned value: unknown while the provider block is.
    pub(super) async fn planned_region(&self) -> Attr<String> {
        if self.configuration.unknown.contains(&"region") {
            return Attr::Unknown;
        }
        self.client.default_region().await.into()
    }

    /// The account, if it was asked for before and may be used; makes no call.
    pub(super) fn known_account(&self) -> Option<&Account> {
        let skip = self.configuration.settings.skip_requesting_account_id;
        self.client.known_account().filter(|_| !skip)
    }

    /// The account of the credentials where something depends on it; `None` if it may not be asked for.
    ///
    /// # Errors
    /// STS does not tell it.
    pub(super) async fn certain_account(&self) -> Result<Option<Account>, Error> {
        match self.configuration.settings.skip_requesting_account_id {
            true => Ok(None),
            false => self.account_in_time().await.map(Some),
        }
    }

    /// The account, if it may be asked for and STS tells it.
    ///
    /// Only the ARN and the identity need it, so a failure here does not fail a resource.
    pub(super) async fn account(&self) -> Option<Account> {
        if self.configuration.settings.skip_requesting_account_id {
            return None;
        }
        match tokio::time::timeout(ACCOUNT_PATIENCE, self.client.account()).await {
            Ok(Ok(account)) => Some(account),
            Ok(Err(error)) => {
                tracing::warn!(%error, "the account ID could not be determined");
                None
            }
            Err(_elapsed) => {
                tracing::warn!("STS did not answer, so the account ID is not known");
                None
            }
        }
    }
}

/// At the argument, if the provider block is to blame.
fn at(diagnostic: Diagnostic, source: &Source) -> Diagnostic {
    match source {
        Source::Argument(name) => diagnostic.at(Path::attribute(*name)),
        _ => diagnostic,
    }
}

/// What is wrong with a provider block alone, as far as it is known: no environment, no file and no
/// network is needed to see it.
pub(super) fn problems(configuration: &Configuration) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> =
        check_settings(&configuration.settings).iter().map(problem).collect();
    let region = configuration.settings.region.as_deref();
    let is_known = configuration.skip_region_validation || region.is_none_or(is_known_region);
    if let Some(region) = region.filter(|_| !is_known) {
        found.push(unknown_region(region, &Source::Argument("region")));
    }
    found
}

fn unknown_region(region: &str, source: &Source) -> Diagnostic {
    let detail = format!(
        "{} is {region:?}, a Region that the provider does not know. Correct it. If the Region is \
         new, set skip_region_validation = true.",
        source.sentence_start()
    );
    at(Diagnostic::error("Unknown Region", detail), source)
}

fn problem(problem: &Problem) -> Diagnostic {
    at(Diagnostic::error(problem.summary.clone(), problem.detail.clone()), &problem.source)
}

/// Warnings of kinds of AWS's endpoints that are asked for together with an endpoint of one's own.
fn void_endpoint_kinds(access: &Access) -> Vec<Diagnostic> {
    let Some(endpoint) = access.workspaces_endpoint() else { return Vec::new() };
    let kinds = [&access.use_fips, &access.use_dualstack].into_iter().flatten();
    let warning = |kind: &Setting<bool>| {
        let detail = format!(
            "The endpoint of Amazon WorkSpaces is set ({}) and is used unchanged, so {} has no \
             effect. Remove one of them.",
            endpoint.source, kind.source
        );
        at(Diagnostic::warning("Setting has no effect", detail), &kind.source)
    };
    kinds.filter(|kind| kind.value).map(warning).collect()
}

/// One warning for certificates of the bundle that are left out.
fn unusable_certificates(unusable: &[String], access: &Access) -> Option<Diagnostic> {
    let bundle = access.connection.ca_bundle.as_ref().filter(|_| !unusable.is_empty())?;
    let detail = format!(
        "The file {:?}, which {} names, has certificates that cannot be used: {}. The provider \
         ignores them. Remove or replace them.",
        bundle.value,
        bundle.source,
        unusable.join("; ")
    );
    Some(at(Diagnostic::warning("Certificates ignored", detail), &bundle.source))
}
