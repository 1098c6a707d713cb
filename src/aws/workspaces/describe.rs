use std::sync::Arc;

use aws_sdk_workspaces::Client;
use aws_sdk_workspaces::types::{StandbyWorkspaceRelationshipType, Workspace};
use aws_smithy_types::date_time::Format;
use futures_util::{Stream, TryStreamExt};

use crate::aws::calls::answers::{batcher, distinct, flatten, in_order, refused};
use crate::aws::calls::batch::{Batcher, Limits, Sent};
use crate::aws::calls::limiter::Priority;
use crate::aws::calls::poll::{Poll, Watch};
use crate::aws::calls::send::{Api, Page};
use crate::aws::error::text::cut;
use crate::aws::error::{Error, Kind};
use crate::aws::workspaces::read_ahead::ReadAhead;
use crate::aws::workspaces::types::{DataReplication, Related, WorkSpace};

pub(in crate::aws) const OPERATION: &str = "DescribeWorkspaces";

/// Most ids in one DescribeWorkspaces or TerminateWorkspaces call, and most WorkSpaces on one page.
///
/// <https://docs.aws.amazon.com/workspaces/latest/api/API_DescribeWorkspaces.html>
pub(in crate::aws) const MOST_IDS: u8 = 25;

/// Look-ups of WorkSpaces. Clones share the queues and the poll.
#[derive(Clone)]
pub(in crate::aws) struct LookUps {
    api: Api<Client>,
    by_id: Batcher<(), LookUp, Option<WorkSpace>, Error>,
    /// Lists of one directory (the key). Callers that ask at the same time share one list.
    lists: Batcher<String, (), Arc<Vec<WorkSpace>>, Error>,
    poll: Poll<WorkSpace, Error>,
    ahead: ReadAhead,
}

#[derive(Clone)]
struct LookUp {
    id: String,
    priority: Priority,
    /// Whether a page that was read ahead may answer it.
    may_be_ahead: bool,
}

impl LookUps {
    pub(in crate::aws) fn new(api: &Api<Client>, limits: Limits, ahead: &ReadAhead) -> Self {
        let by_id = batcher(api, limits, {
            let ahead = ahead.clone();
            move |api, (), look_ups| {
                let ahead = ahead.clone();
                async move { find_or_describe(&api, &ahead, look_ups).await }
            }
        });
        let shared = Limits { maximum: usize::MAX, ..limits };
        let lists = batcher(api, shared, |api, directory: String, callers: Vec<()>| async move {
            let place = Place { directory: Some(&directory), user: None };
            let found = pages(&api, place, Priority::Change, |_| true).try_concat().await;
            let found = found.map(Arc::new);
            Sent::Each(callers.iter().map(|()| found.clone()).collect())
        });
        let (by_id, lists) = (by_id.for_look_ups(), lists.for_look_ups());
        let name = format!("WorkSpaces in {}", api.region);
        let poll = Poll::new(&name, WorkSpace::state, {
            let (by_id, api) = (by_id.clone(), api.clone());
            move |id| {
                let (by_id, api) = (by_id.clone(), api.clone());
                let look_up = LookUp { id, priority: Priority::Change, may_be_ahead: false };
                async move { flatten(by_id.submit_now((), look_up).await, OPERATION, &api) }
            }
        });
        Self { api: api.clone(), by_id, lists, poll, ahead: ahead.clone() }
    }

    /// The Region of these look-ups.
    pub(in crate::aws) fn region(&self) -> &str {
        &self.api.region
    }

    pub(in crate::aws) async fn find(&self, id: &str) -> Result<Option<WorkSpace>, Error> {
        self.look_up(id, Priority::Refresh, false).await
    }

    /// The same for one of many look-ups; a page that was read ahead can answer it.
    pub(in crate::aws) async fn find_ahead(
        &self,
        id: &str,
        priority: Priority,
    ) -> Result<Option<WorkSpace>, Error> {
        self.look_up(id, priority, true).await
    }

