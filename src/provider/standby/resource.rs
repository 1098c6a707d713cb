use futures_util::future::BoxFuture;

use crate::provider::instance::{ImportTarget, Instance, Outcome, PlannedChange};
use crate::provider::resource::{Apply, Resource, ResourceType};
use crate::provider::session::Session;
use crate::tf::{Diagnostics, Value};

use super::schema::{self, TYPE_NAME, schema};
use super::{create, delete, import, plan, read, update, validate};

/// The resource type.
pub(in crate::provider) fn resource_type() -> ResourceType {
    ResourceType {
        name: TYPE_NAME,
        schema: schema(),
        identity: schema::identity(),
        operations: &StandbyResource,
    }
}

#[derive(Debug)]
struct StandbyResource;

impl Resource for StandbyResource {
    fn validate(&self, configuration: &Value) -> Diagnostics {
        validate::validate(configuration)
    }

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
        Box::pin(plan::plan(session, prior, proposed, configuration))
    }

    fn create<'a>(&'a self, apply: Apply<'a>, planned: Instance) -> BoxFuture<'a, Outcome> {
        Box::pin(create::create(apply, planned))
    }

    fn update<'a>(
        &'a self,
        apply: Apply<'a>,
        prior: Value,
        planned: Instance,
    ) -> BoxFuture<'a, Outcome> {
        Box::pin(update::update(apply, prior, planned))
    }

    fn delete<'a>(&'a self, apply: Apply<'a>, prior: Instance) -> BoxFuture<'a, Outcome> {
        Box::pin(delete::delete(apply, prior))
    }

    fn import<'a>(&'a self, session: &'a Session, target: ImportTarget) -> BoxFuture<'a, Outcome> {
        Box::pin(import::import(session, target))
    }
}
