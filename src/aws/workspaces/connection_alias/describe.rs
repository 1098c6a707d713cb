use aws_sdk_workspaces::Client;
use aws_sdk_workspaces::types::{
    ConnectionAlias as SdkAlias, ConnectionAliasAssociation as SdkAssociation,
};
use futures_util::Stream;

use crate::aws::calls::answers::{batcher, distinct, flatten, look_up_each};
use crate::aws::calls::batch::{Batcher, Limits};
use crate::aws::calls::limiter::Priority;
use crate::aws::calls::poll::{Poll, Watch};
use crate::aws::calls::send::{Api, Page};
use crate::aws::error::Error;
use crate::aws::error::text::cut;
use crate::aws::workspaces::connection_alias::types::{AliasAssociation, ConnectionAlias};

const OPERATION: &str = "DescribeConnectionAliases";

/// Most connection aliases on one page.
///
/// <https://docs.aws.amazon.com/workspaces/latest/api/API_DescribeConnectionAliases.html>
const PAGE: i32 = 25;

/// Look-ups of connection aliases.
pub(in crate::aws) struct LookUps {
    api: Api<Client>,
    by_id: Batcher<(), String, Option<ConnectionAlias>, Error>,
    poll: Poll<ConnectionAlias, Error>,
}

impl LookUps {
    pub(in crate::aws) fn new(api: &Api<Client>, limits: Limits) -> Self {
        let send = |api: Api<Client>, (), ids: Vec<String>| async move {
            let wanted = &distinct(&ids);
            let page = |token| page(&api, Some(wanted), None, token);
            look_up_each(&api, OPERATION, &ids, page, |alias| Some(alias.id.clone())).await
        };
        let by_id = batcher(api, limits, send).for_look_ups();
        let name = format!("connection aliases in {}", api.region);
        let poll = Poll::new(&name, ConnectionAlias::status, {
            let (by_id, api) = (by_id.clone(), api.clone());
            move |id| {
                let (by_id, api) = (by_id.clone(), api.clone());
                async move { flatten(by_id.submit_now((), id).await, OPERATION, &api) }
            }
        });
        Self { api: api.clone(), by_id, poll }
    }

    pub(in crate::aws) async fn find(&self, id: &str) -> Result<Option<ConnectionAlias>, Error> {
        flatten(self.by_id.submit((), id.to_owned()).await, OPERATION, &self.api)
    }

    pub(in crate::aws) fn watch(&self, id: &str) -> Watch<ConnectionAlias, Error> {
        self.poll.watch(id)
    }

    pub(in crate::aws) fn pages(
        &self,
        directory: Option<&str>,
    ) -> impl Stream<Item = Result<Vec<ConnectionAlias>, Error>> + Send + use<> {
        let (api, directory) = (self.api.clone(), directory.map(str::to_owned));
        let next = move |token| {
            let (api, directory) = (api.clone(), directory.clone());
            async move { page(&api, None, directory.as_deref(), token).await }
        };
        self.api.clone().pages(OPERATION, next)
    }
}

/// One page of DescribeConnectionAliases: of aliases by id, of those that are associated with a
/// directory, or else of all.
async fn page(
    api: &Api<Client>,
    ids: Option<&[String]>,
    directory: Option<&str>,
    token: Option<String>,
) -> Result<Page<ConnectionAlias>, Error> {
    let send = || {
        let call = api.client.describe_connection_aliases().set_next_token(token.clone());
        let call = call.set_alias_ids(ids.map(<[String]>::to_vec));
        // AWS does not accept a limit together with ids in its other Describe operations.
        call.set_resource_id(directory.map(str::to_owned))
            .set_limit(ids.is_none().then_some(PAGE))
            .send()
    };
    let answer = api.ask(OPERATION, Priority::Refresh, send).await?;
    // The list of the API has at least one item, so AWS may leave out one that is empty.
    let aliases = answer.connection_aliases.unwrap_or_default().into_iter();
    let without_id = || api.not_from_aws(OPERATION, "the answer has an entry without an ID");
    let items: Result<Vec<_>, _> =
        aliases.map(|alias| from_sdk(alias).ok_or_else(without_id)).collect();
    Ok(Page { items: items?, next_token: answer.next_token })
}

/// The alias of an answer; `None` if the answer omits its id.
fn from_sdk(alias: SdkAlias) -> Option<ConnectionAlias> {
    let association = |association: SdkAssociation| AliasAssociation {
        status: association.association_status.map(|status| cut(status.as_str())),
        account_id: association.associated_account_id,
        directory_id: association.resource_id,
        connection_identifier: association.connection_identifier,
    };
    let associations = alias.associations.unwrap_or_default().into_iter().map(association);
    Some(ConnectionAlias {
        id: alias.alias_id?,
        connection_string: alias.connection_string,
        state: alias.state.map(|state| cut(state.as_str())),
        owner_account_id: alias.owner_account_id,
        associations: associations.filter(|one| one.status() != "NOT_ASSOCIATED").collect(),
    })
}
