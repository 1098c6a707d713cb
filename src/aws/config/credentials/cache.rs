use std::future::Future;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::Result;
use tokio::sync::Mutex;

/// How long before they expire credentials are replaced.
const MARGIN: Duration = Duration::from_secs(60);

/// Credentials that are loaded once, and again shortly before they expire.
#[derive(Debug, Default)]
pub(in crate::aws) struct CredentialsCache(Mutex<Option<Credentials>>);

impl CredentialsCache {
    /// The cached credentials, or newly loaded ones. Callers that come while they are loaded wait
    /// for the same result.
    ///
    /// # Errors
    /// The error of `load`, which is not cached.
    pub(in crate::aws) async fn get_or_load<F: Future<Output = Result>>(
        &self,
        load: impl FnOnce() -> F,
    ) -> Result {
        let mut cached = self.0.lock().await;
        let is_valid = |credentials: &&Credentials| {
            credentials.expiry().is_none_or(|expiry| expiry > SystemTime::now() + MARGIN)
        };
        if let Some(credentials) = cached.as_ref().filter(is_valid) {
            return Ok(credentials.clone());
        }
        // Boxed, because the SDK's futures are large.
        let credentials = Box::pin(load()).await?;
        *cached = Some(credentials.clone());
        Ok(credentials)
    }
}
