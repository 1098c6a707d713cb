use aws_sdk_workspaces::Client;
use aws_sdk_workspaces::operation::RequestId;
use aws_sdk_workspaces::types::{FailedWorkspaceChangeRequest, TerminateRequest};
use tokio_util::sync::CancellationToken;

use crate::aws::calls::answers::{batcher, distinct, flatten, in_order, refused};
use crate::aws::calls::batch::{Batcher, Limits, Sent};
use crate::aws::calls::limiter::Priority;
use crate::aws::calls::send::Api;
use crate::aws::calls::withdraw::{Attempts, Withdrawable};
use crate::aws::error::text::cut;
use crate::aws::error::{Error, Kind};
use crate::aws::workspaces::types::DataReplication;

const TERMINATE: &str = "TerminateWorkspaces";

/// Changes to existing WorkSpaces.
pub(in crate::aws) struct Changes {
    api: Api<Client>,
    terminations: Batcher<(), Termination, (), Error>,
}

#[derive(Clone)]
struct Termination {
    id: String,
    state: Withdrawable,
}

impl Changes {
    pub(in crate::aws) fn new(api: &Api<Client>, limits: Limits) -> Self {
        let send = |api, (), items| async move { terminate(&api, items).await };
        Self { api: api.clone(), terminations: batcher(api, limits, send) }
    }

    pub(in crate::aws) async fn terminate(
        &self,
        id: &str,
        stop: &CancellationToken,
    ) -> Result<(), Error> {
        let state = Withdrawable::new();
        let item = Termination { id: id.to_owned(), state: state.clone() };
        match state.answer(self.terminations.submit((), item), stop.cancelled()).await {
            Some(answer) => flatten(answer, TERMINATE, &self.api),
            None => Err(self.api.stopped(TERMINATE)),
        }
    }

    /// ModifyWorkspaceProperties with data replication only.
    ///
    /// <https://docs.aws.amazon.com/workspaces/latest/api/API_ModifyWorkspaceProperties.html>
    pub(in crate::aws) async fn modify_data_replication(
        &self,
        id: &str,
        setting: DataReplication,
        stop: &CancellationToken,
    ) -> Result<(), Error> {
        let send = |attempts| {
            let call = self.api.client.modify_workspace_properties().workspace_id(id);
            let call = call.data_replication(setting.as_str().into()).customize();
            call.interceptor(attempts).send()
        };
        self.api.change("ModifyWorkspaceProperties", stop, send).await?;
        Ok(())
    }
}

/// TerminateWorkspaces for up to 25 ids, without those that were withdrawn. Failures are part of the
/// answer and are matched by id.
///
/// <https://docs.aws.amazon.com/workspaces/latest/api/API_TerminateWorkspaces.html>
async fn terminate(api: &Api<Client>, items: Vec<Termination>) -> Sent<(), Error> {
    let request = |id: String| TerminateRequest::builder().workspace_id(id).build();
    let mut sent: Vec<bool> = Vec::new();
    let attempt = || {
        sent = items.iter().map(|item| item.state.mark_sent()).collect();
        let wanted = items.iter().zip(&sent).filter(|(_, sent)| **sent).map(|(item, _)| item);
        let attempts: Vec<_> = wanted.clone().map(|item| item.state.clone()).collect();
        let ids: Vec<String> = wanted.map(|item| item.id.clone()).collect();
        // An id is all that a request needs.
        let requests = distinct(&ids).into_iter().filter_map(|id| request(id).ok()).collect();
        (!attempts.is_empty()).then(|| {
            let call = api.client.terminate_workspaces();
            let call = call.set_terminate_workspace_requests(Some(requests)).customize();
            call.interceptor(Attempts(attempts)).send()
        })
    };
    let answer = api.ask_while(TERMINATE, Priority::Change, attempt).await;
    let failures = answer.and_then(|answer| {
        let answer = answer.map(|answer| api.is_from_aws(TERMINATE, answer)).transpose()?;
        let ids: Vec<String> = items.iter().map(|item| item.id.clone()).collect();
        let failures = answer.map(|answer| {
            let request_id = answer.request_id().map(str::to_owned);
            let failed = answer.failed_requests.unwrap_or_default();
            failures(api, TERMINATE, request_id.as_deref(), failed)
        });
        let failures = failures.unwrap_or_default();
        in_order(api, TERMINATE, &ids, failures)
    });
    match failures {
        Ok(failures) => {
            let answers = failures.into_iter().zip(sent);
            Sent::Each(
                answers
                    .map(|answer| match answer {
                        (Some(error), true) => Err(error),
                        (None, true) => Ok(()),
                        (_, false) => Err(api.stopped(TERMINATE)),
                    })
                    .collect(),
            )
        }
        Err(error) => refused(error, items.len()),
    }
}

/// The errors of FailedRequests, each with its WorkSpace id.
pub(in crate::aws) fn failures(
    api: &Api<Client>,
    operation: &'static str,
    request_id: Option<&str>,
    failed: Vec<FailedWorkspaceChangeRequest>,
) -> Vec<(Option<String>, Error)> {
    let error = |failed: FailedWorkspaceChangeRequest| {
        let kind = match failed.error_code.as_deref() {
            Some(code) if code.starts_with("ResourceNotFound") => Kind::NotFound,
            Some(code) if code.starts_with("InvalidResourceState") => Kind::InvalidState,
            _ => Kind::Other,
        };
        let error = Error {
            code: failed.error_code.as_deref().map(cut),
            request_id: request_id.map(str::to_owned),
            ..api.error(kind, operation, cut(&failed.error_message.unwrap_or_default()))
        };
        (failed.workspace_id, error)
    };
    failed.into_iter().map(error).collect()
}
