use aws_sdk_workspaces::Client;
use aws_sdk_workspaces::operation::RequestId;
use aws_sdk_workspaces::types::{
    FailedWorkspaceChangeRequest, RebootRequest, StartRequest, StopRequest,
};
use futures_util::future::join_all;
use tokio_util::sync::CancellationToken;

use crate::aws::calls::answers::in_order;
use crate::aws::calls::send::Api;
use crate::aws::error::Error;
use crate::aws::workspaces::change::failures;

/// Most WorkSpaces of one call.
///
/// <https://docs.aws.amazon.com/workspaces/latest/api/API_StartWorkspaces.html>
const MOST_IDS: usize = 25;

/// What happens to the desktop of a WorkSpace; its volumes stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PowerChange {
    /// StartWorkspaces: from STOPPED to AVAILABLE.
    Start,
    /// StopWorkspaces: from AVAILABLE to STOPPED.
    Stop,
    /// RebootWorkspaces: from AVAILABLE to AVAILABLE.
    Reboot,
}

impl PowerChange {
    /// The operation of AWS.
    pub fn operation(self) -> &'static str {
        match self {
            Self::Start => "StartWorkspaces",
            Self::Stop => "StopWorkspaces",
            Self::Reboot => "RebootWorkspaces",
        }
    }
}

/// The calls that start, stop and reboot WorkSpaces.
pub(in crate::aws) struct Power {
    api: Api<Client>,
    /// Most WorkSpaces of one call.
    maximum: usize,
}

impl Power {
    /// `maximum` is the most items of a batch.
    pub(in crate::aws) fn new(api: &Api<Client>, maximum: usize) -> Self {
        Self { api: api.clone(), maximum: maximum.min(MOST_IDS) }
    }

    /// Changes these WorkSpaces, 25 a call. Returns one answer for each id, in their order.
    pub(in crate::aws) async fn change(
        &self,
        change: PowerChange,
        ids: &[String],
        stop: &CancellationToken,
    ) -> Vec<Result<(), Error>> {
        let calls = ids.chunks(self.maximum).map(|ids| async move {
            match self.call(change, ids, stop).await {
                Ok(refusals) => {
                    refusals.into_iter().map(|refusal| refusal.map_or(Ok(()), Err)).collect()
                }
                Err(error) => vec![Err(error); ids.len()],
            }
        });
        join_all(calls).await.into_iter().flatten().collect()
    }

    /// The refusal of each id of one call.
    async fn call(
        &self,
        change: PowerChange,
        ids: &[String],
        stop: &CancellationToken,
    ) -> Result<Vec<Option<Error>>, Error> {
        let (api, operation) = (&self.api, change.operation());
        let (request_id, failed) = match change {
            PowerChange::Start => {
                let request = |id: &String| StartRequest::builder().workspace_id(id).build();
                let answer = api.change(operation, stop, |attempts| {
                    let call = api.client.start_workspaces();
                    let requests = ids.iter().map(request).collect();
                    let call = call.set_start_workspace_requests(Some(requests)).customize();
                    call.interceptor(attempts).send()
                });
                let answer = answer.await?;
                (answer.request_id().map(str::to_owned), answer.failed_requests)
            }
            PowerChange::Stop => {
                let request = |id: &String| StopRequest::builder().workspace_id(id).build();
                let answer = api.change(operation, stop, |attempts| {
                    let call = api.client.stop_workspaces();
                    let requests = ids.iter().map(request).collect();
                    let call = call.set_stop_workspace_requests(Some(requests)).customize();
                    call.interceptor(attempts).send()
                });
                let answer = answer.await?;
                (answer.request_id().map(str::to_owned), answer.failed_requests)
            }
            PowerChange::Reboot => {
                // An id is all that a request needs.
                let request = |id: &String| RebootRequest::builder().workspace_id(id).build().ok();
                let answer = api.change(operation, stop, |attempts| {
                    let call = api.client.reboot_workspaces();
                    let requests = ids.iter().filter_map(request).collect();
                    let call = call.set_reboot_workspace_requests(Some(requests)).customize();
                    call.interceptor(attempts).send()
                });
                let answer = answer.await?;
                (answer.request_id().map(str::to_owned), answer.failed_requests)
            }
        };
        let failed: Vec<FailedWorkspaceChangeRequest> = failed.unwrap_or_default();
        let refusals = failures(api, operation, request_id.as_deref(), failed);
        in_order(api, operation, ids, refusals)
    }
}
