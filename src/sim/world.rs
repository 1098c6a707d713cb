use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::alter;
use super::cloud::{Carry, Cloud, Context, OPERATIONS, Pace};
use super::fault::{Failure, Faults, Injected, Twist};
use super::model::MODEL;
use super::random::Random;
use super::rate::{Buckets, Rate};
use super::reply::{Outcome, Reply};
use super::stats::Stats;
use super::wire::{self, Call, Protocol, Refusal};
use super::{Settings, persist, sts};

/// Everything that changes.
#[derive(Debug)]
pub(super) struct World {
    pub(super) cloud: Cloud,
    pub(super) pace: Pace,
    pub(super) faults: Faults,
    pub(super) stats: Stats,
    buckets: Buckets,
    request_ids: Random,
    /// For faults that alter an answer at random.
    alterations: Random,
    pub(super) sessions: sts::Sessions,
    latency: Duration,
    rate: Option<Rate>,
    state_file: Option<PathBuf>,
}

/// What becomes of a request when it arrives.
#[derive(Debug)]
pub(super) enum Arrival {
    /// It is answered without being carried out.
    Answered(Reply),
    /// It is to be carried out.
    Accepted(Accepted),
}

/// A call that is to be carried out after `injected.before`.
#[derive(Debug)]
pub(super) struct Accepted {
    call: Call,
    injected: Injected,
    request_id: String,
}

impl Accepted {
    /// How long to wait before it is carried out.
    pub(super) fn wait(&self) -> Duration {
        self.injected.before
    }
}

impl World {
    pub(super) fn new(settings: Settings, cloud: Cloud) -> Self {
        Self {
            pace: Pace::new(&settings),
            latency: settings.latency,
            rate: settings.rate,
            state_file: settings.state_file,
            cloud,
            faults: Faults::new(settings.faults, settings.seed),
            buckets: Buckets::default(),
            request_ids: Random::new(settings.seed, "requests"),
            alterations: Random::new(settings.seed, "alterations"),
            sessions: sts::Sessions::new(settings.seed, settings.session_lifetime),
            stats: Stats::default(),
        }
    }

    /// Takes a request in: reads it, counts it, and draws the faults for it.
    pub(super) fn arrive(&mut self, request: &Request<Bytes>, now: Timestamp) -> Arrival {
        let request_id = self.request_ids.uuid();
        let call = match wire::read(request) {
            Ok(call) => call,
            Err(refusal) => {
                let response = refusal.response(wire::protocol(request), &request_id);
                return Arrival::Answered(Reply::new(self.latency, response));
            }
        };
        self.stats.count_call(&call, identifiers(&call.body));
        if let Err(refusal) = self.sessions.authenticate(&call, now) {
            self.stats.count_error(call.operation);
            let response = refusal.response(call.protocol, &request_id);
            return Arrival::Answered(Reply::new(self.latency, response));
        }
        let throttled = |rate| !self.buckets.take(rate, &call.region, call.operation, now);
        if self.rate.is_some_and(throttled) {
            self.stats.count_throttle(call.operation);
            let refusal = Refusal::new("ThrottlingException", "Rate exceeded");
            let response = refusal.response(call.protocol, &request_id);
            return Arrival::Answered(Reply::new(self.latency, response));
        }
        let injected = self.faults.draw(call.operation, &call.region);
        Arrival::Accepted(Accepted { call, injected, request_id })
    }

    /// Carries out a call that was taken in.
    pub(super) fn carry_out(&mut self, accepted: Accepted, now: Timestamp) -> Reply {
        let outcome = self.outcome(&accepted, now);
        if !matches!(&outcome, Outcome::Response(response) if response.status().is_success()) {
            self.stats.count_error(accepted.call.operation);
        }
        let injected = accepted.injected;
        Reply { after: self.latency + injected.after, outcome, drip: injected.drip }
    }

