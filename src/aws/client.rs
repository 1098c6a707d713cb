use std::collections::HashMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};

use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::error::CredentialsError;
use tokio::sync::OnceCell;

use crate::aws::calls::batch::Limits;
use crate::aws::calls::in_flight::{InFlight, Operation};
use crate::aws::calls::limiter::Limiter;
use crate::aws::calls::send::Api;
use crate::aws::config::access::profiles::{Profiles, SharedFile};
use crate::aws::config::access::resolve::{self, Access};
use crate::aws::config::clients::{self, Sdk};
use crate::aws::config::credentials::error::{
    CredentialStep, NoCredentials, NoSuchProfile, NothingFound, RoleRefused, error_chain,
};
use crate::aws::config::credentials::{assume_role, chain, metadata};
use crate::aws::config::settings::{Batching, HttpClient, Settings, TagReads};
use crate::aws::config::{files, http};
use crate::aws::error::causes::find;
use crate::aws::error::transport::BadConnection;
use crate::aws::error::{Error, Kind};
use crate::aws::lock::lock;
use crate::aws::secrets::{remember, remember_external_id};
use crate::aws::workspaces::read_ahead::ReadAhead;
use crate::aws::workspaces::region::Region;
use crate::aws::workspaces::tagging_api::TaggingApi;
use crate::aws::workspaces::types::Account;

/// One provider configuration's way to AWS: the resolved access, credentials, Regions.
///
/// Nothing is read, resolved or connected before it is first needed.
pub struct Client {
    settings: Arc<Settings>,
    access: OnceCell<Arc<Access>>,
    http: OnceCell<Result<(HttpClient, Vec<String>), BadConnection>>,
    sdk: OnceCell<Sdk>,
    regions: Mutex<HashMap<String, Region>>,
    account: OnceCell<Account>,
    in_flight: InFlight,
    /// Changes that this client made in all Regions.
    changes: Arc<AtomicU64>,
}

impl Client {
    /// A client with these settings. Makes no call.
    pub fn new(settings: Settings) -> Self {
        let in_flight = InFlight::new(settings.batching.send_after);
        Self {
            in_flight,
            settings: Arc::new(settings),
            access: OnceCell::new(),
            http: OnceCell::new(),
            sdk: OnceCell::new(),
            regions: Mutex::default(),
            account: OnceCell::new(),
            changes: Arc::default(),
        }
    }

    /// Counts an operation as in flight until the guard is dropped: requests to AWS are sent as soon
    /// as no operation in flight is left that could join them.
    pub fn operation(&self) -> Operation {
        self.in_flight.enter()
    }

    /// Its settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The settings, the environment and the shared files, resolved. The files are read once. Makes
    /// no call.
    pub async fn access(&self) -> &Arc<Access> {
        self.access.get_or_init(|| self.resolve()).await
    }

    async fn resolve(&self) -> Arc<Access> {
        let Settings { environment, .. } = self.settings();
        let mut shared = Vec::new();
        for (kind, path) in resolve::shared_files(&self.settings, environment) {
            let bytes = files::read(&path, files::SHARED_FILE).await;
            shared.push(SharedFile { path, kind, bytes });
        }
        let access = resolve::resolve(&self.settings, environment, Profiles::merge(&shared));
        access.secrets().into_iter().for_each(|secret| remember(&secret));
        access.external_ids(&self.settings).into_iter().for_each(remember_external_id);
        Arc::new(access)
    }

    /// The Region of resources that set none: of the settings, else of the environment, the profile
    /// or the instance metadata. `None` if no Region is set there.
    pub async fn default_region(&self) -> Option<String> {
        match &self.access().await.region {
            Some(region) => Some(region.value.clone()),
            None => self.sdk().await.config.region().map(ToString::to_string),
        }
    }

    /// Checks the connection settings without making a call. Returns what is wrong with
    /// certificates of the bundle that are left out.
    ///
    /// # Errors
    /// What is wrong with the connection settings.
    pub async fn check_connection(&self) -> Result<&[String], BadConnection> {
        self.http().await.as_ref().map(|(_, unusable)| unusable.as_slice()).map_err(Clone::clone)
    }

    /// Checks that there are credentials, without using them.
    ///
    /// # Errors
    /// [`Kind::Credentials`] with what each source returned, or why STS refused a role.
    pub async fn check_credentials(&self) -> Result<(), NoCredentials> {
        let Some(provider) = self.sdk().await.config.credentials_provider() else {
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
        let region = sdk.sts_region();
        let asked = clients::sts(sdk, &region).get_caller_identity().send().await;
        let answer =
            asked.map_err(|error| Error::from_sdk(OPERATION, &region, sdk.attempts(), &error))?;
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
            let attempts = sdk.attempts();
            let Batching { enabled, send_after: window } = settings.batching;
            let limits = Limits { window, maximum: if enabled { usize::MAX } else { 1 } };
            let ahead = ReadAhead::new(&self.changes);
            let tagging = clients::tagging(sdk, name).map(|client| {
                let api = Api::new(client, name, attempts, &limiter, &self.in_flight);
                TaggingApi::new(&api, limits, settings.tag_reads == TagReads::TaggingApi, &ahead)
            });
            let api = |client| Api::new(client, name, attempts, &limiter, &self.in_flight);
            let workspaces = api(clients::workspaces(sdk, name));
            let once = api(clients::workspaces_once(sdk, name));
            Region::new(&workspaces, &once, tagging, limits, &ahead)
        };
        lock(&self.regions).entry(name.to_owned()).or_insert_with(new).clone()
    }

    async fn sdk(&self) -> &Sdk {
        let load = || async {
            let access = Arc::clone(self.access().await);
            let http = match self.http().await {
                Ok((client, _)) => client.clone(),
                Err(error) => http::client::unusable(error.clone()),
            };
            let sdk = Sdk::new(Arc::clone(&self.settings), Arc::clone(&access), http);
            // A profile that does not exist would name the Region too.
            let sdk = match &access.region {
                None if access.may_ask_metadata() => {
                    let endpoint = &access.metadata_endpoint.value;
                    match metadata::region(&sdk.config, endpoint).await {
                        Ok(region) => sdk.with_region(&region),
                        Err(error) => {
                            tracing::debug!(error, "the instance metadata name no Region");
                            sdk
                        }
                    }
                }
                _ => sdk,
            };
            let credentials = chain::credentials(&sdk);
            assume_role::assumed(sdk.with_credentials(credentials))
        };
        Box::pin(self.sdk.get_or_init(load)).await
    }

    async fn http(&self) -> &Result<(HttpClient, Vec<String>), BadConnection> {
        let make = || async {
            match &self.settings.http_client {
                Some(client) => Ok((client.clone(), Vec::new())),
                None => {
                    let access = self.access().await;
                    http::client::client(&access.connection, &access.endpoints).await
                }
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
