//! Connection aliases: which exist, which directory each leads to, and which accounts may associate
//! them.

pub(in crate::aws) mod describe;
pub(in crate::aws) mod permissions;
pub(in crate::aws) mod types;

use aws_sdk_workspaces::Client;
use futures_util::{Stream, TryStreamExt};
use tokio_util::sync::CancellationToken;

use crate::aws::calls::batch::Limits;
use crate::aws::calls::poll::Watch;
use crate::aws::calls::send::Api;
use crate::aws::error::Error;
use crate::aws::workspaces::connection_alias::describe::LookUps;
use crate::aws::workspaces::connection_alias::permissions::Permissions;
use crate::aws::workspaces::connection_alias::types::ConnectionAlias;

/// The connection aliases of one Region.
///
/// <https://docs.aws.amazon.com/workspaces/latest/adminguide/cross-region-redirection.html>
pub struct ConnectionAliases {
    look_ups: LookUps,
    permissions: Permissions,
    /// Sends calls that must not be repeated blindly.
    once: Api<Client>,
}

impl ConnectionAliases {
    pub(in crate::aws) fn new(api: &Api<Client>, once: &Api<Client>, limits: Limits) -> Self {
        Self {
            look_ups: LookUps::new(api, limits),
            permissions: Permissions::new(api, limits),
            once: once.clone(),
        }
    }

    /// Looks up one connection alias. `None` if AWS does not show it: it does not exist, or belongs to
    /// another account that does not share it.
    ///
    /// # Errors
    /// The error of DescribeConnectionAliases.
    pub async fn find(&self, id: &str) -> Result<Option<ConnectionAlias>, Error> {
        self.look_ups.find(id).await
    }

    /// Starts watching one connection alias, through the poll that all waiting callers of the Region
    /// share.
    pub fn watch(&self, id: &str) -> Watch<ConnectionAlias, Error> {
        self.look_ups.watch(id)
    }

    /// All connection aliases of the Region, or those that are associated with a directory, page by
    /// page, as it is asked for.
    ///
    /// # Errors
    /// The error of DescribeConnectionAliases, as the last item.
    pub fn pages(
        &self,
        directory_id: Option<&str>,
    ) -> impl Stream<Item = Result<Vec<ConnectionAlias>, Error>> + Send + use<> {
        self.look_ups.pages(directory_id)
    }

    /// The same as one list.
    ///
    /// # Errors
    /// The error of DescribeConnectionAliases.
    pub async fn all(&self, directory_id: Option<&str>) -> Result<Vec<ConnectionAlias>, Error> {
        self.pages(directory_id).try_concat().await
    }

    /// AssociateConnectionAlias: users of the alias are led to the directory. Returns the connection
    /// identifier, if the answer has it; the alias shows it too. Sent once, because a repetition would be
    /// refused.
    ///
    /// <https://docs.aws.amazon.com/workspaces/latest/api/API_AssociateConnectionAlias.html>
    ///
    /// # Errors
    /// The error of the call; [`Kind::Stopped`](crate::aws::Kind::Stopped) if a stop prevented it.
    pub async fn associate(
        &self,
        id: &str,
        directory_id: &str,
        stop: &CancellationToken,
    ) -> Result<Option<String>, Error> {
        const OPERATION: &str = "AssociateConnectionAlias";
        let send = |attempts| {
            let call = self.once.client.associate_connection_alias().alias_id(id);
            call.resource_id(directory_id).customize().interceptor(attempts).send()
        };
        let answer = self.once.change(OPERATION, stop, send).await?;
        Ok(answer.connection_identifier)
    }

    /// DisassociateConnectionAlias, whatever directory the alias leads to. Sent once: before a repetition
    /// the caller looks at where the alias leads now.
    ///
    /// <https://docs.aws.amazon.com/workspaces/latest/api/API_DisassociateConnectionAlias.html>
    ///
    /// # Errors
    /// The error of the call; [`Kind::Stopped`](crate::aws::Kind::Stopped) if a stop prevented it.
    pub async fn disassociate(&self, id: &str, stop: &CancellationToken) -> Result<(), Error> {
        let send = |attempts| {
            let call = self.once.client.disassociate_connection_alias().alias_id(id);
            call.customize().interceptor(attempts).send()
        };
        self.once.change_at_most(1, "DisassociateConnectionAlias", stop, send).await?;
        Ok(())
    }

    /// The accounts that may associate the alias; `None` if AWS does not know the alias.
    ///
    /// # Errors
    /// The error of DescribeConnectionAliasPermissions.
    pub async fn shared_with(&self, id: &str) -> Result<Option<Vec<String>>, Error> {
        self.permissions.shared_with(id).await
    }

    /// UpdateConnectionAliasPermission: allows an account to associate the alias, or no longer.
    ///
    /// <https://docs.aws.amazon.com/workspaces/latest/api/API_UpdateConnectionAliasPermission.html>
    ///
    /// # Errors
    /// The error of the call; [`Kind::Stopped`](crate::aws::Kind::Stopped) if a stop prevented it.
    pub async fn allow(
        &self,
        id: &str,
        account_id: &str,
        is_allowed: bool,
        stop: &CancellationToken,
    ) -> Result<(), Error> {
        self.permissions.update(id, account_id, is_allowed, stop).await
    }
}
