use std::time::Duration;

use crate::provider::attr::{Attr, Field};
use crate::provider::instance::{Instance, Outcome};
use crate::provider::managed::arguments::timeout_of;
use crate::provider::managed::location::Location;
use crate::provider::resource::Apply;
use crate::provider::wait::Limit;
use crate::tf::{Diagnostic, Diagnostics, Path, Value};

use super::identity::Identity;
use super::locate::locate;
use super::model::{Standby, Stored};
use super::private::{Key, Private};
use super::replication::{Pair, switch_replication};
use super::subject::Subject;
use super::tagging::change_tags;

/// The default of `timeouts.update`. AWS speaks of a few minutes for a change of data replication.
const TIMEOUT: Duration = Duration::from_secs(30 * 60);

/// Changes tags and data replication in place. What is done is noted step by step, so that a
/// failure half-way leaves in the state what really holds.
pub(super) async fn update(apply: Apply<'_>, prior: Value, planned: Instance) -> Outcome {
    let prior = Standby::decode(&prior).unwrap_or_default();
    let Stored { state: planned, mut private, identity } = Stored::decode(&planned);
    remember_key(&prior, &planned, &mut private);
    let mut current = prior.clone();
    take_settings(&planned, &mut current);
    let changed = change(apply, &prior, &planned, &mut current, &mut private).await;
    let identity = match identity {
        Attr::Known(stored) => stored,
        Attr::Null | Attr::Unknown => {
            let account = apply.session.account().await;
            Identity::new(account.as_ref(), &prior.region.text(), &prior.id.text())
        }
    };
    let (state, diagnostics) = match changed {
        Ok(()) => (planned.settled(Some(&current)), Diagnostics::new()),
        Err(diagnostic) => (current.settled(None), diagnostic.into()),
    };
    let instance = Stored { state, private, identity: Attr::Known(identity) }.encode();
    apply.checkpoint.record(instance.clone());
    Outcome { instance, diagnostics }
}

/// Only a plan that took another spelling for the same key has another spelling here.
fn remember_key(prior: &Standby, planned: &Standby, private: &mut Private) {
    let (before, now) = (&prior.volume_encryption_key, &planned.volume_encryption_key);
    if let (Some(before), Some(now)) = (before.known(), now.known())
        && before != now
    {
        private.key = Some(Key { configured: now.clone(), reported: Some(before.clone()) });
    }
}

/// Settings that only the provider uses hold at once.
fn take_settings(planned: &Standby, current: &mut Standby) {
    fn take<T: Clone>(planned: &Attr<T>, current: &mut Attr<T>) {
        if !planned.is_unknown() {
            current.clone_from(planned);
        }
    }
    take(&planned.wait_for_ready, &mut current.wait_for_ready);
    take(&planned.adopt_existing, &mut current.adopt_existing);
    take(&planned.timeouts, &mut current.timeouts);
    take(&planned.volume_encryption_key, &mut current.volume_encryption_key);
}

async fn change(
    apply: Apply<'_>,
    prior: &Standby,
    planned: &Standby,
    current: &mut Standby,
    private: &mut Private,
) -> Result<(), Diagnostic> {
    let Apply { session, stop, .. } = apply;
    let location = locate(session, prior, "update").await?;
    let Location { id, region } = &location;
    let region = session.client.region(region).await;
    let limit = Limit::from_now(timeout_of(&planned.timeouts, |all| &all.update, TIMEOUT));
    let subject = Subject { region: &region, id, limit, stop };
    change_tags(&subject, planned, current).await?;

    let Some(wanted) = planned.replication().filter(|now| prior.replication() != Some(*now)) else {
        return Ok(());
    };
    let primary = session.client.region(&prior.primary_region.text()).await;
    let pair =
        Pair { primary: (&primary, &prior.primary_workspace_id.text()), standby: (&region, id) };
    let is_pending = prior.state.as_str() == Some("PENDING");
    let mut seen = None;
    let switched = switch_replication(&subject, &pair, wanted, is_pending, &mut seen).await;
    if let Some(workspace) = seen {
        current.refresh(&workspace, private);
    }
    switched.map_err(|diagnostic| diagnostic.at(Path::attribute("data_replication")))
}
