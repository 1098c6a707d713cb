//! Values in MessagePack, encoded and decoded by type.
//!
//! The rules are those of Terraform's
//! [object wire format](https://github.com/hashicorp/terraform/blob/main/docs/plugin-protocol/object-wire-format.md):
//! an object is a map with exactly its attributes, nil is null, and any extension is an unknown
//! value. A number that is neither a 64-bit integer nor exactly a float is sent as decimal text.

mod read;
#[cfg(test)]
mod tests;
mod write;

pub use read::decode;
pub use write::encode;

use super::{Error, Step};

fn no_such_attribute(name: &str) -> Error {
    Error::here("the schema has no such attribute").below(Step::Attribute(name.to_owned()))
}
