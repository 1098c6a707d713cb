use jiff::Timestamp;

use super::fleet;
use super::html::{cell, table};
use crate::sim::calls::CallRecord;
use crate::sim::markup::escape;
use crate::sim::world::World;

/// How many calls the page shows.
const CALLS: usize = 30;

/// The sections of the page that change.
pub(super) fn all(world: &World, now: Timestamp) -> String {
    let section = |id: &str, title: &str, content: String| {
        format!("<section id=\"{id}\">\n<h2>{title}</h2>\n{content}\n</section>")
    };
    [
        section("workspaces", "WorkSpaces", fleet::workspaces(world, now)),
        section("directories", "Directories", fleet::directories(world, now)),
        section("faults", "Faults", faults(world)),
        section("calls", "Last calls", calls(world)),
    ]
    .join("\n")
}

fn faults(world: &World) -> String {
    let shown = world.faults.shown();
    if shown.is_empty() {
        return "<p class=\"none\">None: every call is answered as AWS answers it.</p>".to_owned();
    }
    let items: String =
        shown.iter().map(|fault| format!("<li><code>{}</code></li>", escape(fault))).collect();
    format!("<ul>{items}</ul>")
}

fn calls(world: &World) -> String {
    let rows: Vec<String> = world.calls.recent().take(CALLS).map(call).collect();
    if rows.is_empty() {
        return "<p class=\"none\">None yet.</p>".to_owned();
    }
    table(&["Time", "Operation", "Region", "Caller", "IDs", "Outcome", "Took"], &rows)
}

fn call(call: &CallRecord) -> String {
    let class = if call.outcome == "ok" { "good" } else { "bad" };
    let identifiers = match &call.identifiers[..] {
        [first, second, rest @ ..] if !rest.is_empty() => {
            format!("{first} {second} +{}", rest.len())
        }
        few => few.join(" "),
    };
    [
        cell("Time", "id", &call.time.strftime("%H:%M:%S").to_string()),
        cell("Operation", "", &call.operation),
        cell("Region", "", &call.region),
        cell("Caller", "", call.short_caller()),
        cell("IDs", "id", &identifiers),
        cell("Outcome", class, &call.outcome),
        cell("Took", "", &format!("{} ms", call.milliseconds)),
    ]
    .concat()
}
