use std::collections::{BTreeSet, HashMap};

use crate::aws::calls::batch::Sent;
use crate::aws::calls::limiter::Priority;
use crate::aws::calls::send::Api;
use crate::aws::error::Error;
use crate::aws::workspaces::describe::refused;
use crate::aws::workspaces::region::in_order;

/// A directory that is known to WorkSpaces, reduced to what decides whether a standby can be in it.
///
/// <https://docs.aws.amazon.com/workspaces/latest/api/API_WorkspaceDirectory.html>
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directory {
    /// The directory id, `d-…` or `wsd-…`.
    pub id: String,
    /// What kind it is, such as `SIMPLE_AD`, as AWS spells it.
    pub kind: Option<String>,
    /// Whether it is registered with WorkSpaces, as AWS spells it.
    pub state: Option<String>,
}

/// DescribeWorkspaceDirectories for up to 25 ids. Ids that AWS does not show are answered with
/// nothing.
///
/// <https://docs.aws.amazon.com/workspaces/latest/api/API_DescribeWorkspaceDirectories.html>
pub(in crate::aws) async fn describe(
    api: &Api,
    ids: Vec<String>,
) -> Sent<Option<Directory>, Error> {
    let distinct: Vec<String> = ids.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect();
    let (mut found, mut page) = (HashMap::new(), None);
    loop {
        let send = || {
            let call = api.client.describe_workspace_directories().set_next_token(page.clone());
            call.set_directory_ids(Some(distinct.clone())).send()
        };
        let answer = api.ask("DescribeWorkspaceDirectories", Priority::Refresh, send).await;
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => return refused(error, ids.len()),
        };
        for directory in answer.directories.unwrap_or_default() {
            let Some(id) = directory.directory_id else { continue };
            let kind = directory.directory_type.map(|kind| kind.as_str().to_owned());
            let state = directory.state.map(|state| state.as_str().to_owned());
            found.insert(id.clone(), Directory { id, kind, state });
        }
        page = answer.next_token;
        if page.is_none() {
            return Sent::Each(in_order(&ids, &found).into_iter().map(Ok).collect());
        }
    }
}
