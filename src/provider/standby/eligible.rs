use crate::aws::WorkSpace;

/// Prefixes of compute types whose bundles do not support standbys.
///
/// <https://docs.aws.amazon.com/workspaces/latest/adminguide/multi-region-resilience.html>
const UNSUPPORTED_COMPUTE: [&str; 3] =
    ["GRAPHICS", "GENERALPURPOSE_4XLARGE", "GENERALPURPOSE_8XLARGE"];

/// Why AWS does not create a standby of the WorkSpace, in sentences. Nothing if DescribeWorkspaces
/// shows no reason: quotas, keys and directories are not known here.
pub(in crate::provider) fn unsupported(workspace: &WorkSpace) -> Vec<String> {
    let system = workspace.operating_system.as_deref();
    let system = system.filter(|name| !name.starts_with("WINDOWS") && *name != "UNKNOWN");
    let compute = workspace
        .compute_type
        .as_deref()
        .filter(|name| UNSUPPORTED_COMPUTE.iter().any(|unsupported| name.starts_with(unsupported)));
    let system = system.map(|system| {
        format!(
            "Its operating system is {system}. AWS supports standbys of Windows WorkSpaces only."
        )
    });
    let compute = compute.map(|compute| {
        format!(
            "Its bundle has the compute type {compute}. AWS does not support standbys of graphics \
             bundles, GeneralPurpose.4xlarge and GeneralPurpose.8xlarge."
        )
    });
    system.into_iter().chain(compute).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values of November 2026.
    /// <https://docs.aws.amazon.com/workspaces/latest/api/API_WorkspaceProperties.html>
    #[test]
    fn only_windows_without_graphics_and_not_of_the_largest_size_can_have_a_standby() {
        let other_systems = [
            "AMAZON_LINUX_2",
            "UBUNTU_18_04",
            "UBUNTU_20_04",
            "UBUNTU_22_04",
            "UBUNTU_24_04",
            "UBUNTU_26_04",
            "RHEL_8",
            "RHEL_9",
            "RHEL_10",
            "ROCKY_8",
            "ROCKY_9",
            "ROCKY_10",
        ];
        let other_bundles = [
            "GRAPHICS",
            "GRAPHICSPRO",
            "GRAPHICS_G4DN",
            "GRAPHICSPRO_G4DN",
            "GRAPHICS_G6_XLARGE",
            "GRAPHICS_GR6_4XLARGE",
            "GRAPHICS_G6F_LARGE",
            "GRAPHICS_G7_2XLARGE",
            "GRAPHICS_G7_4XLARGE",
            "GRAPHICS_G7_8XLARGE",
            "GRAPHICS_G7_12XLARGE",
            "GENERALPURPOSE_4XLARGE",
            "GENERALPURPOSE_8XLARGE",
        ];
        let windows = ["WINDOWS_10", "WINDOWS_11", "WINDOWS_SERVER_2022", "WINDOWS_SERVER_2025"];
        let workspace = |system: &str, compute: &str| WorkSpace {
            operating_system: Some(system.to_owned()),
            compute_type: Some(compute.to_owned()),
            ..WorkSpace::default()
        };
        for system in other_systems {
            assert_eq!(unsupported(&workspace(system, "STANDARD")).len(), 1, "{system}");
        }
        for compute in other_bundles {
            assert_eq!(unsupported(&workspace("WINDOWS_11", compute)).len(), 1, "{compute}");
        }
        for system in windows.into_iter().chain(["UNKNOWN"]) {
            for compute in ["VALUE", "STANDARD", "PERFORMANCE", "POWER", "POWERPRO"] {
                assert!(unsupported(&workspace(system, compute)).is_empty(), "{system} {compute}");
            }
        }
        assert!(unsupported(&WorkSpace::default()).is_empty(), "what AWS does not say");
    }
}
