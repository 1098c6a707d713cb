use bytes::Bytes;
use http::{Method, StatusCode};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, read};
use crate::sim::cloud::{Condition, WorkspaceState};
use crate::sim::world::World;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct ForcedState {
    state: Option<WorkspaceState>,
    error_code: Option<String>,
    error_message: Option<String>,
}

/// Answers a request for `/_simulator/workspaces` and the rest of the path.
pub(super) fn answer(
    world: &mut World,
    method: &Method,
    place: &[&str],
    body: &Bytes,
    now: Timestamp,
) -> Answer {
    let (region, id) = match place {
        [] if method == Method::GET => return Ok(list(world, now)),
        [id] => (region_of(world, id)?, (*id).to_owned()),
        [region, id] => ((*region).to_owned(), (*id).to_owned()),
        _ => return Err((StatusCode::NOT_FOUND, "expected workspaces/REGION/ID".to_owned())),
    };
    match *method {
        Method::GET => show(world, &region, &id, now),
        Method::POST => force(world, &region, &id, body, now),
        Method::DELETE => remove(world, &region, &id),
        _ => Err((StatusCode::METHOD_NOT_ALLOWED, format!("{method} is not allowed here"))),
    }
}

/// The Region that has a WorkSpace of this id.
fn region_of(world: &World, id: &str) -> Result<String, (StatusCode, String)> {
    let mut regions = world.cloud.regions.iter();
    let found = regions.find(|(_, region)| region.workspaces.contains_key(id));
    let absent = || (StatusCode::NOT_FOUND, format!("WorkSpace {id} does not exist"));
    found.map(|(name, _)| name.clone()).ok_or_else(absent)
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
    let ForcedState { state, error_code, error_message } = read(body)?;
    let workspace =
        world.cloud.workspace_mut(region, id, now).ok_or_else(|| not_found(region, id))?;
    workspace.forced = state.map(|state| Condition { state, error_code, error_message });
    world.save();
    show(world, region, id, now)
}

fn remove(world: &mut World, region: &str, id: &str) -> Answer {
    let found = world.cloud.regions.get_mut(region).and_then(|region| region.workspaces.remove(id));
    found.ok_or_else(|| not_found(region, id))?;
    world.save();
    Ok(json!({}))
}

fn not_found(region: &str, id: &str) -> (StatusCode, String) {
    (StatusCode::NOT_FOUND, format!("WorkSpace {id} does not exist in {region}"))
}
