//! CreateStandbyWorkspaces, from the request to the id.

pub(in crate::aws) mod answer;
pub(in crate::aws) mod match_ids;
pub(in crate::aws) mod recover;
pub(in crate::aws) mod request;
pub(in crate::aws) mod types;

use std::collections::BTreeSet;
use std::time::Duration;

use aws_sdk_workspaces::Client;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::aws::calls::answers::{batcher, worker_gone};
use crate::aws::calls::batch::{Batcher, Limits};
use crate::aws::calls::send::Api;
use crate::aws::error::{Error, Kind};
use crate::aws::workspaces::create::answer::{Answer, Delivery};
use crate::aws::workspaces::create::match_ids::Paired;
use crate::aws::workspaces::create::recover::Recovery;
use crate::aws::workspaces::create::request::{BatchKey, CreateRequest, send};
use crate::aws::workspaces::create::types::{Accepted, CreateFailure, NewStandby, OPERATION};
use crate::aws::workspaces::describe::LookUps;
use crate::aws::workspaces::tags::TagCalls;
use crate::aws::workspaces::types::WorkSpace;

/// How often a request is sent if each answer was lost and nothing was found.
const SENDS: usize = 3;

/// How long an answer is waited for after a stop was requested.
const GRACE: Duration = Duration::from_millis(1500);

/// Creations of standbys in one Region.
pub(in crate::aws) struct Creations {
    api: Api<Client>,
    requests: Batcher<BatchKey, CreateRequest, Delivery, Error>,
    look_ups: LookUps,
    recovery: Recovery,
}

/// How a request ended.
enum Sending {
    Answered(Answer),
    /// A stop was requested before it was sent.
    Withdrawn,
    /// A stop was requested, and the answer did not come in time.
    GivenUp,
}

/// Withdraws a request when its caller is gone.
struct Withdrawal<'a>(&'a CreateRequest);

impl Drop for Withdrawal<'_> {
    fn drop(&mut self) {
        self.0.withdraw();
    }
}

impl Creations {
    pub(in crate::aws) fn new(
        api: &Api<Client>,
        limits: Limits,
        look_ups: LookUps,
        tags: TagCalls,
    ) -> Self {
        let requests =
            batcher(
                api,
                limits,
                |api, key, requests| async move { send(&api, &key, requests).await },
            );
        let recovery = Recovery::new(look_ups.clone(), tags);
        Self { api: api.clone(), requests, look_ups, recovery }
    }

    /// Requests one standby and returns as soon as its id is known.
    ///
    /// Requests of the same moment, for the same directory and primary Region, share one call. The
    /// answer to such a call does not say which id belongs to which request; then the ids are
    /// looked up.
    ///
    /// A request whose answer was lost is not sent again before the directory was searched for a
    /// standby of the same primary. One that was not there before, that has the requested tags, and
    /// that no other request of this process created, is taken for the requested one.
    ///
    /// <https://docs.aws.amazon.com/workspaces/latest/api/API_CreateStandbyWorkspaces.html>
    ///
    /// # Errors
    /// [`CreateFailure::Refused`] if AWS created nothing, [`CreateFailure::Unknown`] if it may have,
    /// [`CreateFailure::OneOf`] if it did and the id was not matched before the deadline. A stop
    /// ends the call within two seconds.
    pub(in crate::aws) async fn create(
        &self,
        new: &NewStandby,
        deadline: Instant,
        stop: &CancellationToken,
    ) -> Result<Accepted, CreateFailure> {
        let before = tokio::select! {
            biased;
            () = stop.cancelled() => return Err(self.stopped().into()),
            before = self.recovery.snapshot(&new.directory_id) => before,
        };
        let mut uncertain: Option<Error> = None;
        for _ in 0..SENDS {
            let mut answer = match self.send(new, stop).await {
                Sending::Answered(answer) => answer,
                Sending::Withdrawn => break,
                Sending::GivenUp => return Err(self.unknown(new, self.stopped(), stop).await),
            };
            if let Answer::OneOf(pairing) = &answer {
                let ids = pairing.ids();
                self.recovery.claim(ids.iter().map(String::as_str));
                answer = match pairing.resolve(&self.look_ups, deadline, stop).await? {
                    Paired::Ours(accepted) => Answer::Accepted(accepted),
                    Paired::NoneIsOurs(error) => Answer::Unclear(error),
                };
            }
            match answer {
                Answer::Accepted(accepted) => {
                    self.recovery.claim([accepted.id.as_str()].into_iter());
                    return Ok(accepted);
                }
                Answer::Refused(error) if uncertain.is_none() => return Err(error.into()),
                // After an unclear first attempt a refusal can mean that it had succeeded.
                Answer::Refused(error) => {
                    return match self.recovery.look(new, &before, stop).await {
                        Some(found) => Ok(found),
                        None => Err(self.unknown(new, error, stop).await),
                    };
                }
                Answer::Unclear(error) => {
                    tracing::warn!(%error, primary = new.primary_id, "the result is uncertain, looking");
                    // After a fault of this program nothing is adopted.
                    if error.kind != Kind::WorkerGone
                        && let Some(found) = self.recovery.look(new, &before, stop).await
                    {
                        return Ok(found);
                    }
                    let others = self.recovery.candidates_unless(stop, new).await;
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

    /// Submits the request and waits for its own answer.
    async fn send(&self, new: &NewStandby, stop: &CancellationToken) -> Sending {
        let request = CreateRequest::new(new);
        // A caller that stops waiting withdraws its request from calls that are not sent yet.
        let _guard = Withdrawal(&request);
        let stopped = async {
            stop.cancelled().await;
            if !request.withdraw() {
                tokio::time::sleep(GRACE).await;
            }
        };
        let answer = tokio::select! {
            biased;
            answer = self.requests.submit(request.batch_key(), request.clone()) => answer,
            () = stopped => {
                return if request.withdraw() { Sending::Withdrawn } else { Sending::GivenUp };
            }
        };
        Sending::Answered(match answer {
            Ok(Ok(delivery)) => delivery.take(),
            Ok(Err(error)) => Answer::Refused(error),
            // It may have been sent before the worker was gone.
            Err(gone) => Answer::Unclear(worker_gone(OPERATION, &self.api.region, gone)),
        })
    }

    async fn unknown(
        &self,
        new: &NewStandby,
        error: Error,
        stop: &CancellationToken,
    ) -> CreateFailure {
        unknown(error, self.recovery.candidates_unless(stop, new).await)
    }

    fn stopped(&self) -> Error {
        self.api.error(Kind::Stopped, OPERATION, "Terraform asked to stop")
    }
}

fn unknown(error: Error, candidates: Vec<WorkSpace>) -> CreateFailure {
    let candidates: BTreeSet<String> =
        candidates.into_iter().map(|workspace| workspace.id).collect();
    CreateFailure::Unknown { error, candidates: candidates.into_iter().collect() }
}
