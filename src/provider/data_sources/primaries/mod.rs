//! `aws_workspaces_primaries`: the WorkSpaces that can have a standby, and those that have one.
//!
//! The only data source that calls the primary Region.

mod schema;

use std::collections::{BTreeMap, BTreeSet};

use crate::aws::{Error, Kind, Region, Related, WorkSpace};
use crate::provider::attr::{Attr, Field, Tags, model};
use crate::provider::explain::explain;
use crate::provider::resource::{DataSource, ReadResult, no_more_rules};
use crate::provider::session::Session;
use crate::provider::standby::unsupported;
use crate::provider::tag_reads::tags_of;
use crate::provider::tags::{from_map, to_map};
use crate::tf::{Diagnostic, Diagnostics, Path, Value};

model! {
    /// The attributes of `aws_workspaces_primaries`, as `schema` declares them.
    struct Primaries {
        region: String,
        directory_id: String,
        user_names: Value,
        tags: Tags,
        running_mode: String,
        has_standby: bool,
        include_tags: bool,
        primaries: Vec<Value>,
        by_user: Tags,
    }
}

/// A WorkSpace and, if they were read, its tags.
struct Found {
    workspace: WorkSpace,
    tags: Option<BTreeMap<String, String>>,
}

/// The data source `aws_workspaces_primaries`.
pub(in crate::provider) fn data_source() -> DataSource {
    DataSource {
        name: "aws_workspaces_primaries",
        schema: schema::schema(),
        validate: no_more_rules,
        read: |session, configuration| Box::pin(read(session, configuration)),
    }
}

async fn read(session: &Session, configuration: &Value) -> ReadResult {
    let wanted = Primaries::decode(configuration).unwrap_or_default();
    let region = session.client.region(&wanted.region.text()).await;
    let found = list(&region, &wanted).await?;
    let (found, mut warnings) = with_tags(session, &region, &wanted, found).await?;
    let (by_user, several) = by_user(&found);
    if !several.is_empty() {
        warnings.push(several_directories(&several, &region));
    }
    // One at a time, and not copied: there can be thousands.
    let shown = Value::List(found.into_iter().map(|found| shown(&found)).collect());
    let state = Primaries { by_user: Attr::Known(from_map(&by_user)), ..wanted };
    let mut state = state.encode();
    state.set("primaries", shown);
    Ok((state, warnings))
}

/// What is wanted, the tags aside, sorted by id.
async fn list(region: &Region, wanted: &Primaries) -> Result<Vec<WorkSpace>, Diagnostic> {
    let what = format!("list the WorkSpaces in {}", region.name());
    let users = wanted.user_names.known().and_then(Value::as_items);
    let users: Option<BTreeSet<&str>> =
        users.map(|users| users.iter().filter_map(Value::as_str).collect());
    let directory = wanted.directory_id.as_str();
    let one_user = match &users {
        // AWS finds a user only in a directory.
        Some(users) if users.len() == 1 && directory.is_some() => users.first().copied(),
        _ => None,
    };
    let found = region.primaries(directory, one_user).await;
    let mut found = found.map_err(|error| not_listed(&what, &error))?;
    found.retain(|workspace| {
        let user = workspace.user_name.as_deref();
        let mode = workspace.running_mode.as_deref();
        users.as_ref().is_none_or(|users| user.is_some_and(|user| users.contains(user)))
            && wanted.running_mode.as_str().is_none_or(|wanted| mode == Some(wanted))
            && wanted.has_standby.known().is_none_or(|has| *has == standby_of(workspace).is_some())
    });
    found.sort_by(|one, other| one.id.cmp(&other.id));
    Ok(found)
}

/// The list of primaries is not worth waiting for while their Region is down.
fn not_listed(what: &str, error: &Error) -> Diagnostic {
    let mut diagnostic = explain(what, error);
    if matches!(error.kind, Kind::Unreachable | Kind::Ambiguous) {
        diagnostic.detail.push_str(&format!(
            " If {} is unavailable, set the primaries in the configuration instead.",
            error.region
        ));
    }
    diagnostic
}

