use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::aws::{DataReplication, Error, Kind, Region, WorkSpace};
use crate::provider::explain::{explain, said};
use crate::provider::session::Session;
use crate::provider::tags::{from_map, to_map};
use crate::provider::{Checkpoint, Instance, Outcome};
use crate::tf::{Diagnostic, Diagnostics, Path, Value};

use super::private::{Key, Private};
use super::{damaged_region, identity, is_region, model};
use crate::provider::wait::{Interrupted, Limit, Why, spelled, until};

/// How long a change of data replication may take to show unless the configuration says otherwise;
/// AWS speaks of a few minutes.
const TIMEOUT: Duration = Duration::from_secs(30 * 60);

/// How long to pause before asking again while another change is under way.
const BUSY: Duration = Duration::from_secs(10);

/// What to know while the primary Region does not answer.
const PRIMARY_HAS_TO_BE_THERE: &str = "\n\nData replication is switched in the primary Region, \
     which has to be reachable for it. While it is down, take the change out of the configuration.";

/// Changes tags and data replication in place. What is done is noted step by step, so that a
/// failure half-way leaves in the state what really holds.
pub(in crate::provider) async fn update(
    session: &Session,
    prior: Value,
    planned: Instance,
    checkpoint: &Checkpoint,
    stop: &CancellationToken,
) -> Outcome {
    let mut current = prior.clone();
    // These are the provider's own business and hold as soon as they are asked for.
    for name in ["wait_for_ready", "timeouts", "volume_encryption_key"] {
        if !planned.state.get(name).is_unknown() {
            current.set(name, planned.state.get(name).clone());
        }
    }
    let mut private = Private::decode(&planned.private);
    // Only a plan that took another spelling for the same key leads here with one.
    let (before, now) =
        (prior.get("volume_encryption_key"), planned.state.get("volume_encryption_key"));
    if before != now
        && let (Some(before), Some(now)) = (before.as_str(), now.as_str())
    {
        private.key = Some(Key { configured: now.to_owned(), reported: Some(before.to_owned()) });
    }
    let changed = change(session, &prior, &planned.state, &mut current, &mut private, stop);
    let result = changed.await;
    let identity = match planned.identity {
        Value::Null => {
            let text = |name: &str| prior.get(name).as_str().unwrap_or_default();
            let account = session.account().await;
            identity::of(account.as_ref(), text("region"), text("id"))
        }
        stored => stored,
    };
    let (state, diagnostics) = match result {
        Ok(()) => (model::as_planned(&planned.state, &current), Diagnostics::new()),
        Err(diagnostic) => (current.unknown_as_null(), diagnostic.into()),
    };
    let instance = Instance { state, private: private.encode(), identity };
    checkpoint.record(instance.clone());
    Outcome { instance, diagnostics }
}

async fn change(
    session: &Session,
    prior: &Value,
    planned: &Value,
    current: &mut Value,
    private: &mut Private,
    stop: &CancellationToken,
) -> Result<(), Diagnostic> {
    let (Some(id), Some(region)) = (prior.get("id").as_str(), prior.get("region").as_str()) else {
        let detail = "The stored state has no id or no Region. Remove the resource from the state \
                      with `terraform state rm` and import it.";
        return Err(Diagnostic::error("Could not update a standby", detail));
    };
    if !is_region(region) {
        return Err(damaged_region(&format!("update {id}"), region));
    }
    let region = session.cloud.region(region).await;
    let what = |thing: &str| format!("change the {thing} of the standby {id} in {}", region.name());
    let limit = Limit::from_now(model::timeout(planned, "update", TIMEOUT));
    let unfinished = |why: &str| {
        Diagnostic::error(
            format!("The standby {id} in {} is not wholly updated", region.name()),
            format!("{why}. What was done is in the state; apply again for the rest."),
        )
    };
    let stopped = || unfinished("Terraform was asked to stop");
    let too_late = |whose: &str| {
        unfinished(&format!("{whose} did not answer within {}", spelled(limit.timeout)))
    };

    let tagging = change_tags(&region, id, prior, planned, current, stop);
    let tagged = tokio::select! {
        biased;
        result = tagging => match result {
            Err(Error { kind: Kind::Stopped, .. }) => return Err(stopped()),
            result => {
                result.map_err(|error| explain(&what("tags"), &error).at(Path::attribute("tags")))?
            }
        },
        () = tokio::time::sleep_until(limit.deadline) => return Err(too_late("AWS")),
    };
    if !tagged {
        return Err(stopped());
    }

    let wanted = model::data_replication(planned);
    if wanted == model::data_replication(prior) {
        return Ok(());
    }
    let Some(wanted) = wanted else { return Ok(()) };
    let primary_region = prior.get("primary_region").as_str().unwrap_or_default();
    let primary = session.cloud.region(primary_region).await;
    let pair = Pair {
        primary: (&primary, prior.get("primary_workspace_id").as_str().unwrap_or_default()),
        standby: (&region, id),
    };
    if stop.is_cancelled() {
        return Err(stopped());
    }
    if prior.get("state").as_str() == Some("PENDING") {
        // One that is still being made cannot be changed yet.
        let made = |seen: Option<&WorkSpace>| match seen {
            Some(workspace) if workspace.state() != "PENDING" => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        };
        until(&region, id, limit, stop, made).await.map_err(|interrupted| {
            unfinished(&format!(
                "Data replication is switched once the standby is made. {}",
                interrupted.described().trim_end_matches('.')
            ))
            .at(Path::attribute("data_replication"))
        })?;
    }
    let asked = tokio::select! {
        biased;
        asked = ask_for_replication(&pair, wanted, limit.deadline, stop) => asked,
        () = tokio::time::sleep_until(limit.deadline) => {
            let mut diagnostic = too_late(&format!("AWS in {primary_region}"));
            diagnostic.detail.push_str(PRIMARY_HAS_TO_BE_THERE);
            return Err(diagnostic.at(Path::attribute("data_replication")));
        }
    };
    let path = Path::attribute("data_replication");
    if let Err(Refused { primary: Error { kind: Kind::Stopped, .. }, .. }) = &asked {
        return Err(stopped());
    }
    asked.map_err(|refusal| refusal.explained(&what("data replication")).at(path.clone()))?;
    let shown = |seen: Option<&WorkSpace>| match seen {
        Some(workspace)
            if workspace.primary.is_some()
                && workspace.state() != "UPDATING"
                && workspace.data_replication.unwrap_or(DataReplication::Off) == wanted =>
        {
            ControlFlow::Break(workspace.clone())
        }
        _ => ControlFlow::Continue(()),
    };
    match until(&region, id, limit, stop, shown).await {
        Ok(workspace) => {
            model::refresh(current, &workspace, private);
            Ok(())
        }
        Err(interrupted) => {
            if let Some(workspace) = &interrupted.last {
                model::refresh(current, workspace, private);
            }
            Err(not_shown(&region, id, &interrupted).at(path))
        }
    }
}

