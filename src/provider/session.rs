use std::time::Duration;

use crate::aws::{
    Account, Client, CredentialStep, Error, Kind, has_fips_endpoint, is_known_region,
};
use crate::tf::{Diagnostic, Diagnostics, Path};

use super::access_errors::{bad_connection, no_credentials};
use super::attr::Attr;
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
        }
    }

    pub(super) fn tags(&self) -> &TagSettings {
        &self.configuration.tags
    }

    /// Checks Region, credentials and, unless that is to be skipped, the account.
    pub(super) async fn check(&self) -> Diagnostics {
        let mut diagnostics = Diagnostics::new();
        diagnostics.extend(self.void_arguments());
        if let Err(bad) = self.client.check_connection().await {
            let in_block = |name: &str| self.configuration.named.contains(&name);
            diagnostics.push(bad_connection(&bad, in_block));
            return diagnostics;
        }
        if let Some(region) = self.client.default_region().await {
            diagnostics.extend(self.check_region(&region));
        } else {
            let detail = "Set region in the provider block to the standby Region, or AWS_REGION in \
                          the environment, or a region in the profile.";
            diagnostics.push(Diagnostic::error("No Region", detail).at(Path::attribute("region")));
        }
        if let Err(none) = self.client.check_credentials().await {
            let told = no_credentials(&none, &self.configuration);
            if none.step == CredentialStep::NamedProfile {
                // The profile would have set the Region too.
                return told.into();
            }
            diagnostics.push(told);
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

    /// Warnings about arguments that the environment or other arguments override.
    fn void_arguments(&self) -> Vec<Diagnostic> {
        let mut void = self.void_endpoint_kinds();
        if self.configuration.machine_stays_disabled {
            let detail = "AWS_EC2_METADATA_DISABLED is true in the environment and overrides \
                          skip_metadata_api_check: the EC2 instance metadata service is not used. \
                          Unset the variable, or remove the argument.";
            let warning = Diagnostic::warning("Argument has no effect", detail);
            void.push(warning.at(Path::attribute("skip_metadata_api_check")));
        }
        void
    }

    /// Warnings about kinds of AWS endpoints that a custom endpoint overrides.
    fn void_endpoint_kinds(&self) -> Vec<Diagnostic> {
        let settings = &self.configuration.settings;
        let kinds = [
            ("use_fips_endpoint", settings.use_fips),
            ("use_dualstack_endpoint", settings.use_dualstack),
        ];
        let void = kinds
            .into_iter()
            .filter(|(_, set)| *set == Some(true) && settings.workspaces_endpoint.is_some());
        void.map(|(name, _)| {
            let detail = format!(
                "A custom endpoint is set for Amazon WorkSpaces, which overrides {name}. Remove one \
                 of the two."
            );
            Diagnostic::warning("Argument has no effect", detail).at(Path::attribute(name))
        })
        .collect()
    }

    /// Checks that the Region exists and has the endpoints that the block asks for.
    fn check_region(&self, region: &str) -> Option<Diagnostic> {
        if !self.configuration.skip_region_validation && !is_known_region(region) {
            let detail = format!(
                "The provider does not know the Region {region:?}. Correct region in the provider \
                 block, AWS_REGION, or the profile. If the Region is new, set \
                 skip_region_validation = true."
            );
            return Some(Diagnostic::error("Unknown Region", detail).at(Path::attribute("region")));
        }
        self.no_fips(region, "use_fips_endpoint")
    }

    /// An error, at an argument, if FIPS endpoints are requested and the Region has none.
    pub(super) fn no_fips(&self, region: &str, argument: &str) -> Option<Diagnostic> {
        let settings = &self.configuration.settings;
        if settings.use_fips != Some(true)
            || settings.workspaces_endpoint.is_some()
            || has_fips_endpoint(region)
        {
            return None;
        }
        let detail = format!(
            "Amazon WorkSpaces has no FIPS endpoint in {region}. It has one in us-east-1, \
             us-west-2, us-gov-east-1 and us-gov-west-1. Remove use_fips_endpoint (or \
             AWS_USE_FIPS_ENDPOINT), or use one of these Regions."
        );
        Some(Diagnostic::error("No FIPS endpoint", detail).at(Path::attribute(argument)))
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
                tracing::warn!(%error, "the account id could not be determined");
                None
            }
            Err(_elapsed) => {
                tracing::warn!("STS did not answer, so the account id is not known");
                None
            }
        }
    }
}
