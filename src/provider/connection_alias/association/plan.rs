use crate::provider::instance::{Instance, PlannedChange};
use crate::provider::managed::plan;
use crate::provider::session::Session;
use crate::tf::Value;

use super::model::Stored;
use super::schema::schema;

/// Plans an association by the rules of its schema. Makes no call.
pub(super) async fn plan(
    session: &Session,
    prior: Instance,
    proposed: Value,
    configuration: Value,
) -> PlannedChange {
    let what = format!("association of {}", Stored::decode(&prior).state.alias_id.text());
    plan::plan(session, &schema().block, prior, &proposed, &configuration, &what).await
}
