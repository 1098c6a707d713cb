use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::cloud::{At, Cloud, Pace, Twist};
use super::fault::{FaultKind, Faults};
use super::model::MODEL;
use super::random::Random;
use super::rate::{Buckets, Rate};
use super::stats::Stats;
use super::wire::{self, Call, Protocol, Refusal};
use super::{Outcome, Reply, Settings, persist, sts};

/// Everything that changes.
#[derive(Debug)]
pub(super) struct World {
    pub(super) cloud: Cloud,
    pub(super) pace: Pace,
    pub(super) faults: Faults,
    pub(super) stats: Stats,
    buckets: Buckets,
    request_ids: Random,
    pub(super) sessions: sts::Sessions,
    latency: Duration,
    rate: Option<Rate>,
    state_file: Option<PathBuf>,
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
            sessions: sts::Sessions::new(settings.seed, settings.session_lifetime),
            stats: Stats::default(),
        }
    }

    pub(super) fn respond(&mut self, request: &Request<Bytes>, now: Timestamp) -> Reply {
        let request_id = self.request_ids.uuid();
        let latency = self.latency;
        let call = match wire::read(request) {
            Ok(call) => call,
            Err(refusal) => {
                let outcome =
                    Outcome::Response(refusal.response(wire::protocol(request), &request_id));
                return Reply { after: latency, outcome };
            }
        };
        self.stats.count_call(&call, identifiers(&call.body));
        if let Err(refusal) = self.sessions.authenticate(&call, now) {
            self.stats.count_error(call.operation);
            let outcome = Outcome::Response(refusal.response(call.protocol, &request_id));
            return Reply { after: latency, outcome };
        }
        let throttled = |rate| !self.buckets.take(rate, &call.region, call.operation, now);
        if self.rate.is_some_and(throttled) {
            self.stats.count_throttle(call.operation);
            let refusal = Refusal::new("ThrottlingException", "Rate exceeded");
            return Reply {
                after: latency,
                outcome: Outcome::Response(refusal.response(call.protocol, &request_id)),
            };
        }
        let strike = self.faults.strike(call.operation, &call.region);
        let outcome = self.outcome(&call, strike.blow.as_ref(), &request_id, now);
        if !matches!(&outcome, Outcome::Response(response) if response.status().is_success()) {
            self.stats.count_error(call.operation);
        }
        Reply { after: latency + strike.delay, outcome }
    }

    fn outcome(
        &mut self,
        call: &Call,
        blow: Option<&FaultKind>,
        request_id: &str,
        now: Timestamp,
    ) -> Outcome {
        let refuse =
            |refusal: Refusal| Outcome::Response(refusal.response(call.protocol, request_id));
        let broken =
            || refuse(Refusal::new("InternalFailure", "The simulator was told to fail here."));
        let twist = match blow {
            Some(FaultKind::ErrorBefore) => return broken(),
            Some(FaultKind::ResetBefore) => return Outcome::Reset,
            Some(FaultKind::Refuse(code)) => return refuse(told_to_refuse(code)),
            Some(FaultKind::Neither) if call.operation.starts_with("Create") => {
                return self.neither(call, request_id);
            }
            Some(FaultKind::FailsProvisioning) => {
                Twist { fails_provisioning: true, incomplete: false }
            }
            Some(FaultKind::Incomplete) => Twist { fails_provisioning: false, incomplete: true },
            _ => Twist::default(),
        };
        let answer = self.effect(call, twist, request_id, now);
        match blow {
            Some(FaultKind::ErrorAfter) => broken(),
            Some(FaultKind::ResetAfter) => Outcome::Reset,
            _ => Outcome::Response(
                answer.unwrap_or_else(|refusal| refusal.response(call.protocol, request_id)),
            ),
        }
    }

    /// Carries the call out, and keeps what it changed.
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
        let reads = ["Describe", "Get"].iter().any(|verb| operation.name.starts_with(verb));
        if !reads {
            self.cloud.sweep(now);
        }
        let body =
            self.dispatch(operation.name, At { region: &call.region, now }, &call.body, twist)?;
        if !reads {
            self.save();
        }
        Ok(wire::json_response(StatusCode::OK, &body, request_id))
    }

    fn dispatch(
        &mut self,
        operation: &str,
        at: At<'_>,
        body: &Value,
        twist: Twist,
    ) -> Result<Value, Refusal> {
        let (cloud, pace) = (&mut self.cloud, &self.pace);
        match operation {
            "CreateStandbyWorkspaces" => cloud.create_standby_workspaces(at, pace, body, twist),
            "CreateWorkspaces" => cloud.create_workspaces(at, pace, body),
            "DescribeWorkspaces" => cloud.describe_workspaces(at, pace, body, twist.incomplete),
            "DescribeWorkspacesConnectionStatus" => cloud.describe_connection_status(at, body),
            "DescribeWorkspaceDirectories" => cloud.describe_workspace_directories(at, body),
            "ModifyWorkspaceProperties" => cloud.modify_workspace_properties(at, pace, body),
            "TerminateWorkspaces" => cloud.terminate_workspaces(at, pace, body),
            "DescribeTags" => cloud.describe_tags(at, body),
            "CreateTags" => cloud.create_tags(at, body),
            "DeleteTags" => cloud.delete_tags(at, body),
            "GetResources" => cloud.get_resources(at, body),
            other => Err(Refusal::new(
                "UnknownOperationException",
                &format!("the simulator does not know '{other}'"),
            )),
        }
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

fn told_to_refuse(code: &str) -> Refusal {
    let refusal = Refusal::new(code.to_owned(), "The simulator was told to refuse this call.");
    // The one error of the API that says more than its message.
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
