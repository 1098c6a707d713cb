use crate::aws::{Region, WorkSpace};
use crate::provider::attr::{Attr, Field};
use crate::provider::chosen_region::chosen_region;
use crate::provider::explain::explain;
use crate::provider::resource::{DataSource, ReadResult};
use crate::provider::session::Session;
use crate::provider::standby::{self, Standby};
use crate::provider::tag_reads::read_elsewhere;
use crate::provider::tags::from_map;
use crate::tf::{Diagnostic, Diagnostics, Path, Value};

use super::schema;

/// The data source `aws_workspaces_standby`.
pub(in crate::provider) fn data_source() -> DataSource {
    DataSource {
        name: standby::TYPE_NAME,
        schema: schema::one(),
        validate,
        read: |session, configuration| Box::pin(read(session, configuration)),
    }
}

/// A standby must be selected, in one of two ways.
fn validate(configuration: &Value) -> Diagnostics {
    let Standby { id, primary_workspace_id, .. } =
        Standby::decode(configuration).unwrap_or_default();
    if !id.is_null() || !primary_workspace_id.is_null() {
        return Diagnostics::new();
    }
    let detail = "Set id, or primary_workspace_id and directory_id. To list standbys, use the \
                  data source aws_workspaces_standbys.";
    Diagnostic::error("Missing required arguments", detail).at(Path::attribute("id")).into()
}

async fn read(session: &Session, configuration: &Value) -> ReadResult {
    let wanted = Standby::decode(configuration).unwrap_or_default();
    let region = chosen_region(session, "data source", &wanted.region).await?;
    let found = match wanted.id.as_str() {
        Some(id) => by_id(&region, id).await?,
        None => by_primary(&region, &wanted).await?,
    };
    let account = session.account().await;
    let what = format!("read the tags of {} in {}", found.id, region.name());
    let read = region.read_tags(&found.id, account.as_ref(), None).await;
    let read = read.map_err(|error| explain(&what, &error))?;

    let tags = Attr::Known(from_map(&session.tags().all_of(read.tags)));
    let shown = Standby {
        tags: tags.clone(),
        tags_all: tags,
        ..Standby::shown(&found, region.name(), account.as_ref())
    };
    let mut warnings = Diagnostics::new();
    warnings.extend(read.fallback.map(|why| read_elsewhere(&why, region.name())));
    Ok((shown.encode_only(schema::names()), warnings))
}

async fn by_id(region: &Region, id: &str) -> Result<WorkSpace, Diagnostic> {
    let what = format!("read the standby {id} in {}", region.name());
    let refused = |detail: String| {
        Diagnostic::error(format!("Could not {what}"), detail).at(Path::attribute("id"))
    };
    let found = region.find(id).await.map_err(|error| explain(&what, &error))?;
    let found = found.ok_or_else(|| {
        refused(format!(
            "AWS shows no WorkSpace {id} in {}. If it is in another Region, set region. A new one \
             may not be visible yet.",
            region.name()
        ))
    })?;
    match standby::not_a_standby(&found) {
        None => Ok(found),
        Some(what_it_is) => Err(refused(what_it_is)),
    }
}

async fn by_primary(region: &Region, wanted: &Standby) -> Result<WorkSpace, Diagnostic> {
    let (primary_id, directory_id) =
        (wanted.primary_workspace_id.text(), wanted.directory_id.text());
    let what = format!("find the standby of {primary_id} in {}", region.name());
    let all = region.standbys(Some(&directory_id)).await;
    let all = all.map_err(|error| explain(&what, &error))?;
    let of_primary = |workspace: &WorkSpace| {
        workspace.primary.as_ref().is_some_and(|primary| primary.id == primary_id)
    };
    let mut matching: Vec<WorkSpace> = all.into_iter().filter(of_primary).collect();
    // A standby that is being terminated does not hide the one that replaces it.
    if matching.len() > 1 {
        matching.retain(|found| !found.is_ending());
    }
    let detail = match matching.as_slice() {
        [_] => return Ok(matching.remove(0)),
        [] => format!(
            "AWS shows no standby of {primary_id} in the directory {directory_id}. Check both \
             IDs. If the directory is not in {}, set region. A new standby may not be visible \
             yet.",
            region.name()
        ),
        several => {
            let found: Vec<String> = several
                .iter()
                .map(|standby| format!("{} ({})", standby.id, standby.state()))
                .collect();
            format!(
                "There is more than one in the directory {directory_id}: {}. Set id to one of them.",
                found.join(", ")
            )
        }
    };
    Err(Diagnostic::error(format!("Could not {what}"), detail)
        .at(Path::attribute("primary_workspace_id")))
}
