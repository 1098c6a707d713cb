use std::collections::{BTreeSet, HashMap};

use aws_sdk_workspaces::types;
use aws_smithy_types::date_time::Format;

use crate::aws::calls::batch::Sent;
use crate::aws::calls::limiter::Priority;
use crate::aws::calls::send::Api;
use crate::aws::error::{Error, Kind};
use crate::aws::workspaces::region::in_order;
use crate::aws::workspaces::types::{DataReplication, Related, WorkSpace};

/// A WorkSpace that is to be looked up.
#[derive(Clone, Debug)]
pub(in crate::aws) struct Look {
    pub(in crate::aws) id: String,
    pub(in crate::aws) priority: Priority,
}

/// DescribeWorkspaces for up to 25 ids. Ids that AWS does not show are answered with nothing.
///
/// <https://docs.aws.amazon.com/workspaces/latest/api/API_DescribeWorkspaces.html>
pub(in crate::aws) async fn describe(
    api: &Api,
    looks: Vec<Look>,
) -> Sent<Option<WorkSpace>, Error> {
    // A call that somebody's change waits for goes first, whoever else travels in it.
    let priority = looks.iter().map(|look| look.priority).min().unwrap_or(Priority::Refresh);
    let ids: Vec<String> = looks.into_iter().map(|look| look.id).collect();
    let distinct: Vec<String> = ids.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect();
    // Twenty-five ids fit one page; should AWS ever answer in several, all are read.
    match pages(api, priority, Some(&distinct), None).await {
        Ok(found) => {
            let found = found.into_iter().map(|workspace| (workspace.id.clone(), workspace));
            Sent::Each(in_order(&ids, &found.collect()).into_iter().map(Ok).collect())
        }
        Err(error) => refused(error, ids.len()),
    }
}

/// DescribeWorkspaces for all WorkSpaces of a directory, page by page.
pub(in crate::aws) async fn of_directory(
    api: &Api,
    directory: &str,
) -> Result<Vec<WorkSpace>, Error> {
    pages(api, Priority::Change, None, Some(directory)).await
}

async fn pages(
    api: &Api,
    priority: Priority,
    ids: Option<&[String]>,
    directory: Option<&str>,
) -> Result<Vec<WorkSpace>, Error> {
    let (mut found, mut page) = (Vec::new(), None);
    loop {
        let send = || {
            let call = api.client.describe_workspaces().set_next_token(page.clone());
            let call = call.set_workspace_ids(ids.map(<[String]>::to_vec));
            call.set_directory_id(directory.map(str::to_owned)).send()
        };
        let answer = api.ask("DescribeWorkspaces", priority, send).await?;
        page = next_page(&api.region, page.as_ref(), answer.next_token)?;
        found.extend(answer.workspaces.unwrap_or_default().into_iter().filter_map(from_sdk));
        if page.is_none() {
            return Ok(found);
        }
    }
}

/// The page behind the one that was asked for; nothing behind the last.
///
/// # Errors
/// The page leads to itself, and there would be no end.
pub(in crate::aws) fn next_page(
    region: &str,
    asked: Option<&String>,
    next: Option<String>,
) -> Result<Option<String>, Error> {
    if asked.is_some() && asked == next.as_ref() {
        let told = "the answer leads to the same page again, without end";
        return Err(Error::local(Kind::Other, "DescribeWorkspaces", region, told));
    }
    Ok(next)
}

