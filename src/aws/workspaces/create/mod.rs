//! CreateStandbyWorkspaces, from the request to the id.
//!
//! 1. The primary is looked up in its Region (`primary`). What it shows against the request is an
//!    error before the call. A Region that does not answer is not waited for.
//! 2. Requests whose primaries have known, different users share a call; every other request has a
//!    call of its own (`request`).
//! 3. The answer names the users, so each request has its id at once (`answer`). Only if AWS leaves
//!    the users out, the ids are looked up (`match_ids`), and from then on nothing shares a call.
//! 4. If the answer is lost, nothing is sent again on a guess and nothing is adopted (`recover`).
//!
//! A stop ends every wait, but not a call that was sent: its answer is waited for.

pub(in crate::aws) mod answer;
pub(in crate::aws) mod existing;
pub(in crate::aws) mod match_ids;
pub(in crate::aws) mod recover;
pub(in crate::aws) mod request;
pub(in crate::aws) mod types;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_sdk_workspaces::Client;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::aws::calls::answers::{batcher, worker_gone};
use crate::aws::calls::batch::{Batcher, Limits};
use crate::aws::calls::send::Api;
use crate::aws::error::{Error, Kind};
use crate::aws::lock::lock;
use crate::aws::workspaces::create::answer::{Answer, Delivery};
use crate::aws::workspaces::create::existing::{check, exists};
use crate::aws::workspaces::create::match_ids::Paired;
use crate::aws::workspaces::create::recover::until_certainly_absent;
use crate::aws::workspaces::create::request::{BatchKey, CreateRequest, send};
use crate::aws::workspaces::create::types::{Accepted, CreateFailure, NewStandby, OPERATION};
use crate::aws::workspaces::describe::LookUps;
use crate::aws::workspaces::primary::{Primaries, Primary};
use crate::aws::workspaces::types::{MAY_BE_INVISIBLE, Related};

/// How long after the deadline the answer to a request that was sent is waited for: AWS may have
/// created the standby, and the answer has its id.
const GRACE: Duration = Duration::from_secs(5);

/// Creations of standbys in one Region.
pub(in crate::aws) struct Creations {
    api: Api<Client>,
    /// Requests whose users are known share calls.
    shared: Batcher<BatchKey, CreateRequest, Delivery, Error>,
    /// Every other request has a call of its own.
    alone: Batcher<BatchKey, CreateRequest, Delivery, Error>,
    /// Whether AWS left the users out of an answer; then no requests share a call any more.
    omits_users: Arc<AtomicBool>,
    look_ups: LookUps,
    /// The standbys that this process created, by primary. Locked while one is created.
    created: Mutex<HashMap<String, Arc<CreatedOf>>>,
}

type CreatedOf = tokio::sync::Mutex<Option<Created>>;

/// A standby that this process created, and when.
struct Created {
    id: String,
    at: Instant,
}

/// How waiting for an answer ended.
enum Sending {
    Answered(Answer),
    /// A stop was requested, or time was up, before the request was sent.
    Withdrawn,
}

/// What bounds a creation.
#[derive(Clone, Copy)]
struct Bounds<'a> {
    deadline: Instant,
    stop: &'a CancellationToken,
}

impl Bounds<'_> {
    /// Waits for the deadline or a stop.
    async fn over(&self) {
        tokio::select! {
            () = self.stop.cancelled() => {}
            () = tokio::time::sleep_until(self.deadline) => {}
        }
    }
}

impl Creations {
    pub(in crate::aws) fn new(api: &Api<Client>, limits: Limits, look_ups: LookUps) -> Self {
        let omits_users = Arc::new(AtomicBool::new(false));
        let sender = |limits| {
            let omits_users = Arc::clone(&omits_users);
            batcher(api, limits, move |api, key, requests| {
                let omits_users = Arc::clone(&omits_users);
                async move { send(&api, &key, requests, &omits_users).await }
            })
        };
        Self {
            shared: sender(limits),
            alone: sender(Limits { maximum: 1, ..limits }),
            omits_users,
            api: api.clone(),
            look_ups,
            created: Mutex::default(),
        }
    }

    /// Requests one standby and returns as soon as its id is known.
    ///
    /// <https://docs.aws.amazon.com/workspaces/latest/api/API_CreateStandbyWorkspaces.html>
    ///
    /// # Errors
    /// [`CreateFailure::Refused`] if AWS created nothing, [`CreateFailure::Exists`] if the primary has
    /// a standby, [`CreateFailure::Unknown`] if AWS may have created it, [`CreateFailure::OneOf`] if
    /// it did and the id was not matched before the deadline or a stop.
    pub(in crate::aws) async fn create(
        &self,
        new: &NewStandby,
        primaries: &Primaries,
        deadline: Instant,
        stop: &CancellationToken,
    ) -> Result<Accepted, CreateFailure> {
        let bounds = Bounds { deadline, stop };
        let created = Arc::clone(lock(&self.created).entry(new.primary_id.clone()).or_default());
        // Two resources for one primary: the second waits for the first.
        let looked_up = async {
            let mut created = created.lock().await;
            if self.is_gone(created.as_ref()).await {
                *created = None;
            }
            let primary = match *created {
                Some(_) => Primary::Unknown(None),
                None => primaries.find(&new.primary_id).await,
            };
            (created, primary)
        };
        let (mut created, primary) = tokio::select! {
            biased;
            () = bounds.over() => return Err(self.stopped(bounds).into()),
            looked_up = looked_up => looked_up,
        };
        if let Some(created) = created.as_ref() {
            return Err(self.created_here(new, &created.id));
        }
        tokio::select! {
            biased;
            () = bounds.over() => return Err(self.stopped(bounds).into()),
            checked = check(&self.look_ups, new, &primary, primaries.region()) => checked?,
        }
        let accepted = self.request(new, &primary, bounds).await?;
        *created = Some(Created { id: accepted.id.clone(), at: Instant::now() });
        Ok(accepted)
    }

