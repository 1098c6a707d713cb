//! The account through its front door: requests as bytes, times as arguments, and every answer held
//! to the API's model.

mod answers;
mod cbor;
mod control;
mod documentation;
mod faults;
mod operations;
mod refusals;
mod start;
mod sts;
mod tagging;
mod trouble;

use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::builtin::*;
use super::model::{MODEL, violations};
use super::{FleetConnectionAlias, Outcome, Rate, ReplicationTarget, Reply, Settings, Simulator};

const SECOND: Duration = Duration::from_secs(1);

/// A simulator with a clock that only the test moves.
struct Desk {
    simulator: Simulator,
    now: Timestamp,
}

impl Desk {
    fn new(settings: Settings) -> Self {
        Self {
            simulator: Simulator::new(settings).unwrap(),
            now: "2026-01-01T00:00:00Z".parse().unwrap(),
        }
    }

    fn pass(&mut self, time: Duration) {
        self.now += time;
    }

    fn send(&self, region: &str, operation: &str, body: &Value) -> Outcome {
        self.reply(region, operation, body).outcome
    }

    fn reply(&self, region: &str, operation: &str, body: &Value) -> Reply {
        let scope = format!("AKIDEXAMPLE/20260101/{region}/workspaces/aws4_request");
        let request = Request::post("/")
            .header("x-amz-target", format!("WorkspacesService.{operation}"))
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-date", "20260101T000000Z")
            .header(
                "authorization",
                format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"),
            )
            .body(Bytes::from(body.to_string()))
            .unwrap();
        self.simulator.respond(&request, self.now)
    }

    fn answer(&self, region: &str, operation: &str, body: &Value) -> (StatusCode, Value) {
        match self.send(region, operation, body) {
            Outcome::Response(response) => {
                (response.status(), serde_json::from_slice(response.body()).unwrap())
            }
            Outcome::Reset => panic!("{operation} was reset"),
        }
    }

    /// A call that must succeed, with an answer that must fit the model.
    #[track_caller]
    fn call(&self, region: &str, operation: &str, body: &Value) -> Value {
        let (status, answer) = self.answer(region, operation, body);
        assert_eq!(status, StatusCode::OK, "{answer}");
        let output = MODEL.operation(operation).unwrap().output;
        assert_eq!(violations(output, &answer), Vec::<String>::new(), "{answer:#}");
        answer
    }

    /// A call that must be refused with this code.
    #[track_caller]
    fn refused(&self, region: &str, operation: &str, body: &Value, code: &str) -> Value {
        let (status, answer) = self.answer(region, operation, body);
        assert!(status.is_client_error(), "{status} {answer}");
        assert_eq!(answer["__type"], json!(format!("com.amazonaws.workspaces#{code}")), "{answer}");
        answer
    }

    #[track_caller]
    fn create(&self, primary: &str) -> String {
        let answer =
            self.call(STANDBY_REGION, "CreateStandbyWorkspaces", &creation(primary, &json!({})));
        let id = answer["PendingStandbyRequests"][0]["WorkspaceId"].as_str();
        id.unwrap_or_else(|| panic!("not taken: {answer}")).to_owned()
    }

    #[track_caller]
    fn describe(&self, region: &str, id: &str) -> Option<Value> {
        let answer = self.call(region, "DescribeWorkspaces", &json!({"WorkspaceIds": [id]}));
        answer["Workspaces"].get(0).cloned()
    }

    fn control(&self, method: &str, path: &str, body: &Value) -> (StatusCode, Value) {
        let request = Request::builder().method(method).uri(format!("/_simulator/{path}"));
        let request = request.body(Bytes::from(body.to_string())).unwrap();
        match self.simulator.respond(&request, self.now).outcome {
            Outcome::Response(response) => {
                (response.status(), serde_json::from_slice(response.body()).unwrap())
            }
            Outcome::Reset => panic!("{path} was reset"),
        }
    }
}

/// A creation of one standby, with members beyond the required ones.
fn creation(primary: &str, more: &Value) -> Value {
    let mut item = json!({"PrimaryWorkspaceId": primary, "DirectoryId": STANDBY_DIRECTORY_ID});
    item.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({"PrimaryRegion": PRIMARY_REGION, "StandbyWorkspaces": [item]})
}

fn terminate(id: &str) -> Value {
    json!({"TerminateWorkspaceRequests": [{"WorkspaceId": id}]})
}

fn paced() -> Settings {
    Settings {
        visible_after: SECOND,
        provisioning: 5 * SECOND,
        termination: 2 * SECOND,
        modification: SECOND,
        ..Settings::default()
    }
}
