use futures_util::future::BoxFuture;

use crate::provider::instance::{ImportTarget, Instance, Outcome, PlannedChange};
use crate::provider::managed::plan::plan;
use crate::provider::resource::{Apply, Resource, ResourceType};
use crate::provider::session::Session;
use crate::tf::Value;

use super::model::Stored;
use super::schema::{self, TYPE_NAME, schema};
use super::{create, delete, import, read};

/// The resource type.
pub(in crate::provider) fn resource_type() -> ResourceType {
    ResourceType {
        name: TYPE_NAME,
        schema: schema(),
        identity: schema::identity(),
        operations: &Association,
    }
}

#[derive(Debug)]
struct Association;

impl Resource for Association {
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
            let what = format!("association of {id}");
            plan(session, &schema().block, prior, &proposed, &configuration, &what).await
        })
    }

    fn create<'a>(&'a self, apply: Apply<'a>, planned: Instance) -> BoxFuture<'a, Outcome> {
        Box::pin(create::create(apply, planned))
    }

    fn delete<'a>(&'a self, apply: Apply<'a>, prior: Instance) -> BoxFuture<'a, Outcome> {
        Box::pin(delete::delete(apply, prior))
    }

    fn import<'a>(&'a self, session: &'a Session, target: ImportTarget) -> BoxFuture<'a, Outcome> {
        Box::pin(import::import(session, target))
    }
}
