use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Fault;
use super::cloud::{Condition, WorkspaceState};
use super::stats::Stats;
use super::sts::Record;
use super::world::World;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Force {
    state: Option<WorkspaceState>,
    error_code: Option<String>,
    error_message: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Arm {
    faults: Vec<String>,
}

/// A status and a body.
type Answer = Result<Value, (StatusCode, String)>;

/// Answers a request for `/_simulator/` and the path given: what a test does behind the API's back.
pub(super) fn respond(
    world: &mut World,
    request: &Request<Bytes>,
    path: &str,
    now: Timestamp,
) -> Response<Bytes> {
    let parts: Vec<&str> = path.trim_end_matches('/').split('/').collect();
    let answer = match (request.method(), &parts[..]) {
        (&Method::GET, ["stats"]) => Ok(json!(world.stats)),
        (&Method::GET, ["sts"]) => Ok(world.sessions.record.shown()),
        (&Method::POST, ["reset"]) => {
            world.stats = Stats::default();
            world.sessions.record = Record::default();
            Ok(json!({}))
        }
        (&Method::POST, ["faults"]) => arm(world, request.body()),
        (&Method::GET, ["workspaces"]) => Ok(list(world, now)),
        (&Method::GET, ["workspaces", region, id]) => show(world, region, id, now),
        (&Method::POST, ["workspaces", region, id]) => {
            force(world, region, id, request.body(), now)
        }
        (&Method::DELETE, ["workspaces", region, id]) => vanish(world, region, id),
        (method, _) => {
            Err((StatusCode::NOT_FOUND, format!("there is no {method} /_simulator/{path}")))
        }
    };
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

fn arm(world: &mut World, body: &Bytes) -> Answer {
    let Arm { faults } = read(body)?;
    let faults: Result<Vec<Fault>, String> = faults.iter().map(|text| text.parse()).collect();
    world.faults.replace(faults.map_err(|why| (StatusCode::BAD_REQUEST, why))?);
    Ok(json!({}))
}

fn list(world: &World, now: Timestamp) -> Value {
    let cloud = &world.cloud;
    let all = cloud.regions.iter().flat_map(|(name, region)| {
        let there = region.workspaces.values().filter(|workspace| workspace.exists(now));
        there.map(move |workspace| {
            let mut shown = cloud.render(workspace, &world.pace, now);
            shown["Region"] = json!(name);
            shown
        })
    });
    json!({"Workspaces": all.collect::<Vec<_>>()})
}

fn show(world: &World, region: &str, id: &str, now: Timestamp) -> Answer {
    let workspace = world.cloud.workspace(region, id, now).ok_or_else(|| not_found(region, id))?;
    let mut shown = world.cloud.render(workspace, &world.pace, now);
    shown["Region"] = json!(region);
    shown["Tags"] = json!(workspace.tags);
    Ok(shown)
}

fn force(world: &mut World, region: &str, id: &str, body: &Bytes, now: Timestamp) -> Answer {
    let Force { state, error_code, error_message } = read(body)?;
    let workspace =
        world.cloud.workspace_mut(region, id, now).ok_or_else(|| not_found(region, id))?;
    workspace.forced = state.map(|state| Condition { state, error_code, error_message });
    world.save();
    show(world, region, id, now)
}

fn vanish(world: &mut World, region: &str, id: &str) -> Answer {
    let found = world.cloud.regions.get_mut(region).and_then(|region| region.workspaces.remove(id));
    found.ok_or_else(|| not_found(region, id))?;
    world.save();
    Ok(json!({}))
}

fn read<T: serde::de::DeserializeOwned>(body: &Bytes) -> Result<T, (StatusCode, String)> {
    serde_json::from_slice(body).map_err(|error| (StatusCode::BAD_REQUEST, error.to_string()))
}

fn not_found(region: &str, id: &str) -> (StatusCode, String) {
    (StatusCode::NOT_FOUND, format!("there is no WorkSpace {id} in {region}"))
}
