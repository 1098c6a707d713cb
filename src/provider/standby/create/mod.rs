mod messages;

use std::ops::ControlFlow;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::aws::{Accepted, CreateFailure, Error, Kind, NewStandby, Region, WorkSpace};
use crate::provider::attr::{Attr, Field};
use crate::provider::instance::{Instance, Outcome};
use crate::provider::resource::Apply;
use crate::provider::session::Session;
use crate::provider::wait::{Limit, until, within};
use crate::tf::{Diagnostic, Diagnostics};

use super::identity::Identity;
use super::model::{Standby, Stored, timeout};
use super::private::{Key, Private};
use super::status::{Readiness, ready};
pub(super) use messages::import_block;

/// The default of `timeouts.create`. AWS documents no figure for standbys; the image of the bundle is
/// copied first, and an encrypted WorkSpace may take an hour.
const TIMEOUT: Duration = Duration::from_secs(90 * 60);

/// Creates a standby. Its id is in the checkpoint before anything else is done with it.
pub(super) async fn create(apply: Apply<'_>, planned: Instance) -> Outcome {
    let planned = Stored::decode(&planned).state;
    let limit = Limit::from_now(timeout(&planned.timeouts, |all| &all.create, TIMEOUT));
    match accept(apply, planned, limit).await {
        Ok((created, shown)) => settle(created, shown, limit, apply.stop).await,
        Err(diagnostic) => Outcome { instance: Instance::absent(), diagnostics: diagnostic.into() },
    }
}

/// Sends the request and records the id that AWS returns. With it comes the WorkSpace, if AWS has
/// shown it already.
///
/// # Errors
/// A diagnostic if there is no id that certainly belongs to this resource.
async fn accept(
    apply: Apply<'_>,
    planned: Standby,
    limit: Limit,
) -> Result<(Created<'_>, Option<Box<WorkSpace>>), Diagnostic> {
    let Apply { session, checkpoint, stop } = apply;
    let region_name = planned.region.as_str().ok_or_else(messages::no_region)?;
    let region = session.client.region(region_name).await;
    let new = planned.request();
    let accepted = match region.create(&new, limit.deadline, stop).await {
        Ok(accepted) => accepted,
        Err(failure) => return Err(refused(&region, &new, &failure).await),
    };

    // Nothing may come between the id and the checkpoint: no call, no wait.
    let mut created = Created::new(session, region, new, planned, &accepted);
    checkpoint.record(created.instance());
    session.recent.made(created.region.name(), &created.id, &created.new);
    tracing::info!(id = created.id, region = created.region.name(), "standby accepted");
    if session.known_account().is_none()
        && within(limit.deadline, stop, created.learn_account()).await.is_ok()
    {
        checkpoint.record(created.instance());
    }
    Ok((created, accepted.shown))
}

/// Waits until the standby is ready, unless the configuration says not to.
async fn settle(
    mut created: Created<'_>,
    shown: Option<Box<WorkSpace>>,
    limit: Limit,
    stop: &CancellationToken,
) -> Outcome {
    if created.planned.wait_for_ready.known() == Some(&false) {
        return created.finish(Diagnostics::new());
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
            let problem = messages::failed(&created.region, &created.new, &workspace);
            (Some(*workspace), Some(problem))
        }
        Ok(Readiness::Gone) => {
            (None, Some(messages::gone(&created.region, &created.new, &created.id)))
        }
        Err(mut interrupted) => {
            let id = &created.id;
            let problem = messages::not_ready(&created.region, &created.new, id, &interrupted);
            (interrupted.last.take(), Some(problem))
        }
    };
    if let Some(workspace) = last {
        created.refresh(&workspace);
    }
    let mut diagnostics = Diagnostics::new();
    diagnostics.extend(problem);
    created.finish(diagnostics)
}

/// A standby from the moment AWS has returned its id.
struct Created<'a> {
    session: &'a Session,
    region: Region,
    new: NewStandby,
    id: String,
    /// The planned state, unknown values included.
    planned: Standby,
    /// What is known so far.
    actual: Stored,
}

impl<'a> Created<'a> {
    fn new(
        session: &'a Session,
        region: Region,
        new: NewStandby,
        planned: Standby,
        accepted: &Accepted,
    ) -> Self {
        let id = accepted.id.clone();
        let mut state = Standby {
            id: id.as_str().into(),
            state: accepted.state.as_deref().into(),
            user_name: accepted.user_name.as_deref().into(),
            ..planned.clone().settled(None)
        };
        let account = session.known_account();
        state.locate(account, region.name(), &id);
        let key = new.volume_encryption_key.clone();
        let key = key.map(|configured| Key { configured, reported: None });
        let private = Private { unseen_since: Some(session.clock.now()), key };
        let identity = Attr::Known(Identity::new(account, region.name(), &id));
        let actual = Stored { state, private, identity };
        Self { session, region, new, id, planned, actual }
    }

    /// Adds what depends on the account. Kept apart because it may take a call.
    async fn learn_account(&mut self) {
        let account = self.session.account().await;
        let region = self.region.name();
        self.actual.state.locate(account.as_ref(), region, &self.id);
        self.actual.identity = Attr::Known(Identity::new(account.as_ref(), region, &self.id));
    }

    fn refresh(&mut self, workspace: &WorkSpace) {
        self.actual.private.unseen_since = None;
        self.actual.state.refresh(workspace, &mut self.actual.private);
    }

    fn instance(&self) -> Instance {
        let state = self.planned.clone().settled(Some(&self.actual.state));
        Stored { state, ..self.actual.clone() }.encode()
    }

    fn finish(self, diagnostics: Diagnostics) -> Outcome {
        tracing::debug!(
            id = self.id,
            at = %self.session.clock.now(),
            failed = diagnostics.has_errors(),
            "standby created"
        );
        Outcome { instance: self.instance(), diagnostics }
    }
}

/// Why there is no id, with the standby that is in the way if there is one.
async fn refused(region: &Region, new: &NewStandby, failure: &CreateFailure) -> Diagnostic {
    let mut diagnostic = messages::refused(region, new, failure);
    if let CreateFailure::Refused(Error { kind: Kind::AlreadyExists, .. }) = failure
        && let Ok(found) = region.standbys_of(&new.primary_id, &new.directory_id).await
    {
        diagnostic.detail.push_str(&messages::in_the_way(region, new, &found));
    }
    diagnostic
}
