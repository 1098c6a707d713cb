//! What Terraform is told to expect: the planned state, worked out from the schema alone.
//!
//! The rules follow Terraform's [resource instance change lifecycle][lifecycle]; it calls a breach
//! "Provider produced invalid plan":
//!
//! - A configured value is planned as it stands, an unknown one stays unknown.
//! - Without a configured value an attribute is planned as null, or, where the provider may set it,
//!   as its default, else as what it was before, else as unknown.
//! - What was null before stays null in a later plan. Null is knowledge too (there is no
//!   encryption key, no snapshot yet); planning it as unknown would show a change for ever. A
//!   value that state lacks because an older version did not keep it comes with the next read.
//! - An update that touches what a computed value [depends on](super::Stability::ChangesWith)
//!   plans that value as unknown.
//! - Nothing else is consulted, no clock and no remote system, so that the plan which Terraform
//!   asks for again while applying only ever fills in what was unknown.
//!
//! [lifecycle]: https://github.com/hashicorp/terraform/blob/main/docs/resource-instance-change-lifecycle.md

use std::collections::{BTreeMap, BTreeSet};

use super::{Attribute, Block, NestedBlock, Nesting, Path, Stability, Value};

/// What [`plan`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// The state to expect after applying, unknown where only applying will tell.
    pub state: Value,
    /// The changed attributes that only a new object can have, none when one is created.
    pub requires_replace: Vec<Path>,
}

/// Plans the creation (prior state null) or the update of one object.
///
/// `proposed` is Terraform's merge of configuration and prior state; all three are values of the
/// block. If the result requires replacement, Terraform plans once more with a null prior state.
/// Destruction (proposed null) has nothing to plan: the planned state is then null.
pub fn plan(block: &Block, prior: &Value, proposed: &Value, config: &Value) -> Planned {
    if proposed.is_null() {
        return Planned { state: Value::Null, requires_replace: Vec::new() };
    }
    // A computed value may depend on another computed one. Each round can only add to the changed
    // attributes, so the rounds come to an end.
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

/// The names of root attributes and blocks that are planned to change, or may.
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
        planned.insert(name.to_owned(), spelled_as_before(prior.get(name), new));
    }
    for nested in &block.blocks {
        let name = nested.name;
        let (prior, proposed, config) = (prior.get(name), proposed.get(name), config.get(name));
        let new = plan_nested(nested, prior, proposed, config, changed);
        planned.insert(name.to_owned(), spelled_as_before(prior, new));
    }
    Value::Object(planned)
}

/// Equal values can be spelled in several ways (`1` and `1.0`, the elements of a set in another
/// order). A plan without a change is the prior state to the byte.
fn spelled_as_before(prior: &Value, planned: Value) -> Value {
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
        // Terraform proposes the prior value for what the configuration leaves to the provider.
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
    // A `dynamic` block over an unknown collection: Terraform allows no other answer.
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
        // An unknown block may bring any value, so it is the block that is named.
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
                // A block that disappears is compared with nothing, as is one that appears.
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
