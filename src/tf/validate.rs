//! Validates a configuration against its schema, without a network call.
//!
//! All errors are reported, each with the path of the argument. Unknown values pass. Sensitive
//! values are never shown.

mod checks;

use super::{Attribute, Block, Diagnostic, Diagnostics, Mode, Nesting, Path, Validator, Value};

/// Validates a configuration against its schema.
pub fn check(block: &Block, config: &Value) -> Diagnostics {
    let mut found = Diagnostics::new();
    let root = Root { block, config };
    check_block(&root, block, config, &Path::root(), &mut found);
    found
}

/// The outermost block, to which validators in nested blocks may refer.
struct Root<'a> {
    block: &'a Block,
    config: &'a Value,
}

impl Root<'_> {
    /// Whether the root attribute or block is set and known.
    fn has(&self, name: &str) -> bool {
        match self.config.get(name) {
            Value::Null | Value::Unknown => false,
            // The absence of blocks is an empty list.
            Value::List(blocks) if blocks.is_empty() => self.block.attribute(name).is_some(),
            _ => true,
        }
    }
}

fn check_block(
    root: &Root<'_>,
    block: &Block,
    config: &Value,
    path: &Path,
    found: &mut Diagnostics,
) {
    if config.as_entries().is_none() {
        return;
    }
    for attribute in &block.attributes {
        let value = config.get(attribute.name);
        let path = path.child(attribute.name);
        if check_mode(attribute, value, &path, found) {
            checks::check_value(attribute, value, &path, found);
            check_siblings(root, attribute, config, &path, found);
        }
    }
    for nested in &block.blocks {
        let (value, path) = (config.get(nested.name), path.child(nested.name));
        match nested.nesting {
            Nesting::Single => check_block(root, &nested.block, value, &path, found),
            Nesting::List { maximum } => {
                let blocks = value.as_items().unwrap_or_default();
                check_count(blocks.len(), maximum, &path, found);
                for (index, value) in blocks.iter().enumerate() {
                    check_block(root, &nested.block, value, &path.index(index), found);
                }
            }
        }
    }
}

/// Checks whether the configuration may or must set the attribute. Returns whether there is a known
/// value to validate.
fn check_mode(attribute: &Attribute, value: &Value, path: &Path, found: &mut Diagnostics) -> bool {
    let diagnostic = match (attribute.mode, value) {
        (_, Value::Unknown) => return false,
        (Mode::Required, Value::Null) => Diagnostic::error(
            format!("Missing {path}"),
            format!("{path} is required. Set it to {}.", attribute.expected()),
        ),
        (_, Value::Null) => return false,
        // Terraform accepts such a value and ignores it silently.
        (Mode::Computed, _) => Diagnostic::error(
            format!("Cannot set {path}"),
            format!("{path} is read-only: the provider sets it. Remove it from the configuration."),
        ),
        _ => {
            if let Some(instead) = attribute.deprecated {
                let summary = format!("{path} is deprecated");
                found.push(Diagnostic::warning(summary, instead).at(path.clone()));
            }
            return true;
        }
    };
    found.push(diagnostic.at(path.clone()));
    false
}

/// The validators that refer to other attributes.
fn check_siblings(
    root: &Root<'_>,
    attribute: &Attribute,
    config: &Value,
    path: &Path,
    found: &mut Diagnostics,
) {
    for validator in &attribute.validators {
        match validator {
            Validator::ConflictsWith(others) => {
                for other in others.iter().filter(|other| root.has(other)) {
                    if !is_reported_by(root, other, path) {
                        let detail = format!(
                            "{path} and {other} cannot be used together. Remove one of them."
                        );
                        let summary = format!("{path} conflicts with {other}");
                        found.push(Diagnostic::error(summary, detail).at(path.clone()));
                    }
                }
            }
            Validator::AlsoRequires(others) => {
                for other in others.iter().filter(|other| config.get(other).is_null()) {
                    let mut sibling = path.clone();
                    sibling.steps.pop();
                    let sibling = sibling.child(other);
                    let detail =
                        format!("{path} requires {sibling}. Set {sibling}, or remove {path}.");
                    let summary = format!("Missing {sibling}");
                    found.push(Diagnostic::error(summary, detail).at(path.clone()));
                }
            }
            _ => {}
        }
    }
}

/// Whether both root attributes declare the conflict and the other one, which precedes this one,
/// reports it.
fn is_reported_by(root: &Root<'_>, other: &str, path: &Path) -> bool {
    let position = |name: &str| root.block.attributes.iter().position(|a| a.name == name);
    let name = path.to_string();
    let (Some(own), Some(earlier)) = (position(&name), position(other)) else { return false };
    earlier < own
        && root.block.attributes[earlier].validators.iter().any(
            |check| matches!(check, Validator::ConflictsWith(names) if names.contains(&name.as_str())),
        )
}

fn check_count(count: usize, maximum: i64, path: &Path, found: &mut Diagnostics) {
    let allowed = usize::try_from(maximum).unwrap_or(0);
    if allowed > 0 && count > allowed {
        let blocks = if allowed == 1 { "block is" } else { "blocks are" };
        let detail = format!(
            "At most {allowed} {path} {blocks} allowed, but the configuration has {count}. Remove {}.",
            count - allowed
        );
        found.push(Diagnostic::error(format!("Too many {path} blocks"), detail).at(path.clone()));
    }
}

#[cfg(test)]
mod tests;
