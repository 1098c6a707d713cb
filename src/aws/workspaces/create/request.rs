use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_sdk_workspaces::operation::RequestId;
use aws_sdk_workspaces::operation::create_standby_workspaces::CreateStandbyWorkspacesOutput;
use aws_sdk_workspaces::types::StandbyWorkspace;

use crate::aws::calls::batch::Sent;
use crate::aws::calls::limiter::Priority;
use crate::aws::calls::send::{Api, is_throttled_answer};
use crate::aws::config::retry::OnlyIfNotSent;
use crate::aws::error::{Error, Kind};
use crate::aws::workspaces::tags::sdk_tags;

use super::match_ids::{Failed, Pairing, sort_out};
use super::{Accepted, NewStandby, OPERATION};

/// Most standbys in one call. AWS documents none; CreateWorkspaces takes this many.
///
/// <https://docs.aws.amazon.com/workspaces/latest/api/API_CreateWorkspaces.html>
pub(in crate::aws) const MOST_STANDBYS: usize = 25;

/// What standbys must have in common to travel in one call.
///
/// The call names one primary Region. The directory is here because an answer is told from its
/// neighbours by the primary, which is unique only within a directory.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::aws) struct Together {
    primary_region: String,
    directory_id: String,
}

/// A request for one standby on its way into a call; its clones are the same request.
#[derive(Clone)]
pub(in crate::aws) struct Order {
    new: Arc<NewStandby>,
    fate: Arc<Mutex<Fate>>,
}

/// What became of an [`Order`]: its caller may go at any time, but then must know whether it was
/// sent.
struct Fate {
    wanted: bool,
    under_way: bool,
}

/// What one sending of the request led to.
#[derive(Debug)]
pub(in crate::aws) enum Answer {
    Accepted(Accepted),
    /// AWS accepted it together with others, and did not say which id is whose.
    OneOf(Pairing),
    Refused(Error),
    /// The answer was lost, or says neither that it was accepted nor that it was refused.
    Unclear(Error),
}

/// An answer on the way to its caller. Should the caller have gone, the ids in it are logged.
pub(in crate::aws) struct Handed(Option<Answer>);

impl Order {
    pub(super) fn new(new: &NewStandby) -> Self {
        let fate = Fate { wanted: true, under_way: false };
        Self { new: Arc::new(new.clone()), fate: Arc::new(Mutex::new(fate)) }
    }

    pub(super) fn together(&self) -> Together {
        let NewStandby { primary_region, directory_id, .. } = &*self.new;
        Together { primary_region: primary_region.clone(), directory_id: directory_id.clone() }
    }

    /// Nobody wants it any more. False where it is under way, and may be carried out.
    pub(super) fn withdraw(&self) -> bool {
        let mut fate = self.fate();
        fate.wanted = false;
        !fate.under_way
    }

    /// Puts it under way unless it was withdrawn.
    fn sets_out(&self) -> bool {
        let mut fate = self.fate();
        fate.under_way = fate.wanted;
        fate.wanted
    }

    /// AWS has certainly not carried it out, and it may be sent again.
    fn came_back(&self) {
        self.fate().under_way = false;
    }

