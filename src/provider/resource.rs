use futures_util::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use super::instance::{Checkpoint, ImportTarget, Instance, Outcome, PlannedChange};
use super::session::Session;
use crate::tf::{Diagnostics, IdentitySchema, Schema, Value};

/// A managed resource type: its name and what Terraform has to know of it.
#[derive(Clone, Copy, Debug)]
pub struct ResourceType {
    /// Type name in configuration.
    pub name: &'static str,
    /// Attributes and blocks.
    pub schema: &'static Schema,
    /// What finds an instance again.
    pub identity: &'static IdentitySchema,
    pub(in crate::provider) operations: Operations,
}

/// A data source: its name and what Terraform has to know of it.
#[derive(Clone, Copy, Debug)]
pub struct DataSource {
    /// Type name in configuration.
    pub name: &'static str,
    /// Attributes and blocks.
    pub schema: &'static Schema,
    /// Checks a configuration beyond the rules of the schema, without any call; unknown values pass.
    pub(in crate::provider) validate: fn(&Value) -> Diagnostics,
    /// Reads what a wholly known configuration selects. Dropping the future ends a wait in it.
    pub(in crate::provider) read: for<'a> fn(&'a Session, &'a Value) -> BoxFuture<'a, ReadResult>,
}

/// What surrounds an apply.
#[derive(Clone, Copy)]
pub(in crate::provider) struct Apply<'a> {
    pub(in crate::provider) session: &'a Session,
    /// Where the instance is recorded as soon as there is something to lose.
    pub(in crate::provider) checkpoint: &'a Checkpoint,
    /// Cancelled when Terraform asks the provider to stop.
    pub(in crate::provider) stop: &'a CancellationToken,
}

/// The operations of a managed resource, in the order in which Terraform calls them.
#[derive(Clone, Copy, Debug)]
pub(in crate::provider) struct Operations {
    /// Checks a configuration beyond the rules of the schema, without any call; unknown values pass.
    pub(in crate::provider) validate: fn(&Value) -> Diagnostics,

    /// Refreshes an instance; an absent one means that it is gone.
    pub(in crate::provider) read: for<'a> fn(&'a Session, Instance) -> BoxFuture<'a, Outcome>,

    /// Plans a creation or an update: the prior instance, the proposed state, which is not null, and
    /// the configuration.
    pub(in crate::provider) plan:
        for<'a> fn(&'a Session, Instance, Value, Value) -> BoxFuture<'a, PlannedChange>,

    /// Creates what was planned.
    pub(in crate::provider) create: for<'a> fn(Apply<'a>, Instance) -> BoxFuture<'a, Outcome>,

    /// Updates a prior state in place to what was planned, whose private state and identity are
    /// current.
    pub(in crate::provider) update:
        for<'a> fn(Apply<'a>, Value, Instance) -> BoxFuture<'a, Outcome>,

    /// Deletes; an absent instance means that it is gone.
    pub(in crate::provider) delete: for<'a> fn(Apply<'a>, Instance) -> BoxFuture<'a, Outcome>,

    /// Finds an existing instance. Terraform reads it right after.
    pub(in crate::provider) import: for<'a> fn(&'a Session, ImportTarget) -> BoxFuture<'a, Outcome>,
}

/// What a data source read: its state, wholly known, and warnings; or why there is no state.
pub(in crate::provider) type ReadResult = Result<(Value, Diagnostics), Diagnostics>;

/// The check of a type whose schema has all of its rules.
pub(in crate::provider) fn no_more_rules(_configuration: &Value) -> Diagnostics {
    Diagnostics::new()
}

/// The update of a resource whose arguments all require replacement, except those that only the
/// provider uses: what is planned holds.
pub(in crate::provider) async fn store_plan(planned: Instance) -> Outcome {
    let instance = Instance { state: planned.state.unknown_as_null(), ..planned };
    Outcome { instance, diagnostics: Diagnostics::new() }
}
