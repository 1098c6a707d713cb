use std::collections::{BTreeMap, BTreeSet};

use crate::aws::{Error, Kind};
use crate::provider::attr::Attr;
use crate::provider::explain::explain;
use crate::provider::tags::to_map;
use crate::provider::wait::{Unfinished, answered};
use crate::tf::{Diagnostic, Path};

use super::model::Standby;
use super::subject::Subject;

/// What to remove and what to set so that the tags are those that are planned.
struct Difference {
    removed: BTreeSet<String>,
    set: BTreeMap<String, String>,
}

impl Difference {
    fn between(prior: &Standby, planned: &Standby) -> Self {
        let (before, after) = (to_map(&prior.tags_all), to_map(&planned.tags_all));
        let removed = before.keys().filter(|key| !after.contains_key(*key)).cloned().collect();
        let set = after.into_iter().filter(|(key, value)| before.get(key) != Some(value)).collect();
        Self { removed, set }
    }
}

/// Removes and sets what differs, noting in `current` what is done.
///
/// # Errors
/// A stop came before all was done, the time was up, or AWS refused.
pub(super) async fn change_tags(
    subject: &Subject<'_>,
    planned: &Standby,
    current: &mut Standby,
) -> Result<(), Diagnostic> {
    let Subject { region, id, stop, .. } = *subject;
    let Difference { removed, set } = Difference::between(current, planned);
    if !removed.is_empty() {
        sent(subject, region.delete_tags(id, &removed, stop)).await?;
        for tags in [&mut current.tags, &mut current.tags_all] {
            if let Attr::Known(tags) = tags {
                tags.retain(|key, _| !removed.contains(key));
            }
        }
    }
    if !set.is_empty() {
        sent(subject, region.create_tags(id, &set, stop)).await?;
    }
    current.tags.clone_from(&planned.tags);
    current.tags_all.clone_from(&planned.tags_all);
    Ok(())
}

async fn sent(
    subject: &Subject<'_>,
    request: impl Future<Output = Result<(), Error>>,
) -> Result<(), Diagnostic> {
    match answered(subject.limit.deadline, subject.stop, request).await {
        Ok(Err(Error { kind: Kind::Stopped, .. })) => {
            Err(subject.unanswered(Unfinished::Stopped, "AWS"))
        }
        Ok(answer) => answer.map_err(|error| {
            explain(&subject.change_of("tags"), &error).at(Path::attribute("tags"))
        }),
        Err(unfinished) => Err(subject.unanswered(unfinished, "AWS")),
    }
}
