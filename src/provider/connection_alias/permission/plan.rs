use crate::provider::instance::{Instance, PlannedChange};
use crate::provider::managed::plan;
use crate::provider::session::Session;
use crate::tf::Value;

use super::schema::{SUBJECT, schema};

/// Plans a permission by the rules of its schema. Makes no call.
pub(super) async fn plan(
    session: &Session,
    prior: Instance,
    proposed: Value,
    configuration: Value,
) -> PlannedChange {
    plan::plan(session, (&schema().block, &SUBJECT), prior, &proposed, &configuration).await
}
