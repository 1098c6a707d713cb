//! The managed resource `aws_workspaces_connection_alias_permission`: another account may associate an
//! alias with one of its directories.
//!
//! AWS has no id for a permission. It is named by the alias and the account, and nothing of it can be
//! changed.

mod change;
mod import;
mod model;
mod read;
mod schema;

use futures_util::future::BoxFuture;

use crate::provider::instance::{ImportTarget, Instance, Outcome, PlannedChange};
use crate::provider::managed::plan::plan;
use crate::provider::resource::{Apply, Resource, ResourceType};
use crate::provider::session::Session;
use crate::tf::Value;

use model::Stored;
use schema::{TYPE_NAME, schema};

/// The resource type.
pub(in crate::provider) fn resource_type() -> ResourceType {
    ResourceType {
        name: TYPE_NAME,
        schema: schema(),
        identity: schema::identity(),
        operations: &Permission,
    }
}

#[derive(Debug)]
struct Permission;

impl Resource for Permission {
    fn read<'a>(&'a self, session: &'a Session, prior: Instance) -> BoxFuture<'a, Outcome> {
        Box::pin(read::read(session, prior))
    }

    fn plan<'a>(
        &'a self,
        session: &'a Session,
        prior: Instance,
        proposed: Value,
        configuration: Value,
    ) -> BoxFuture<'a, PlannedChange> {
        let id = Stored::decode(&prior).state.alias_id.text();
        Box::pin(async move {
            let what = format!("permission for {id}");
            plan(session, &schema().block, prior, &proposed, &configuration, &what).await
        })
    }

    fn create<'a>(&'a self, apply: Apply<'a>, planned: Instance) -> BoxFuture<'a, Outcome> {
        Box::pin(change::create(apply, planned))
    }

    fn delete<'a>(&'a self, apply: Apply<'a>, prior: Instance) -> BoxFuture<'a, Outcome> {
        Box::pin(change::delete(apply, prior))
    }

    fn import<'a>(&'a self, session: &'a Session, target: ImportTarget) -> BoxFuture<'a, Outcome> {
        Box::pin(import::import(session, target))
    }
}
