//! The endpoints under `/_simulator/`: changes and looks that the AWS API does not offer.

mod workspaces;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::fault;
use super::page;
use super::stats::Stats;
use super::world::World;

/// Everything that is answered besides the AWS APIs: method, path, meaning.
pub(super) const ROUTES: [(&str, &str, &str); 19] = [
    ("GET", "/", "A page with the fleet, the last calls and the faults"),
    ("GET", "/_simulator/health", "Whether the simulator runs, and its version"),
    ("GET", "/_localstack/health", "The same for tools that look for LocalStack"),
    ("GET", "/_simulator/stats", "Counts of calls by operation"),
    ("DELETE", "/_simulator/stats", "Sets the counts to zero"),
    ("GET", "/_simulator/calls", "The last 500 calls, the newest first"),
    ("GET", "/_simulator/sts", "What STS was sent, call by call, without secrets"),
    ("GET", "/_simulator/events", "Server-sent events: the page whenever it changes"),
    ("GET", "/_simulator/faults", "The faults in force, and every kind and operation"),
    ("POST", "/_simulator/faults", "Replaces the faults: {\"Faults\": [\"OP:KIND:RATE\"]}"),
    ("DELETE", "/_simulator/faults", "Removes all faults"),
    ("POST", "/_simulator/reset", "Goes back to the fleet and the faults of the start"),
    ("GET", "/_simulator/workspaces", "Every WorkSpace of every Region, invisible ones too"),
    ("GET", "/_simulator/workspaces/ID", "One WorkSpace"),
    ("POST", "/_simulator/workspaces/ID", "Forces a state: {\"State\": \"ERROR\"}; null ends it"),
    ("DELETE", "/_simulator/workspaces/ID", "Removes a WorkSpace at once"),
    ("GET", "/_simulator/workspaces/REGION/ID", "The same three in one Region"),
    ("POST", "/_simulator/workspaces/REGION/ID", ""),
    ("DELETE", "/_simulator/workspaces/REGION/ID", ""),
];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct FaultsRequest {
    faults: Vec<String>,
}

/// A body, or a status and a message.
type Answer = Result<Value, (StatusCode, String)>;

/// Whether a request is for these endpoints and not for an AWS API, all of whose calls are POST
/// requests to other paths.
pub(super) fn is_for(request: &Request<Bytes>) -> bool {
    let path = request.uri().path();
    request.method() != Method::POST || path.starts_with("/_simulator")
}

/// Answers a request for these endpoints.
pub(super) fn respond(
    world: &mut World,
    request: &Request<Bytes>,
    now: Timestamp,
) -> Response<Bytes> {
    let path = request.uri().path().trim_end_matches('/');
    match (request.method(), path) {
        (&Method::GET | &Method::HEAD, "") => page::document(world, now),
        (&Method::GET, "/_simulator/events") => page::event(world, now),
        (&Method::POST, "/_simulator/reset" | "/_simulator/faults") if page::is_form(request) => {
            page::submit(world, request)
        }
        (method, path) => {
            let parts: Vec<&str> = path.split('/').skip(1).collect();
            respond_in_json(answer(world, request, method, &parts, now))
        }
    }
}

fn answer(
    world: &mut World,
    request: &Request<Bytes>,
    method: &Method,
    path: &[&str],
    now: Timestamp,
) -> Answer {
    match (method, path) {
        (&Method::GET, ["_simulator", "health"]) => {
            Ok(json!({"Status": "running", "Version": env!("CARGO_PKG_VERSION")}))
        }
        // The names and values that LocalStack has.
        (&Method::GET, ["_localstack", "health"]) => Ok(json!({
            "services": {
                "resourcegroupstaggingapi": "running", "sts": "running", "workspaces": "running",
            },
            "edition": "community",
            "version": env!("CARGO_PKG_VERSION"),
        })),
        (&Method::GET, ["_simulator", "stats"]) => Ok(json!(world.stats)),
        (&Method::DELETE, ["_simulator", "stats"]) => {
            world.stats = Stats::default();
            Ok(json!({}))
        }
        (&Method::GET, ["_simulator", "calls"]) => {
            Ok(json!({"Calls": world.calls.recent().collect::<Vec<_>>()}))
        }
        (&Method::GET, ["_simulator", "sts"]) => Ok(world.sessions.record.shown()),
        (&Method::GET, ["_simulator", "faults"]) => Ok(faults(world)),
        (&Method::POST, ["_simulator", "faults"]) => {
            let FaultsRequest { faults } = read(request.body())?;
            replace_faults(world, &faults)
        }
        (&Method::DELETE, ["_simulator", "faults"]) => replace_faults(world, &[]),
        (&Method::POST, ["_simulator", "reset"]) => {
            world.reset();
            Ok(json!({}))
        }
        (_, ["_simulator", "workspaces", place @ ..]) => {
            workspaces::answer(world, method, place, request.body(), now)
        }
        _ => Err((StatusCode::NOT_FOUND, what_there_is(method, request.uri().path()))),
    }
}

fn replace_faults(world: &mut World, written: &[String]) -> Answer {
    world.replace_faults(written).map_err(|why| (StatusCode::BAD_REQUEST, why))?;
    Ok(faults_in_force(world))
}

fn faults_in_force(world: &World) -> Value {
    json!({"Faults": world.faults.shown()})
}

fn faults(world: &World) -> Value {
    let mut shown = faults_in_force(world);
    let kinds =
        fault::KINDS.iter().map(|(kind, meaning)| json!({"Kind": kind, "Meaning": meaning}));
    shown["Kinds"] = kinds.collect();
    shown["Operations"] = json!(fault::operations());
    shown
}

fn what_there_is(method: &Method, path: &str) -> String {
    let routes: Vec<String> =
        ROUTES.iter().map(|(method, path, _)| format!("{method} {path}")).collect();
    format!(
        "{method} {path} does not exist. The simulator answers AWS API calls, and: {}",
        routes.join(", ")
    )
}

fn respond_in_json(answer: Answer) -> Response<Bytes> {
    let (status, body) = match answer {
        Ok(body) => (StatusCode::OK, body),
        Err((status, message)) => (status, json!({"Message": message})),
    };
    Response::builder()
        .status(status)
        .header("content-type", "application/json")
        .body(Bytes::from(format!("{body:#}\n")))
        .expect("the content type is plain ASCII")
}

fn read<T: serde::de::DeserializeOwned>(body: &Bytes) -> Result<T, (StatusCode, String)> {
    serde_json::from_slice(body).map_err(|error| (StatusCode::BAD_REQUEST, error.to_string()))
}
