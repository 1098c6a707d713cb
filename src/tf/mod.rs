//! Terraform's vocabulary: values, types, schemas, their two encodings, plan rules and diagnostics.
//!
//! This module does not know the plugin protocol ([`crate::rpc`] does) or AWS ([`crate::aws`] does).
//! Reading order: a [`Value`] has a [`Type`] and is described by a [`Schema`]. It is sent as
//! [`msgpack`] and stored as [`json`]. A configuration is [validated](validate) and
//! [planned](plan). Errors are [`Diagnostic`]s that point at a [`Path`].

mod diagnostic;
pub mod duration;
mod error;
pub mod json;
pub mod msgpack;
mod number;
mod path;
pub mod plan;
mod schema;
mod types;
pub mod validate;
pub mod configuration;
pub mod upgrade;
mod value;

pub use diagnostic::{Diagnostic, Diagnostics, Severity};
pub use error::Error;
pub use number::{Number, NumberError};
pub use path::{Path, Step};
pub use schema::{
    Attribute, Block, IdentityAttribute, IdentitySchema, Mode, NestedBlock, Nesting, Schema,
    Stability, Validator,
};
pub use types::Type;
pub use value::Value;
