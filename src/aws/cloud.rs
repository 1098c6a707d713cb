use std::collections::HashMap;
use std::error::Error as _;
use std::sync::{Mutex, PoisonError};

use aws_config::SdkConfig;
use aws_credential_types::provider::ProvideCredentials;
use tokio::sync::OnceCell;

use super::api::Api;
use super::limiter::Limiter;
use super::{Error, Kind, Region, Settings, TagReads, config, roles};

/// The AWS account as one provider configuration reaches it: settings, credentials, Regions.
///
/// Nothing is loaded, resolved or connected before it is first needed.
pub struct Cloud {
    settings: Settings,
    sdk: OnceCell<SdkConfig>,
    regions: Mutex<HashMap<String, Region>>,
    account: OnceCell<Account>,
}

/// There are no credentials: why, and which of the settings that is about.
#[derive(Clone, Debug)]
pub struct NoCredentials {
    /// Where they were to come from.
    pub source: Source,
    /// Why they did not.
    pub error: Error,
}

/// Where credentials come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Keys, a profile, or what the SDK finds by itself.
    Found,
    /// The role that is taken on with a token of an identity provider.
    WebIdentity,
    /// The role of that place in the settings.
    Role(usize),
}

/// The account the credentials belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The twelve digits.
    pub id: String,
}

impl Cloud {
    /// An account reached with these settings. Makes no call.
    pub fn new(settings: Settings) -> Self {
        Self { settings, sdk: OnceCell::new(), regions: Mutex::default(), account: OnceCell::new() }
    }

    /// The settings it was made with.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The Region for resources that name none: of the settings, else of the environment, the
    /// profile or the instance metadata; none where nobody names one.
    pub async fn default_region(&self) -> Option<String> {
        match &self.settings.region {
            Some(region) => Some(region.clone()),
            None => self.sdk().await.region().map(ToString::to_string),
        }
    }

    /// Makes sure that there are credentials, without using them.
    ///
    /// # Errors
    /// [`Kind::Credentials`] with what each source said, or why a role was not given.
    pub async fn check_credentials(&self) -> Result<(), NoCredentials> {
        let refused = |message: String| NoCredentials {
            source: Source::Found,
            error: Error::local(Kind::Credentials, "finding credentials", "any Region", message),
        };
        // The SDK's HTTP client panics where the system has no root certificates at all.
        if self.settings.http_client.is_none() && !has_root_certificates().await {
            let told = "This machine has no root certificates that could be read, by which AWS would be \
                 known; install them (the package ca-certificates on most systems), or correct \
                 SSL_CERT_FILE and SSL_CERT_DIR";
            let error = Error::local(Kind::Configuration, "connecting to AWS", "any Region", told);
            return Err(NoCredentials { source: Source::Found, error });
        }
        let provider = self
            .sdk()
            .await
            .credentials_provider()
            .ok_or_else(|| refused("no source of credentials is configured".to_owned()))?;
        provider.provide_credentials().await.map_err(|error| {
            let role = std::iter::successors(error.source(), |&cause| cause.source())
                .find_map(|cause| cause.downcast_ref::<roles::Refused>());
            if let Some(roles::Refused { source_of_credentials, error }) = role {
                return NoCredentials { source: *source_of_credentials, error: error.clone() };
            }
            let causes: Vec<String> =
                std::iter::successors(error.source(), |&cause| cause.source())
                    .map(ToString::to_string)
                    .collect();
            refused(match causes.as_slice() {
                [] => error.to_string(),
                causes => format!("{error}: {}", causes.join(": ")),
            })
        })?;
        Ok(())
    }

    /// The account the credentials belong to, asked of STS once.
    ///
    /// # Errors
    /// Whatever STS, or the way to it, refused.
    pub async fn account(&self) -> Result<Account, Error> {
        const OPERATION: &str = "GetCallerIdentity";
        let ask = || async {
            let region = match &self.settings.sts_region {
                Some(region) => region.clone(),
                None => self.default_region().await.unwrap_or_else(|| "us-east-1".to_owned()),
            };
            let client = config::sts(&self.settings, self.sdk().await, &region);
            let answer = client.get_caller_identity().send().await.map_err(|error| {
                Error::from_sdk(OPERATION, &region, config::attempts(&self.settings), &error)
            })?;
            let id = answer.account().ok_or_else(|| {
                Error::local(Kind::Other, OPERATION, &region, "the answer names no account")
            })?;
            Ok(Account { id: id.to_owned() })
        };
        // Boxed, because the SDK's futures are large and this one stands inside many others.
        Box::pin(self.account.get_or_try_init(ask)).await.cloned()
    }

    /// The account, where it was asked for before; makes no call.
    pub fn known_account(&self) -> Option<&Account> {
        self.account.get()
    }

    /// One Region; every call for the same name gives the same queues and connections.
    pub async fn region(&self, name: &str) -> Region {
        let sdk = self.sdk().await;
        // Nothing that can panic runs under the lock.
        let mut regions = self.regions.lock().unwrap_or_else(PoisonError::into_inner);
        regions
            .entry(name.to_owned())
            .or_insert_with(|| {
                let client = config::workspaces(&self.settings, sdk, name);
                let tagging = (self.settings.tag_reads == TagReads::TaggingApi)
                    .then(|| config::tagging(&self.settings, sdk, name));
                let api = Api {
                    client,
                    region: name.to_owned(),
                    attempts: config::attempts(&self.settings),
                    limiter: Limiter::default(),
                };
                Region::new(api, tagging, self.settings.batching)
            })
            .clone()
    }

    async fn sdk(&self) -> &SdkConfig {
        Box::pin(self.sdk.get_or_init(|| config::load(&self.settings))).await
    }
}

async fn has_root_certificates() -> bool {
    // Some hundred small files, or one large one: not on a thread that serves calls.
    let found =
        tokio::task::spawn_blocking(|| !rustls_native_certs::load_native_certs().certs.is_empty());
    found.await.unwrap_or(true)
}