    fn fate(&self) -> MutexGuard<'_, Fate> {
        // Nothing that can panic runs under the lock.
        self.fate.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Handed {
    pub(super) fn take(mut self) -> Answer {
        self.0.take().unwrap_or_else(|| {
            Answer::Unclear(Error::local(Kind::Lost, OPERATION, "", "an answer without content"))
        })
    }
}

impl From<Answer> for Handed {
    fn from(answer: Answer) -> Self {
        Self(Some(answer))
    }
}

impl Drop for Handed {
    fn drop(&mut self) {
        let ids = match &self.0 {
            Some(Answer::Accepted(accepted)) => vec![accepted.id.clone()],
            Some(Answer::OneOf(pairing)) => pairing.ids(),
            Some(Answer::Refused(_) | Answer::Unclear(_)) | None => return,
        };
        tracing::warn!(
            ?ids,
            "AWS made a standby after the request for it was given up; import it or terminate it"
        );
    }
}

/// Sends one call for several orders, leaving out those that were withdrawn.
///
/// A refusal of the call as a whole means that nothing was made, and that one of several orders may
/// be to blame; then each is sent alone.
///
/// <https://docs.aws.amazon.com/workspaces/latest/api/API_CreateStandbyWorkspaces.html>
pub(in crate::aws) async fn send(
    api: &Api,
    together: &Together,
    orders: Vec<Order>,
) -> Sent<Handed, Error> {
    let region = api.region.as_str();
    let mut primaries = HashSet::new();
    if !orders.iter().all(|order| primaries.insert(order.new.primary_id.clone())) {
        // Their answers could not be told apart.
        let why = "two requests for the same primary do not travel in one call";
        return Sent::Refused(Error::local(Kind::Other, OPERATION, region, why));
    }
    let items = orders.iter().map(|order| item(region, &order.new)).collect::<Result<Vec<_>, _>>();
    let items = match items {
        Ok(items) => items,
        Err(error) => return Sent::Refused(error),
    };
    // Those that go are known only when the turn has come, and again after each throttling.
    let mut going: Vec<bool> = Vec::new();
    let attempt = || {
        going = orders.iter().map(Order::sets_out).collect();
        let items = items.iter().zip(&going).filter(|(_, goes)| **goes);
        let items: Vec<_> = items.map(|(item, _)| item.clone()).collect();
        (!items.is_empty()).then_some(async {
            let careful =
                aws_sdk_workspaces::config::Config::builder().retry_classifier(OnlyIfNotSent);
            let call = api.client.create_standby_workspaces();
            let call = call.primary_region(&together.primary_region);
            let call = call.set_standby_workspaces(Some(items)).customize();
            let answer = call.config_override(careful).send().await;
            if answer.as_ref().is_err_and(is_throttled_answer) {
                orders.iter().for_each(Order::came_back);
            }
            answer
        })
    };
    let answer = api.ask_while(OPERATION, Priority::Change, attempt).await;
    let gone = || orders.iter().zip(&going).filter(|(_, goes)| **goes).map(|(order, _)| order);
    let answers: Vec<Answer> = match answer {
        Ok(Some(answer)) => {
            let primaries: Vec<_> = gone().map(|order| order.new.primary_id.clone()).collect();
            let (pending, failed, neither) = parts(answer, region);
            sort_out(&primaries, pending, failed, &neither)
        }
        // All were withdrawn.
        Ok(None) => Vec::new(),
        Err(error) if error.kind.is_refusal() => return Sent::Refused(error),
        Err(error) => gone()
            .map(|_| match error.kind {
                Kind::Ambiguous => Answer::Unclear(error.clone()),
                _ => Answer::Refused(error.clone()),
            })
            .collect(),
    };
    let withdrawn = || {
        let error = Error::local(Kind::Stopped, OPERATION, region, "the request was withdrawn");
        Handed::from(Answer::Refused(error))
    };
    let mut answers = answers.into_iter();
    let each = going.iter().map(|goes| match goes {
        true => answers.next().map_or_else(withdrawn, Handed::from),
        false => withdrawn(),
    });
    Sent::Each(each.map(Ok).collect())
}

fn item(region: &str, new: &NewStandby) -> Result<StandbyWorkspace, Error> {
    let tags = sdk_tags(OPERATION, region, &new.tags)?;
    StandbyWorkspace::builder()
        .primary_workspace_id(&new.primary_id)
        .directory_id(&new.directory_id)
        .set_volume_encryption_key(new.volume_encryption_key.clone())
        .set_data_replication(new.data_replication.map(|setting| setting.as_str().into()))
        .set_tags((!tags.is_empty()).then_some(tags))
        .build()
        .map_err(|error| Error::local(Kind::Configuration, OPERATION, region, error.to_string()))
}

/// The lists of the answer, and the error of an order that is in neither.
fn parts(
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
    let neither = local(
        Kind::Other,
        "AWS answered neither that the standby is being made nor that it was refused".to_owned(),
    );
    (pending.collect(), failed.collect(), neither)
}

/// The codes inside FailedStandbyRequests are free text; these parts are those that the modelled
/// exceptions share.
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