    /// Counts a change, which ends the answers from pages that were read ahead.
    pub(in crate::aws) fn changed(&self) {
        self.ahead.changed();
    }

    /// The same for a look-up that a change waits for.
    pub(in crate::aws) async fn find_for_change(
        &self,
        id: &str,
    ) -> Result<Option<WorkSpace>, Error> {
        self.look_up(id, Priority::Change, false).await
    }

    async fn look_up(
        &self,
        id: &str,
        priority: Priority,
        may_be_ahead: bool,
    ) -> Result<Option<WorkSpace>, Error> {
        let look_up = LookUp { id: id.to_owned(), priority, may_be_ahead };
        flatten(self.by_id.submit((), look_up).await, OPERATION, &self.api)
    }

    pub(in crate::aws) fn watch(&self, id: &str) -> Watch<WorkSpace, Error> {
        self.poll.watch(id)
    }

    /// An error of DescribeWorkspaces that does not come from an AWS response.
    pub(in crate::aws) fn error(&self, kind: Kind, message: &str) -> Error {
        self.api.error(kind, OPERATION, message)
    }

    /// All standbys of the Region, or of one of its directories.
    pub(in crate::aws) async fn standbys(
        &self,
        directory: Option<&str>,
    ) -> Result<Vec<WorkSpace>, Error> {
        self.standby_pages(directory).try_concat().await
    }

    /// The same, page by page.
    pub(in crate::aws) fn standby_pages(
        &self,
        directory: Option<&str>,
    ) -> impl Stream<Item = Result<Vec<WorkSpace>, Error>> + Send + use<> {
        let is_standby = |workspace: &WorkSpace| workspace.primary.is_some();
        let place = Place { directory, user: None };
        pages(&self.api, place, Priority::Refresh, is_standby)
    }

    /// All WorkSpaces that are not standbys: of the Region, of a directory, or of a user in one.
    pub(in crate::aws) async fn primaries(
        &self,
        directory: Option<&str>,
        user: Option<&str>,
    ) -> Result<Vec<WorkSpace>, Error> {
        let is_primary = |workspace: &WorkSpace| workspace.primary.is_none();
        let place = Place { directory, user };
        pages(&self.api, place, Priority::Refresh, is_primary).try_concat().await
    }

    /// All WorkSpaces of a directory.
    pub(in crate::aws) async fn in_directory(
        &self,
        directory: &str,
    ) -> Result<Arc<Vec<WorkSpace>>, Error> {
        flatten(self.lists.submit(directory.to_owned(), ()).await, OPERATION, &self.api)
    }

    /// The WorkSpaces of a user in a directory. AWS allows one.
    pub(in crate::aws) async fn of_user(
        &self,
        directory: &str,
        user: &str,
    ) -> Result<Vec<WorkSpace>, Error> {
        let place = Place { directory: Some(directory), user: Some(user) };
        pages(&self.api, place, Priority::Change, |_| true).try_concat().await
    }

    /// The standbys of a primary in a directory that are not being terminated.
    pub(in crate::aws) async fn standbys_of(
        &self,
        primary: &str,
        directory: &str,
    ) -> Result<Vec<WorkSpace>, Error> {
        let is_wanted = |workspace: &&WorkSpace| {
            !workspace.is_ending()
                && workspace.primary.as_ref().is_some_and(|related| related.id == primary)
        };
        let found = self.in_directory(directory).await?;
        Ok(found.iter().filter(is_wanted).cloned().collect())
    }
}