/// Reads the tags if they are asked for, and leaves those that have all the wanted ones.
async fn with_tags(
    session: &Session,
    region: &Region,
    wanted: &Primaries,
    found: Vec<WorkSpace>,
) -> Result<(Vec<Found>, Diagnostics), Diagnostic> {
    if found.is_empty() || wanted.tags.is_null() && wanted.include_tags != Attr::Known(true) {
        let found = found.into_iter().map(|workspace| Found { workspace, tags: None });
        return Ok((found.collect(), Diagnostics::new()));
    }
    let account = session.account().await;
    let ids = found.iter().map(|workspace| workspace.id.as_str());
    let (tags, warnings) = tags_of(region, account.as_ref(), ids).await?;
    let must = to_map(&wanted.tags);
    let has_all = |tags: &BTreeMap<String, String>| {
        must.iter().all(|(key, value)| tags.get(key) == Some(value))
    };
    let tagged = found.into_iter().zip(tags).filter(|(_, tags)| has_all(tags));
    let found = tagged
        .map(|(workspace, tags)| Found { workspace, tags: Some(session.tags().all_of(tags)) });
    Ok((found.collect(), warnings))
}

/// The standby of a primary, unless it is being terminated.
fn standby_of(workspace: &WorkSpace) -> Option<&Related> {
    workspace.standbys.iter().find(|standby| !standby.is_ending())
}

/// Why AWS does not create a standby of the WorkSpace, whether or not it has one.
fn ineligible(workspace: &WorkSpace) -> Option<String> {
    let mut why = unsupported(workspace);
    if workspace.is_ending() {
        why.push("It is being terminated.".to_owned());
    }
    (!why.is_empty()).then(|| why.join(" "))
}

fn shown(found: &Found) -> Value {
    let Found { workspace, tags } = found;
    let text = |text: &Option<String>| Value::optional_string(text.as_deref());
    let (standby, reason) = (standby_of(workspace), ineligible(workspace));
    Value::object([
        ("id", workspace.id.as_str().into()),
        ("user_name", text(&workspace.user_name)),
        ("directory_id", text(&workspace.directory_id)),
        ("state", text(&workspace.state)),
        ("running_mode", text(&workspace.running_mode)),
        ("compute_type", text(&workspace.compute_type)),
        ("operating_system", text(&workspace.operating_system)),
        ("bundle_id", text(&workspace.bundle_id)),
        ("has_standby", standby.is_some().into()),
        ("standby_id", Value::optional_string(standby.map(|standby| standby.id.as_str()))),
        ("standby_region", standby.map_or(Value::Null, |standby| text(&standby.region))),
        ("eligible", reason.is_none().into()),
        ("ineligible_reason", text(&reason)),
        ("tags", tags.as_ref().map_or(Value::Null, |tags| from_map(tags).encode())),
    ])
}

/// The eligible WorkSpaces by user, and the users that have several.
fn by_user(found: &[Found]) -> (BTreeMap<String, String>, BTreeSet<String>) {
    let (mut by_user, mut several) = (BTreeMap::new(), BTreeSet::new());
    for Found { workspace, .. } in found {
        let Some(user) = workspace.user_name.as_ref().filter(|_| ineligible(workspace).is_none())
        else {
            continue;
        };
        if by_user.insert(user.clone(), workspace.id.clone()).is_some() {
            several.insert(user.clone());
        }
    }
    by_user.retain(|user, _| !several.contains(user));
    (by_user, several)
}

/// Most users that a warning names.
const MOST_NAMED: usize = 20;

fn several_directories(users: &BTreeSet<String>, region: &Region) -> Diagnostic {
    let mut named = users.iter().take(MOST_NAMED).cloned().collect::<Vec<_>>().join(", ");
    if users.len() > MOST_NAMED {
        named.push_str(&format!(" and {} more", users.len() - MOST_NAMED));
    }
    let detail = format!(
        "These users have WorkSpaces in several directories of {}, so by_user does not include \
         them: {named}. Set directory_id, with one data source for each directory, or use \
         primaries instead of by_user.",
        region.name()
    );
    let summary = "Users with several WorkSpaces";
    Diagnostic::warning(summary, detail).at(Path::attribute("directory_id"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::attr::tests::assert_fits;

    #[test]
    fn the_model_holds_what_the_schema_declares() {
        assert_fits::<Primaries>(&schema::schema().block);
    }
}
