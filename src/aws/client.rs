use std::collections::HashMap;
use std::sync::Mutex;

use aws_config::SdkConfig;
use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::error::CredentialsError;
use tokio::sync::OnceCell;

use crate::aws::calls::batch::Limits;
use crate::aws::calls::limiter::Limiter;
use crate::aws::calls::send::Api;
use crate::aws::config::credentials::error::{
    CredentialStep, NoCredentials, NoSuchProfile, NothingFound, RoleRefused, error_chain,
};
use crate::aws::config::settings::{Batching, HttpClient, Settings, TagReads};
use crate::aws::config::{clients, http, sdk};
use crate::aws::error::causes::find;
use crate::aws::error::transport::BadConnection;
use crate::aws::error::{Error, Kind};
use crate::aws::lock::lock;
use crate::aws::workspaces::region::Region;
use crate::aws::workspaces::types::Account;

/// One provider configuration's way to AWS: settings, credentials, Regions.
///
/// Nothing is loaded, resolved or connected before it is first needed.
pub struct Client {
    settings: Settings,
    http: OnceCell<Result<HttpClient, BadConnection>>,
    sdk: OnceCell<SdkConfig>,
    regions: Mutex<HashMap<String, Region>>,
    account: OnceCell<Account>,
}

impl Client {
    /// A client with these settings. Makes no call.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            http: OnceCell::new(),
            sdk: OnceCell::new(),
            regions: Mutex::default(),
            account: OnceCell::new(),
        }
    }

    /// Its settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The Region of resources that set none: of the settings, else of the environment, the profile
    /// or the instance metadata. `None` if no Region is set there.
    pub async fn default_region(&self) -> Option<String> {
        match &self.settings.region {
            Some(region) => Some(region.clone()),
            None => self.sdk().await.region().map(ToString::to_string),
        }
    }

    /// Checks the connection settings without making a call.
    ///
    /// # Errors
    /// What is wrong with the connection settings.
    pub async fn check_connection(&self) -> Result<(), BadConnection> {
        self.http().await.as_ref().map(drop).map_err(Clone::clone)
    }

    /// Checks that there are credentials, without using them.
    ///
    /// # Errors
    /// [`Kind::Credentials`] with what each source returned, or why STS refused a role.
    pub async fn check_credentials(&self) -> Result<(), NoCredentials> {
        let Some(provider) = self.sdk().await.credentials_provider() else {
            let message = "no source of credentials is configured".to_owned();
            return Err(missing(CredentialStep::Chain, message));
        };
        provider.provide_credentials().await.map(drop).map_err(|error| no_credentials(&error))
    }

    /// The account of the credentials; STS is called once.
    ///
    /// # Errors
    /// The error of the call to STS.
    pub async fn account(&self) -> Result<Account, Error> {
        // Boxed, because the SDK's futures are large and this one is part of many others.
        Box::pin(self.account.get_or_try_init(|| self.get_caller_identity())).await.cloned()
    }

    async fn get_caller_identity(&self) -> Result<Account, Error> {
        const OPERATION: &str = "GetCallerIdentity";
        let sdk = self.sdk().await;
        let region = clients::sts_region(&self.settings, sdk);
        let client = clients::sts(&self.settings, sdk, &region);
        let answer = client.get_caller_identity().send().await.map_err(|error| {
            Error::from_sdk(OPERATION, &region, clients::attempts(&self.settings), &error)
        })?;
        let id = answer.account().ok_or_else(|| {
            Error::local(Kind::Other, OPERATION, &region, "the answer names no account")
        })?;
        Ok(Account { id: id.to_owned() })
    }

    /// The account, if STS has already been called. Makes no call.
    pub fn known_account(&self) -> Option<&Account> {
        self.account.get()
    }

    /// One Region. Every call for the same name returns the same queues and connections.
    pub async fn region(&self, name: &str) -> Region {
        let (settings, sdk) = (&self.settings, self.sdk().await);
        let new = || {
            let limiter = Limiter::default();
            let attempts = clients::attempts(settings);
            let tagging = (settings.tag_reads == TagReads::TaggingApi)
                .then(|| clients::tagging(settings, sdk, name))
                .map(|client| Api::new(client, name, attempts, &limiter));
            let api = |client| Api::new(client, name, attempts, &limiter);
            let workspaces = api(clients::workspaces(settings, sdk, name));
            let once = api(clients::workspaces_once(settings, sdk, name));
            let Batching { enabled, send_after: window } = settings.batching;
            let limits = Limits { window, maximum: if enabled { usize::MAX } else { 1 } };
            Region::new(&workspaces, &once, tagging, limits)
        };
        lock(&self.regions).entry(name.to_owned()).or_insert_with(new).clone()
    }

    async fn sdk(&self) -> &SdkConfig {
        let load = || async {
            let client = self.http().await.clone().unwrap_or_else(http::client::unusable);
            sdk::load(&self.settings, client).await
        };
        Box::pin(self.sdk.get_or_init(load)).await
    }

    async fn http(&self) -> &Result<HttpClient, BadConnection> {
        let make = || async {
            match &self.settings.http_client {
                Some(client) => Ok(client.clone()),
                None => http::client::client(&self.settings.connection).await,
            }
        };
        self.http.get_or_init(make).await
    }
}

/// Which step of getting credentials failed, and why.
fn no_credentials(error: &CredentialsError) -> NoCredentials {
    if let Some(RoleRefused { step, error }) = find(error) {
        let none = missing(*step, String::new());
        return NoCredentials { error: error.clone(), ..none };
    }
    if let Some(profile) = find::<NoSuchProfile>(error) {
        return missing(CredentialStep::NamedProfile, profile.to_string());
    }
    if let Some(NothingFound { attempts, sign_in }) = find(error) {
        let message = attempts.last().map(|last| last.message.clone()).unwrap_or_default();
        let none = missing(CredentialStep::Chain, message);
        return NoCredentials { attempts: attempts.clone(), sign_in: sign_in.clone(), ..none };
    }
    missing(CredentialStep::Chain, error_chain(error))
}

fn missing(step: CredentialStep, message: String) -> NoCredentials {
    NoCredentials {
        step,
        error: Error::local(Kind::Credentials, "finding credentials", "any Region", message),
        attempts: Vec::new(),
        sign_in: None,
    }
}
