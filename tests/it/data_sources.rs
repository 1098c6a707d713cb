//! The data sources and the list resource.

use terraform_provider_aws_workspaces::tf::{Diagnostic, Diagnostics, Value};

// One standby, by id or by its primary.
mod one;
// Many: what is listed, and what it costs.
mod many;
// The wait of a fleet, in virtual time.
mod fleet;
// What can have a standby, and what has one.
mod primaries;
// The list resource: pages, limit and objects.
mod list;

const ONE: &str = "aws_workspaces_standby";
const MANY: &str = "aws_workspaces_standbys";
const PRIMARIES_OF: &str = "aws_workspaces_primaries";

/// The texts of a list of strings.
#[track_caller]
fn texts(list: &Value) -> Vec<&str> {
    list.as_items().unwrap().iter().map(|item| item.as_str().unwrap()).collect()
}

/// The one error of a read that must have failed.
#[track_caller]
fn only(read: Result<Value, Diagnostics>) -> Diagnostic {
    let diagnostics = read.expect_err("the read fails");
    let all: Vec<_> = diagnostics.into_iter().collect();
    let [only] = &all[..] else { panic!("not one error: {all:#?}") };
    assert!(only.is_error());
    only.clone()
}