/// Sets what differs and removes what is not wanted any more, noting in `current` what is done.
/// Whether that was all, or a stop came in between.
async fn change_tags(
    region: &Region,
    id: &str,
    prior: &Value,
    planned: &Value,
    current: &mut Value,
    stop: &CancellationToken,
) -> Result<bool, Error> {
    let (before, after) = (to_map(prior.get("tags_all")), to_map(planned.get("tags_all")));
    let removed: BTreeSet<String> =
        before.keys().filter(|key| !after.contains_key(*key)).cloned().collect();
    let changed: BTreeMap<String, String> = after
        .iter()
        .filter(|(key, value)| before.get(*key) != Some(*value))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    let nothing_to_do = removed.is_empty() && changed.is_empty();
    if stop.is_cancelled() && !nothing_to_do {
        return Ok(false);
    }
    if !removed.is_empty() {
        region.delete_tags(id, &removed, stop).await?;
        for name in ["tags", "tags_all"] {
            let mut left = to_map(prior.get(name));
            left.retain(|key, _| !removed.contains(key));
            current.set(name, from_map(&left));
        }
    }
    if !changed.is_empty() {
        if stop.is_cancelled() {
            return Ok(false);
        }
        region.create_tags(id, &changed, stop).await?;
    }
    for name in ["tags", "tags_all"] {
        current.set(name, planned.get(name).clone());
    }
    Ok(true)
}

/// A primary and its standby, each with its Region.
struct Pair<'a> {
    primary: (&'a Region, &'a str),
    standby: (&'a Region, &'a str),
}

/// Why data replication was not switched: what the primary Region said and, where it was asked
/// too, what the standby Region said.
struct Refused {
    primary: Error,
    standby: Option<Error>,
}

/// The one place that decides which WorkSpace to name when data replication is switched.
///
/// AWS does not document it. Its console does it on the primary's page, in the primary Region, and
/// a standby is said not to be modifiable, so the primary comes first; only where AWS definitely
/// refuses that is the standby named, in its own Region.
async fn ask_for_replication(
    pair: &Pair<'_>,
    wanted: DataReplication,
    deadline: Instant,
    stop: &CancellationToken,
) -> Result<(), Refused> {
    let (region, id) = pair.primary;
    let primary = match modify(region, id, wanted, deadline, stop).await {
        Ok(()) => return Ok(()),
        Err(error) if !error.kind.is_refusal() => {
            return Err(Refused { primary: error, standby: None });
        }
        Err(error) => error,
    };
    let (region, id) = pair.standby;
    modify(region, id, wanted, deadline, stop)
        .await
        .map_err(|standby| Refused { primary, standby: Some(standby) })
}

/// Asks for the change, and again for as long as another change is under way.
async fn modify(
    region: &Region,
    id: &str,
    wanted: DataReplication,
    deadline: Instant,
    stop: &CancellationToken,
) -> Result<(), Error> {
    loop {
        match region.modify_data_replication(id, wanted, stop).await {
            Err(error) if error.kind == Kind::InProgress && Instant::now() + BUSY < deadline => {
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = tokio::time::sleep(BUSY) => {}
                }
            }
            answer => return answer,
        }
    }
}

impl Refused {
    fn explained(&self, what: &str) -> Diagnostic {
        let mut diagnostic = explain(what, &self.primary);
        match &self.standby {
            Some(standby) => {
                diagnostic.detail.push_str("\n\nThe standby itself was tried too. ");
                diagnostic.detail.push_str(&said(standby));
            }
            None if matches!(self.primary.kind, Kind::Unreachable | Kind::Ambiguous) => {
                diagnostic.detail.push_str(PRIMARY_HAS_TO_BE_THERE);
            }
            None => {}
        }
        diagnostic
    }
}

fn not_shown(region: &Region, id: &str, interrupted: &Interrupted) -> Diagnostic {
    let advice = match interrupted.why {
        Why::TimedOut(_) => {
            "Apply again, with more time in timeouts { update = … } if that is what it needs."
        }
        Why::Stopped | Why::Failed(_) => "Apply again to go on waiting for it.",
    };
    Diagnostic::error(
        format!(
            "The standby {id} in {} does not show the change of data replication",
            region.name()
        ),
        format!(
            "AWS accepted the change. {}\n\nThe state says what AWS showed last. {advice}",
            interrupted.described()
        ),
    )
}
