use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aws_sdk_workspaces::Client;
use aws_sdk_workspaces::types::StandbyWorkspace;

use crate::aws::calls::batch::Sent;
use crate::aws::calls::limiter::Priority;
use crate::aws::calls::send::{Api, is_throttled_answer};
use crate::aws::calls::withdraw::Withdrawable;
use crate::aws::error::{Error, Kind};
use crate::aws::workspaces::create::answer::{
    Answer, Delivery, Requested, Sorted, lists, sort_out,
};
use crate::aws::workspaces::create::types::{NewStandby, OPERATION};
use crate::aws::workspaces::tags::sdk_tags;

/// Most standbys in one call. AWS documents no maximum; that of CreateWorkspaces is 25.
///
/// <https://docs.aws.amazon.com/workspaces/latest/api/API_CreateWorkspaces.html>
pub(in crate::aws) const MOST_STANDBYS: usize = 25;

/// What requests must have in common to share one call.
///
/// The call names one primary Region. The directory is part of the key because a user is unique only
/// within a directory.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::aws) struct BatchKey {
    primary_region: String,
    directory_id: String,
}

/// A request for one standby. Clones are the same request.
#[derive(Clone)]
pub(in crate::aws) struct CreateRequest {
    new: Arc<NewStandby>,
    /// The user of the primary in lower case, if it is known.
    user: Option<String>,
    pub(super) state: Withdrawable,
}

impl CreateRequest {
    pub(super) fn new(new: &NewStandby, user: Option<&str>) -> Self {
        Self {
            new: Arc::new(new.clone()),
            user: user.map(str::to_lowercase),
            state: Withdrawable::new(),
        }
    }

    pub(super) fn batch_key(&self) -> BatchKey {
        let NewStandby { primary_region, directory_id, .. } = &*self.new;
        BatchKey { primary_region: primary_region.clone(), directory_id: directory_id.clone() }
    }

    /// The user of the primary in lower case, if it is known.
    pub(super) fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }
}

/// Sends one call for several requests, without those that were withdrawn.
///
/// If AWS refuses the whole call, nothing was created, and one of several requests may be the cause;
/// then each is sent alone. `omits_users` is set if AWS does not name the users in its answer.
///
/// <https://docs.aws.amazon.com/workspaces/latest/api/API_CreateStandbyWorkspaces.html>
pub(in crate::aws) async fn send(
    api: &Api<Client>,
    key: &BatchKey,
    requests: Vec<CreateRequest>,
    omits_users: &AtomicBool,
) -> Sent<Delivery, Error> {
    let users: HashSet<Option<&str>> = requests.iter().map(CreateRequest::user).collect();
    if users.len() < requests.len() {
        // Their answers could not be told apart.
        let message = "two requests for the same user cannot share one call";
        return Sent::RetryEach(api.error(Kind::Other, OPERATION, message));
    }
    let items = requests.iter().map(|request| item(api, &request.new));
    let items = match items.collect::<Result<Vec<_>, _>>() {
        Ok(items) => items,
        Err(error) => return Sent::RetryEach(error),
    };
    // Which requests are still wanted is known when the permit is given, at each attempt.
    let mut wanted: Vec<bool> = Vec::new();
    let attempt = || {
        wanted = requests.iter().map(|request| request.state.mark_sent()).collect();
        let items: Vec<_> = selected(&items, &wanted).cloned().collect();
        (!items.is_empty()).then_some(async {
            let call = api.client.create_standby_workspaces();
            let call = call.primary_region(&key.primary_region);
            let answer = call.set_standby_workspaces(Some(items)).send().await;
            if answer.as_ref().is_err_and(is_throttled_answer) {
                requests.iter().for_each(|request| request.state.mark_unsent());
            }
            answer
        })
    };
    let answer = api.ask_while(OPERATION, Priority::Change, attempt).await;
    let sent: Vec<&CreateRequest> = selected(&requests, &wanted).collect();
    let answers: Vec<Answer> = match answer {
        Ok(Some(answer)) => {
            let requested = sent.iter().map(|request| Requested {
                primary_id: &request.new.primary_id,
                user: request.user(),
            });
            let requested: Vec<_> = requested.collect();
            let Sorted { answers, users_missing } = sort_out(&requested, lists(api, answer));
            omits_users.fetch_or(users_missing, Ordering::Relaxed);
            answers
        }
        // All requests were withdrawn.
        Ok(None) => Vec::new(),
        Err(error) if error.kind.is_refusal() => return Sent::RetryEach(error),
        Err(error) if error.kind == Kind::Ambiguous => {
            sent.iter().map(|_| Answer::Unclear(error.clone())).collect()
        }
        Err(error) => sent.iter().map(|_| Answer::Refused(error.clone())).collect(),
    };
    let withdrawn =
        || Answer::Refused(api.error(Kind::Stopped, OPERATION, "the request was withdrawn"));
    let mut answers = answers.into_iter();
    let mut next = |wanted| if wanted { answers.next() } else { None };
    let each = wanted.iter().map(|wanted| next(*wanted).unwrap_or_else(withdrawn));
    Sent::Each(each.map(|answer| Ok(Delivery::from(answer))).collect())
}

/// The items that are selected.
fn selected<'a, T>(items: &'a [T], selection: &'a [bool]) -> impl Iterator<Item = &'a T> {
    items.iter().zip(selection).filter(|(_, selected)| **selected).map(|(item, _)| item)
}

fn item(api: &Api<Client>, new: &NewStandby) -> Result<StandbyWorkspace, Error> {
    let tags = sdk_tags(OPERATION, &api.region, &new.tags)?;
    StandbyWorkspace::builder()
        .primary_workspace_id(&new.primary_id)
        .directory_id(&new.directory_id)
        .set_volume_encryption_key(new.volume_encryption_key.clone())
        .set_data_replication(new.data_replication.map(|setting| setting.as_str().into()))
        .set_tags((!tags.is_empty()).then_some(tags))
        .build()
        .map_err(|error| api.error(Kind::Configuration, OPERATION, error.to_string()))
}
