use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::alter;
use super::calls::{self, CallRecord, Calls};
use super::cloud::{Carry, Cloud, Context, OPERATIONS, Pace};
use super::fault::{Failure, Fault, Faults, Injected, Twist};
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
    pub(super) calls: Calls,
    /// Whether the account came from the state file.
    pub(super) restored: bool,
    /// The account and the faults to go back to.
    start: (Cloud, Vec<Fault>),
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
    arrived: Timestamp,
}

impl Accepted {
    /// How long to wait before it is carried out.
    pub(super) fn wait(&self) -> Duration {
        self.injected.before
    }
}

impl World {
    pub(super) fn new(settings: Settings, cloud: Cloud, fleet: Cloud) -> Self {
        Self {
            start: (fleet, settings.faults.clone()),
            calls: Calls::default(),
            restored: false,
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

    /// Goes back to the fleet and the faults of the start, and forgets what was counted and called.
    /// Credentials that were given out stay valid.
    pub(super) fn reset(&mut self) {
        let (cloud, faults) = self.start.clone();
        self.cloud = cloud;
        self.faults.replace(faults);
        self.stats = Stats::default();
        self.calls.forget();
        self.sessions.record = sts::Record::default();
        self.save();
    }

    /// Puts other faults in force, each as it is written.
    ///
    /// # Errors
    /// One of them is not a fault; then those of before stay.
    pub(super) fn replace_faults(&mut self, written: &[String]) -> Result<(), String> {
        let faults: Result<_, String> = written.iter().map(|text| text.parse()).collect();
        self.faults.replace(faults?);
        Ok(())
    }

    /// Receives a request: reads it, counts it, and draws the faults for it.
    pub(super) fn arrive(&mut self, request: &Request<Bytes>, now: Timestamp) -> Arrival {
        let request_id = self.request_ids.uuid();
        let protocol = Protocol::of(request);
        let call = match wire::read(request) {
            Ok(call) => call,
            Err(refusal) => {
                self.calls.push(unread(protocol, &refusal, now, &request_id));
                let response = protocol.refusal(None, &refusal, &request_id);
                return Arrival::Answered(Reply::new(self.latency, response));
            }
        };
        self.stats.count_call(&call, identifiers(&call.body));
        let refusal = self.early_refusal(&call, now);
        let injected = match refusal {
            None => self.faults.draw(call.operation.name, &call.region),
            Some(_) => Injected::default(),
        };
        let accepted = Accepted { call, injected, request_id, arrived: now };
        match refusal {
            None => Arrival::Accepted(accepted),
            Some(refusal) => Arrival::Answered(self.finish(&accepted, Some(Err(refusal)), now)),
        }
    }

    /// The refusal of a call that its credentials or its rate do not allow.
    fn early_refusal(&mut self, call: &Call, now: Timestamp) -> Option<Refusal> {
        let operation = call.operation.name;
        if let Err(refusal) = self.sessions.authenticate(call, now) {
            self.stats.count_error(operation);
            return Some(refusal);
        }
        let rate = self.rate?;
        if self.buckets.take(rate, &call.region, operation, now) {
            return None;
        }
        self.stats.count_throttle(operation);
        Some(Refusal::new("ThrottlingException", "Rate exceeded"))
    }

    /// Carries out a call that was received.
    pub(super) fn carry_out(&mut self, accepted: &Accepted, now: Timestamp) -> Reply {
        let result = self.result(&accepted.call, &accepted.injected, now);
        if !matches!(result, Some(Ok(_))) {
            self.stats.count_error(accepted.call.operation.name);
        }
        self.finish(accepted, result, now)
    }

    /// Remembers a call, and gives its result the form of its protocol.
    fn finish(
        &mut self,
        accepted: &Accepted,
        result: Option<Result<Value, Refusal>>,
        now: Timestamp,
    ) -> Reply {
        let Accepted { call, injected, request_id, arrived } = accepted;
        let after = self.latency + injected.after;
        let mut named = Vec::new();
        calls::identifiers(&call.body, &mut named);
        let outcome = match &result {
            None => "reset".to_owned(),
            Some(Err(refusal)) => refusal.code.to_string(),
            Some(Ok(output)) => {
                if call.operation.name.starts_with("Create") {
                    calls::identifiers(output, &mut named);
                }
                calls::outcome(output)
            }
        };
        let took = now.duration_since(*arrived).as_millis() + after.as_millis() as i128;
        self.calls.push(CallRecord {
            time: *arrived,
            operation: call.operation.name.to_owned(),
            region: call.region.clone(),
            caller: self.sessions.arn(&call.access_key, &call.region, &self.cloud.account_id),
            protocol: call.protocol.name(),
            identifiers: named,
            outcome,
            milliseconds: i64::try_from(took).unwrap_or(i64::MAX),
            request_id: request_id.clone(),
        });
        let operation = call.operation;
        let outcome = match result {
            None => Outcome::Reset,
            Some(Ok(output)) => {
                Outcome::Response(call.protocol.answer(operation, &output, request_id))
            }
            Some(Err(refusal)) => {
                Outcome::Response(call.protocol.refusal(Some(operation), &refusal, request_id))
            }
        };
        Reply { after, outcome, drip: injected.drip }
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

    /// Writes the state file, if there is one. A failure is logged and does not fail the call.
    pub(super) fn save(&self) {
        if let Some(path) = &self.state_file
            && let Err(error) = persist::save(path, &self.cloud)
        {
            tracing::error!(%error, "the simulator's state could not be saved");
        }
    }
}

/// The record of a request that could not be read.
fn unread(protocol: Protocol, refusal: &Refusal, now: Timestamp, request_id: &str) -> CallRecord {
    let unknown = || "-".to_owned();
    CallRecord {
        time: now,
        operation: unknown(),
        region: unknown(),
        caller: unknown(),
        protocol: protocol.name(),
        identifiers: Vec::new(),
        outcome: refusal.code.to_string(),
        milliseconds: 0,
        request_id: request_id.to_owned(),
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
    // The only error of the API whose further member clients show.
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
