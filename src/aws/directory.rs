use std::collections::{BTreeSet, HashMap};

use aws_sdk_workspaces::Client;

use super::Error;
use super::batch::Sent;
use super::region::in_order;
use super::standby::refused;

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
pub(super) async fn describe(
    client: &Client,
    region: &str,
    attempts: u32,
    ids: Vec<String>,
) -> Sent<Option<Directory>, Error> {
    const OPERATION: &str = "DescribeWorkspaceDirectories";
    let distinct: BTreeSet<String> = ids.iter().cloned().collect();
    let mut pages = client
        .describe_workspace_directories()
        .set_directory_ids(Some(distinct.into_iter().collect()))
        .into_paginator()
        .send();
    let mut found = HashMap::new();
    while let Some(page) = pages.next().await {
        let page = match page {
            Ok(page) => page,
            Err(error) => {
                let error = Error::from_sdk(OPERATION, region, attempts, &error);
                return refused(error, ids.len());
            }
        };
        for directory in page.directories.unwrap_or_default() {
            let Some(id) = directory.directory_id else { continue };
            let kind = directory.directory_type.map(|kind| kind.as_str().to_owned());
            let state = directory.state.map(|state| state.as_str().to_owned());
            found.insert(id.clone(), Directory { id, kind, state });
        }
    }
    Sent::Each(in_order(&ids, &found).into_iter().map(Ok).collect())
}
