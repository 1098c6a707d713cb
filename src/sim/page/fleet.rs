use jiff::Timestamp;
use serde_json::Value;

use super::html::{cell, state, table};
use crate::sim::cloud::Workspace;
use crate::sim::world::World;

/// The most rows of a table; a fleet of thousands is for the API.
const ROWS: usize = 200;

const NO_STANDBY: &str = "<td data-label=\"Standby\" class=\"side none\" colspan=\"7\">none</td>";

/// Primaries and standbys side by side, by the Region of the primary.
pub(super) fn workspaces(world: &World, now: Timestamp) -> String {
    // Those with a standby come first.
    let (mut rows, mut without) = (Vec::new(), Vec::new());
    for (region, there) in &world.cloud.regions {
        for workspace in there.workspaces.values().filter(|it| it.exists(now)) {
            let has_primary = workspace.primary.as_ref().is_some_and(|primary| {
                world.cloud.workspace(&primary.region, &primary.id, now).is_some()
            });
            // A standby is in the row of its primary, as long as there is one.
            if has_primary {
                continue;
            }
            let is_orphan = workspace.primary.is_some();
            let standbys: Vec<_> = world.cloud.standbys(workspace, now).collect();
            let mut pairs: Vec<(Option<_>, Option<_>)> = standbys
                .iter()
                .map(|(link, standby)| {
                    (Some((region.as_str(), workspace)), Some((link.region.as_str(), *standby)))
                })
                .collect();
            if is_orphan {
                pairs.push((None, Some((region.as_str(), workspace))));
            } else if pairs.is_empty() {
                pairs.push((Some((region.as_str(), workspace)), None));
            }
            for (primary, standby) in pairs {
                let rows = if standby.is_some() { &mut rows } else { &mut without };
                rows.push(row(world, primary, standby, now));
            }
        }
    }
    rows.append(&mut without);
    let left_out = rows.len().saturating_sub(ROWS);
    rows.truncate(ROWS);
    let columns = [
        "WorkSpace",
        "User",
        "Region",
        "State",
        "Tags",
        "|Standby",
        "Region",
        "State",
        "Replication",
        "Snapshot",
        "Tags",
        "Age",
    ];
    let table = table(&columns, &rows);
    match left_out {
        0 => table,
        _ => format!("{table}\n<p class=\"quiet\">{left_out} more rows are not shown.</p>"),
    }
}

type Side<'a> = Option<(&'a str, &'a Workspace)>;

fn row(world: &World, primary: Side<'_>, standby: Side<'_>, now: Timestamp) -> String {
    let mut cells = match primary {
        None => [
            cell("WorkSpace", "none", "gone"),
            cell("User", "", ""),
            cell("Region", "", ""),
            cell("State", "", ""),
            cell("Tags", "", ""),
        ]
        .concat(),
        Some((region, primary)) => [
            cell("WorkSpace", "id", &primary.id),
            cell("User", "", &primary.user_name),
            cell("Region", "", region),
            state("State", &text(&primary.state(now))),
            cell("Tags", "", &tags(primary)),
        ]
        .concat(),
    };
    cells += &match standby {
        None => NO_STANDBY.to_owned(),
        Some((region, standby)) => {
            let snapshot = standby.replication.snapshot(world.pace.snapshot_after, now);
            let snapshot = snapshot.map(|time| format!("{} ago", span(time, now)));
            [
                cell("Standby", "side id", &standby.id),
                cell("Region", "", region),
                state("State", &text(&standby.state(now))),
                cell("Replication", "", &text(&standby.replication.current(now))),
                cell("Snapshot", "", &snapshot.unwrap_or_default()),
                cell("Tags", "", &tags(standby)),
                cell("Age", "", &span(standby.created_at, now)),
            ]
            .concat()
        }
    };
    cells
}

/// The directories of all Regions.
pub(super) fn directories(world: &World, now: Timestamp) -> String {
    let mut rows = Vec::new();
    for (region, there) in &world.cloud.regions {
        for directory in there.directories.values() {
            let alias = there.aliases.values().filter(|alias| alias.exists(now)).find(|alias| {
                alias.association(now).is_some_and(|it| it.resource_id == directory.id)
            });
            let there = there.workspaces.values();
            let count =
                there.filter(|it| it.exists(now) && it.directory_id == directory.id).count();
            rows.push(
                [
                    cell("Directory", "id", &directory.id),
                    cell("Region", "", region),
                    cell("Type", "", &directory.kind),
                    state("State", directory.state(now)),
                    cell("WorkSpaces", "", &count.to_string()),
                    cell("Connection alias", "", alias.map_or("", |it| &it.connection_string)),
                ]
                .concat(),
            );
        }
    }
    rows.truncate(ROWS);
    let columns = ["Directory", "Region", "Type", "State", "WorkSpaces", "Connection alias"];
    table(&columns, &rows)
}

fn tags(workspace: &Workspace) -> String {
    let pairs = workspace.tags.iter().map(|(key, value)| format!("{key}={value}"));
    pairs.collect::<Vec<_>>().join(", ")
}

/// The name that the API has for a value.
fn text(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(text)) => text,
        _ => String::new(),
    }
}

/// The time from `since` to `now` in its largest unit, so that it seldom changes.
fn span(since: Timestamp, now: Timestamp) -> String {
    let seconds = now.duration_since(since).as_secs().max(0);
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds / 60),
        3600..172_800 => format!("{} h", seconds / 3600),
        _ => format!("{} d", seconds / 86_400),
    }
}
