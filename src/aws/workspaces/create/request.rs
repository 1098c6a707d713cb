use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use aws_sdk_workspaces::Client;
use aws_sdk_workspaces::types::StandbyWorkspace;

use crate::aws::calls::batch::Sent;
use crate::aws::calls::limiter::Priority;
use crate::aws::calls::send::{Api, is_throttled_answer};
use crate::aws::error::{Error, Kind};
use crate::aws::lock::lock;
use crate::aws::workspaces::create::answer::{Answer, Delivery, parts, sort_out};
use crate::aws::workspaces::create::types::{NewStandby, OPERATION};
use crate::aws::workspaces::tags::sdk_tags;

/// Most standbys in one call. AWS documents no maximum; that of CreateWorkspaces is 25.
///
/// <https://docs.aws.amazon.com/workspaces/latest/api/API_CreateWorkspaces.html>
pub(in crate::aws) const MOST_STANDBYS: usize = 25;

/// What requests must have in common to share one call.
///
/// The call names one primary Region. The directory is part of the key because requests are told
/// apart by primary, which is unique only within a directory.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::aws) struct BatchKey {
    primary_region: String,
    directory_id: String,
}

/// A request for one standby. Clones are the same request.
#[derive(Clone)]
pub(in crate::aws) struct CreateRequest {
    new: Arc<NewStandby>,
    state: Arc<Mutex<RequestState>>,
}

/// The state of a [`CreateRequest`]. Its caller can withdraw it at any time, and must know then
/// whether it was sent.
struct RequestState {
    wanted: bool,
    sent: bool,
}

impl CreateRequest {
    pub(super) fn new(new: &NewStandby) -> Self {
        let state = RequestState { wanted: true, sent: false };
        Self { new: Arc::new(new.clone()), state: Arc::new(Mutex::new(state)) }
    }

    pub(super) fn batch_key(&self) -> BatchKey {
        let NewStandby { primary_region, directory_id, .. } = &*self.new;
        BatchKey { primary_region: primary_region.clone(), directory_id: directory_id.clone() }
    }

    /// Withdraws the request. False if it was sent, so that AWS may carry it out.
    pub(super) fn withdraw(&self) -> bool {
        let mut state = lock(&self.state);
        state.wanted = false;
        !state.sent
    }

    /// Marks it as sent, unless it was withdrawn.
    fn mark_sent(&self) -> bool {
        let mut state = lock(&self.state);
        state.sent = state.wanted;
        state.wanted
    }

    /// AWS has not carried it out, and it can be sent again.
    fn mark_unsent(&self) {
        lock(&self.state).sent = false;
    }
}

/// Sends one call for several requests, without those that were withdrawn.
///
/// If AWS refuses the whole call, nothing was created, and one of several requests may be the cause;
/// then each is sent alone.
///
/// <https://docs.aws.amazon.com/workspaces/latest/api/API_CreateStandbyWorkspaces.html>
pub(in crate::aws) async fn send(
    api: &Api<Client>,
    key: &BatchKey,
    requests: Vec<CreateRequest>,
) -> Sent<Delivery, Error> {
    let region = api.region.as_str();
    let mut primaries = HashSet::new();
    if !requests.iter().all(|request| primaries.insert(request.new.primary_id.clone())) {
        // Their answers could not be told apart.
        let why = "two requests for the same primary cannot share one call";
        return Sent::RetryEach(Error::local(Kind::Other, OPERATION, region, why));
    }
    let items =
        requests.iter().map(|request| item(region, &request.new)).collect::<Result<Vec<_>, _>>();
    let items = match items {
        Ok(items) => items,
        Err(error) => return Sent::RetryEach(error),
    };
    // Which requests are still wanted is known when the permit is given, for each attempt anew.
    let mut going: Vec<bool> = Vec::new();
    let attempt = || {
        going = requests.iter().map(CreateRequest::mark_sent).collect();
        let items = items.iter().zip(&going).filter(|(_, goes)| **goes);
        let items: Vec<_> = items.map(|(item, _)| item.clone()).collect();
        (!items.is_empty()).then_some(async {
            let call = api.client.create_standby_workspaces();
            let call = call.primary_region(&key.primary_region);
            let answer = call.set_standby_workspaces(Some(items)).send().await;
            if answer.as_ref().is_err_and(is_throttled_answer) {
                requests.iter().for_each(CreateRequest::mark_unsent);
            }
            answer
        })
    };
    let answer = api.ask_while(OPERATION, Priority::Change, attempt).await;
    let gone =
        || requests.iter().zip(&going).filter(|(_, goes)| **goes).map(|(request, _)| request);
    let answers: Vec<Answer> = match answer {
        Ok(Some(answer)) => {
            let primaries: Vec<_> = gone().map(|request| request.new.primary_id.clone()).collect();
            let (pending, failed, neither) = parts(answer, region);
            sort_out(&primaries, pending, failed, &neither)
        }
        // All requests were withdrawn.
        Ok(None) => Vec::new(),
        Err(error) if error.kind.is_refusal() => return Sent::RetryEach(error),
        Err(error) => gone()
            .map(|_| match error.kind {
                Kind::Ambiguous => Answer::Unclear(error.clone()),
                _ => Answer::Refused(error.clone()),
            })
            .collect(),
    };
    let withdrawn = || {
        let error = Error::local(Kind::Stopped, OPERATION, region, "the request was withdrawn");
        Delivery::from(Answer::Refused(error))
    };
    let mut answers = answers.into_iter();
    let each = going.iter().map(|goes| match goes {
        true => answers.next().map_or_else(withdrawn, Delivery::from),
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
