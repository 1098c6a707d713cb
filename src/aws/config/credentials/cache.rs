use std::future::Future;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::Result;
use tokio::sync::Mutex;

/// How long before their end credentials are not used any more.
const SPARE: Duration = Duration::from_secs(60);

/// Credentials that are asked for once, and again when they are about to end.
#[derive(Debug, Default)]
pub(in crate::aws) struct Kept(Mutex<Option<Credentials>>);

impl Kept {
    /// The credentials that are kept, or those that are asked for; whoever comes meanwhile waits for
    /// the same answer.
    ///
    /// # Errors
    /// Whatever asking gave; it is not kept.
    pub(in crate::aws) async fn or<F: Future<Output = Result>>(
        &self,
        ask: impl FnOnce() -> F,
    ) -> Result {
        let mut kept = self.0.lock().await;
        let lasts = |credentials: &&Credentials| {
            credentials.expiry().is_none_or(|end| end > SystemTime::now() + SPARE)
        };
        if let Some(credentials) = kept.as_ref().filter(lasts) {
            return Ok(credentials.clone());
        }
        let credentials = Box::pin(ask()).await?;
        *kept = Some(credentials.clone());
        Ok(credentials)
    }
}
