use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::tf::{Diagnostic, Path, Value};

/// The primaries whose standbys were planned since the provider was configured. Terraform plans all
/// resources of a provider block in one process.
#[derive(Debug, Default)]
pub(in crate::provider) struct Planned(Mutex<BTreeMap<(String, String), Resources>>);

/// The resources with one primary.
#[derive(Debug, Default)]
struct Resources {
    /// The standbys that exist: the configuration by the id.
    existing: BTreeMap<String, Value>,
    /// How many are to be created.
    new: usize,
}

impl Planned {
    /// Notes a plan of a resource, and returns a warning if another resource has the same primary.
    /// `existing` is the id of the standby that the resource has, `None` for a new one.
    ///
    /// Terraform plans a replacement twice, the second time as a creation with the same
    /// configuration.
    pub(in crate::provider) fn note(
        &self,
        (id, region): (&str, &str),
        existing: Option<&str>,
        configuration: &Value,
    ) -> Option<Diagnostic> {
        let mut all = self.lock();
        let resources = all.entry((id.to_owned(), region.to_owned())).or_default();
        match existing {
            Some(existing) => {
                resources.existing.insert(existing.to_owned(), configuration.clone());
            }
            None => {
                let mut known = resources.existing.iter();
                let replaced = known.find(|(_, planned)| *planned == configuration);
                if let Some(replaced) = replaced.map(|(id, _)| id.clone()) {
                    resources.existing.remove(&replaced);
                }
                resources.new += 1;
            }
        }
        (resources.existing.len() + resources.new > 1).then(|| twice(id, region))
    }

    /// Notes that the plan of a new standby is applied: what comes next is another plan.
    pub(in crate::provider) fn applied(&self, (id, region): (&str, &str)) {
        if let Some(resources) = self.lock().get_mut(&(id.to_owned(), region.to_owned())) {
            resources.new = resources.new.saturating_sub(1);
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<(String, String), Resources>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn twice(id: &str, region: &str) -> Diagnostic {
    let detail = format!(
        "Another resource of this configuration also has the primary {id} in {region}. A \
         primary has at most one standby: AWS refuses the second one. Remove one of the two \
         resources, or correct its primary_workspace_id."
    );
    let summary = format!("Two resources have the primary {id}");
    Diagnostic::warning(summary, detail).at(Path::attribute("primary_workspace_id"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_resource_of_a_primary_is_told_and_a_replacement_is_not() {
        const PRIMARY: (&str, &str) = ("ws-0a1b2c3d4", "us-east-1");
        let (one, other) = (Value::from("one"), Value::from("other"));
        for (plans, told) in [
            (vec![(None, &one)], false),
            (vec![(None, &one), (None, &one)], true),
            (vec![(None, &one), (None, &other)], true),
            (vec![(Some("ws-1"), &one), (Some("ws-1"), &other)], false),
            (vec![(Some("ws-1"), &one), (Some("ws-2"), &one)], true),
            (vec![(Some("ws-1"), &one), (None, &other)], true),
            (vec![(None, &other), (Some("ws-1"), &one)], true),
            // A replacement, and then another resource.
            (vec![(Some("ws-1"), &one), (None, &one)], false),
            (vec![(Some("ws-1"), &one), (None, &one), (None, &one)], true),
        ] {
            let planned = Planned::default();
            planned.note(("ws-0other0001", "us-east-1"), None, &one);
            let notes = plans
                .iter()
                .map(|(id, configuration)| planned.note(PRIMARY, *id, configuration).is_some());
            assert_eq!(notes.last(), Some(told), "{plans:?}");
        }
        let planned = Planned::default();
        planned.note(PRIMARY, None, &one);
        planned.applied(PRIMARY);
        assert_eq!(planned.note(PRIMARY, Some("ws-1"), &one), None, "it was created");
    }
}
