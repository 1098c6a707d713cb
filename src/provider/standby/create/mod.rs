//! Creating a standby: `accept` leads to an id that is recorded, `settle` waits until the standby is
//! ready. `adopt` takes over a standby that exists instead.

mod adopt;
mod created;
mod messages;

use std::ops::ControlFlow;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::aws::{CreateFailure, Error, Kind, NewStandby, Region, WorkSpace};
use crate::provider::attr::Attr;
use crate::provider::instance::{Instance, Outcome};
use crate::provider::resource::Apply;
use crate::provider::wait::{Limit, until, within};
use crate::tf::{Diagnostic, Diagnostics};

use super::model::{Standby, Stored, timeout};
use super::status::{Readiness, ready};
use created::Created;
pub(super) use messages::import_block;

/// The default of `timeouts.create`. AWS documents no figure for standbys; the image of the bundle is
/// copied first, and an encrypted WorkSpace may take an hour. When it is over, Terraform marks the
/// standby as tainted, and the next apply destroys it: better to wait too long.
const TIMEOUT: Duration = Duration::from_secs(3 * 60 * 60);

/// Creates a standby. Its id is in the checkpoint before anything else is done with it.
pub(super) async fn create(apply: Apply<'_>, planned: Instance) -> Outcome {
    let planned = Stored::decode(&planned).state;
    let limit = Limit::from_now(timeout(&planned.timeouts, |all| &all.create, TIMEOUT));
    match accept(apply, planned, limit).await {
        Ok(Accepted { mut created, shown }) => {
            let mut diagnostics = Diagnostics::new();
            if created.is_adopted {
                diagnostics.extend(adopt::bring_to_plan(&mut created, limit, apply).await);
            }
            settle(created, shown, limit, apply.stop, diagnostics).await
        }
        Err(diagnostic) => Outcome { instance: Instance::absent(), diagnostics: diagnostic.into() },
    }
}

/// A standby whose id is recorded.
struct Accepted<'a> {
    created: Created<'a>,
    /// The WorkSpace, if AWS has shown it already.
    shown: Option<Box<WorkSpace>>,
}

/// Finds the standby to adopt, or sends the request, and records the id.
///
/// # Errors
/// A diagnostic if there is no id that certainly belongs to this resource.
async fn accept(
    apply: Apply<'_>,
    planned: Standby,
    limit: Limit,
) -> Result<Accepted<'_>, Diagnostic> {
    let Apply { session, stop, .. } = apply;
    let region_name = planned.region.as_str().ok_or_else(messages::no_region)?;
    let region = session.client.region(region_name).await;
    let new = planned.request();
    let begun = session.recent.begin(&new).map_err(|other| messages::same_primary(&new, &other))?;

    let adopts = planned.adopt_existing == Attr::Known(true);
    let existing = match adopts {
        true => adopt::find(&region, &new, limit, apply).await?,
        false => None,
    };
    let (id, shown, answer) = match existing {
        Some(found) => (found.id.clone(), Some(Box::new(found)), None),
        None => match region.create(&new, limit.deadline, stop).await {
            Ok(accepted) => {
                let answer = (accepted.state, accepted.user_name);
                (accepted.id, accepted.shown, Some(answer))
            }
            Err(failure) => return Err(refused(&region, &new, &failure).await),
        },
    };

    // Nothing may come between the id and the checkpoint: no call, no wait.
    let mut created = Created::new(session, region, new, planned, &id);
    match (&answer, shown.as_deref()) {
        (Some((state, user_name)), _) => created.answered(state.as_deref(), user_name.as_deref()),
        (None, Some(workspace)) => {
            created.is_adopted = true;
            created.refresh(workspace);
        }
        (None, None) => {}
    }
    apply.checkpoint.record(created.instance());
    begun.created(created.region.name(), &id, &created.new);
    tracing::info!(id, region = created.region.name(), adopted = created.is_adopted, "accepted");
    if session.known_account().is_none()
        && within(limit.deadline, stop, created.learn_account()).await.is_ok()
    {
        apply.checkpoint.record(created.instance());
    }
    Ok(Accepted { created, shown })
}

/// Waits until the standby is ready, unless the configuration says not to.
async fn settle(
    mut created: Created<'_>,
    shown: Option<Box<WorkSpace>>,
    limit: Limit,
    stop: &CancellationToken,
    mut diagnostics: Diagnostics,
) -> Outcome {
    if created.planned.wait_for_ready.known() == Some(&false) {
        return created.finish(diagnostics);
    }
    let mut looks = 0;
    let at_once = shown.map(|workspace| ready(Some(&workspace), &mut looks));
    let waited = match at_once {
        Some(ControlFlow::Break(readiness)) => Ok(readiness),
        Some(ControlFlow::Continue(())) | None => {
            let condition = |seen: Option<&WorkSpace>| ready(seen, &mut looks);
            until(&created.region, &created.id, limit, stop, condition).await
        }
    };
    let (last, problem) = match waited {
        Ok(Readiness::Ready(workspace)) => (Some(*workspace), None),
        Ok(Readiness::Failed(workspace)) => {
            let problem = messages::failed(&created, &workspace);
            (Some(*workspace), Some(problem))
        }
        Ok(Readiness::Gone) => (None, Some(messages::gone(&created))),
        Err(mut interrupted) => {
            let problem = messages::not_ready(&created, &interrupted);
            (interrupted.last.take(), Some(problem))
        }
    };
    if let Some(workspace) = last {
        created.refresh(&workspace);
    }
    diagnostics.extend(problem);
    created.finish(diagnostics)
}

/// Why there is no id, with the standby that is in the way if there is one.
async fn refused(region: &Region, new: &NewStandby, failure: &CreateFailure) -> Diagnostic {
    let mut diagnostic = messages::refused(region, new, failure);
    if let CreateFailure::Refused(Error { kind: Kind::AlreadyExists, .. }) = failure
        && let Ok(mut found) = region.standbys(None).await
    {
        found.retain(|workspace| {
            workspace.primary.as_ref().is_some_and(|primary| primary.id == new.primary_id)
                && !workspace.is_ending()
        });
        diagnostic.detail.push_str(&messages::in_the_way(region, new, &found));
    }
    diagnostic
}
