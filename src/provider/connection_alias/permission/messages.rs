//! What is said about a permission that is not the resource's own.

use crate::provider::managed::import::import_block;
use crate::tf::{Diagnostic, Path};

use super::model::Permission;
use super::schema::TYPE_NAME;

/// Another resource of this configuration creates it.
pub(super) fn twice(planned: &Permission) -> Diagnostic {
    let detail = "Another resource of the configuration shares the alias with this account. AWS has one \
                  permission for both, and removing one resource would end it. Remove one of the \
                  resources from the configuration.";
    error(planned, detail.to_owned())
}

/// It existed before.
pub(super) fn exists(planned: &Permission, region: &str) -> Diagnostic {
    error(
        planned,
        format!("{} already. {}", planned.words("is shared with"), adopt(planned, region)),
    )
}

/// A request without an answer. `is_shared` says what AWS shows now, if it does.
pub(super) fn lost(
    planned: &Permission,
    region: &str,
    why: &str,
    is_shared: Option<bool>,
) -> Diagnostic {
    let advice = match is_shared {
        Some(true) => format!(
            "{} now, by this request or by another one. {}",
            planned.words("is shared with"),
            adopt(planned, region)
        ),
        Some(false) => {
            format!("AWS does not show that {}. Apply again.", planned.words("is shared with"))
        }
        None => format!(
            "AWS does not say whether {}. Apply again to find out.",
            planned.words("is shared with")
        ),
    };
    error(planned, format!("{why}\n\n{advice}"))
}

fn adopt(planned: &Permission, region: &str) -> String {
    format!(
        "If no other configuration manages this permission, add this block with the address of the \
         resource, and apply again:\n\n{}",
        import_block(TYPE_NAME, &planned.import_id(), region)
    )
}

fn error(planned: &Permission, detail: String) -> Diagnostic {
    let summary = format!("Could not share {}", planned.words("with"));
    Diagnostic::error(summary, detail).at(Path::attribute("shared_account_id"))
}
