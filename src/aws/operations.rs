//! The operations of AWS that the provider calls: what an answer must contain, and how large one is.
//!
//! An answer decides what Terraform's state says: "there is nothing" removes a resource from it. So an
//! answer counts only if it has the list that the operation always returns. What is between the
//! provider and AWS can send anything: an empty answer, a page of its own, or one without end.
//!
//! An operation is declared here, once. `calls::send` takes no answer that is not declared, and
//! `config::bounds` reads no answer of an operation beyond its size.

use aws_sdk_resourcegroupstagging::operation as tagging;
use aws_sdk_workspaces::operation as workspaces;
use aws_types::request_id::RequestId;

/// The answer of an operation.
pub(in crate::aws) trait Answer: RequestId {
    /// The member that every answer of AWS to this operation has, if it is missing.
    fn missing(&self) -> Option<&'static str>;
}

/// The most that an answer can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::aws) struct Size {
    /// Bytes of the body.
    pub(in crate::aws) bytes: usize,
    /// Objects and lists of JSON. The SDK needs hundreds of bytes for an empty object of two.
    pub(in crate::aws) objects: usize,
}

impl Size {
    /// The size of an answer with this many items. A WorkSpace has about 2 KiB and 12 objects, and
    /// a directory three times as much; both have room to grow.
    const fn of_items(items: usize) -> Self {
        Self { bytes: items * 16 * 1024, objects: items * 64 }
    }
}

/// An answer without a list: a few members, or credentials.
const SMALL: Size = Size::of_items(4);

/// A page of WorkSpaces, directories or connection aliases, or the failures of a change to as many.
///
/// <https://docs.aws.amazon.com/workspaces/latest/api/API_DescribeWorkspaces.html>
const PAGE: Size = Size::of_items(25);

/// The requests of one call repeated with all their tags. Large, because an id must not be lost.
const CREATED: Size = Size::of_items(25 * 10);

/// The tags of a hundred resources, at most fifty each.
///
/// <https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html>
const TAGGED: Size = Size::of_items(100 * 5);

/// The most that any answer can hold: the size of the largest.
pub(in crate::aws) const LARGEST: Size = Size { objects: usize::MAX, ..TAGGED };

/// The list that an answer always has; nothing for an answer without one.
macro_rules! operations {
    ($($name:literal $output:ty, $size:expr, [$($member:literal $field:ident)?];)*) => {
        $(impl Answer for $output {
            fn missing(&self) -> Option<&'static str> {
                $(if self.$field.is_none() {
                    return Some($member);
                })?
                None
            }
        })*

        /// The most that an answer to this operation can hold.
        pub(in crate::aws) fn size(operation: &str) -> Size {
            match operation {
                $($name => $size,)*
                _ => SMALL,
            }
        }
    };
}

operations! {
    "DescribeWorkspaces" workspaces::describe_workspaces::DescribeWorkspacesOutput,
        PAGE, ["Workspaces" workspaces];
    "DescribeWorkspaceDirectories"
        workspaces::describe_workspace_directories::DescribeWorkspaceDirectoriesOutput,
        PAGE, ["Directories" directories];
    "TerminateWorkspaces" workspaces::terminate_workspaces::TerminateWorkspacesOutput,
        PAGE, ["FailedRequests" failed_requests];
    "StartWorkspaces" workspaces::start_workspaces::StartWorkspacesOutput,
        PAGE, ["FailedRequests" failed_requests];
    "StopWorkspaces" workspaces::stop_workspaces::StopWorkspacesOutput,
        PAGE, ["FailedRequests" failed_requests];
    "RebootWorkspaces" workspaces::reboot_workspaces::RebootWorkspacesOutput,
        PAGE, ["FailedRequests" failed_requests];
    "DescribeTags" workspaces::describe_tags::DescribeTagsOutput, PAGE, ["TagList" tag_list];
    "DescribeConnectionAliases"
        workspaces::describe_connection_aliases::DescribeConnectionAliasesOutput,
        // The list has at least one item, so AWS may leave out one that is empty.
        PAGE, [];
    "DescribeConnectionAliasPermissions"
        workspaces::describe_connection_alias_permissions::DescribeConnectionAliasPermissionsOutput,
        PAGE, [];
    // It counts even if it lacks both of its lists: the request may have been carried out.
    "CreateStandbyWorkspaces"
        workspaces::create_standby_workspaces::CreateStandbyWorkspacesOutput, CREATED, [];
    "AssociateConnectionAlias"
        workspaces::associate_connection_alias::AssociateConnectionAliasOutput, SMALL, [];
    "DisassociateConnectionAlias"
        workspaces::disassociate_connection_alias::DisassociateConnectionAliasOutput, SMALL, [];
    "UpdateConnectionAliasPermission"
        workspaces::update_connection_alias_permission::UpdateConnectionAliasPermissionOutput,
        SMALL, [];
    "CreateTags" workspaces::create_tags::CreateTagsOutput, SMALL, [];
    "DeleteTags" workspaces::delete_tags::DeleteTagsOutput, SMALL, [];
    "ModifyWorkspaceProperties"
        workspaces::modify_workspace_properties::ModifyWorkspacePropertiesOutput, SMALL, [];
    "GetResources" tagging::get_resources::GetResourcesOutput,
        TAGGED, ["ResourceTagMappingList" resource_tag_mapping_list];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_without_its_list_lacks_it_and_one_with_an_empty_list_does_not() {
        let answer = workspaces::describe_workspaces::DescribeWorkspacesOutput::builder();
        assert_eq!(answer.clone().build().missing(), Some("Workspaces"));
        assert_eq!(answer.set_workspaces(Some(Vec::new())).build().missing(), None);
        let answer = workspaces::create_tags::CreateTagsOutput::builder().build();
        assert_eq!(answer.missing(), None);
    }

    #[test]
    fn a_page_has_the_size_of_25_items_and_an_unknown_operation_a_small_one() {
        assert_eq!(size("DescribeWorkspaces"), PAGE);
        assert_eq!(size("AssumeRole"), SMALL);
    }
}
