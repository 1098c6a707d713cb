//! The wire form of values: MessagePack led by a type.
//!
//! The rules are those of Terraform's
//! [object wire format](https://github.com/hashicorp/terraform/blob/main/docs/plugin-protocol/object-wire-format.md):
//! an object is a map with exactly its attributes, nil is null, any extension is an unknown value,
//! and a number that neither a 64-bit integer nor a float holds exactly is its decimal text.

mod read;
#[cfg(test)]
mod tests;
mod write;

pub use read::decode;
pub use write::encode;

use super::{Error, Step};

fn no_such_attribute(name: &str) -> Error {
    Error::here("there is no such attribute").below(Step::Attribute(name.to_owned()))
}
