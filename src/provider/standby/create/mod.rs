//! Creating a standby: `accept` leads to an id that is recorded, `settle` waits until the standby is
//! ready. `adopt` takes over a standby that exists instead.

mod adopt;
mod created;
mod messages;

use std::ops::ControlFlow;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::aws::{CreateFailure, WorkSpace};
use crate::provider::attr::Attr;
use crate::provider::instance::{Instance, Outcome};
use crate::provider::managed::arguments::timeout_of;
use crate::provider::resource::Apply;
use crate::provider::wait::{Limit, until, within};
use crate::tf::{Diagnostic, Diagnostics};

use super::model::{Standby, Stored};
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
    if let Some(primary) = planned.primary() {
        apply.session.planned.applied(primary);
    }
    let limit = Limit::from_now(timeout_of(&planned.timeouts, |all| &all.create, TIMEOUT));
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
    let adopts = planned.adopt_existing == Attr::Known(true);
    let existing = match adopts {
        true => adopt::find(&region, &new, limit, apply).await?,
        false => None,
    };
    let existing = match existing {
        Some(found) => found,
        None => {
            let primary_region = session.client.region(&new.primary_region).await;
            match region.create(&new, &primary_region, limit.deadline, stop).await {
                Ok(accepted) => {
                    let created = Created::accepted(session, region, new, planned, &accepted);
                    record(apply, &created);
                    return Ok(learn_account(apply, created, accepted.shown, limit).await);
                }
                Err(CreateFailure::Exists {
                    standby: Some(standby), created_here: false, ..
                }) if adopts && standby.region.as_deref() == Some(region_name) => {
                    adopt::look_up(&region, &new, &standby.id, limit, apply).await?
                }
                Err(failure) => return Err(messages::refused(&region, &new, adopts, &failure)),
            }
        }
    };
    let created = Created::adopted(session, region, new, planned, &existing);
    if !record(apply, &created) {
        return Err(messages::same_primary(&created));
    }
    Ok(learn_account(apply, created, Some(Box::new(existing)), limit).await)
}

/// Records the id. Nothing may come between the id and the checkpoint: no call, no wait. False if
/// another resource of this process has the standby.
fn record(apply: Apply<'_>, created: &Created<'_>) -> bool {
    let Created { region, id, new, .. } = created;
    let is_ours = apply.session.recent.created(region.name(), id, new);
    if is_ours || !created.is_adopted {
        apply.checkpoint.record(created.instance());
        tracing::info!(id, region = region.name(), adopted = created.is_adopted, "recorded");
    }
    is_ours
}

async fn learn_account<'a>(
    apply: Apply<'a>,
    mut created: Created<'a>,
    shown: Option<Box<WorkSpace>>,
    limit: Limit,
) -> Accepted<'a> {
    if apply.session.known_account().is_none()
        && within(limit.deadline, apply.stop, created.learn_account()).await.is_ok()
    {
        apply.checkpoint.record(created.instance());
    }
    Accepted { created, shown }
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
