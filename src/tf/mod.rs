//! Terraform's vocabulary: values, types, schemas, their two encodings, plan rules and diagnostics.
//!
//! Nothing here knows the plugin protocol (that is [`crate::rpc`]) or AWS (that is [`crate::aws`]).
//! Read in this order: a [`Value`] of a [`Type`], described by a [`Schema`], travels as
//! [`msgpack`] or rests as [`json`], is [validated](validate) and [planned](plan), and what goes
//! wrong is a [`Diagnostic`] that points at a [`Path`].

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
