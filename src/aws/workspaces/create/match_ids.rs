//! Which id belongs to which request, if one call created several standbys.
//!
//! This is the fallback for an answer that does not name the users. An entry of PendingStandbyRequests
//! does not name the primary, and AWS promises no order. So ids are matched by what DescribeWorkspaces
//! shows, or by elimination, never by position.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::FutureExt;
use futures_util::future::select_all;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::aws::error::{Error, Kind};
use crate::aws::workspaces::create::types::{Accepted, CreateFailure};
use crate::aws::workspaces::describe::LookUps;
use crate::aws::workspaces::types::WorkSpace;

/// What one call left open: the standbys that AWS accepted and the primaries that they can belong to.
#[derive(Debug)]
pub(super) struct Call {
    primaries: Arc<[String]>,
    pending: Vec<Accepted>,
    /// The error of a request to which none of the ids belongs.
    neither: Error,
    /// Whether an error has listed the ids already.
    is_listed: AtomicBool,
}

impl Call {
    pub(super) fn new(
        primaries: &Arc<[String]>,
        pending: Vec<Accepted>,
        neither: &Error,
    ) -> Arc<Self> {
        let (primaries, neither) = (Arc::clone(primaries), neither.clone());
        Arc::new(Self { primaries, pending, neither, is_listed: AtomicBool::new(false) })
    }

    pub(super) fn pending(&self) -> &[Accepted] {
        &self.pending
    }
}

/// One request of such a call.
#[derive(Clone, Debug)]
pub(in crate::aws) struct Pairing {
    /// The primary of this request.
    mine: String,
    call: Arc<Call>,
}

/// What is known about the id of this request.
#[derive(Debug, PartialEq, Eq)]
enum Guess {
    /// Its index among the pending ones.
    Ours(usize),
    NotYet,
    /// All ids belong to other requests.
    NoneIsOurs,
}

/// The result of matching the ids.
pub(super) enum Paired {
    Ours(Accepted),
    /// All ids belong to other requests; the error says what AWS left out.
    NoneIsOurs(Error),
}

impl Pairing {
    pub(super) fn new(mine: &str, call: &Arc<Call>) -> Self {
        Self { mine: mine.to_owned(), call: Arc::clone(call) }
    }

    /// The ids that AWS returned.
    pub(super) fn ids(&self) -> Vec<String> {
        self.call.pending.iter().map(|accepted| accepted.id.clone()).collect()
    }

    /// Which id belongs to this request, by the primaries that AWS has shown so far.
    fn guess(&self, shown: &[Option<&str>]) -> Guess {
        if let Some(ours) = shown.iter().position(|primary| *primary == Some(&self.mine)) {
            return Guess::Ours(ours);
        }
        let open: Vec<usize> = (0..shown.len()).filter(|index| shown[*index].is_none()).collect();
        // Elimination needs an id for each primary, and all other primaries to have theirs.
        let others = self.call.primaries.iter().filter(|primary| **primary != self.mine);
        let others_known = others.into_iter().all(|other| shown.contains(&Some(other.as_str())));
        match open.as_slice() {
            [] => Guess::NoneIsOurs,
            [last] if shown.len() == self.call.primaries.len() && others_known => {
                Guess::Ours(*last)
            }
            _ => Guess::NotYet,
        }
    }

    /// The ids that can belong to this request: all that are not known to be of another one. The
    /// requests of one call have the same list; the first one that fails names it.
    fn candidates(&self, shown: &[Option<WorkSpace>]) -> Vec<String> {
        if self.call.is_listed.swap(true, Ordering::Relaxed) {
            return Vec::new();
        }
        let open = self.call.pending.iter().zip(shown).filter(|(_, shown)| shown.is_none());
        open.map(|(accepted, _)| accepted.id.clone()).collect()
    }

    /// Watches the ids until it is clear which one belongs to this request.
    ///
    /// # Errors
    /// [`CreateFailure::OneOf`] with the ids that can be its own: at the deadline, at a stop, or if
    /// DescribeWorkspaces fails.
    pub(super) async fn resolve(
        &self,
        look_ups: &LookUps,
        deadline: Instant,
        stop: &CancellationToken,
    ) -> Result<Paired, CreateFailure> {
        let mut watches: Vec<_> =
            self.call.pending.iter().map(|accepted| look_ups.watch(&accepted.id)).collect();
        let mut shown: Vec<Option<WorkSpace>> = watches.iter().map(|_| None).collect();
        let unknown = |kind, message: &str, shown: &[Option<WorkSpace>]| CreateFailure::OneOf {
            error: look_ups.error(kind, message),
            candidates: self.candidates(shown),
        };
        loop {
            let looks = watches
                .iter_mut()
                .enumerate()
                .map(|(index, watch)| async move { (index, watch.next().await) }.boxed());
            let (first, ..) = tokio::select! {
                biased;
                () = stop.cancelled() => {
                    return Err(unknown(Kind::Stopped, "Terraform asked to stop", &shown));
                }
                first = select_all(looks) => first,
                () = tokio::time::sleep_until(deadline) => {
                    let message = "AWS did not show them completely within the create timeout";
                    return Err(unknown(Kind::Stopped, message, &shown));
                }
            };
            // Most often one call looked at all ids: use everything it showed before elimination.
            let others = watches
                .iter_mut()
                .enumerate()
                .filter_map(|(index, watch)| Some((index, watch.next().now_or_never()?)));
            for (index, seen) in [first].into_iter().chain(others) {
                match seen {
                    Ok(Ok(Some(workspace))) if workspace.primary.is_some() => {
                        shown[index] = Some(workspace);
                    }
                    // Not visible yet, or not completely.
                    Ok(Ok(_)) => {}
                    Ok(Err(error)) if error.kind.is_transient() => {
                        tracing::warn!(%error, "the look-up failed, retrying");
                    }
                    Ok(Err(error)) => {
                        let candidates = self.candidates(&shown);
                        return Err(CreateFailure::OneOf { error, candidates });
                    }
                    Err(lost) => return Err(unknown(Kind::WorkerGone, &lost.to_string(), &shown)),
                }
            }
            let primaries: Vec<Option<&str>> = shown
                .iter()
                .map(|shown| Some(shown.as_ref()?.primary.as_ref()?.id.as_str()))
                .collect();
            match self.guess(&primaries) {
                Guess::NotYet => {}
                Guess::NoneIsOurs => return Ok(Paired::NoneIsOurs(self.call.neither.clone())),
                Guess::Ours(ours) => {
                    let accepted = match shown.swap_remove(ours) {
                        Some(workspace) => Accepted::seen(workspace),
                        None => self.call.pending[ours].clone(),
                    };
                    return Ok(Paired::Ours(accepted));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
