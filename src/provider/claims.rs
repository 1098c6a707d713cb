use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What resources of this process create that AWS would accept twice. Two resources of one
/// configuration are created at the same time, so neither sees the other in AWS.
#[derive(Debug, Default)]
pub(in crate::provider) struct Claims(Mutex<BTreeMap<String, Claim>>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Claim {
    Held,
    /// This process has deleted it.
    Deleted,
}

/// What came of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::provider) enum Claimed {
    First,
    /// This process has deleted it before. AWS may still show it.
    AfterDelete,
    /// Another resource has it.
    Refused,
}

impl Claims {
    /// Claims it for one resource.
    pub(in crate::provider) fn claim(&self, what: &str) -> Claimed {
        match self.lock().insert(what.to_owned(), Claim::Held) {
            None => Claimed::First,
            Some(Claim::Deleted) => Claimed::AfterDelete,
            Some(Claim::Held) => Claimed::Refused,
        }
    }

    /// Ends a claim: nothing was created.
    pub(in crate::provider) fn release(&self, what: &str) {
        self.lock().remove(what);
    }

    /// Ends a claim: it was deleted.
    pub(in crate::provider) fn deleted(&self, what: &str) {
        self.lock().insert(what.to_owned(), Claim::Deleted);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Claim>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
