use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use crate::aws::{DataReplication, Region, WorkSpace};
use crate::provider::attr::{Attr, Field, model};
use crate::provider::chosen_region::chosen_region;
use crate::provider::explain::explain;
use crate::provider::managed::arguments::timeout_of;
use crate::provider::resource::{DataSource, ReadResult, no_more_rules};
use crate::provider::session::Session;
use crate::provider::standby::Standby;
use crate::provider::tag_reads::tags_of;
use crate::provider::wait::Limit;
use crate::tf::{Diagnostic, Diagnostics, Value, duration};

use super::schema;
use super::timeouts::{Timeouts, in_time};
use super::wait::{Found, wait};

/// The default of `timeouts.read`: as long as for one standby, since all are created at the same time.
const TIMEOUT: Duration = Duration::from_secs(3 * 60 * 60);

model! {
    /// The attributes of `aws_workspaces_standbys`, as `schema` declares them.
    struct Standbys {
        directory_id: String,
        primary_region: String,
        state: String,
        region: String,
        wait_for_ready: bool,
        include_tags: bool,
        stale_after: String,
        ids: Vec<String>,
        standbys: Vec<Value>,
        stale: Vec<String>,
        timeouts: Timeouts,
    }
}

/// The data source `aws_workspaces_standbys`.
pub(in crate::provider) fn data_source() -> DataSource {
    DataSource {
        name: "aws_workspaces_standbys",
        schema: schema::many(),
        validate: no_more_rules,
        read: |session, configuration| Box::pin(read(session, configuration)),
    }
}

async fn read(session: &Session, configuration: &Value) -> ReadResult {
    let wanted = Standbys::decode(configuration).unwrap_or_default();
    let region = chosen_region(session, "data source", &wanted.region).await?;
    let limit = Limit::from_now(timeout_of(&wanted.timeouts, |timeouts| &timeouts.read, TIMEOUT));
    let what = format!("list the standbys in {}", region.name());
    let mut found = in_time(limit, &what, list(&region, &wanted, &what)).await??;
    if wanted.wait_for_ready == Attr::Known(true) {
        let (directory_id, primary_region) =
            (wanted.directory_id.as_str(), wanted.primary_region.as_str());
        let created = session.recent.ids(region.name(), directory_id, primary_region);
        wait(&region, &mut found, created, limit).await?;
    }
    if let Some(state) = wanted.state.as_str() {
        found.retain(|_, workspace| workspace.state() == state);
    }

    // Asked last and only if there is something to show: it may take a call.
    let account = match found.is_empty() {
        true => None,
        false => in_time(limit, &what, session.account()).await?,
    };
    let mut warnings = Diagnostics::new();
    let mut tags = None;
    if wanted.include_tags == Attr::Known(true) {
        let ids = found.keys().map(String::as_str);
        let (read, about_tags) =
            in_time(limit, &what, tags_of(&region, account.as_ref(), ids)).await??;
        warnings.extend(about_tags);
        tags = Some(read.into_iter());
    }
    let oldest = wanted.stale_after.as_str().and_then(|text| {
        let age = duration::parse(text).ok()?;
        session.clock.now().checked_sub(age).ok()
    });
    let stale = oldest.map(|oldest| {
        let stale = found.values().filter(|workspace| is_stale(workspace, oldest));
        stale.map(|workspace| workspace.id.clone()).collect::<Vec<_>>()
    });
    let ids = found.keys().cloned().collect();
    // One at a time, and not copied: there can be thousands.
    let shown = found.into_values().map(|workspace| {
        let mut standby = Standby::shown(&workspace, region.name(), account.as_ref());
        if let Some(tags) = tags.as_mut().and_then(Iterator::next) {
            standby.refresh_tags(tags, session.tags());
        }
        standby.encode_only(schema::names())
    });
    let shown = Value::List(shown.collect());
    let state = Standbys {
        stale: stale.into(),
        ids: Attr::Known(ids),
        region: region.name().into(),
        ..wanted
    };
    let mut state = state.encode();
    state.set("standbys", shown);
    Ok((state, warnings))
}

/// Whether data is replicated, and the last snapshot is older than this or missing.
fn is_stale(standby: &WorkSpace, oldest: Timestamp) -> bool {
    let taken = standby.recovery_snapshot_time.as_deref().and_then(|time| time.parse().ok());
    standby.data_replication == Some(DataReplication::PrimaryAsSource)
        && taken.is_none_or(|taken: Timestamp| taken < oldest)
}

async fn list(region: &Region, wanted: &Standbys, what: &str) -> Result<Found, Diagnostic> {
    let listed = region.standbys(wanted.directory_id.as_str()).await;
    let listed = listed.map_err(|error| explain(what, &error))?;
    let is_wanted = |workspace: &WorkSpace| {
        let primary = workspace.primary.as_ref().and_then(|primary| primary.region.as_deref());
        wanted.primary_region.is_null() || primary == wanted.primary_region.as_str()
    };
    let found = listed.into_iter().filter(is_wanted);
    Ok(found.map(|workspace| (workspace.id.clone(), workspace)).collect::<BTreeMap<_, _>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::attr::tests::assert_fits;

    #[test]
    fn the_model_holds_what_the_schema_declares() {
        assert_fits::<Standbys>(&schema::many().block);
    }
}
