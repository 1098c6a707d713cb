use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::alter;
use super::cloud::{Carry, Cloud, Context, OPERATIONS, Pace};
use super::fault::{Failure, Faults, Injected, Twist};
use super::model::MODEL;
use super::random::Random;
use super::rate::{Buckets, Rate};
use super::refusal::Refusal;
use super::reply::{Outcome, Reply};
use super::stats::Stats;
use super::wire::{self, Call, Protocol};
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
        let latency = self.latency;
        let refuse = |call: Option<&Call>, refusal: &Refusal| {
            let protocol = Protocol::of(request);
            let operation = call.map(|call| call.operation);
            Arrival::Answered(Reply::new(
                latency,
                protocol.refusal(operation, refusal, &request_id),
            ))
        };
        let call = match wire::read(request) {
            Ok(call) => call,
            Err(refusal) => return refuse(None, &refusal),
        };
        let operation = call.operation.name;
        self.stats.count_call(&call, identifiers(&call.body));
        if let Err(refusal) = self.sessions.authenticate(&call, now) {
            self.stats.count_error(operation);
            return refuse(Some(&call), &refusal);
        }
        let throttled = |rate| !self.buckets.take(rate, &call.region, operation, now);
        if self.rate.is_some_and(throttled) {
            self.stats.count_throttle(operation);
            return refuse(Some(&call), &Refusal::new("ThrottlingException", "Rate exceeded"));
        }
        let injected = self.faults.draw(operation, &call.region);
        Arrival::Accepted(Accepted { call, injected, request_id })
    }

    /// Carries out a call that was taken in.
    pub(super) fn carry_out(&mut self, accepted: &Accepted, now: Timestamp) -> Reply {
        let Accepted { call, injected, request_id } = accepted;
        let result = self.result(call, injected, now);
        if !matches!(result, Some(Ok(_))) {
            self.stats.count_error(call.operation.name);
        }
        let outcome = match result {
            None => Outcome::Reset,
            Some(Ok(output)) => {
                Outcome::Response(call.protocol.answer(call.operation, &output, request_id))
            }
            Some(Err(refusal)) => {
                Outcome::Response(call.protocol.refusal(Some(call.operation), &refusal, request_id))
            }
        };
        Reply { after: self.latency + injected.after, outcome, drip: injected.drip }
    }

    /// The output or the refusal of a call; none when the connection is to be reset.
    fn result(
        &mut self,
        call: &Call,
        injected: &Injected,
        now: Timestamp,
    ) -> Option<Result<Value, Refusal>> {
        let broken = || Refusal::new("InternalFailure", "The simulator was told to fail here.");
        match &injected.failure {
            Some(Failure::ErrorBefore) => return Some(Err(broken())),
            Some(Failure::ResetBefore) => return None,
            Some(Failure::Refuse(code)) => return Some(Err(injected_refusal(code))),
            Some(Failure::Neither) if call.operation.name.starts_with("Create") => {
                return Some(Ok(neither(call.operation.name)));
            }
            _ => {}
        }
        let result = self.effect(call, injected.twist, now);
        match injected.failure {
            Some(Failure::ErrorAfter) => Some(Err(broken())),
            Some(Failure::ResetAfter) => None,
            _ => Some(result),
        }
    }

    /// Carries the call out, and saves what it changed.
    fn effect(&mut self, call: &Call, twist: Twist, now: Timestamp) -> Result<Value, Refusal> {
        let operation = call.operation;
        if operation.service.signing_name == "sts" {
            return self.sessions.carry_out(call, &self.cloud.account_id, now);
        }
        MODEL.check(operation.input, &call.body)?;
        let mut body = call.body.clone();
        let token = alter::take_token(&mut body);
        let context = Context { region: &call.region, now, pace: &self.pace, twist };
        let mut output = match carry(operation.name)? {
            Carry::Read(read) => read(&self.cloud, context, &body)?,
            Carry::Write(write) => {
                self.cloud.sweep(now);
                let output = write(&mut self.cloud, context, &body)?;
                self.save();
                output
            }
        };
        alter::alter(&mut output, operation.output, token.as_deref(), twist, &mut self.alterations);
        Ok(output)
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

/// What forks of other simulators answer to a creation: no item is pending, and none failed.
fn neither(operation: &str) -> Value {
    match operation {
        "CreateStandbyWorkspaces" => {
            json!({"PendingStandbyRequests": [], "FailedStandbyRequests": []})
        }
        "CreateWorkspaces" => json!({"PendingRequests": [], "FailedRequests": []}),
        _ => json!({}),
    }
}

fn injected_refusal(code: &str) -> Refusal {
    let refusal = Refusal::new(code.to_owned(), "The simulator was told to refuse this call.");
    // The one error of the API with a member beside the message.
    match code {
        "OperationNotSupportedException" => refusal.with("reason", "A fault of the simulator."),
        _ => refusal,
    }
}

/// The identifiers (or items) that a call carries: those of its first list of structures or ids,
/// else the one that it names.
fn identifiers(body: &Value) -> u64 {
    const LISTS: [&str; 11] = [
        "WorkspaceIds",
        "StandbyWorkspaces",
        "TerminateWorkspaceRequests",
        "StartWorkspaceRequests",
        "StopWorkspaceRequests",
        "RebootWorkspaceRequests",
        "Workspaces",
        "DirectoryIds",
        "BundleIds",
        "AliasIds",
        "ResourceARNList",
    ];
    const SINGLE: [&str; 3] = ["WorkspaceId", "ResourceId", "AliasId"];
    let list = LISTS.iter().find_map(|name| body.get(name)?.as_array());
    match list {
        Some(items) => items.len() as u64,
        None => u64::from(SINGLE.iter().any(|name| body.get(name).is_some())),
    }
}
