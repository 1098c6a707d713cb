use std::sync::Arc;

use futures_util::stream::BoxStream;

use super::session::Session;
use crate::tf::{Diagnostics, Schema, Value};

/// A list resource: it lists the instances of the managed resource type of the same name that exist,
/// for `terraform query`.
///
/// <https://developer.hashicorp.com/terraform/language/block/tfquery/list>
#[derive(Clone, Copy, Debug)]
pub struct ListResource {
    /// Type name, that of the managed resource.
    pub name: &'static str,
    /// The arguments of its `config` block.
    pub schema: &'static Schema,
    /// Lists what a wholly known configuration selects. It may list more than the limit, but should
    /// not read more than that from AWS.
    pub(in crate::provider) list: fn(Arc<Session>, ListRequest) -> ListStream,
}

/// What a query asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListRequest {
    /// The `config` block; null if the query has none.
    pub configuration: Value,
    /// Whether the attributes of each instance are wanted.
    pub include_resource: bool,
    /// The most instances to list.
    pub limit: usize,
}

/// An instance that a list found.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The resource identity, which finds the instance again.
    pub identity: Value,
    /// How the instance is called in a message to people.
    pub display_name: String,
    /// The attributes, as a refresh reads them; `None` if they are not wanted.
    pub resource: Option<Value>,
    /// Warnings.
    pub diagnostics: Diagnostics,
}

/// The instances, one after the other. An error is the last item. Dropping the stream ends the list:
/// nothing more is read.
pub(in crate::provider) type ListStream = BoxStream<'static, Result<Listed, Diagnostics>>;
