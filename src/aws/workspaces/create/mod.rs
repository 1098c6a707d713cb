mod match_ids;
mod recover;
mod request;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::aws::error::{Error, Kind};
use crate::aws::workspaces::region::Region;
use crate::aws::workspaces::types::{DataReplication, WorkSpace};

use match_ids::Paired;
pub(in crate::aws) use recover::Baselines;
use request::Answer;
pub(in crate::aws) use request::{Handed, MOST_STANDBYS, Order, Together, send};

const OPERATION: &str = "CreateStandbyWorkspaces";

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
    /// How DescribeWorkspaces showed it, where it was looked at already.
    pub shown: Option<Box<WorkSpace>>,
}

impl Accepted {
    /// A standby that was looked at.
    fn seen(workspace: WorkSpace) -> Self {
        let WorkSpace { id, user_name, state, .. } = workspace.clone();
        Self { id, user_name, state, shown: Some(Box::new(workspace)) }
    }
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
    /// AWS makes it, together with others, and which of these WorkSpaces it is was not found out.
    #[error("{error}, and it is not certain which WorkSpace is the standby")]
    OneOf {
        /// What went wrong while finding it out.
        error: Error,
        /// The ids that it may be.
        candidates: Vec<String>,
    },
}

/// How a request that was sent, or was to be sent, ended.
enum Sending {
    Answered(Answer),
    /// A stop was asked for before it was sent.
    Withdrawn,
    /// A stop was asked for, and the answer did not come in time.
    GivenUp,
}

/// Withdraws an order when its caller goes.
struct Leaving<'a>(&'a Order);

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        self.0.withdraw();
    }
}

impl Region {
    /// Asks for one standby and returns as soon as its id is known.
    ///
    /// Requests of the same moment, for the same directory and primary Region, travel in one call.
    /// The answer to such a call does not say which id is whose; then they are looked at.
    ///
    /// A request whose answer was lost is not blindly repeated: first the directory is searched for
    /// a standby of the same primary. One that was not there before, that carries the tags asked
    /// for, and that no other request of this process made, is taken for the one asked for.
    ///
    /// <https://docs.aws.amazon.com/workspaces/latest/api/API_CreateStandbyWorkspaces.html>
    ///
    /// # Errors
    /// [`CreateFailure::Refused`] where AWS certainly made nothing, [`CreateFailure::Unknown`]
    /// where it may have, [`CreateFailure::OneOf`] where it did and the id was not found out before
    /// the deadline. A stop that is asked for in the middle ends the call within two seconds.
    pub async fn create(
        &self,
        new: &NewStandby,
        deadline: Instant,
        stop: &CancellationToken,
    ) -> Result<Accepted, CreateFailure> {
        let before = tokio::select! {
            biased;
            () = stop.cancelled() => return Err(self.stopped().into()),
            before = self.what_was_there(&new.directory_id) => before,
        };
        let mut uncertain: Option<Error> = None;
        for _ in 0..SENDS {
            let mut answer = match self.order(new, stop).await {
                Sending::Answered(answer) => answer,
                Sending::Withdrawn => break,
                Sending::GivenUp => return Err(self.unknown(new, self.stopped(), stop).await),
            };
            if let Answer::OneOf(pairing) = &answer {
                let ids = pairing.ids();
                self.claim(ids.iter().map(String::as_str));
                answer = match self.pair(pairing, deadline, stop).await? {
                    Paired::Ours(accepted) => Answer::Accepted(accepted),
                    Paired::NoneIsOurs(error) => Answer::Unclear(error),
                };
            }
            match answer {
                Answer::Accepted(accepted) => {
                    self.claim([accepted.id.as_str()].into_iter());
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
                    // A program that has just shown a fault of its own adopts nothing.
                    if error.kind != Kind::Lost
                        && let Some(found) = self.look(new, &before, stop).await
                    {
                        return Ok(found);
                    }
                    let others = self.candidates_unless(stop, new).await;
                    if error.kind != Kind::Ambiguous || !others.is_empty() {
                        return Err(unknown(error, others));
                    }
                    uncertain = Some(error);
                }
                Answer::OneOf(_) => {}
            }
        }
        match uncertain {
            Some(error) => Err(self.unknown(new, error, stop).await),
            // Stopped before anything was sent.
            None => Err(self.stopped().into()),
        }
    }

    /// Hands the request in to travel with others, and waits for its own answer.
    async fn order(&self, new: &NewStandby, stop: &CancellationToken) -> Sending {
        let order = Order::new(new);
        // Whoever stops waiting, for whatever reason, takes it out of calls that are yet to be sent.
        let _guard = Leaving(&order);
        let left = async {
            stop.cancelled().await;
            if !order.withdraw() {
                tokio::time::sleep(GRACE).await;
            }
        };
        let answer = tokio::select! {
            biased;
            answer = self.0.creations.submit(order.together(), order.clone()) => answer,
            () = left => {
                return if order.withdraw() { Sending::Withdrawn } else { Sending::GivenUp };
            }
        };
        Sending::Answered(match answer {
            Ok(Ok(handed)) => handed.take(),
            Ok(Err(error)) => Answer::Refused(error),
            // It may have been sent before the worker disappeared.
            Err(lost) => Answer::Unclear(self.lost(OPERATION, lost)),
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
        Error::local(Kind::Stopped, OPERATION, &self.0.api.region, "Terraform asked to stop")
    }
}

fn unknown(error: Error, candidates: Vec<WorkSpace>) -> CreateFailure {
    let candidates: BTreeSet<String> =
        candidates.into_iter().map(|workspace| workspace.id).collect();
    CreateFailure::Unknown { error, candidates: candidates.into_iter().collect() }
}