    /// Whether a standby of this process was terminated by something else in the meantime.
    async fn is_gone(&self, created: Option<&Created>) -> bool {
        let Some(created) = created else { return false };
        match self.look_ups.find_for_change(&created.id).await {
            Ok(Some(workspace)) => workspace.is_ending(),
            Ok(None) => created.at.elapsed() > MAY_BE_INVISIBLE,
            Err(_) => false,
        }
    }

    /// Forgets a standby that is being terminated.
    pub(in crate::aws) fn forget(&self, id: &str) {
        for created in lock(&self.created).values() {
            // A lock that is held belongs to a creation that has no id yet.
            if let Ok(mut created) = created.try_lock()
                && created.as_ref().is_some_and(|created| created.id == id)
            {
                *created = None;
            }
        }
    }

    /// Sends the request until AWS accepts or refuses it, or until it cannot be sent again.
    async fn request(
        &self,
        new: &NewStandby,
        primary: &Primary,
        bounds: Bounds<'_>,
    ) -> Result<Accepted, CreateFailure> {
        let Bounds { deadline, stop } = bounds;
        loop {
            let mut answer = match self.send(new, primary.user(), bounds).await {
                Sending::Answered(answer) => answer,
                Sending::Withdrawn => return Err(self.stopped(bounds).into()),
            };
            if let Answer::OneOf(pairing) = &answer {
                answer = match pairing.resolve(&self.look_ups, deadline, stop).await? {
                    Paired::Ours(accepted) => Answer::Accepted(accepted),
                    Paired::NoneIsOurs(error) => Answer::Unclear(error),
                };
            }
            let error = match answer {
                Answer::Accepted(accepted) => return Ok(accepted),
                Answer::Refused(error) if error.kind == Kind::AlreadyExists => {
                    return Err(exists(&self.look_ups, new, primary, error, deadline).await);
                }
                Answer::Refused(error) => return Err(error.into()),
                Answer::Unclear(error) => error,
                Answer::OneOf(_) => self.api.error(Kind::WorkerGone, OPERATION, "no answer"),
            };
            tracing::warn!(%error, primary = new.primary_id, "it is uncertain whether AWS created it");
            let (look_ups, user) = (&self.look_ups, primary.user());
            until_certainly_absent(look_ups, new, user, error, deadline, stop).await?;
        }
    }

    /// Submits the request and waits for its answer. After a stop, or at the deadline, only a request
    /// that was sent is waited for, and after the deadline not longer than [`GRACE`].
    async fn send(&self, new: &NewStandby, user: Option<&str>, bounds: Bounds<'_>) -> Sending {
        let request = CreateRequest::new(new, user);
        let is_alone = request.user().is_none() || self.omits_users.load(Ordering::Relaxed);
        let batcher = if is_alone { &self.alone } else { &self.shared };
        let answer = batcher.submit(request.batch_key(), request.clone());
        let answer = request.state.answer(answer, bounds.over());
        let answer = match tokio::time::timeout_at(bounds.deadline + GRACE, answer).await {
            Ok(Some(answer)) => answer,
            Ok(None) => return Sending::Withdrawn,
            Err(_elapsed) => {
                let message = "AWS did not answer within the create timeout";
                return Sending::Answered(Answer::Unclear(self.api.error(
                    Kind::Ambiguous,
                    OPERATION,
                    message,
                )));
            }
        };
        Sending::Answered(match answer {
            Ok(Ok(delivery)) => delivery.take(),
            Ok(Err(error)) => Answer::Refused(error),
            // It may have been sent before the worker was gone.
            Err(gone) => Answer::Unclear(worker_gone(OPERATION, &self.api.region, gone)),
        })
    }

    fn stopped(&self, bounds: Bounds<'_>) -> Error {
        let message = match bounds.stop.is_cancelled() {
            true => "Terraform asked to stop",
            false => "the create timeout ended before the request was sent",
        };
        self.api.error(Kind::Stopped, OPERATION, message)
    }

    fn created_here(&self, new: &NewStandby, id: &str) -> CreateFailure {
        let message =
            format!("this run has already created {id}, the standby of {}", new.primary_id);
        CreateFailure::Exists {
            error: self.api.error(Kind::AlreadyExists, OPERATION, message),
            standby: Some(Box::new(Related {
                id: id.to_owned(),
                region: Some(self.api.region.clone()),
                state: None,
            })),
            created_here: true,
        }
    }
}
