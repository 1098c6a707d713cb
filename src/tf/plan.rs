//! The planned state, computed from the schema.
//!
//! The rules follow Terraform's [resource instance change lifecycle][lifecycle]. Terraform reports a
//! violation as "Provider produced invalid plan":
//!
//! - A configured value is planned unchanged. An unknown value stays unknown.
//! - An attribute without a configured value is planned as null. If it is computed, it is planned as
//!   its default, otherwise as its prior value, otherwise as unknown.
//! - A prior null stays null. Null is a known value (no encryption key, no snapshot yet), and
//!   planning it as unknown would show a change in every plan. A value that is missing because an
//!   older version did not store it is set by the next read.
//! - An update that changes what a computed value [depends on](super::Stability::ChangesWith)
//!   plans that value as unknown.
//! - The plan depends on nothing else, such as the time or a remote system. Terraform plans again
//!   while applying, and that second plan may only replace unknown values with known ones.
//!
//! [lifecycle]: https://github.com/hashicorp/terraform/blob/main/docs/resource-instance-change-lifecycle.md

use std::collections::{BTreeMap, BTreeSet};

use super::{Attribute, Block, NestedBlock, Nesting, Path, Stability, Value};

/// The result of [`plan`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// The planned state. What is known only after apply is unknown.
    pub state: Value,
    /// The changed attributes that require replacement. Empty when creating.
    pub requires_replace: Vec<Path>,
}

/// Plans creating (null prior state), updating or destroying (null proposed state) one resource.
///
/// `proposed` is the configuration merged with the prior state, as Terraform does it. All three are
/// values of the block. If the result requires replacement, Terraform plans again with a null prior
/// state.
pub fn plan(block: &Block, prior: &Value, proposed: &Value, config: &Value) -> Planned {
    if proposed.is_null() {
        return Planned { state: Value::Null, requires_replace: Vec::new() };
    }
    // A computed value may depend on another one. Each iteration can only add changed attributes,
    // so the loop ends.
    let mut changed = BTreeSet::new();
    let state = loop {
        let state = plan_block(block, prior, proposed, config, &changed);
        let now = changed_attributes(prior, &state);
        if now == changed {
            break state;
        }
        changed = now;
    };
    let mut requires_replace = Vec::new();
    if !prior.is_null() {
        find_replacements(block, prior, &state, &Path::root(), &mut requires_replace);
    }
    Planned { state, requires_replace }
}

/// The names of the root attributes and blocks that change or may change.
fn changed_attributes(prior: &Value, planned: &Value) -> BTreeSet<String> {
    let planned = planned.as_entries().into_iter().flatten();
    planned
        .filter(|(name, value)| changes(prior.get(name), value))
        .map(|(n, _)| n.clone())
        .collect()
}

fn changes(prior: &Value, planned: &Value) -> bool {
    !planned.is_wholly_known() || planned != prior
}

fn plan_block(
    block: &Block,
    prior: &Value,
    proposed: &Value,
    config: &Value,
    changed: &BTreeSet<String>,
) -> Value {
    let mut planned = BTreeMap::new();
    for attribute in &block.attributes {
        let name = attribute.name;
        let new = plan_attribute(attribute, prior, proposed.get(name), config.get(name), changed);
        planned.insert(name.to_owned(), prior_spelling(prior.get(name), new));
    }
    for nested in &block.blocks {
        let name = nested.name;
        let (prior, proposed, config) = (prior.get(name), proposed.get(name), config.get(name));
        let new = plan_nested(nested, prior, proposed, config, changed);
        planned.insert(name.to_owned(), prior_spelling(prior, new));
    }
    Value::Object(planned)
}

/// Keeps the prior value if the planned one is equal. Equal values may differ in spelling (`1` and
/// `1.0`, the order of a set), and a plan without changes returns the prior state byte for byte.
fn prior_spelling(prior: &Value, planned: Value) -> Value {
    if &planned == prior { prior.clone() } else { planned }
}

fn plan_attribute(
    attribute: &Attribute,
    prior_block: &Value,
    proposed: &Value,
    config: &Value,
    changed: &BTreeSet<String>,
) -> Value {
    if !config.is_null() || !attribute.mode.is_computed() {
        return config.clone();
    }
    if let Some(default) = &attribute.default {
        return default.clone();
    }
    if prior_block.is_null() {
        return Value::Unknown;
    }
    match attribute.stability {
        Stability::ChangesWith(names) if names.iter().any(|name| changed.contains(*name)) => {
            Value::Unknown
        }
        // Terraform proposes the prior value for a computed attribute that is not configured.
        Stability::UseStateForUnknown | Stability::ChangesWith(_) if proposed.is_null() => {
            prior_block.get(attribute.name).clone()
        }
        Stability::UseStateForUnknown | Stability::ChangesWith(_) => proposed.clone(),
    }
}

fn plan_nested(
    nested: &NestedBlock,
    prior: &Value,
    proposed: &Value,
    config: &Value,
    changed: &BTreeSet<String>,
) -> Value {
    // A `dynamic` block over an unknown collection: Terraform accepts no other plan.
    if config.is_unknown() {
        return Value::Unknown;
    }
    match nested.nesting {
        Nesting::Single if config.is_null() => Value::Null,
        Nesting::Single => plan_block(&nested.block, prior, proposed, config, changed),
        Nesting::List { .. } => {
            let configured = config.as_items().unwrap_or_default().iter().enumerate();
            let elements = configured.map(|(index, config)| {
                let (prior, proposed) = (element(prior, index), element(proposed, index));
                match config {
                    Value::Unknown => Value::Unknown,
                    _ => plan_block(&nested.block, prior, proposed, config, changed),
                }
            });
            Value::List(elements.collect())
        }
    }
}

fn element(list: &Value, index: usize) -> &Value {
    list.as_items().and_then(|items| items.get(index)).unwrap_or(&Value::Null)
}

fn find_replacements(
    block: &Block,
    prior: &Value,
    planned: &Value,
    path: &Path,
    found: &mut Vec<Path>,
) {
    if planned.is_unknown() {
        // An unknown block may have any value, so the path is that of the block.
        if can_require_replace(block) {
            found.push(path.clone());
        }
        return;
    }
    for attribute in block.attributes.iter().filter(|attribute| attribute.requires_replace) {
        if changes(prior.get(attribute.name), planned.get(attribute.name)) {
            found.push(path.child(attribute.name));
        }
    }
    for nested in &block.blocks {
        let path = path.child(nested.name);
        let (prior, planned) = (prior.get(nested.name), planned.get(nested.name));
        match (nested.nesting, planned) {
            (Nesting::List { .. }, Value::List(elements)) => {
                // A block that was added or removed is compared with null.
                let before = prior.as_items().map_or(0, <[_]>::len);
                for index in 0..elements.len().max(before) {
                    let (prior, planned) = (element(prior, index), element(planned, index));
                    find_replacements(&nested.block, prior, planned, &path.index(index), found);
                }
            }
            _ => find_replacements(&nested.block, prior, planned, &path, found),
        }
    }
}

fn can_require_replace(block: &Block) -> bool {
    block.attributes.iter().any(|attribute| attribute.requires_replace)
        || block.blocks.iter().any(|nested| can_require_replace(&nested.block))
}

#[cfg(test)]
mod tests;
