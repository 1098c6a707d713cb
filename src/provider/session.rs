use std::time::Duration;

use crate::aws::{
    Account, Client, CredentialStep, Error, Kind, has_fips_endpoint, is_known_region,
};
use crate::tf::{Diagnostic, Diagnostics, Path, Value};

use super::Clock;
use super::access_errors::{bad_connection, no_credentials};
use super::config::Configuration;
use super::explain::explain;
use super::recent::Recent;
use super::tags::TagSettings;

/// How long STS may take to tell whether the credentials are good, all attempts included.
const CHECK_PATIENCE: Duration = Duration::from_secs(45);

/// How long STS may take to tell the account id where a resource could do without it.
const ACCOUNT_PATIENCE: Duration = Duration::from_secs(10);

/// The provider once its block is in use: the way to AWS, and the settings that shape resources.
pub(super) struct Session {
    pub(super) configuration: Configuration,
    pub(super) cloud: Client,
    pub(super) clock: Clock,
    pub(super) recent: Recent,
}

impl Session {
    pub(super) fn new(configuration: Configuration, clock: Clock) -> Self {
        let cloud = Client::new(configuration.settings.clone());
        Self { configuration, cloud, clock, recent: Recent::default() }
    }

    pub(super) fn tags(&self) -> &TagSettings {
        &self.configuration.tags
    }

    /// Checks Region, credentials and, unless that is to be skipped, the account.
    pub(super) async fn check(&self) -> Diagnostics {
        let mut diagnostics = Diagnostics::new();
        diagnostics.extend(self.void_arguments());
        if let Err(bad) = self.cloud.check_connection().await {
            let in_block = |name: &str| self.configuration.named.contains(&name);
            diagnostics.push(bad_connection(&bad, in_block));
            return diagnostics;
        }
        if let Some(region) = self.cloud.default_region().await {
            diagnostics.extend(self.check_region(&region));
        } else {
            let detail = "No Region is set anywhere. Set region in the provider block to the \
                          standby Region, or AWS_REGION in the environment, or a region in the \
                          profile.";
            diagnostics.push(Diagnostic::error("No Region", detail).at(Path::attribute("region")));
        }
        if let Err(none) = self.cloud.check_credentials().await {
            let told = no_credentials(&none, &self.configuration);
            if none.step == CredentialStep::NamedProfile {
                // It would have named the Region too.
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
                    " To go on without this check, set skip_credentials_validation = true in the \
                     provider block.",
                );
            }
            diagnostics.push(diagnostic);
        }
        diagnostics
    }

    /// Warnings of arguments that the environment, or other arguments, leave without effect.
    fn void_arguments(&self) -> Vec<Diagnostic> {
        let mut void = self.void_endpoint_kinds();
        if self.configuration.machine_stays_disabled {
            let detail = "AWS_EC2_METADATA_DISABLED is true in the environment, and the machine's \
                          metadata are not asked then, whatever skip_metadata_api_check says. Unset \
                          the variable, or remove the argument.";
            let warning = Diagnostic::warning("Argument without effect", detail);
            void.push(warning.at(Path::attribute("skip_metadata_api_check")));
        }
        void
    }

    /// Warnings of kinds of AWS's endpoints that are asked for beside an endpoint of one's own.
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
                "The provider block names an endpoint for Amazon WorkSpaces, and that is used as it \
                 is. Remove {name}, or the endpoint."
            );
            Diagnostic::warning("Argument without effect", detail).at(Path::attribute(name))
        })
        .collect()
    }

    /// Whether the Region exists, and has what the block asks of it.
    fn check_region(&self, region: &str) -> Option<Diagnostic> {
        if !self.configuration.skip_region_validation && !is_known_region(region) {
            let detail = format!(
                "The provider does not know the Region {region:?}. Correct it where it is set: \
                 region in the provider block, AWS_REGION, or the profile. If the Region is a new \
                 one, set skip_region_validation = true."
            );
            return Some(Diagnostic::error("Unknown Region", detail).at(Path::attribute("region")));
        }
        self.no_fips(region, "use_fips_endpoint")
    }

    /// An error, at an argument, where FIPS endpoints are to be used and the Region has none.
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
             AWS_USE_FIPS_ENDPOINT), or work in one of these Regions."
        );
        Some(Diagnostic::error("No FIPS endpoint", detail).at(Path::attribute(argument)))
    }

    /// Whether the block allows to work on the account.
    fn check_account(&self, account: &Account) -> Option<Diagnostic> {
        let Configuration { allowed_accounts, forbidden_accounts, .. } = &self.configuration;
        let (name, why) = if !allowed_accounts.is_empty() && !allowed_accounts.contains(&account.id)
        {
            ("allowed_account_ids", "is not among")
        } else if forbidden_accounts.contains(&account.id) {
            ("forbidden_account_ids", "is among")
        } else {
            return None;
        };
        let detail = format!(
            "The credentials belong to the account {}, which {why} the {name} of the provider \
             block. Use credentials of another account, or change {name}.",
            account.id
        );
        let refused = Diagnostic::error("AWS account not allowed", detail);
        Some(refused.at(Path::attribute(name)))
    }

    /// The account, or an error where STS does not answer while somebody is looking.
    async fn account_in_time(&self) -> Result<Account, Error> {
        let asked = tokio::time::timeout(CHECK_PATIENCE, self.cloud.account()).await;
        asked.unwrap_or_else(|_elapsed| {
            Err(Error {
                kind: Kind::Unreachable,
                operation: "GetCallerIdentity",
                region: "the provider's Region".to_owned(),
                code: None,
                message: format!("no answer within {} seconds", CHECK_PATIENCE.as_secs()),
                request_id: None,
                attempts: None,
            })
        })
    }

    /// The provider's Region as a planned value: unknown while the block does not say yet.
    pub(super) async fn planned_region(&self) -> Value {
        if self.configuration.unknown.contains(&"region") {
            return Value::Unknown;
        }
        Value::optional_string(self.cloud.default_region().await)
    }

    /// The account, where it may be asked for and can be told.
    ///
    /// It is needed for the ARN and the identity only, and not worth failing a resource for.
    pub(super) async fn account(&self) -> Option<Account> {
        if self.configuration.settings.skip_requesting_account_id {
            return None;
        }
        match tokio::time::timeout(ACCOUNT_PATIENCE, self.cloud.account()).await {
            Ok(Ok(account)) => Some(account),
            Ok(Err(error)) => {
                tracing::warn!(%error, "the account id could not be found out");
                None
            }
            Err(_elapsed) => {
                tracing::warn!("STS did not answer, so the account id is not known");
                None
            }
        }
    }
}
