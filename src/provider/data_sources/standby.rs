use crate::aws::{Region, WorkSpace};
use crate::provider::explain::explain;
use crate::provider::session::Session;
use crate::provider::standby;
use crate::tf::{Diagnostic, Diagnostics, Path, Value};

use super::{region, schema};

/// Checks that a configuration names one standby. Unknown values pass.
pub(in crate::provider) fn validate(config: &Value) -> Diagnostics {
    let named = |name: &str| !config.get(name).is_null();
    if named("id") || named("primary_workspace_id") {
        return Diagnostics::new();
    }
    let detail = "Set id, or primary_workspace_id and directory_id. Many standbys are listed by the \
                  data source aws_workspaces_standbys.";
    let summary = "Nothing names the standby";
    Diagnostic::error(summary, detail).at(Path::attribute("id")).into()
}

/// Reads the one standby that a wholly known configuration names.
///
/// # Errors
/// Diagnostics where it is not exactly one, or AWS could not be asked.
pub(in crate::provider) async fn read(
    session: &Session,
    config: &Value,
) -> Result<(Value, Diagnostics), Diagnostics> {
    let region = region(session, config).await?;
    let found = match config.get("id").as_str() {
        Some(id) => by_id(&region, id).await?,
        None => by_primary(&region, config).await?,
    };
    let account = session.account().await;
    let what = format!("read the tags of {} in {}", found.id, region.name());
    // True, so that what the tagging API does not show is asked of Amazon WorkSpaces.
    let read = region.read_tags(&found.id, account.as_ref(), true).await;
    let read = read.map_err(|error| explain(&what, &error))?;

    let mut state =
        standby::described(schema::one_names(), &found, region.name(), account.as_ref());
    let tags = session.tags().all_of(read.tags);
    let tags = Value::map(tags.into_iter().map(|(key, value)| (key, Value::from(value))));
    state.set("tags", tags.clone());
    state.set("tags_all", tags);
    let mut warnings = Diagnostics::new();
    warnings.extend(read.fallback.map(|why| standby::read_elsewhere(&why, region.name())));
    Ok((state, warnings))
}

async fn by_id(region: &Region, id: &str) -> Result<WorkSpace, Diagnostic> {
    let what = format!("read the standby {id} in {}", region.name());
    let refused = |detail: String| {
        Diagnostic::error(format!("Could not {what}"), detail).at(Path::attribute("id"))
    };
    let found = region.find(id).await.map_err(|error| explain(&what, &error))?;
    let found = found.ok_or_else(|| {
        refused(format!(
            "AWS shows no WorkSpace {id} in {}. If it is in another Region, set region. If it was \
             made a moment ago, AWS may not show it yet.",
            region.name()
        ))
    })?;
    match standby::no_standby(&found) {
        None => Ok(found),
        Some(what_it_is) => Err(refused(what_it_is)),
    }
}

async fn by_primary(region: &Region, config: &Value) -> Result<WorkSpace, Diagnostic> {
    let text = |name: &str| config.get(name).as_str().unwrap_or_default().to_owned();
    let (primary_id, directory_id) = (text("primary_workspace_id"), text("directory_id"));
    let what = format!("find the standby of {primary_id} in {}", region.name());
    let all = region.standbys(Some(&directory_id)).await;
    let all = all.map_err(|error| explain(&what, &error))?;
    let in_all = all.len();
    let of_primary = |workspace: &WorkSpace| {
        workspace.primary.as_ref().is_some_and(|primary| primary.id == primary_id)
    };
    let mut matching: Vec<WorkSpace> = all.into_iter().filter(of_primary).collect();
    // One that ends does not stand in the way of the one that has taken its place.
    if matching.len() > 1 {
        matching.retain(|found| !matches!(found.state(), "TERMINATING" | "TERMINATED"));
    }
    let detail = match matching.as_slice() {
        [_] => return Ok(matching.remove(0)),
        [] => format!(
            "None of the {in_all} standbys that AWS shows in the directory {directory_id} is of \
             {primary_id}. Check both ids, and that the directory is in {}; set region where it is \
             not. A standby that was made a moment ago may not be shown yet.",
            region.name()
        ),
        several => {
            let found: Vec<String> = several
                .iter()
                .map(|standby| format!("{} ({})", standby.id, standby.state()))
                .collect();
            format!(
                "There is more than one in the directory {directory_id}: {}. Name one by id.",
                found.join(", ")
            )
        }
    };
    Err(Diagnostic::error(format!("Could not {what}"), detail)
        .at(Path::attribute("primary_workspace_id")))
}
