use std::fmt;

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
    pub(in crate::provider) operations: &'static dyn Resource,
}

/// A data source: its name and what Terraform has to know of it.
#[derive(Clone, Copy, Debug)]
pub struct DataSource {
    /// Type name in configuration.
    pub name: &'static str,
    /// Attributes and blocks.
    pub schema: &'static Schema,
    pub(in crate::provider) operations: &'static dyn Read,
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
pub(in crate::provider) trait Resource: fmt::Debug + Sync {
    /// Checks a configuration beyond the rules of the schema, without any call; unknown values pass.
    fn validate(&self, _configuration: &Value) -> Diagnostics {
        Diagnostics::new()
    }

    /// Refreshes an instance; an absent one means that it is gone.
    fn read<'a>(&'a self, session: &'a Session, prior: Instance) -> BoxFuture<'a, Outcome>;

    /// Plans a creation or an update; `proposed` is not null.
    fn plan<'a>(
        &'a self,
        session: &'a Session,
        prior: Instance,
        proposed: Value,
        configuration: Value,
    ) -> BoxFuture<'a, PlannedChange>;

    /// Creates what was planned.
    fn create<'a>(&'a self, apply: Apply<'a>, planned: Instance) -> BoxFuture<'a, Outcome>;

    /// Updates in place. The private state and the identity are those of `planned`.
    ///
    /// Without a definition of its own, what is planned is stored: that of a resource whose arguments
    /// all require replacement, except those that only the provider uses.
    fn update<'a>(
        &'a self,
        _apply: Apply<'a>,
        _prior: Value,
        planned: Instance,
    ) -> BoxFuture<'a, Outcome> {
        let instance = Instance { state: planned.state.unknown_as_null(), ..planned };
        Box::pin(async { Outcome { instance, diagnostics: Diagnostics::new() } })
    }

    /// Deletes; an absent instance means that it is gone.
    fn delete<'a>(&'a self, apply: Apply<'a>, prior: Instance) -> BoxFuture<'a, Outcome>;

    /// Finds an existing instance. Terraform reads it right after.
    fn import<'a>(&'a self, session: &'a Session, target: ImportTarget) -> BoxFuture<'a, Outcome>;
}

/// What a data source read: its state, wholly known, and warnings; or why there is no state.
pub(in crate::provider) type ReadResult = Result<(Value, Diagnostics), Diagnostics>;

/// The operations of a data source.
pub(in crate::provider) trait Read: fmt::Debug + Sync {
    /// Checks a configuration beyond the rules of the schema, without any call; unknown values pass.
    fn validate(&self, _configuration: &Value) -> Diagnostics {
        Diagnostics::new()
    }

    /// Reads what a wholly known configuration selects. Dropping the future ends a wait in it.
    fn read<'a>(
        &'a self,
        session: &'a Session,
        configuration: &'a Value,
    ) -> BoxFuture<'a, ReadResult>;
}
