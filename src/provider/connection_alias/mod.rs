//! Connection aliases, by which users reach the desktops of one Region or another (cross-Region
//! redirection).
//!
//! The alias itself is `aws_workspaces_connection_alias` of hashicorp/aws. What that provider does not
//! have is here: `association` leads the users of an alias to a directory, `permission` shares an
//! alias with another account, and `data_source` reads all aliases of a Region. `advice` says what to do
//! about an error of these operations.
//!
//! <https://docs.aws.amazon.com/workspaces/latest/adminguide/cross-region-redirection.html>

mod advice;
mod association;
mod data_source;
mod locate;
mod permission;
mod private;

use crate::provider::managed::import::Part;

pub(super) use association::{list_resource, resource_type as association};
pub(super) use data_source::data_source;
pub(super) use permission::resource_type as permission;

/// The form of the id of a connection alias.
const ALIAS_ID: &str = "^wsca-[0-9a-z]{8,63}$";

/// The alias in an import.
const ALIAS: Part = Part {
    attribute: "alias_id",
    pattern: ALIAS_ID,
    expected: "an alias ID such as wsca-0a1b2c3d4",
};

/// What an alias id must look like, for a message about an argument.
const AN_ALIAS_ID: &str = "an alias ID such as `wsca-0a1b2c3d4`";