/// Look-ups from the pages that were read ahead, and by DescribeWorkspaces for the rest.
async fn find_or_describe(
    api: &Api<Client>,
    ahead: &ReadAhead,
    look_ups: Vec<LookUp>,
) -> Sent<Option<WorkSpace>, Error> {
    let priority = look_ups.iter().map(|look_up| look_up.priority).min();
    let priority = priority.unwrap_or(Priority::Refresh);
    let from_pages = look_ups.iter().filter(|look_up| look_up.may_be_ahead);
    let ids: Vec<&str> = from_pages.map(|look_up| look_up.id.as_str()).collect();
    let found = ahead
        .take(&ids, |directory, token| async move {
            let place = Place { directory: Some(&directory), user: None };
            page(api, place, priority, token).await
        })
        .await;
    let rest: Vec<LookUp> =
        look_ups.iter().filter(|look_up| !found.contains_key(&look_up.id)).cloned().collect();
    if rest.is_empty() {
        let found = look_ups.iter().map(|look_up| Ok(found.get(&look_up.id).cloned()));
        return Sent::Each(found.collect());
    }
    let counts = rest.iter().all(|look_up| look_up.may_be_ahead);
    let answers = match describe(api, rest).await {
        Sent::Each(answers) => answers,
        // None of them was carried out, so all are asked again, each alone.
        Sent::RetryEach(error) => return Sent::RetryEach(error),
    };
    if counts {
        let shown = answers.iter().filter_map(|answer| answer.as_ref().ok()?.clone());
        ahead.note_call(&shown.collect::<Vec<_>>());
    }
    let mut answers = answers.into_iter();
    let answer = |look_up: &LookUp| match found.get(&look_up.id) {
        Some(workspace) => Some(Ok(Some(workspace.clone()))),
        None => answers.next(),
    };
    Sent::Each(look_ups.iter().filter_map(answer).collect())
}

/// DescribeWorkspaces for up to 25 ids. The answer to an id that AWS does not show is `None`.
///
/// <https://docs.aws.amazon.com/workspaces/latest/api/API_DescribeWorkspaces.html>
async fn describe(api: &Api<Client>, look_ups: Vec<LookUp>) -> Sent<Option<WorkSpace>, Error> {
    // The call is a change if one of its look-ups is.
    let priorities = look_ups.iter().map(|look_up| look_up.priority);
    let priority = priorities.min().unwrap_or(Priority::Refresh);
    let ids: Vec<String> = look_ups.into_iter().map(|look_up| look_up.id).collect();
    let wanted = &distinct(&ids);
    // One page holds 25 ids; if AWS ever answers in several pages, all of them are read.
    let page = |token: Option<String>| async move {
        let send = || {
            let call = api.client.describe_workspaces().set_next_token(token.clone());
            call.set_workspace_ids(Some(wanted.clone())).send()
        };
        let answer = api.ask(OPERATION, priority, send).await?;
        let items = answer.workspaces.unwrap_or_default();
        // Here, so that an answer with other ids ends the list.
        let asked = items.iter().map(|workspace| (workspace.workspace_id.clone(), ()));
        in_order(api, OPERATION, wanted, asked)?;
        Ok(Page { items, next_token: answer.next_token })
    };
    let found = api.all_pages(OPERATION, page).await.and_then(|found| {
        let entry = |workspace: Workspace| (workspace.workspace_id.clone(), from_sdk(workspace));
        in_order(api, OPERATION, &ids, found.into_iter().map(entry))
    });
    match found {
        Ok(found) => Sent::Each(found.into_iter().map(|found| Ok(found.flatten())).collect()),
        Err(error) => refused(error, ids.len()),
    }
}

/// What to list: a directory, or one of its users, or else the whole Region.
#[derive(Clone, Copy)]
struct Place<'a> {
    directory: Option<&'a str>,
    user: Option<&'a str>,
}

/// The WorkSpaces of a place that `is_wanted` selects, page by page. Each page is filtered before the
/// next is read, so that a large Region takes little memory.
fn pages<F: Fn(&WorkSpace) -> bool + Clone + Send>(
    api: &Api<Client>,
    place: Place<'_>,
    priority: Priority,
    is_wanted: F,
) -> impl Stream<Item = Result<Vec<WorkSpace>, Error>> + Send + use<F> {
    let (directory, user) = (place.directory.map(str::to_owned), place.user.map(str::to_owned));
    let asking = api.clone();
    let next = move |token: Option<String>| {
        let (api, is_wanted) = (asking.clone(), is_wanted.clone());
        let (directory, user) = (directory.clone(), user.clone());
        async move {
            let place = Place { directory: directory.as_deref(), user: user.as_deref() };
            let mut page = page(&api, place, priority, token).await?;
            page.items.retain(is_wanted);
            Ok(page)
        }
    };
    api.clone().pages(OPERATION, next)
}

