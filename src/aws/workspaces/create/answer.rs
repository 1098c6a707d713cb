use std::sync::Arc;

use aws_sdk_workspaces::Client;
use aws_sdk_workspaces::operation::RequestId;
use aws_sdk_workspaces::operation::create_standby_workspaces::CreateStandbyWorkspacesOutput;

use crate::aws::calls::send::Api;
use crate::aws::error::text::cut;
use crate::aws::error::{Error, Kind};
use crate::aws::workspaces::create::match_ids::{Call, Pairing};
use crate::aws::workspaces::create::types::{Accepted, OPERATION};

/// The answer to one request.
#[derive(Debug)]
pub(in crate::aws) enum Answer {
    Accepted(Accepted),
    /// AWS accepted it together with others and did not say which id is its own.
    OneOf(Pairing),
    Refused(Error),
    /// The answer was lost, or it neither accepts nor refuses the request.
    Unclear(Error),
}

/// An answer on the way to its caller. If the caller is gone, the ids in it are logged.
pub(in crate::aws) struct Delivery(Option<Answer>);

impl Delivery {
    pub(super) fn take(mut self) -> Answer {
        self.0.take().unwrap_or_else(|| {
            Answer::Unclear(Error::local(
                Kind::WorkerGone,
                OPERATION,
                "",
                "an answer without content",
            ))
        })
    }
}

impl From<Answer> for Delivery {
    fn from(answer: Answer) -> Self {
        Self(Some(answer))
    }
}

impl Drop for Delivery {
    fn drop(&mut self) {
        let ids = match &self.0 {
            Some(Answer::Accepted(accepted)) => vec![accepted.id.clone()],
            Some(Answer::OneOf(pairing)) => pairing.ids(),
            Some(Answer::Refused(_) | Answer::Unclear(_)) | None => return,
        };
        tracing::warn!(
            ?ids,
            "AWS created a standby after its caller was gone; import it or terminate it"
        );
    }
}

/// An entry of FailedStandbyRequests.
#[derive(Debug)]
pub(super) struct Failed {
    /// The primary in the repeated request, if AWS repeats it.
    pub(super) primary_id: Option<String>,
    pub(super) error: Error,
}

/// A request in the call that was answered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Requested<'a> {
    pub(super) primary_id: &'a str,
    /// The user of the primary in lower case, if it is known.
    pub(super) user: Option<&'a str>,
}

/// The lists of an answer.
pub(super) struct Lists {
    pending: Vec<Accepted>,
    failed: Vec<Failed>,
    /// The error of a request that is in neither list.
    neither: Error,
}

pub(super) fn lists(api: &Api<Client>, answer: CreateStandbyWorkspacesOutput) -> Lists {
    let request_id = answer.request_id().map(str::to_owned);
    let error = |kind, message: String| Error {
        request_id: request_id.clone(),
        ..api.error(kind, OPERATION, message)
    };
    let pending = answer.pending_standby_requests.unwrap_or_default().into_iter();
    let pending = pending.filter_map(|pending| {
        Some(Accepted {
            id: pending.workspace_id?,
            user_name: pending.user_name,
            state: pending.state.map(|state| state.as_str().to_owned()),
            shown: None,
        })
    });
    let failed = answer.failed_standby_requests.unwrap_or_default().into_iter();
    let failed = failed.map(|failed| {
        let kind = kind_of_item(failed.error_code.as_deref().unwrap_or_default());
        let message =
            failed.error_message.as_deref().map_or_else(|| "AWS gave no reason".to_owned(), cut);
        Failed {
            primary_id: failed.standby_workspace_request.map(|echo| echo.primary_workspace_id),
            error: Error { code: failed.error_code.as_deref().map(cut), ..error(kind, message) },
        }
    });
    let neither = error(Kind::Other, "AWS neither accepted nor refused the standby".to_owned());
    Lists { pending: pending.collect(), failed: failed.collect(), neither }
}

