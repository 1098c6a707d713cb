use aws_sdk_workspaces::Client;
use aws_sdk_workspaces::types::WorkspaceDirectory;

use crate::aws::calls::answers::{batcher, distinct, flatten, look_up_each};
use crate::aws::calls::batch::{Batcher, Limits, Sent};
use crate::aws::calls::limiter::Priority;
use crate::aws::calls::send::{Api, Page};
use crate::aws::error::Error;

const OPERATION: &str = "DescribeWorkspaceDirectories";

/// A directory that is known to WorkSpaces, reduced to what a standby depends on.
///
/// <https://docs.aws.amazon.com/workspaces/latest/api/API_WorkspaceDirectory.html>
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directory {
    /// The directory id, `d-…` or `wsd-…`.
    pub id: String,
    /// Its type, such as `SIMPLE_AD`, as AWS spells it.
    pub kind: Option<String>,
    /// Its registration with WorkSpaces, as AWS spells it.
    pub state: Option<String>,
}

/// Look-ups of directories.
pub(in crate::aws) struct Directories {
    api: Api<Client>,
    by_id: Batcher<(), String, Option<Directory>, Error>,
}

impl Directories {
    pub(in crate::aws) fn new(api: &Api<Client>, limits: Limits) -> Self {
        let send = |api, (), ids| async move { describe(&api, ids).await };
        Self { api: api.clone(), by_id: batcher(api, limits, send).for_look_ups() }
    }

    pub(in crate::aws) async fn find(&self, id: &str) -> Result<Option<Directory>, Error> {
        flatten(self.by_id.submit((), id.to_owned()).await, OPERATION, &self.api)
    }
}

/// DescribeWorkspaceDirectories for up to 25 ids. The answer to an id that AWS does not show is
/// `None`.
///
/// <https://docs.aws.amazon.com/workspaces/latest/api/API_DescribeWorkspaceDirectories.html>
async fn describe(api: &Api<Client>, ids: Vec<String>) -> Sent<Option<Directory>, Error> {
    let wanted = &distinct(&ids);
    let page = |token: Option<String>| async move {
        let send = || {
            let call = api.client.describe_workspace_directories().set_next_token(token.clone());
            call.set_directory_ids(Some(wanted.clone())).send()
        };
        let answer = api.ask(OPERATION, Priority::Refresh, send).await?;
        let directories = answer.directories.unwrap_or_default().into_iter();
        let without_id = || api.not_from_aws(OPERATION, "the answer has an entry without an ID");
        let items: Result<Vec<_>, _> =
            directories.map(|directory| from_sdk(directory).ok_or_else(without_id)).collect();
        Ok(Page { items: items?, next_token: answer.next_token })
    };
    look_up_each(api, OPERATION, &ids, page, |directory| Some(directory.id.clone())).await
}

/// The directory of an answer; `None` if the answer omits its id.
fn from_sdk(directory: WorkspaceDirectory) -> Option<Directory> {
    Some(Directory {
        id: directory.directory_id?,
        kind: directory.directory_type.map(|kind| kind.as_str().to_owned()),
        state: directory.state.map(|state| state.as_str().to_owned()),
    })
}
