use serde_json::Value;

use super::describe::Answer;
use super::state::{Cloud, Context};

/// How an operation is carried out.
#[derive(Clone, Copy)]
pub(crate) enum Carry {
    /// It changes nothing.
    Read(fn(&Cloud, Context<'_>, &Value) -> Answer),
    /// It may change the account, which is saved afterwards.
    Write(fn(&mut Cloud, Context<'_>, &Value) -> Answer),
}

use Carry::{Read, Write};

/// Every operation of WorkSpaces and of the tagging API. To add one: its rows in `model/api.tsv`,
/// a method of [`Cloud`], and a line here.
pub(crate) const OPERATIONS: [(&str, Carry); 11] = [
    ("CreateStandbyWorkspaces", Write(Cloud::create_standby_workspaces)),
    ("CreateTags", Write(Cloud::create_tags)),
    ("CreateWorkspaces", Write(Cloud::create_workspaces)),
    ("DeleteTags", Write(Cloud::delete_tags)),
    ("DescribeTags", Read(Cloud::describe_tags)),
    ("DescribeWorkspaceDirectories", Read(Cloud::describe_workspace_directories)),
    ("DescribeWorkspaces", Read(Cloud::describe_workspaces)),
    ("DescribeWorkspacesConnectionStatus", Read(Cloud::describe_connection_status)),
    ("GetResources", Read(Cloud::get_resources)),
    ("ModifyWorkspaceProperties", Write(Cloud::modify_workspace_properties)),
    ("TerminateWorkspaces", Write(Cloud::terminate_workspaces)),
];
