use std::collections::BTreeMap;
use std::time::Duration;

use crate::aws::WorkSpace;
use crate::provider::explain::explain;
use crate::provider::session::Session;
use crate::provider::standby;
use crate::provider::wait::Limit;
use crate::tf::{Diagnostics, Value};

use super::{region, schema, wait};

/// How long to wait for a fleet unless the configuration says otherwise: as long as for one standby,
/// since all are made at the same time.
const TIMEOUT: Duration = Duration::from_secs(90 * 60);

/// The WorkSpaces found so far, by id and so in the order of their ids.
pub(super) type Found = BTreeMap<String, WorkSpace>;

/// Lists the standbys that a wholly known configuration selects, once they are ready where it says so.
///
/// # Errors
/// Diagnostics where AWS could not be asked, or where one of them does not become ready.
pub(in crate::provider) async fn read(
    session: &Session,
    config: &Value,
) -> Result<(Value, Diagnostics), Diagnostics> {
    let region = region(session, config).await?;
    let directory_id = config.get("directory_id").as_str();
    let primary_region = config.get("primary_region").as_str();
    let limit = Limit::from_now(standby::timeout(config, "read", TIMEOUT));

    let what = format!("list the standbys in {}", region.name());
    let listed = region.standbys(directory_id).await.map_err(|error| explain(&what, &error))?;
    let mut found: Found = listed
        .into_iter()
        .filter(|workspace| {
            let primary = workspace.primary.as_ref().and_then(|primary| primary.region.as_deref());
            primary_region.is_none() || primary == primary_region
        })
        .map(|workspace| (workspace.id.clone(), workspace))
        .collect();
    if config.get("wait_for_ready").as_bool() == Some(true) {
        let made = session.recent.ids(region.name(), directory_id, primary_region);
        wait::wait(&region, &mut found, made, limit).await?;
    }
    if let Some(state) = config.get("state").as_str() {
        found.retain(|_, workspace| workspace.state() == state);
    }

    // Asked last and only where there is something to show: it may be a call.
    let account = match found.is_empty() {
        true => None,
        false => session.account().await,
    };
    let standbys = found.values().map(|workspace| {
        standby::described(schema::item_names(), workspace, region.name(), account.as_ref())
    });
    let mut state = config.clone();
    state.set("standbys", Value::List(standbys.collect()));
    state.set("ids", Value::List(found.into_keys().map(Value::from).collect()));
    state.set("region", region.name().into());
    Ok((state, Diagnostics::new()))
}
