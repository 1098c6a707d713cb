//! Arguments that are accepted for compatibility with hashicorp/aws, and ignored.

use crate::tf::{Attribute, Diagnostic, Diagnostics, Path, Value};

use super::{text, truth};

/// The description of an argument or endpoint that has no effect.
pub(crate) const IGNORED: &str = "Ignored. Accepted for compatibility with hashicorp/aws.";

/// Whether the argument is one of them.
pub(super) fn has(name: &str) -> bool {
    attributes().iter().any(|attribute| attribute.name == name)
}

pub(super) fn attributes() -> Vec<Attribute> {
    vec![
        truth("s3_use_path_style", IGNORED),
        text("s3_us_east_1_regional_endpoint", IGNORED),
        text("tag_policy_compliance", IGNORED),
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
            "The provider ignores {}, which it accepts for compatibility with hashicorp/aws. It does \
             not check tag policies or call Amazon S3.",
            set.join(", ")
        );
        let warning = Diagnostic::warning("Argument has no effect", detail);
        diagnostics.push(warning.at(Path::attribute(*first)));
    }
    diagnostics
}
