use aws_sdk_workspaces::Client;
use aws_sdk_workspaces::types::ConnectionAliasPermission;
use tokio_util::sync::CancellationToken;

use crate::aws::calls::answers::{batcher, flatten};
use crate::aws::calls::batch::{Batcher, Limits, Sent};
use crate::aws::calls::limiter::Priority;
use crate::aws::calls::send::{Api, Page};
use crate::aws::error::{Error, Kind};

const DESCRIBE: &str = "DescribeConnectionAliasPermissions";
const UPDATE: &str = "UpdateConnectionAliasPermission";

/// Which accounts may associate a connection alias.
pub(in crate::aws) struct Permissions {
    api: Api<Client>,
    /// Lists of one alias (the key). Callers that ask at the same time share one list.
    lists: Batcher<String, (), Option<Vec<String>>, Error>,
}

impl Permissions {
    pub(in crate::aws) fn new(api: &Api<Client>, limits: Limits) -> Self {
        let shared = Limits { maximum: usize::MAX, ..limits };
        let lists = batcher(api, shared, |api, alias: String, callers: Vec<()>| async move {
            let found = describe(&api, &alias).await;
            Sent::Each(callers.iter().map(|()| found.clone()).collect())
        });
        Self { api: api.clone(), lists: lists.for_look_ups() }
    }

    pub(in crate::aws) async fn shared_with(
        &self,
        alias: &str,
    ) -> Result<Option<Vec<String>>, Error> {
        flatten(self.lists.submit(alias.to_owned(), ()).await, DESCRIBE, &self.api)
    }

    pub(in crate::aws) async fn update(
        &self,
        alias: &str,
        account: &str,
        is_allowed: bool,
        stop: &CancellationToken,
    ) -> Result<(), Error> {
        let permission = ConnectionAliasPermission::builder()
            .shared_account_id(account)
            .allow_association(is_allowed)
            .build()
            .map_err(|error| self.api.error(Kind::Configuration, UPDATE, error.to_string()))?;
        let send = |attempts| {
            let call = self.api.client.update_connection_alias_permission().alias_id(alias);
            let call = call.connection_alias_permission(permission.clone());
            call.customize().interceptor(attempts).send()
        };
        self.api.change(UPDATE, stop, send).await?;
        Ok(())
    }
}

/// The accounts that may associate an alias; `None` if there is no such alias.
///
/// <https://docs.aws.amazon.com/workspaces/latest/api/API_DescribeConnectionAliasPermissions.html>
async fn describe(api: &Api<Client>, alias: &str) -> Result<Option<Vec<String>>, Error> {
    let page = |token: Option<String>| async move {
        let send = || {
            let call = api.client.describe_connection_alias_permissions().alias_id(alias);
            call.set_next_token(token.clone()).send()
        };
        let answer = api.ask(DESCRIBE, Priority::Refresh, send).await?;
        if answer.alias_id.as_deref().is_some_and(|shown| shown != alias) {
            return Err(api.not_from_aws(DESCRIBE, "the answer is about another alias"));
        }
        // The list of the API has at least one item, so AWS may leave out one that is empty.
        let permissions = answer.connection_alias_permissions.unwrap_or_default();
        Ok(Page { items: permissions, next_token: answer.next_token })
    };
    match api.all_pages(DESCRIBE, page).await {
        Ok(permissions) => {
            let allowed = permissions.into_iter().filter(|permission| permission.allow_association);
            Ok(Some(allowed.map(|permission| permission.shared_account_id).collect()))
        }
        Err(error) if error.kind == Kind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
