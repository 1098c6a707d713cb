use crate::provider::resource::{Operations, ResourceType, no_more_rules, store_plan};

use super::schema::{self, TYPE_NAME, schema};
use super::{change, import, plan, read};

/// The resource type.
pub(in crate::provider) fn resource_type() -> ResourceType {
    ResourceType {
        name: TYPE_NAME,
        schema: schema(),
        identity: schema::identity(),
        operations: Operations {
            validate: no_more_rules,
            read: |session, prior| Box::pin(read::read(session, prior)),
            plan: |session, prior, proposed, configuration| {
                Box::pin(plan::plan(session, prior, proposed, configuration))
            },
            create: |apply, planned| Box::pin(change::create(apply, planned)),
            update: |_, _, planned| Box::pin(store_plan(planned)),
            delete: |apply, prior| Box::pin(change::delete(apply, prior)),
            import: |session, target| Box::pin(import::import(session, target)),
        },
    }
}
