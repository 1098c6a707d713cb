use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_sdk_workspaces::operation::RequestId;
use aws_sdk_workspaces::types::StandbyWorkspace;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::retry::OnlyIfNotCarriedOut;
use super::tags::sdk_tags;
use super::{DataReplication, Error, Kind, Region, WorkSpace};

const OPERATION: &str = "CreateStandbyWorkspaces";

/// How long to pause before each look for a standby that may or may not have been made. AWS needs a
/// while to show a new WorkSpace; together these are half a minute.
const LOOKS: [Duration; 6] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(3),
    Duration::from_secs(5),
    Duration::from_secs(8),
    Duration::from_secs(11),
];

/// How long a listing of a directory is good enough as proof of what was there. Creations that begin
/// together share one.
const FRESH: Duration = Duration::from_secs(60);

/// How often the request is sent in all when each answer was lost and nothing was found.
const SENDS: usize = 3;

/// How long an answer that is under way is waited for after a stop was asked for.
const GRACE: Duration = Duration::from_millis(1500);

/// A standby to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewStandby {
    /// The WorkSpace it is to stand in for.
    pub primary_id: String,
    /// The Region of that WorkSpace.
    pub primary_region: String,
    /// The directory, in the Region that is asked, to make it in.
    pub directory_id: String,
    /// The KMS key to encrypt its volumes with: id, alias or ARN.
    pub volume_encryption_key: Option<String>,
    /// Whether data is to be copied from the primary.
    pub data_replication: Option<DataReplication>,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
}

/// A standby that AWS has begun to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Its WorkSpace id.
    pub id: String,
    /// The user it is for.
    pub user_name: Option<String>,
    /// Its state, as AWS spells it.
    pub state: Option<String>,
}

/// Why a standby was not made, or why nobody can tell whether it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CreateFailure {
    /// AWS did not make it.
    #[error(transparent)]
    Refused(#[from] Error),
    /// It may exist: these WorkSpaces could be it, none of them provably.
    #[error("{error}, and it is not certain whether the standby was made")]
    Unknown {
        /// The last thing that went wrong.
        error: Error,
        /// The ids of standbys of the same primary in the same directory.
        candidates: Vec<String>,
    },
}

/// What was in each directory shortly before something was to be made there.
///
/// CreateStandbyWorkspaces has no client token, so after a lost answer the only proof that a
/// standby is the one just asked for is that it was not there before.
#[derive(Default)]
pub(super) struct Baselines {
    directories: Mutex<HashMap<String, Arc<Baseline>>>,
    /// The ids that this process knows to belong to other requests.
    claimed: Mutex<HashSet<String>>,
}

/// The last listing of a directory, locked while a new one is made.
type Baseline = tokio::sync::Mutex<Option<Listing>>;

struct Listing {
    at: Instant,
    before: Before,
}

/// The ids in a directory; nothing where it could not be listed.
type Before = Option<Arc<HashSet<String>>>;

/// What one sending of the request led to.
enum Answer {
    Accepted(Accepted),
    Refused(Error),
    /// The answer was lost, or says neither that it was accepted nor that it was refused.
    Unclear(Error),
}

impl Region {
    /// Asks for one standby and returns as soon as AWS has given it an id.
    ///
    /// A request whose answer was lost is not blindly repeated: first the directory is searched for
    /// a standby of the same primary. One that was not there before, that carries the tags asked
    /// for, and that no other request of this process made, is taken for the one asked for.
    ///
    /// <https://docs.aws.amazon.com/workspaces/latest/api/API_CreateStandbyWorkspaces.html>
    ///
    /// # Errors
    /// [`CreateFailure::Refused`] where AWS certainly made nothing, [`CreateFailure::Unknown`]
    /// where it may have. A stop that is asked for in the middle ends the call within two seconds.
    pub async fn create(
        &self,
        new: &NewStandby,
        stop: &CancellationToken,
    ) -> Result<Accepted, CreateFailure> {
        let before = tokio::select! {
            biased;
            () = stop.cancelled() => return Err(self.stopped().into()),
            before = self.what_was_there(&new.directory_id) => before,
        };
        let mut uncertain: Option<Error> = None;
        for _ in 0..SENDS {
            if stop.is_cancelled() {
                break;
            }
            let answer = tokio::select! {
                biased;
                answer = self.send(new) => answer,
                () = after_grace(stop) => {
                    // The answer may still come, but nobody will be there to take it.
                    return Err(self.unknown(new, self.stopped(), stop).await);
                }
            };
            match answer {
                Answer::Accepted(accepted) => {
                    lock(&self.0.baselines.claimed).insert(accepted.id.clone());
                    return Ok(accepted);
                }
                Answer::Refused(error) if uncertain.is_none() => return Err(error.into()),
                // After an unclear first attempt a refusal may only mean that it had succeeded.
                Answer::Refused(error) => {
                    return match self.look(new, &before, stop).await {
                        Some(found) => Ok(found),
                        None => Err(self.unknown(new, error, stop).await),
                    };
                }
                Answer::Unclear(error) => {
                    tracing::warn!(%error, primary = new.primary_id, "the outcome is uncertain, looking");
                    if let Some(found) = self.look(new, &before, stop).await {
                        return Ok(found);
                    }
                    let others = self.candidates_unless(stop, new).await;
                    if error.kind != Kind::Ambiguous || !others.is_empty() {
                        return Err(unknown(error, others));
                    }
                    uncertain = Some(error);
                }
            }
        }
        match uncertain {
            Some(error) => Err(self.unknown(new, error, stop).await),
            // Stopped before anything was sent.
            None => Err(self.stopped().into()),
        }
    }