    fn outcome(&mut self, accepted: &Accepted, now: Timestamp) -> Outcome {
        let Accepted { call, injected, request_id } = accepted;
        let refuse =
            |refusal: Refusal| Outcome::Response(refusal.response(call.protocol, request_id));
        let broken = || refuse(Refusal::new("InternalFailure", "An injected fault."));
        match &injected.failure {
            Some(Failure::ErrorBefore) => return broken(),
            Some(Failure::ResetBefore) => return Outcome::Reset,
            Some(Failure::Refuse(code)) => return refuse(injected_refusal(code)),
            Some(Failure::Neither) if call.operation.starts_with("Create") => {
                return self.neither(call, request_id);
            }
            _ => {}
        }
        let answer = self.effect(call, injected.twist, request_id, now);
        match injected.failure {
            Some(Failure::ErrorAfter) => broken(),
            Some(Failure::ResetAfter) => Outcome::Reset,
            _ => Outcome::Response(
                answer.unwrap_or_else(|refusal| refusal.response(call.protocol, request_id)),
            ),
        }
    }

    /// Carries the call out, and saves what it changed.
    fn effect(
        &mut self,
        call: &Call,
        twist: Twist,
        request_id: &str,
        now: Timestamp,
    ) -> Result<Response<Bytes>, Refusal> {
        if call.protocol == Protocol::Query {
            return self.sessions.answer(call, &self.cloud.account_id, request_id, now);
        }
        let operation =
            MODEL.operation(call.operation).expect("reading the request found it in the model");
        MODEL.check(operation.input, &call.body)?;
        let mut body = call.body.clone();
        let token = alter::take_token(&mut body);
        let context = Context { region: &call.region, now, pace: &self.pace, twist };
        let mut answer = match carry(operation.name)? {
            Carry::Read(read) => read(&self.cloud, context, &body)?,
            Carry::Write(write) => {
                self.cloud.sweep(now);
                let answer = write(&mut self.cloud, context, &body)?;
                self.save();
                answer
            }
        };
        alter::alter(&mut answer, operation.output, token.as_deref(), twist, &mut self.alterations);
        Ok(wire::json_response(StatusCode::OK, &answer, request_id))
    }

    /// The answer that forks of other simulators give to a creation: no item was taken, and none
    /// failed.
    fn neither(&self, call: &Call, request_id: &str) -> Outcome {
        let body = match call.operation {
            "CreateStandbyWorkspaces" => {
                json!({"PendingStandbyRequests": [], "FailedStandbyRequests": []})
            }
            "CreateWorkspaces" => json!({"PendingRequests": [], "FailedRequests": []}),
            _ => json!({}),
        };
        Outcome::Response(wire::json_response(StatusCode::OK, &body, request_id))
    }

    /// Writes the state file where one is kept. A failure is logged: the answer holds, only a
    /// restart would forget it.
    pub(super) fn save(&self) {
        if let Some(path) = &self.state_file
            && let Err(error) = persist::save(path, &self.cloud)
        {
            tracing::error!(%error, "the simulator's state could not be kept");
        }
    }
}

/// What carries out the operation of that name.
fn carry(name: &str) -> Result<Carry, Refusal> {
    let found = OPERATIONS.iter().find(|(operation, _)| *operation == name);
    found.map(|(_, carry)| *carry).ok_or_else(|| {
        Refusal::new("UnknownOperationException", &format!("unknown operation {name}"))
    })
}

fn injected_refusal(code: &str) -> Refusal {
    let refusal = Refusal::new(code.to_owned(), "An injected fault.");
    // The one error of the API with a member beside the message.
    match code {
        "OperationNotSupportedException" => refusal.with("reason", "A fault of the simulator."),
        _ => refusal,
    }
}

/// How many identifiers a call carries: the length of its list of WorkSpaces or directories, else
/// one.
fn identifiers(body: &Value) -> u64 {
    const LISTS: [&str; 6] = [
        "WorkspaceIds",
        "StandbyWorkspaces",
        "TerminateWorkspaceRequests",
        "Workspaces",
        "DirectoryIds",
        "ResourceARNList",
    ];
    const SINGLE: [&str; 2] = ["WorkspaceId", "ResourceId"];
    let list = LISTS.iter().find_map(|name| body.get(name)?.as_array());
    match list {
        Some(items) => items.len() as u64,
        None => u64::from(SINGLE.iter().any(|name| body.get(name).is_some())),
    }
}