/// The codes in FailedStandbyRequests are free text. These parts are common to them and to the
/// modelled exceptions.
fn kind_of_item(code: &str) -> Kind {
    let parts = [
        ("Exists", Kind::AlreadyExists),
        ("LimitExceeded", Kind::LimitExceeded),
        ("NotFound", Kind::NotFound),
        ("Unavailable", Kind::Unavailable),
        ("NotSupported", Kind::NotSupported),
        ("Unsupported", Kind::NotSupported),
        ("AccessDenied", Kind::AccessDenied),
        ("InvalidParameter", Kind::InvalidParameter),
    ];
    parts.into_iter().find(|(part, _)| code.contains(part)).map_or(Kind::Other, |(_, kind)| kind)
}

/// The answers to the requests of one call.
pub(super) struct Sorted {
    /// One for each request, in the same order.
    pub(super) answers: Vec<Answer>,
    /// Whether ids could not be told apart because AWS does not name their users.
    pub(super) users_missing: bool,
}

/// The answer to each request, from the lists of one answer of AWS.
///
/// A user has one WorkSpace in a directory, and a standby has the user of its primary, so the user
/// name tells which id belongs to which request. Positions do not count: AWS promises no order.
pub(super) fn sort_out(requests: &[Requested<'_>], lists: Lists) -> Sorted {
    let Lists { mut pending, failed, neither } = lists;
    // The answer to a single request: its id counts, whatever else the answer contains.
    if let ([_], [first, ..]) = (requests, pending.as_slice()) {
        let answers = vec![Answer::Accepted(first.clone())];
        return Sorted { answers, users_missing: false };
    }
    let mut answers: Vec<Option<Answer>> =
        requests.iter().map(|request| take_own(&mut pending, request.user)).collect();
    let mut nameless = Vec::new();
    for Failed { primary_id, error } in failed {
        let is_its = |request: &Requested<'_>| Some(request.primary_id) == primary_id.as_deref();
        match requests.iter().position(is_its).and_then(|index| answers.get_mut(index)) {
            Some(answer) if answer.is_none() => *answer = Some(Answer::Refused(error)),
            _ => nameless.push(error),
        }
    }
    let open: Arc<[String]> = requests
        .iter()
        .zip(&answers)
        .filter(|(_, answer)| answer.is_none())
        .map(|(request, _)| request.primary_id.to_owned())
        .collect();
    if pending.len() > open.len() {
        let ids: Vec<&str> = pending.iter().map(|accepted| accepted.id.as_str()).collect();
        tracing::warn!(?ids, "AWS accepted more standbys than were requested");
    }
    let call = Call::new(&open, pending, &neither);
    let open_answer = |mine: &str| match (call.pending(), nameless.as_slice(), open.len()) {
        // Elimination: no other request is left.
        ([only], _, 1) => Answer::Accepted(only.clone()),
        ([], [error], 1) => Answer::Refused(error.clone()),
        ([], [error, ..], _) => Answer::Unclear(error.clone()),
        ([], [], _) => Answer::Unclear(neither.clone()),
        _ => Answer::OneOf(Pairing::new(mine, &call)),
    };
    let each = requests.iter().zip(answers);
    let each =
        each.map(|(request, answer)| answer.unwrap_or_else(|| open_answer(request.primary_id)));
    Sorted { answers: each.collect(), users_missing: !call.pending().is_empty() }
}

/// Takes the only entry of this user out of the list.
fn take_own(pending: &mut Vec<Accepted>, user: Option<&str>) -> Option<Answer> {
    let user = user?;
    let is_own = |accepted: &Accepted| {
        accepted.user_name.as_ref().is_some_and(|name| name.to_lowercase() == user)
    };
    let index = pending.iter().position(is_own)?;
    let is_only = !pending[index + 1..].iter().any(is_own);
    is_only.then(|| Answer::Accepted(pending.remove(index)))
}

#[cfg(test)]
mod tests;
