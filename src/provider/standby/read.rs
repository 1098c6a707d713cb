use crate::aws::{Account, Error, Kind, Region, TagsRead, WorkSpace};
use crate::provider::attr::Attr;
use crate::provider::explain::explain;
use crate::provider::instance::{Instance, Outcome};
use crate::provider::managed::identity::keep;
use crate::provider::managed::location::Location;
use crate::provider::session::Session;
use crate::provider::tag_reads::read_elsewhere;
use crate::provider::tags::to_map;
use crate::tf::{Diagnostic, Diagnostics, Value};

use super::identity::Identity;
use super::locate::{check_absence, check_account, locate, stored_account};
use super::model::{Standby, Stored};
use super::schema::NOUN;

/// What a refresh found.
enum Found {
    Present(Box<Stored>, Diagnostics),
    /// AWS does not show it.
    Absent(Location),
}

/// Refreshes a standby. Only the standby Region is asked, so that this works while the primary Region
/// is down.
pub(super) async fn read(session: &Session, prior: Instance) -> Outcome {
    let mut stored = Stored::decode(&prior);
    match refresh(session, &stored).await {
        Ok(Found::Present(now, warnings)) => now.with(warnings),
        Ok(Found::Absent(location)) => {
            let (now, age) = (session.clock.now(), session.recent.age(&location.id));
            if stored.private.visibility.may_be_invisible(now, age) {
                // By its own clock this process knows how long ago it created one.
                if age.is_none() {
                    stored.private.visibility.missing_since.get_or_insert(now);
                }
                return stored.with(invisible(&location));
            }
            let instance = Instance { state: Value::Null, ..prior };
            Outcome { instance, diagnostics: gone(&location).into() }
        }
        Err(diagnostic) => Outcome { instance: prior, diagnostics: diagnostic.into() },
    }
}

async fn refresh(session: &Session, stored: &Stored) -> Result<Found, Diagnostic> {
    let location = locate(session, &stored.state, "refresh").await?;
    check_account(&location, stored, session.known_account(), "refresh")?;
    let account = match stored_account(stored) {
        // What AWS shows to these credentials belongs to their account.
        Some(account) => Some(account),
        None => session.account().await,
    };
    let Location { id, region: region_name } = &location;
    let region = session.client.region(region_name).await;
    let what = format!("refresh the standby {id} in {region_name}");

    // Together, so that they take the time of one call. The tags do not matter if the look fails.
    let looking = async {
        let found = region.find_for_refresh(id).await.map_err(Some)?;
        present(found).ok_or(None)
    };
    let tags = async { Ok(read_tags(session, &region, stored, id, account.as_ref()).await) };
    let (workspace, tags) = match tokio::try_join!(looking, tags) {
        Ok(both) => both,
        Err(None) => return absent(session, stored, location).await,
        Err(Some(error)) => return Err(explain(&what, &error)),
    };
    if is_another(&workspace, &stored.state) {
        return Err(another(&location, &stored.state));
    }
    let TagsRead { tags, fallback } = match tags {
        Ok(read) => read,
        // It can have disappeared between the two calls.
        Err(error) if error.kind == Kind::NotFound => match region.find(id).await.map(present) {
            Ok(None) => return absent(session, stored, location).await,
            Ok(Some(_)) | Err(_) => return Err(explain(&what, &error)),
        },
        Err(error) => return Err(explain(&what, &error)),
    };
    let identity = Identity::new(account.as_ref(), region_name, id);
    let identity = keep(&stored.identity, identity, NOUN, "id")?;

    let Stored { mut state, mut private, .. } = stored.clone();
    private.visibility.seen();
    state.refresh(&workspace, &mut private);
    state.refresh_tags(tags, session.tags());
    state.locate(account.as_ref(), region_name, id);
    state.default_settings();
    let mut warnings = unwell(&workspace, region_name);
    warnings.extend(fallback.map(|why| read_elsewhere(&why, region_name)));
    let now = Stored { state, private, identity: Attr::Known(identity) };
    Ok(Found::Present(Box::new(now), warnings))
}

