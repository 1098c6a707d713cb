use std::sync::Arc;

use aws_sdk_workspaces::operation::RequestId;
use aws_sdk_workspaces::operation::create_standby_workspaces::CreateStandbyWorkspacesOutput;

use crate::aws::error::{Error, Kind};
use crate::aws::workspaces::create::match_ids::Pairing;
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

/// The lists of the answer, and the error of a request that is in neither.
pub(super) fn parts(
    answer: CreateStandbyWorkspacesOutput,
    region: &str,
) -> (Vec<Accepted>, Vec<Failed>, Error) {
    let request_id = answer.request_id().map(str::to_owned);
    let local = |kind, message: String| Error {
        request_id: request_id.clone(),
        ..Error::local(kind, OPERATION, region, message)
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
        let message = failed.error_message.unwrap_or_else(|| "AWS gave no reason".to_owned());
        Failed {
            primary_id: failed.standby_workspace_request.map(|echo| echo.primary_workspace_id),
            error: Error { code: failed.error_code, ..local(kind, message) },
        }
    });
    let neither = local(Kind::Other, "AWS neither accepted nor refused the standby".to_owned());
    (pending.collect(), failed.collect(), neither)
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

/// The answer to each primary, from the lists of one answer of AWS.
pub(super) fn sort_out(
    primaries: &[String],
    pending: Vec<Accepted>,
    failed: Vec<Failed>,
    neither: &Error,
) -> Vec<Answer> {
    // The answer to a single request: its id counts, whatever else the answer contains.
    if let ([_], [first, ..]) = (primaries, pending.as_slice()) {
        return vec![Answer::Accepted(first.clone())];
    }
    let mut answers: Vec<Option<Answer>> = primaries.iter().map(|_| None).collect();
    let mut nameless = Vec::new();
    for Failed { primary_id, error } in failed {
        let index = primaries.iter().position(|primary| Some(primary) == primary_id.as_ref());
        match index.and_then(|index| answers.get_mut(index)) {
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
        tracing::warn!(?ids, "AWS accepted more standbys than were requested");
    }
    let open_answer = |mine: &String| match (&pending[..], nameless.as_slice(), open.len()) {
        // Elimination: no other request is left.
        ([only], _, 1) => Answer::Accepted(only.clone()),
        ([], [error], 1) => Answer::Refused(error.clone()),
        ([], [error, ..], _) => Answer::Unclear(error.clone()),
        ([], [], _) => Answer::Unclear(neither.clone()),
        _ => Answer::OneOf(Pairing::new(mine, &open, &pending, neither)),
    };
    let each = primaries.iter().zip(answers);
    each.map(|(mine, answer)| answer.unwrap_or_else(|| open_answer(mine))).collect()
}

#[cfg(test)]
mod tests;
