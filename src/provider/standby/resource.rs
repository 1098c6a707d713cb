use crate::provider::resource::{Operations, ResourceType};

use super::schema::{self, TYPE_NAME, schema};
use super::{create, delete, import, plan, read, update, validate};

/// The resource type.
pub(in crate::provider) fn resource_type() -> ResourceType {
    ResourceType {
        name: TYPE_NAME,
        schema: schema(),
        identity: schema::identity(),
        operations: Operations {
            validate: validate::validate,
            read: |session, prior| Box::pin(read::read(session, prior)),
            plan: |session, prior, proposed, configuration| {
                Box::pin(plan::plan(session, prior, proposed, configuration))
            },
            create: |apply, planned| Box::pin(create::create(apply, planned)),
            update: |apply, prior, planned| Box::pin(update::update(apply, prior, planned)),
            delete: |apply, prior| Box::pin(delete::delete(apply, prior)),
            import: |session, target| Box::pin(import::import(session, target)),
        },
    }
}
