//! Arguments of hashicorp/aws that mean nothing here, accepted so that one block fits both.

use crate::tf::{Attribute, Diagnostic, Diagnostics, Path, Value};

use super::{text, truth};

/// Whether the argument is one of them.
pub(super) fn has(name: &str) -> bool {
    attributes().iter().any(|attribute| attribute.name == name)
}

pub(super) fn attributes() -> Vec<Attribute> {
    const SAME_BLOCK: &str =
        "Has no effect here: accepted so that one block fits hashicorp/aws too.";
    vec![
        truth("s3_use_path_style", SAME_BLOCK),
        text("s3_us_east_1_regional_endpoint", SAME_BLOCK),
        text("tag_policy_compliance", SAME_BLOCK),
    ]
}

/// One warning for all that are set.
pub(super) fn warnings(block: &Value) -> Diagnostics {
    let mut diagnostics = Diagnostics::new();
    let set: Vec<&str> = attributes()
        .iter()
        .map(|attribute| attribute.name)
        .filter(|name| !block.get(name).is_null())
        .collect();
    if let [first, ..] = set.as_slice() {
        let detail = format!(
            "The provider accepts {} so that one block fits hashicorp/aws too, and does nothing \
             with it. No tag policy is checked, and Amazon S3 is not called.",
            set.join(", ")
        );
        let warning = Diagnostic::warning("Argument without effect", detail);
        diagnostics.push(warning.at(Path::attribute(*first)));
    }
    diagnostics
}

/// Arguments that are declared but not built yet: an error is better than calls that go another way
/// than the block says.
const NOT_YET: [&str; 8] = [
    "custom_ca_bundle",
    "insecure",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "skip_metadata_api_check",
    "ec2_metadata_service_endpoint",
    "ec2_metadata_service_endpoint_mode",
];

/// One error for each argument that is set and not built yet.
pub(super) fn not_yet(block: &Value) -> Diagnostics {
    let is_set = |name: &str| match block.get(name) {
        Value::Bool(set) => *set,
        value => match value.as_items() {
            Some(items) => !items.is_empty(),
            None => !value.is_null() && !value.is_unknown(),
        },
    };
    let mut diagnostics = Diagnostics::new();
    for name in NOT_YET.into_iter().filter(|name| is_set(name)) {
        let detail = format!(
            "This version of the provider does not act on {name} yet. Remove it, and use the \
             environment or a profile instead."
        );
        let error = Diagnostic::error("Argument not supported yet", detail);
        diagnostics.push(error.at(Path::attribute(name)));
    }
    diagnostics
}