/// TerminateWorkspaces for up to 25 ids. Failures come inside the answer and are matched by id.
///
/// <https://docs.aws.amazon.com/workspaces/latest/api/API_TerminateWorkspaces.html>
pub(in crate::aws) async fn terminate(api: &Api, ids: Vec<String>) -> Sent<(), Error> {
    const OPERATION: &str = "TerminateWorkspaces";
    let requests = ids
        .iter()
        .collect::<BTreeSet<_>>()
        .into_iter()
        .map(|id| types::TerminateRequest::builder().workspace_id(id).build())
        .collect::<Result<Vec<_>, _>>();
    let requests = match requests {
        Ok(requests) => requests,
        Err(error) => {
            let error =
                Error::local(Kind::Configuration, OPERATION, &api.region, error.to_string());
            return Sent::Refused(error);
        }
    };
    let send = || {
        let call = api.client.terminate_workspaces();
        call.set_terminate_workspace_requests(Some(requests.clone())).send()
    };
    match api.ask(OPERATION, Priority::Change, send).await {
        Ok(answer) => {
            use aws_sdk_workspaces::operation::RequestId;
            let request_id = answer.request_id().map(str::to_owned);
            let failed: HashMap<String, Error> = answer
                .failed_requests
                .unwrap_or_default()
                .into_iter()
                .filter_map(|failed| {
                    let message = failed.error_message.unwrap_or_default();
                    let mut error = Error::local(Kind::Other, OPERATION, &api.region, message);
                    error.kind = match failed.error_code.as_deref() {
                        Some(code) if code.starts_with("ResourceNotFound") => Kind::NotFound,
                        Some(code) if code.starts_with("InvalidResourceState") => {
                            Kind::InvalidState
                        }
                        _ => Kind::Other,
                    };
                    error.code = failed.error_code;
                    error.request_id.clone_from(&request_id);
                    Some((failed.workspace_id?, error))
                })
                .collect();
            let failed = in_order(&ids, &failed);
            Sent::Each(failed.into_iter().map(|error| error.map_or(Ok(()), Err)).collect())
        }
        Err(error) => refused(error, ids.len()),
    }
}

/// ModifyWorkspaceProperties with nothing but the data replication.
///
/// <https://docs.aws.amazon.com/workspaces/latest/api/API_ModifyWorkspaceProperties.html>
pub(in crate::aws) async fn modify_data_replication(
    api: &Api,
    id: &str,
    setting: DataReplication,
) -> Result<(), Error> {
    let send = || {
        let call = api.client.modify_workspace_properties().workspace_id(id);
        call.data_replication(setting.as_str().into()).send()
    };
    api.ask("ModifyWorkspaceProperties", Priority::Change, send).await?;
    Ok(())
}

/// A call refused as a whole. Only where a single id may be to blame is it worth asking for each
/// id alone; otherwise the same refusal would come back that many times.
pub(in crate::aws) fn refused<O>(error: Error, items: usize) -> Sent<O, Error> {
    match error.kind {
        Kind::InvalidParameter | Kind::NotFound | Kind::InvalidState => Sent::Refused(error),
        _ => Sent::Each((0..items).map(|_| Err(error.clone())).collect()),
    }
}

/// A WorkSpace of the SDK as ours; nothing where AWS left out even the id.
pub(in crate::aws) fn from_sdk(workspace: types::Workspace) -> Option<WorkSpace> {
    let (mut primary, mut standbys) = (None, Vec::new());
    for related in workspace.related_workspaces.unwrap_or_default() {
        let Some(id) = related.workspace_id else { continue };
        let state = related.state.map(|state| state.as_str().to_owned());
        let other = Related { id, region: related.region, state };
        match related.r#type {
            Some(types::StandbyWorkspaceRelationshipType::Primary) => primary = Some(other),
            Some(types::StandbyWorkspaceRelationshipType::Standby) => standbys.push(other),
            _ => {}
        }
    }
    let replication = workspace.data_replication_settings;
    let (compute, system) = workspace
        .workspace_properties
        .map(|properties| (properties.compute_type_name, properties.operating_system_name))
        .unwrap_or_default();
    Some(WorkSpace {
        id: workspace.workspace_id?,
        directory_id: workspace.directory_id,
        user_name: workspace.user_name,
        bundle_id: workspace.bundle_id,
        subnet_id: workspace.subnet_id,
        computer_name: workspace.computer_name,
        ip_address: workspace.ip_address,
        state: workspace.state.map(|state| state.as_str().to_owned()),
        error_code: workspace.error_code,
        error_message: workspace.error_message,
        compute_type: compute.map(|name| name.as_str().to_owned()),
        operating_system: system.map(|name| name.as_str().to_owned()),
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
