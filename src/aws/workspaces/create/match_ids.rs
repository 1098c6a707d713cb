//! Which id is whose, where one call made several standbys.
//!
//! An entry of PendingStandbyRequests has a user name, a directory and an id, but not the primary it
//! was made for, and AWS promises no order. So ids are told apart by what DescribeWorkspaces shows
//! of them, or by elimination, and never by their place.

use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::select_all;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::aws::error::{Error, Kind};
use crate::aws::workspaces::region::Region;
use crate::aws::workspaces::types::WorkSpace;

use super::request::Answer;
use super::{Accepted, CreateFailure};

/// An entry of FailedStandbyRequests.
#[derive(Debug)]
pub(super) struct Failed {
    /// The primary in the request that AWS repeats, where it does.
    pub(super) primary_id: Option<String>,
    pub(super) error: Error,
}

/// Standbys that AWS has begun to make and the primaries they may belong to, from one call.
#[derive(Clone, Debug)]
pub(in crate::aws) struct Pairing {
    /// The primary of whoever holds this.
    mine: String,
    /// The primaries without an answer of their own, ours included.
    primaries: Arc<[String]>,
    pending: Arc<[Accepted]>,
    /// What to say if none of the ids is ours.
    neither: Error,
}

/// What is known of our own id.
#[derive(Debug, PartialEq, Eq)]
enum Guess {
    /// The index of ours among the pending.
    Ours(usize),
    NotYet,
    /// All of them belong to others.
    NoneIsOurs,
}

/// One answer for each primary, from the lists of one answer of AWS.
pub(super) fn sort_out(
    primaries: &[String],
    pending: Vec<Accepted>,
    failed: Vec<Failed>,
    neither: &Error,
) -> Vec<Answer> {
    // Who asked for one alone takes what AWS gave, whatever else it said.
    if let ([_], [first, ..]) = (primaries, pending.as_slice()) {
        return vec![Answer::Accepted(first.clone())];
    }
    let mut answers: Vec<Option<Answer>> = primaries.iter().map(|_| None).collect();
    let mut nameless = Vec::new();
    for Failed { primary_id, error } in failed {
        let place = primaries.iter().position(|primary| Some(primary) == primary_id.as_ref());
        match place.and_then(|place| answers.get_mut(place)) {
            Some(answer) if answer.is_none() => *answer = Some(Answer::Refused(error)),
            _ => nameless.push(error),
        }
    }
    let open: Arc<[String]> = primaries
        .iter()
        .zip(&answers)
        .filter(|(_, answer)| answer.is_none())
        .map(|(primary, _)| primary.clone())
        .collect();
    let pending: Arc<[Accepted]> = pending.into();
    if pending.len() > open.len() {
        let ids: Vec<&str> = pending.iter().map(|accepted| accepted.id.as_str()).collect();
        tracing::warn!(?ids, "AWS makes more standbys than were asked for");
    }
    let open_answer = |mine: &String| match (&pending[..], nameless.as_slice(), open.len()) {
        // Elimination: nobody else is left whose it could be.
        ([only], _, 1) => Answer::Accepted(only.clone()),
        ([], [error], 1) => Answer::Refused(error.clone()),
        ([], [error, ..], _) => Answer::Unclear(error.clone()),
        ([], [], _) => Answer::Unclear(neither.clone()),
        _ => Answer::OneOf(Pairing {
            mine: mine.clone(),
            primaries: Arc::clone(&open),
            pending: Arc::clone(&pending),
            neither: neither.clone(),
        }),
    };
    let each = primaries.iter().zip(answers);
    each.map(|(mine, answer)| answer.unwrap_or_else(|| open_answer(mine))).collect()
}

impl Pairing {
    /// The ids that AWS gave.
    pub(super) fn ids(&self) -> Vec<String> {
        self.pending.iter().map(|accepted| accepted.id.clone()).collect()
    }

    /// Which id is ours, by the primaries that AWS shows of each so far.
    fn guess(&self, shown: &[Option<&str>]) -> Guess {
        if let Some(ours) = shown.iter().position(|primary| *primary == Some(&self.mine)) {
            return Guess::Ours(ours);
        }
        let open: Vec<usize> = (0..shown.len()).filter(|index| shown[*index].is_none()).collect();
        // By elimination only where each primary has an id, and all others are known to have theirs.
        let others = self.primaries.iter().filter(|primary| **primary != self.mine);
        let others_known = others.into_iter().all(|other| shown.contains(&Some(other.as_str())));
        match open.as_slice() {
            [] => Guess::NoneIsOurs,
            [last] if shown.len() == self.primaries.len() && others_known => Guess::Ours(*last),
            _ => Guess::NotYet,
        }
    }

    /// The ids that may be ours: those that are not known to be somebody else's.
    fn candidates(&self, shown: &[Option<WorkSpace>]) -> Vec<String> {
        let open = self.pending.iter().zip(shown).filter(|(_, shown)| shown.is_none());
        open.map(|(accepted, _)| accepted.id.clone()).collect()
    }
}

/// How a search for our own id ended.
pub(super) enum Paired {
    Ours(Accepted),
    /// All ids are others'; the error says what AWS had left out.
    NoneIsOurs(Error),
}

impl Region {
    /// Looks at the ids, through the poll that everybody who waits in the Region shares, until it
    /// is clear which is ours.
    ///
    /// # Errors
    /// [`CreateFailure::OneOf`] with the ids that may be ours, at the deadline, at a stop, or where
    /// AWS cannot be asked.
    pub(super) async fn pair(
        &self,
        pairing: &Pairing,
        deadline: Instant,
        stop: &CancellationToken,
    ) -> Result<Paired, CreateFailure> {
        let mut watches: Vec<_> =
            pairing.pending.iter().map(|accepted| self.watch(&accepted.id)).collect();
        let mut shown: Vec<Option<WorkSpace>> = watches.iter().map(|_| None).collect();
        let unknown = |kind, message: &str, shown: &[Option<WorkSpace>]| CreateFailure::OneOf {
            error: Error::local(kind, "DescribeWorkspaces", self.name(), message),
            candidates: pairing.candidates(shown),
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
                    let message = "AWS did not show them completely within the timeout of create";
                    return Err(unknown(Kind::Stopped, message, &shown));
                }
            };
            // The others were looked at in the same call, most often; elimination should not come
            // before what is there to be seen.
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
                    Ok(Err(error)) if error.kind.may_pass() => {
                        tracing::warn!(%error, "AWS could not be asked, and will be asked again");
                    }
                    Ok(Err(error)) => {
                        let candidates = pairing.candidates(&shown);
                        return Err(CreateFailure::OneOf { error, candidates });
                    }
                    Err(lost) => return Err(unknown(Kind::Lost, &lost.to_string(), &shown)),
                }
            }
            let primaries: Vec<Option<&str>> = shown
                .iter()
                .map(|shown| Some(shown.as_ref()?.primary.as_ref()?.id.as_str()))
                .collect();
            match pairing.guess(&primaries) {
                Guess::NotYet => {}
                Guess::NoneIsOurs => return Ok(Paired::NoneIsOurs(pairing.neither.clone())),
                Guess::Ours(ours) => {
                    let accepted = match shown.swap_remove(ours) {
                        Some(workspace) => Accepted::seen(workspace),
                        None => pairing.pending[ours].clone(),
                    };
                    return Ok(Paired::Ours(accepted));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
