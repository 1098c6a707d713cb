//! The managed resource `aws_workspaces_standby`.
//!
//! A standby WorkSpace is a second desktop for the user of a *primary* WorkSpace, kept in another
//! Region for the day on which the first Region fails (Multi-Region Resilience). It is made with
//! CreateStandbyWorkspaces in the standby Region and cannot itself be modified, rebuilt or migrated.
//!
//! - `schema` is the one declaration of its attributes.
//! - `validate` holds the rules that need no network.
//! - `plan` decides what a change will do, without any call, unless the provider block asks for a
//!   `preflight` check.
//! - `create`, `read`, `update`, `delete` and `import` do it, one file each.
//! - `model` turns what AWS says into attributes, `identity` and `private` what goes beside them.
//!
//! Refreshing, planning and destroying ask only the standby Region, so that they work while the
//! primary Region is down. Nothing here knows the plugin protocol or the AWS SDK.
//!
//! <https://docs.aws.amazon.com/workspaces/latest/adminguide/multi-region-resilience.html>

mod schema;
mod validate;
mod key;
mod plan;
mod preflight;
mod model;
mod identity;
mod locate;
mod private;
mod create;
mod read;
mod update;
mod delete;
mod import;

use std::sync::LazyLock;

use regex::Regex;

use super::config::REGION;
use crate::tf::Diagnostic;

pub(super) use create::{Readiness, create, ready};
pub(super) use delete::delete;
pub(super) use import::{import, no_standby};
pub(super) use model::{described, timeout};
pub(super) use plan::plan;
pub(super) use read::{read, read_elsewhere};
pub(super) use schema::{
    WORKSPACE_ID, identity as identity_schema, schema, timeout as timeout_argument,
};
pub(super) use update::update;
pub(super) use validate::validate;

/// Whether a text has the form of a Region's name.
fn is_region(text: &str) -> bool {
    static FORM: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(REGION).expect("the expression is a constant"));
    FORM.is_match(text)
}

/// An error about a stored Region that is none; `what` completes "Could not …".
fn damaged_region(what: &str, region: &str) -> Diagnostic {
    let detail = format!(
        "The stored state says that the standby is in {region:?}, which is not the name of a \
         Region. If the state was edited, restore it from a backup; otherwise remove the resource \
         from the state with `terraform state rm` and import it. Nothing was changed."
    );
    Diagnostic::error(format!("Could not {what}"), detail)
}

/// The resource's type name.
pub(super) const TYPE_NAME: &str = "aws_workspaces_standby";