/// One page of the WorkSpaces of a place.
async fn page(
    api: &Api<Client>,
    place: Place<'_>,
    priority: Priority,
    token: Option<String>,
) -> Result<Page<WorkSpace>, Error> {
    let send = || {
        let call = api.client.describe_workspaces().limit(i32::from(MOST_IDS));
        let call = call.set_directory_id(place.directory.map(str::to_owned));
        call.set_user_name(place.user.map(str::to_owned)).set_next_token(token.clone()).send()
    };
    let answer = api.ask(OPERATION, priority, send).await?;
    let mut items = Vec::new();
    for workspace in answer.workspaces.unwrap_or_default() {
        let workspace = from_sdk(workspace)
            .ok_or_else(|| api.not_from_aws(OPERATION, "the answer has an entry without an ID"))?;
        let is_of = |directory| workspace.directory_id.as_deref().is_none_or(|of| of == directory);
        if !place.directory.is_none_or(is_of) {
            return Err(
                api.not_from_aws(OPERATION, "the answer has WorkSpaces of another directory")
            );
        }
        items.push(workspace);
    }
    Ok(Page { items, next_token: answer.next_token })
}

/// The WorkSpace of an answer; `None` if the answer omits its id.
fn from_sdk(workspace: Workspace) -> Option<WorkSpace> {
    let (mut primary, mut standbys) = (None, Vec::new());
    for related in workspace.related_workspaces.unwrap_or_default() {
        let Some(id) = related.workspace_id else { continue };
        let state = related.state.map(|state| state.as_str().to_owned());
        let other = Related { id, region: related.region, state };
        match related.r#type {
            Some(StandbyWorkspaceRelationshipType::Primary) => primary = Some(other),
            Some(StandbyWorkspaceRelationshipType::Standby) => standbys.push(other),
            _ => {}
        }
    }
    let replication = workspace.data_replication_settings;
    // Two members of an answer name the standbys of a primary, and one of them may be missing.
    for standby in workspace.standby_workspaces_properties.unwrap_or_default() {
        let Some(id) = standby.standby_workspace_id else { continue };
        if standbys.iter().all(|known| known.id != id) {
            standbys.push(Related { id, region: None, state: None });
        }
    }
    let (compute, system, running_mode) = workspace
        .workspace_properties
        .map(|all| (all.compute_type_name, all.operating_system_name, all.running_mode))
        .unwrap_or_default();
    Some(WorkSpace {
        id: workspace.workspace_id?,
        directory_id: workspace.directory_id,
        user_name: workspace.user_name,
        bundle_id: workspace.bundle_id,
        subnet_id: workspace.subnet_id,
        computer_name: workspace.computer_name,
        ip_address: workspace.ip_address,
        state: workspace.state.map(|state| cut(state.as_str())),
        error_code: workspace.error_code.as_deref().map(cut),
        error_message: workspace.error_message.as_deref().map(cut),
        compute_type: compute.map(|name| name.as_str().to_owned()),
        operating_system: system.map(|name| name.as_str().to_owned()),
        running_mode: running_mode.map(|name| name.as_str().to_owned()),
        volume_encryption_key: workspace.volume_encryption_key,
        root_volume_encryption_enabled: workspace.root_volume_encryption_enabled,
        user_volume_encryption_enabled: workspace.user_volume_encryption_enabled,
        primary,
        standbys,
        data_replication: replication
            .as_ref()
            .and_then(|settings| settings.data_replication.as_ref())
            .and_then(|setting| DataReplication::parse(setting.as_str())),
        recovery_snapshot_time: replication
            .and_then(|settings| settings.recovery_snapshot_time)
            .and_then(|time| time.fmt(Format::DateTime).ok()),
    })
}
