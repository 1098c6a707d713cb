//! Adopting the standby that a primary already has.
//!
//! Nothing that fails after the id is recorded is an error: Terraform would mark the resource as
//! tainted, and the next apply would destroy a desktop that somebody uses. What is left to change
//! shows in the next plan.

use crate::aws::{NewStandby, Region, WorkSpace};
use crate::provider::explain::explain;
use crate::provider::resource::Apply;
use crate::provider::standby::key;
use crate::provider::standby::model::Standby;
use crate::provider::standby::replication::{Pair, switch_replication};
use crate::provider::standby::subject::Subject;
use crate::provider::standby::tagging::change_tags;
use crate::provider::wait::{Limit, Unfinished, within};
use crate::tf::{Diagnostic, Diagnostics, Path, Severity};

use super::created::Created;
use super::messages;

/// The standby that the primary has in the directory, if there is one that fits the plan.
///
/// # Errors
/// AWS could not be asked, a stop came first, or the standby has another encryption key.
pub(super) async fn find(
    region: &Region,
    new: &NewStandby,
    limit: Limit,
    apply: Apply<'_>,
) -> Result<Option<WorkSpace>, Diagnostic> {
    let what = format!("look for the standby of {} in {}", new.primary_id, region.name());
    let listed = region.standbys_of(&new.primary_id, &new.directory_id);
    let found = match within(limit.deadline, apply.stop, listed).await {
        Ok(found) => found.map_err(|error| explain(&what, &error))?,
        Err(Unfinished::Stopped) => return Err(messages::interrupted(&what)),
        Err(Unfinished::TimedOut) => return Err(messages::timed_out(&what, limit)),
    };
    match found.as_slice() {
        [] => Ok(None),
        [only] if key_differs(new, only) => Err(messages::another_key(region, new, only)),
        [only] => Ok(Some(only.clone())),
        several => Err(messages::several(region, new, several)),
    }
}

/// The standby with an id that the primary names.
///
/// # Errors
/// As [`find`], or the standby is in another directory.
pub(super) async fn look_up(
    region: &Region,
    new: &NewStandby,
    id: &str,
    limit: Limit,
    apply: Apply<'_>,
) -> Result<WorkSpace, Diagnostic> {
    let what = format!("look for the standby {id} in {}", region.name());
    let found = match within(limit.deadline, apply.stop, region.find(id)).await {
        Ok(found) => found.map_err(|error| explain(&what, &error))?,
        Err(Unfinished::Stopped) => return Err(messages::interrupted(&what)),
        Err(Unfinished::TimedOut) => return Err(messages::timed_out(&what, limit)),
    };
    match found {
        None => Err(messages::not_visible(region, new, id)),
        Some(found) if found.directory_id.as_ref() != Some(&new.directory_id) => {
            Err(messages::another_directory(region, new, &found))
        }
        Some(found) if key_differs(new, &found) => Err(messages::another_key(region, new, &found)),
        Some(found) => Ok(found),
    }
}

/// Whether the standby certainly has another key than the configured one. An alias cannot be compared
/// without KMS, and counts as the same.
fn key_differs(new: &NewStandby, found: &WorkSpace) -> bool {
    let Some(configured) = new.volume_encryption_key.as_deref() else { return false };
    match found.volume_encryption_key.as_deref() {
        // AWS answers incompletely for a while; without a primary it would not have been found.
        None => true,
        Some(key) => !key::is_same(configured, key) && !key::may_be_alias_of(configured, key),
    }
}

/// Changes tags and data replication to what is planned. Gives warnings.
pub(super) async fn bring_to_plan(
    created: &mut Created<'_>,
    limit: Limit,
    apply: Apply<'_>,
) -> Diagnostics {
    let mut warnings = Diagnostics::new();
    warnings.push(messages::adopted(created));
    let mut current = created.actual().clone();
    let (region, id) = (created.region.clone(), created.id.clone());
    let subject = Subject { region: &region, id: &id, limit, stop: apply.stop };
    let tagged = match read_tags(&subject, apply, &mut current).await {
        Ok(()) => change_tags(&subject, &created.planned, &mut current).await,
        Err(diagnostic) => Err(diagnostic),
    };
    warnings.extend(tagged.err().map(left_to_do));
    if let Err(diagnostic) = replicate(&subject, created, &current, apply).await {
        let at = Path::attribute("data_replication");
        warnings.push(left_to_do(diagnostic).at(at));
    }
    warnings
}

async fn read_tags(
    subject: &Subject<'_>,
    apply: Apply<'_>,
    current: &mut Standby,
) -> Result<(), Diagnostic> {
    let account = apply.session.known_account();
    let read = subject.region.read_tags(subject.id, account, None);
    let read = within(subject.limit.deadline, subject.stop, read).await;
    let read = read.map_err(|unfinished| subject.unanswered(unfinished, "AWS"))?;
    let read = read
        .map_err(|error| explain(&subject.change_of("tags"), &error).at(Path::attribute("tags")))?;
    current.refresh_tags(read.tags, apply.session.tags());
    Ok(())
}

async fn replicate(
    subject: &Subject<'_>,
    created: &mut Created<'_>,
    current: &Standby,
    apply: Apply<'_>,
) -> Result<(), Diagnostic> {
    let wanted = created.new.data_replication;
    let Some(wanted) = wanted.filter(|wanted| current.replication() != Some(*wanted)) else {
        return Ok(());
    };
    let primary = apply.session.client.region(&created.new.primary_region).await;
    let pair = Pair {
        primary: (&primary, &created.new.primary_id),
        standby: (subject.region, subject.id),
    };
    let is_pending = current.state.as_str() == Some("PENDING");
    let mut seen = None;
    let switched = switch_replication(subject, &pair, wanted, is_pending, &mut seen).await;
    if let Some(workspace) = seen {
        created.refresh(&workspace);
    }
    switched
}

fn left_to_do(diagnostic: Diagnostic) -> Diagnostic {
    let detail = format!(
        "{}\n\nThe standby was adopted and is in the state. The next plan shows what is left to \
         change.",
        diagnostic.detail
    );
    Diagnostic { severity: Severity::Warning, detail, ..diagnostic }
}
