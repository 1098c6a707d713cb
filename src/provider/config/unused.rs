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
