//! What exists, against the state and the errors.

use std::collections::BTreeMap;

use crate::cloud::Live;
use crate::figures::Figures;
use crate::folder::{Run, Stored};

/// Compares after a run that was interrupted.
pub(crate) fn compare(live: &[Live], stored: &[Stored], run: &Run) -> Figures {
    let mut figures = Figures { trials: 1, live: live.len(), ..Figures::default() };
    let blocks: Vec<&str> = run.output.split("\nError: ").skip(1).collect();
    for Live { id, .. } in live {
        match stored.iter().find(|stored| stored.id == *id) {
            Some(stored) if stored.is_tainted => figures.tainted += 1,
            Some(_) => figures.kept += 1,
            None => match blocks.iter().filter(|block| block.contains(id.as_str())).count() {
                0 => figures.unnamed += 1,
                1 => figures.named += 1,
                _ => figures.ambiguous += 1,
            },
        }
    }
    figures.duplicates = duplicates(live);
    let exists = |id: &str| live.iter().any(|live| live.id == id);
    figures.phantoms = stored.iter().filter(|stored| !exists(&stored.id)).count();
    figures.hangs = usize::from(run.hung);
    let output = run.output.to_lowercase();
    figures.unanswered = usize::from(
        ["plugin did not respond", "rpc error", "plugin crashed", "panicked"]
            .iter()
            .any(|sign| output.contains(sign)),
    );
    figures
}

/// How many primaries have more than one standby.
pub(crate) fn duplicates(live: &[Live]) -> usize {
    let mut of: BTreeMap<&str, usize> = BTreeMap::new();
    live.iter().for_each(|live| *of.entry(&live.primary).or_default() += 1);
    of.values().filter(|number| **number > 1).count()
}
