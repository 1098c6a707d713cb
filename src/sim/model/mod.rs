//! The API's shapes as data (`api.tsv`), and the check of a request body against them.

mod check;
mod table;

#[cfg(test)]
pub(super) use check::violations;
pub(super) use table::{Kind, MODEL, Member, Operation};
