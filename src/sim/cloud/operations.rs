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
pub(crate) const OPERATIONS: [(&str, Carry); 27] = [
    ("AssociateConnectionAlias", Write(Cloud::associate_connection_alias)),
    ("CreateConnectionAlias", Write(Cloud::create_connection_alias)),
    ("CreateStandbyWorkspaces", Write(Cloud::create_standby_workspaces)),
    ("CreateTags", Write(Cloud::create_tags)),
    ("CreateWorkspaces", Write(Cloud::create_workspaces)),
    ("DeleteConnectionAlias", Write(Cloud::delete_connection_alias)),
    ("DeleteTags", Write(Cloud::delete_tags)),
    ("DeregisterWorkspaceDirectory", Write(Cloud::deregister_workspace_directory)),
    ("DescribeAccount", Read(Cloud::describe_account)),
    ("DescribeConnectionAliasPermissions", Read(Cloud::describe_connection_alias_permissions)),
    ("DescribeConnectionAliases", Read(Cloud::describe_connection_aliases)),
    ("DescribeTags", Read(Cloud::describe_tags)),
    ("DescribeWorkspaceBundles", Read(Cloud::describe_workspace_bundles)),
    ("DescribeWorkspaceDirectories", Read(Cloud::describe_workspace_directories)),
    ("DescribeWorkspaceSnapshots", Read(Cloud::describe_workspace_snapshots)),
    ("DescribeWorkspaces", Read(Cloud::describe_workspaces)),
    ("DescribeWorkspacesConnectionStatus", Read(Cloud::describe_connection_status)),
    ("DisassociateConnectionAlias", Write(Cloud::disassociate_connection_alias)),
    ("GetResources", Read(Cloud::get_resources)),
    ("ModifyWorkspaceProperties", Write(Cloud::modify_workspace_properties)),
    ("ModifyWorkspaceState", Write(Cloud::modify_workspace_state)),
    ("RebootWorkspaces", Write(Cloud::reboot_workspaces)),
    ("RegisterWorkspaceDirectory", Write(Cloud::register_workspace_directory)),
    ("StartWorkspaces", Write(Cloud::start_workspaces)),
    ("StopWorkspaces", Write(Cloud::stop_workspaces)),
    ("TerminateWorkspaces", Write(Cloud::terminate_workspaces)),
    ("UpdateConnectionAliasPermission", Write(Cloud::update_connection_alias_permission)),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::model::MODEL;

    #[test]
    fn every_operation_of_the_model_is_carried_out() {
        let all = MODEL.operations().filter(|it| it.service.signing_name != "sts");
        let mut modelled: Vec<&str> = all.map(|operation| operation.name).collect();
        modelled.sort_unstable();
        assert_eq!(OPERATIONS.map(|(name, _)| name).as_slice(), modelled);
    }
}
