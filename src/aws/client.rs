use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use aws_config::SdkConfig;
use aws_credential_types::provider::ProvideCredentials;
use tokio::sync::OnceCell;

use crate::aws::calls::limiter::Limiter;
use crate::aws::calls::send::Api;
use crate::aws::config::credentials::assume_role;
use crate::aws::config::credentials::chain::{self, NoSuchProfile, NothingFound, Tried};
use crate::aws::config::http::client::{self, BadConnection};
use crate::aws::config::sdk;
use crate::aws::config::settings::HttpClient;
use crate::aws::config::settings::{Settings, TagReads};
use crate::aws::error::causes;
use crate::aws::error::{Error, Kind};
use crate::aws::workspaces::region::Region;

/// The AWS account as one provider configuration reaches it: settings, credentials, Regions.
///
/// Nothing is loaded, resolved or connected before it is first needed.
pub struct Cloud {
    settings: Settings,
    http: OnceCell<Result<HttpClient, BadConnection>>,
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
    /// Where they were looked for, in that order; empty where it did not come to that.
    pub tried: Vec<Tried>,
    /// The command that signs in again, where a profile that signs in failed.
    pub sign_in: Option<String>,
}

/// Where credentials come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Keys, a profile, or whatever else gives credentials.
    Found,
    /// The profile that is named, which does not exist.
    Profile,
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
        Self {
            settings,
            http: OnceCell::new(),
            sdk: OnceCell::new(),
            regions: Mutex::default(),
            account: OnceCell::new(),
        }
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

    /// Makes sure that calls can be made at all, without making one.
    ///
    /// # Errors
    /// What is wrong with the settings for connections.
    pub async fn check_connection(&self) -> Result<(), BadConnection> {
        self.http().await.as_ref().map(drop).map_err(Clone::clone)
    }

    /// Makes sure that there are credentials, without using them.
    ///
    /// # Errors
    /// [`Kind::Credentials`] with what each place said, or why a role was not given.
    pub async fn check_credentials(&self) -> Result<(), NoCredentials> {
        let refused = |source, message: String| NoCredentials {
            source,
            error: Error::local(Kind::Credentials, "finding credentials", "any Region", message),
            tried: Vec::new(),
            sign_in: None,
        };
        let provider = self.sdk().await.credentials_provider().ok_or_else(|| {
            refused(Source::Found, "no source of credentials is configured".to_owned())
        })?;
        let error = match provider.provide_credentials().await {
            Ok(_) => return Ok(()),
            Err(error) => error,
        };
        for cause in causes(&error) {
            if let Some(refusal) = cause.downcast_ref::<assume_role::Refused>() {
                let assume_role::Refused { source_of_credentials, error } = refusal.clone();
                let none = refused(source_of_credentials, String::new());
                return Err(NoCredentials { error, ..none });
            }
            if let Some(missing) = cause.downcast_ref::<NoSuchProfile>() {
                return Err(refused(Source::Profile, missing.to_string()));
            }
            if let Some(NothingFound { tried, sign_in }) = cause.downcast_ref::<NothingFound>() {
                let said = tried.last().map(|last| last.said.clone()).unwrap_or_default();
                let none = refused(Source::Found, said);
                return Err(NoCredentials {
                    tried: tried.clone(),
                    sign_in: sign_in.clone(),
                    ..none
                });
            }
        }
        Err(refused(Source::Found, chain::said(&error)))
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
            let client = sdk::sts(&self.settings, self.sdk().await, &region);
            let answer = client.get_caller_identity().send().await.map_err(|error| {
                Error::from_sdk(OPERATION, &region, sdk::attempts(&self.settings), &error)
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
                let client = sdk::workspaces(&self.settings, sdk, name);
                let tagging = (self.settings.tag_reads == TagReads::TaggingApi)
                    .then(|| sdk::tagging(&self.settings, sdk, name));
                let api = Api {
                    client,
                    region: name.to_owned(),
                    attempts: sdk::attempts(&self.settings),
                    limiter: Limiter::default(),
                };
                Region::new(api, tagging, self.settings.batching)
            })
            .clone()
    }

    async fn sdk(&self) -> &SdkConfig {
        let load = || async {
            let client = self.http().await.clone().unwrap_or_else(client::unusable);
            sdk::load(&self.settings, client).await
        };
        Box::pin(self.sdk.get_or_init(load)).await
    }

    async fn http(&self) -> &Result<HttpClient, BadConnection> {
        let make = || async {
            match &self.settings.http_client {
                Some(client) => Ok(client.clone()),
                None => client::client(&self.settings.connection).await,
            }
        };
        self.http.get_or_init(make).await
    }
}