/// A standby that AWS does not show, unless the credentials belong to another account.
async fn absent(
    session: &Session,
    stored: &Stored,
    location: Location,
) -> Result<Found, Diagnostic> {
    check_absence(&location, stored, session, "refresh").await?;
    Ok(Found::Absent(location))
}

/// The WorkSpace, unless AWS does not show it or shows that it was terminated.
fn present(found: Option<WorkSpace>) -> Option<WorkSpace> {
    found.filter(|workspace| workspace.state() != "TERMINATED")
}

/// The tags. Those of a standby that was just imported are not in the state.
async fn read_tags(
    session: &Session,
    region: &Region,
    stored: &Stored,
    id: &str,
    account: Option<&Account>,
) -> Result<TagsRead, Error> {
    let tags_all = stored.state.tags_all.known().map(|_| to_map(&stored.state.tags_all));
    let Some(tags_all) = tags_all else {
        return region.read_tags(id, account, None).await;
    };
    let are_stored = |tags: &_| session.tags().all_of(Clone::clone(tags)) == tags_all;
    region.read_tags(id, account, Some(&are_stored)).await
}

/// Whether the WorkSpace is certainly not the stored standby: it has no primary, and is a primary
/// itself or belongs to another user or directory. A missing primary alone may be an incomplete
/// answer.
fn is_another(workspace: &WorkSpace, prior: &Standby) -> bool {
    let differs = |before: &Attr<String>, now: &Option<String>| matches!((before.as_str(), now.as_deref()), (Some(before), Some(now)) if before != now);
    workspace.primary.is_none()
        && (!workspace.standbys.is_empty()
            || differs(&prior.user_name, &workspace.user_name)
            || differs(&prior.directory_id, &workspace.directory_id))
}

fn another(Location { id, region }: &Location, prior: &Standby) -> Diagnostic {
    let detail = format!(
        "{id} in {region} is not a standby of {}. If the state was edited, restore it from a \
         backup. Otherwise remove the resource from the state with `terraform state rm`. Nothing \
         was changed.",
        prior.primary_workspace_id.as_str().unwrap_or("a primary WorkSpace"),
    );
    Diagnostic::error(format!("{id} is not the stored standby"), detail)
}

/// A standby so new that AWS may not show it yet.
fn invisible(Location { id, region }: &Location) -> Diagnostic {
    let detail = format!(
        "AWS accepted {id} in {region} recently and does not show it yet. It stays in the state; \
         refresh again in a few minutes."
    );
    Diagnostic::warning("A new standby is not visible yet", detail)
}

fn gone(Location { id, region }: &Location) -> Diagnostic {
    let detail = format!(
        "AWS no longer shows {id} in {region}: it was terminated outside Terraform. If the \
         configuration still has it, the plan creates a new one."
    );
    Diagnostic::warning("A standby is gone", detail)
}

/// A warning about a standby that is in trouble. It stays in the state, since it may recover.
fn unwell(workspace: &WorkSpace, region: &str) -> Diagnostics {
    let state = workspace.state();
    if state == "TERMINATING" {
        let detail = format!(
            "{} in {region} is being terminated outside this configuration. It stays in the \
             state until AWS no longer shows it, in about five minutes. If the configuration \
             still has it, the plan then creates a new one.",
            workspace.id
        );
        let summary = format!("The standby {} is being terminated", workspace.id);
        return Diagnostic::warning(summary, detail).into();
    }
    if !matches!(state, "ERROR" | "UNHEALTHY" | "IMPAIRED") {
        return Diagnostics::new();
    }
    let reason = workspace.reason().unwrap_or_else(|| "AWS gives no reason".to_owned());
    let detail = format!(
        "{reason}.\n\nUntil it recovers, do not rely on it to take over. Look at it in the \
         WorkSpaces console in {region}, or replace it with `terraform apply -replace`."
    );
    Diagnostic::warning(format!("The standby {} is {state}", workspace.id), detail).into()
}
