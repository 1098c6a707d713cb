use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Value, json};

use super::paging::page;
use super::render::{epoch_seconds, identity};
use super::state::{Cloud, Context};
use super::workspace::{Workspace, WorkspaceState};
use crate::sim::refusal::Refusal;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Request {
    workspace_ids: Option<Vec<String>>,
    directory_id: Option<String>,
    user_name: Option<String>,
    bundle_id: Option<String>,
    workspace_name: Option<String>,
    limit: Option<usize>,
    next_token: Option<String>,
}

impl Cloud {
    /// `DescribeWorkspaces`: by ids, by directory (and user), by bundle, or all. Ids that are
    /// unknown are left out.
    pub(crate) fn describe_workspaces(&self, context: Context<'_>, body: &Value) -> Answer {
        let request: Request = read(body)?;
        request.check()?;
        let found = self.found(context, &request);
        let items = found.into_iter().map(|workspace| (workspace.id.as_str(), workspace));
        let page = page(
            items,
            &request.question(context.region),
            request.limit,
            request.next_token.as_deref(),
        )?;
        let render = |workspace: &Workspace| match context.twist.incomplete {
            true => identity(workspace, workspace.state(context.now)),
            false => self.render(workspace, context.pace, context.now),
        };
        let mut answer =
            json!({"Workspaces": page.items.into_iter().map(render).collect::<Vec<_>>()});
        if let Some(token) = page.next_token {
            answer["NextToken"] = json!(token);
        }
        Ok(answer)
    }

    /// `DescribeWorkspacesConnectionStatus`. WorkSpaces without a machine that could be connected
    /// to are left out.
    pub(crate) fn describe_connection_status(&self, context: Context<'_>, body: &Value) -> Answer {
        let request: Request = read(body)?;
        let without = [WorkspaceState::Pending, WorkspaceState::Error, WorkspaceState::Terminating];
        let found = self.found(context, &request).into_iter();
        let found = found.filter(|workspace| !without.contains(&workspace.state(context.now)));
        let items = found.map(|workspace| (workspace.id.as_str(), workspace));
        let page =
            page(items, &request.question(context.region), None, request.next_token.as_deref())?;
        let render = |workspace: &Workspace| {
            let state = match workspace.state(context.now) {
                WorkspaceState::Available => "DISCONNECTED",
                _ => "UNKNOWN",
            };
            json!({
                "WorkspaceId": workspace.id,
                "ConnectionState": state,
                "ConnectionStateCheckTimestamp": epoch_seconds(context.now),
            })
        };
        let shown: Vec<Value> = page.items.into_iter().map(render).collect();
        let mut answer = json!({"WorkspacesConnectionStatus": shown});
        if let Some(token) = page.next_token {
            answer["NextToken"] = json!(token);
        }
        Ok(answer)
    }

    /// What a request selects, in order of the ids. Ids are looked up, so that 25 of 5,000 cost 25
    /// steps.
    fn found<'a>(&'a self, context: Context<'_>, request: &Request) -> Vec<&'a Workspace> {
        let Some(region) = self.region(context.region) else { return Vec::new() };
        let candidates: Vec<&Workspace> = match &request.workspace_ids {
            Some(ids) => ids
                .iter()
                .collect::<BTreeSet<_>>()
                .into_iter()
                .filter_map(|id| region.workspaces.get(id))
                .collect(),
            None => region.workspaces.values().collect(),
        };
        let visible = candidates.into_iter().filter(|workspace| workspace.is_visible(context.now));
        visible.filter(|workspace| request.selects(workspace)).collect()
    }
}

/// What an operation gives: the members of its answer, or a refusal of the whole call.
pub(crate) type Answer = Result<Value, Refusal>;

/// Reads a body that the model has already been checked against.
pub(crate) fn read<T: serde::de::DeserializeOwned>(body: &Value) -> Result<T, Refusal> {
    T::deserialize(body).map_err(|error| Refusal::new("SerializationException", &error.to_string()))
}

impl Request {
    /// The rule of the API that only one filter can be given, and that a user is one of a
    /// directory.
    fn check(&self) -> Result<(), Refusal> {
        let filters = [
            self.workspace_ids.is_some(),
            self.directory_id.is_some(),
            self.bundle_id.is_some(),
            self.workspace_name.is_some(),
        ];
        let refuse = |message| Err(Refusal::new("InvalidParameterValuesException", message));
        if filters.into_iter().filter(|given| *given).count() > 1 {
            return refuse(
                "Specify only one of WorkspaceIds, DirectoryId, BundleId and WorkspaceName.",
            );
        }
        if self.user_name.is_some() && self.directory_id.is_none() {
            return refuse("UserName can be specified only together with DirectoryId.");
        }
        Ok(())
    }

    fn selects(&self, workspace: &Workspace) -> bool {
        let is = |wanted: &Option<String>, value: &str| {
            wanted.as_ref().is_none_or(|wanted| wanted == value)
        };
        let user = self.user_name.as_ref();
        is(&self.directory_id, &workspace.directory_id)
            && is(&self.bundle_id, &workspace.bundle_id)
            && user.is_none_or(|user| workspace.is_of_user(user))
            // Only user-decoupled WorkSpaces have a name, and there are none here.
            && self.workspace_name.is_none()
    }

    /// What a token belongs to: the Region and the filters, not the limit.
    fn question(&self, region: &str) -> String {
        format!(
            "{region}/{:?}/{:?}/{:?}/{:?}",
            self.workspace_ids, self.directory_id, self.user_name, self.bundle_id
        )
    }
}
