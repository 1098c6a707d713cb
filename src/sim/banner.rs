//! What the simulator says when it starts: where it is, what there is, and how to use it.

use std::path::Path;

use jiff::Timestamp;

use super::cloud::{Cloud, refusal_of_primary};
use super::options::Options;
use super::server::Listening;
use super::simulator::Simulator;

/// The most WorkSpaces that are listed.
const LISTED: usize = 16;

/// The text to print once the simulator listens.
#[must_use]
pub fn banner(simulator: &Simulator, listening: &Listening, options: &Options) -> String {
    let url = listening.url();
    let mut lines = vec![
        format!("The Amazon WorkSpaces simulator listens at {url}"),
        "Open this address in a browser to watch it.".to_owned(),
    ];
    if let Some(path) = listening.ca_certificate_path() {
        lines.push(format!("Its certificate authority is {}", path.display()));
    }
    lines.push(String::new());
    let world = simulator.world();
    lines.push(format!("Account {}, {}", world.cloud.account_id, origin(world.restored, options)));
    lines.push(String::new());
    lines.extend(directories(&world.cloud));
    lines.push(String::new());
    lines.extend(workspaces(&world.cloud));
    let aliases = aliases(&world.cloud);
    if !aliases.is_empty() {
        lines.push(String::new());
        lines.extend(aliases);
    }
    let faults = world.faults.shown();
    if !faults.is_empty() {
        lines.push(String::new());
        lines.push(format!("Faults in force: {}", faults.join(" ")));
    }
    lines.push(String::new());
    lines.push("To use it from a shell, with Terraform or the AWS CLI:".to_owned());
    lines.push(format!("  export AWS_ENDPOINT_URL={url}"));
    lines.push("  export AWS_ACCESS_KEY_ID=simulated AWS_SECRET_ACCESS_KEY=simulated".to_owned());
    if let Some(path) = listening.ca_certificate_path() {
        lines.push(format!("  export AWS_CA_BUNDLE={}", path.display()));
    }
    lines.push(String::new());
    lines.push("Press Ctrl-C to stop.".to_owned());
    lines.iter().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// Where the account comes from, and where it is saved.
fn origin(restored: bool, options: &Options) -> String {
    let show = |path: &Path| path.display().to_string();
    let fleet = match &options.fleet {
        Some(path) => format!("the fleet of {}", show(path)),
        None => "the built-in fleet".to_owned(),
    };
    let Some(state) = options.state.as_deref().map(show) else { return fleet };
    match restored {
        true if options.fleet.is_some() || options.primaries > 0 => {
            format!("restored from {state}; --fleet and --primaries apply to a reset only")
        }
        true => format!("restored from {state}"),
        false => format!("{fleet}, saved to {state}"),
    }
}

fn directories(cloud: &Cloud) -> Vec<String> {
    let header = ["REGION", "DIRECTORY", "TYPE", "STATE", "WORKSPACES", "STANDBY QUOTA"];
    let mut rows = vec![header.map(str::to_owned)];
    for (name, region) in &cloud.regions {
        for directory in region.directories.values() {
            let there = region.workspaces.values();
            rows.push([
                name.clone(),
                directory.id.clone(),
                directory.kind.clone(),
                directory.state.clone(),
                there.filter(|it| it.directory_id == directory.id).count().to_string(),
                region.standby_quota.to_string(),
            ]);
        }
    }
    aligned(&rows)
}

fn workspaces(cloud: &Cloud) -> Vec<String> {
    let header = ["REGION", "WORKSPACE", "USER", "FOR"];
    let mut rows = vec![header.map(str::to_owned)];
    let regions = cloud.regions.iter();
    let all =
        regions.flat_map(|(name, region)| region.workspaces.values().map(move |it| (name, it)));
    // The generated ones of --primaries come last, because they are all alike.
    let (alike, others): (Vec<_>, Vec<_>) =
        all.partition(|(_, it)| it.id.starts_with("ws-synthetic"));
    for (region, workspace) in others.iter().chain(&alike).take(LISTED) {
        let user = &workspace.user_name;
        let mut elsewhere = cloud.regions.iter().flat_map(|(name, other)| {
            let same = other.workspaces.values().filter(|it| it.is_of_user(user));
            same.map(move |it| (name, it)).filter(|(name, _)| *name != *region)
        });
        let purpose = match (&workspace.primary, refusal_of_primary(workspace, Timestamp::MAX)) {
            (Some(primary), _) => format!("the standby of {}", primary.id),
            (None, Some(why)) => format!("a refusal: {why}"),
            (None, None) => match elsewhere.rfind(|(_, it)| it.primary.is_none()) {
                Some((name, it)) => {
                    format!("a conflict: {user} has {} in {name}, {}", it.id, it.directory_id)
                }
                None => "a standby".to_owned(),
            },
        };
        rows.push([(*region).clone(), workspace.id.clone(), user.clone(), purpose]);
    }
    let mut lines = aligned(&rows);
    let total = others.len() + alike.len();
    if total > LISTED {
        let last = others.iter().chain(&alike).next_back().map_or("", |(_, it)| &it.id);
        lines.push(format!("and {} more, up to {last}", total - LISTED));
    }
    lines
}

/// The connection aliases; nothing where there is none.
fn aliases(cloud: &Cloud) -> Vec<String> {
    let header = ["REGION", "CONNECTION ALIAS", "CONNECTION STRING", "DIRECTORY"];
    let mut rows = vec![header.map(str::to_owned)];
    for (name, region) in &cloud.regions {
        for alias in region.aliases.values() {
            let directory = alias.association.as_ref().map_or("-", |it| &it.resource_id);
            let cells = [name.as_str(), &alias.id, &alias.connection_string, directory];
            rows.push(cells.map(str::to_owned));
        }
    }
    if rows.len() == 1 { Vec::new() } else { aligned(&rows) }
}

/// Columns under each other, two spaces apart.
fn aligned<const N: usize>(rows: &[[String; N]]) -> Vec<String> {
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..N).map(width).collect();
    let line = |row: &[String; N]| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        cells.collect::<Vec<_>>().join("  ")
    };
    rows.iter().map(line).collect()
}
