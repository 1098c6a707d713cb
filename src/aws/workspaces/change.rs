use std::collections::HashMap;

use aws_sdk_workspaces::Client;
use aws_sdk_workspaces::operation::RequestId;
use aws_sdk_workspaces::operation::terminate_workspaces::TerminateWorkspacesOutput;
use aws_sdk_workspaces::types::{FailedWorkspaceChangeRequest, TerminateRequest};

use crate::aws::calls::answers::{batcher, distinct, flatten, in_order, refused};
use crate::aws::calls::batch::{Batcher, Limits, Sent};
use crate::aws::calls::limiter::Priority;
use crate::aws::calls::send::Api;
use crate::aws::error::{Error, Kind};
use crate::aws::workspaces::types::DataReplication;

const TERMINATE: &str = "TerminateWorkspaces";

/// Changes to existing WorkSpaces.
pub(in crate::aws) struct Changes {
    api: Api<Client>,
    terminations: Batcher<(), String, (), Error>,
}

impl Changes {
    pub(in crate::aws) fn new(api: &Api<Client>, limits: Limits) -> Self {
        let send = |api, (), ids| async move { terminate(&api, ids).await };
        Self { api: api.clone(), terminations: batcher(api, limits, send) }
    }

    pub(in crate::aws) async fn terminate(&self, id: &str) -> Result<(), Error> {
        let answer = self.terminations.submit((), id.to_owned()).await;
        flatten(answer, TERMINATE, &self.api)
    }

    /// ModifyWorkspaceProperties with data replication only.
    ///
    /// <https://docs.aws.amazon.com/workspaces/latest/api/API_ModifyWorkspaceProperties.html>
    pub(in crate::aws) async fn modify_data_replication(
        &self,
        id: &str,
        setting: DataReplication,
    ) -> Result<(), Error> {
        let send = || {
            let call = self.api.client.modify_workspace_properties().workspace_id(id);
            call.data_replication(setting.as_str().into()).send()
        };
        self.api.ask("ModifyWorkspaceProperties", Priority::Change, send).await?;
        Ok(())
    }
}

/// TerminateWorkspaces for up to 25 ids. Failures are part of the answer and are matched by id.
///
/// <https://docs.aws.amazon.com/workspaces/latest/api/API_TerminateWorkspaces.html>
async fn terminate(api: &Api<Client>, ids: Vec<String>) -> Sent<(), Error> {
    let request = |id: String| TerminateRequest::builder().workspace_id(id).build();
    let requests = distinct(&ids).into_iter().map(request).collect::<Result<Vec<_>, _>>();
    let requests = match requests {
        Ok(requests) => requests,
        Err(error) => {
            return Sent::RetryEach(api.error(Kind::Configuration, TERMINATE, error.to_string()));
        }
    };
    let send = || {
        let call = api.client.terminate_workspaces();
        call.set_terminate_workspace_requests(Some(requests.clone())).send()
    };
    match api.ask(TERMINATE, Priority::Change, send).await {
        Ok(answer) => {
            let failures = in_order(&ids, &failures(api, answer));
            Sent::Each(failures.into_iter().map(|error| error.map_or(Ok(()), Err)).collect())
        }
        Err(error) => refused(error, ids.len()),
    }
}

/// The errors of FailedRequests by WorkSpace id.
fn failures(api: &Api<Client>, answer: TerminateWorkspacesOutput) -> HashMap<String, Error> {
    let request_id = answer.request_id().map(str::to_owned);
    let error = |failed: FailedWorkspaceChangeRequest| {
        let kind = match failed.error_code.as_deref() {
            Some(code) if code.starts_with("ResourceNotFound") => Kind::NotFound,
            Some(code) if code.starts_with("InvalidResourceState") => Kind::InvalidState,
            _ => Kind::Other,
        };
        let error = Error {
            code: failed.error_code,
            request_id: request_id.clone(),
            ..api.error(kind, TERMINATE, failed.error_message.unwrap_or_default())
        };
        Some((failed.workspace_id?, error))
    };
    answer.failed_requests.unwrap_or_default().into_iter().filter_map(error).collect()
}
