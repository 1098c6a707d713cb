use std::fmt;

use futures_util::future::BoxFuture;

use super::session::Session;
use crate::tf::{Diagnostics, Schema, Value};

/// An action: a change that no state records, such as starting desktops for a drill.
///
/// <https://developer.hashicorp.com/terraform/language/block/action>
#[derive(Clone, Copy, Debug)]
pub struct ActionType {
    /// Type name in configuration.
    pub name: &'static str,
    /// The arguments of its `config` block.
    pub schema: &'static Schema,
    pub(in crate::provider) operations: &'static dyn Action,
}

/// Where an action reports its progress.
pub trait Progress: Send + Sync {
    /// Shows a message to the person who runs Terraform.
    fn report(&self, message: String) -> BoxFuture<'_, ()>;
}

/// The operation of an action.
pub(in crate::provider) trait Action: fmt::Debug + Sync {
    /// Does what a wholly known configuration asks for. Invoked again, it leaves what is done already
    /// as it is. Dropping the future ends it.
    fn invoke<'a>(
        &'a self,
        session: &'a Session,
        configuration: &'a Value,
        progress: &'a dyn Progress,
    ) -> BoxFuture<'a, Diagnostics>;
}