    /// Sends the request once (throttling and connections that were never made aside).
    async fn send(&self, new: &NewStandby) -> Answer {
        let name = &self.0.name;
        let tags = match sdk_tags(OPERATION, name, &new.tags) {
            Ok(tags) => (!tags.is_empty()).then_some(tags),
            Err(error) => return Answer::Refused(error),
        };
        let item = StandbyWorkspace::builder()
            .primary_workspace_id(&new.primary_id)
            .directory_id(&new.directory_id)
            .set_volume_encryption_key(new.volume_encryption_key.clone())
            .set_data_replication(new.data_replication.map(|setting| setting.as_str().into()))
            .set_tags(tags)
            .build();
        let item = match item {
            Ok(item) => item,
            Err(error) => {
                let error = Error::local(Kind::Configuration, OPERATION, name, error.to_string());
                return Answer::Refused(error);
            }
        };
        let careful =
            aws_sdk_workspaces::config::Config::builder().retry_classifier(OnlyIfNotCarriedOut);
        let answer = self
            .0
            .client
            .create_standby_workspaces()
            .primary_region(&new.primary_region)
            .standby_workspaces(item)
            .customize()
            .config_override(careful)
            .send()
            .await;
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => {
                let error = Error::from_sdk(OPERATION, name, self.0.attempts, &error);
                return if error.kind == Kind::Ambiguous {
                    Answer::Unclear(error)
                } else {
                    Answer::Refused(error)
                };
            }
        };
        let request_id = answer.request_id().map(str::to_owned);
        let local = |kind, message: String| Error {
            request_id: request_id.clone(),
            ..Error::local(kind, OPERATION, name, message)
        };
        if let Some(pending) = answer.pending_standby_requests().first()
            && let Some(id) = pending.workspace_id()
        {
            return Answer::Accepted(Accepted {
                id: id.to_owned(),
                user_name: pending.user_name().map(str::to_owned),
                state: pending.state().map(|state| state.as_str().to_owned()),
            });
        }
        if let Some(failed) = answer.failed_standby_requests().first() {
            let code = failed.error_code();
            let message = failed.error_message().unwrap_or("AWS gave no reason").to_owned();
            return Answer::Refused(Error {
                code: code.map(str::to_owned),
                ..local(kind_of_item(code.unwrap_or_default()), message)
            });
        }
        Answer::Unclear(local(
            Kind::Other,
            "AWS answered neither that the standby is being made nor that it was refused"
                .to_owned(),
        ))
    }

    /// The ids that are in the directory before a request is sent, at most [`FRESH`] old.
    async fn what_was_there(&self, directory_id: &str) -> Before {
        let baseline = self.baseline(directory_id);
        let mut last = baseline.lock().await;
        if let Some(listing) = last.as_ref().filter(|listing| listing.at.elapsed() < FRESH) {
            return listing.before.clone();
        }
        let before = match self.of_directory(directory_id).await {
            Ok(found) => Some(Arc::new(found.into_iter().map(|workspace| workspace.id).collect())),
            Err(error) => {
                // Not worth failing for: it only matters after a lost answer, and then means that
                // nothing can be proven.
                tracing::debug!(%error, "the directory could not be listed before creating");
                None
            }
        };
        *last = Some(Listing { at: Instant::now(), before: before.clone() });
        before
    }

    fn baseline(&self, directory_id: &str) -> Arc<Baseline> {
        Arc::clone(lock(&self.0.baselines.directories).entry(directory_id.to_owned()).or_default())
    }

    /// Looks for the standby that may have been made until it is found, time is up or a stop is
    /// asked for.
    async fn look(
        &self,
        new: &NewStandby,
        before: &Before,
        stop: &CancellationToken,
    ) -> Option<Accepted> {
        tokio::select! {
            biased;
            () = stop.cancelled() => None,
            found = self.look_patiently(new, before) => found,
        }
    }

    async fn look_patiently(&self, new: &NewStandby, before: &Before) -> Option<Accepted> {
        for pause in LOOKS {
            tokio::time::sleep(pause).await;
            for found in self.candidates(new).await {
                if self.is_provably(new, &found, before).await
                    && lock(&self.0.baselines.claimed).insert(found.id.clone())
                {
                    let WorkSpace { id, user_name, state, .. } = found;
                    return Some(Accepted { id, user_name, state });
                }
            }
        }
        None
    }

    /// The standbys of the same primary in the same directory that are not ending.
    async fn candidates(&self, new: &NewStandby) -> Vec<WorkSpace> {
        self.standbys_of(&new.primary_id, &new.directory_id).await.unwrap_or_default()
    }

    /// The standbys of a primary in a directory that are not ending.
    ///
    /// # Errors
    /// Whatever AWS, or the way to it, refused.
    pub async fn standbys_of(
        &self,
        primary_id: &str,
        directory_id: &str,
    ) -> Result<Vec<WorkSpace>, Error> {
        let mut found = self.of_directory(directory_id).await?;
        found.retain(|workspace| {
            workspace.primary.as_ref().is_some_and(|primary| primary.id == primary_id)
                && !matches!(workspace.state(), "TERMINATING" | "TERMINATED")
        });
        Ok(found)
    }

    /// The same, or none where a stop is asked for before they are known.
    async fn candidates_unless(
        &self,
        stop: &CancellationToken,
        new: &NewStandby,
    ) -> Vec<WorkSpace> {
        tokio::select! {
            biased;
            () = stop.cancelled() => Vec::new(),
            found = self.candidates(new) => found,
        }
    }

    async fn is_provably(&self, new: &NewStandby, found: &WorkSpace, before: &Before) -> bool {
        before.as_ref().is_some_and(|before| !before.contains(&found.id))
            && !lock(&self.0.baselines.claimed).contains(&found.id)
            && self.tags(&found.id).await.is_ok_and(|mut tags| {
                tags.retain(|key, _| !key.starts_with("aws:"));
                tags == new.tags
            })
    }

    async fn unknown(
        &self,
        new: &NewStandby,
        error: Error,
        stop: &CancellationToken,
    ) -> CreateFailure {
        unknown(error, self.candidates_unless(stop, new).await)
    }

    fn stopped(&self) -> Error {
        Error::local(Kind::Stopped, OPERATION, &self.0.name, "Terraform asked to stop")
    }
}

fn unknown(error: Error, candidates: Vec<WorkSpace>) -> CreateFailure {
    let candidates: BTreeSet<String> =
        candidates.into_iter().map(|workspace| workspace.id).collect();
    CreateFailure::Unknown { error, candidates: candidates.into_iter().collect() }
}

async fn after_grace(stop: &CancellationToken) {
    stop.cancelled().await;
    tokio::time::sleep(GRACE).await;
}

/// The codes inside FailedStandbyRequests are free text; these parts are those that the modelled
/// exceptions share.
fn kind_of_item(code: &str) -> Kind {
    let parts = [
        ("Exists", Kind::AlreadyExists),
        ("LimitExceeded", Kind::LimitExceeded),
        ("NotFound", Kind::NotFound),
        ("Unavailable", Kind::Unavailable),
        ("NotSupported", Kind::NotSupported),
        ("Unsupported", Kind::NotSupported),
        ("AccessDenied", Kind::AccessDenied),
        ("InvalidParameter", Kind::InvalidParameter),
    ];
    parts.into_iter().find(|(part, _)| code.contains(part)).map_or(Kind::Other, |(_, kind)| kind)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing that can panic runs under these locks.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
