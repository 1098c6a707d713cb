//! What Terraform core does around a provider's plan, restated in our own words.
//!
//! Core merges state and configuration into a proposal, then refuses a plan that invents values and
//! a result that departs from its plan. The functions here return what core would complain about,
//! nothing if it would be content.

use std::collections::BTreeMap;

use terraform_provider_aws_workspaces::tf::plan::Planned;
use terraform_provider_aws_workspaces::tf::{Attribute, Block, Nesting, Path, Step, Value};

/// The state that core proposes to the provider: what is configured, and the prior value of what
/// the configuration leaves to the provider.
pub(crate) fn proposed_new(block: &Block, prior: &Value, config: &Value) -> Value {
    if config.as_entries().is_none() {
        return config.clone();
    }
    let mut proposed = BTreeMap::new();
    for Attribute { name, mode, .. } in &block.attributes {
        let (prior, config) = (prior.get(name), config.get(name));
        let leave = mode.is_computed() && config.is_null();
        proposed.insert((*name).to_owned(), if leave { prior } else { config }.clone());
    }
    for nested in &block.blocks {
        let (prior, config) = (prior.get(nested.name), config.get(nested.name));
        let value = match config {
            Value::List(elements) => {
                let elements = elements.iter().enumerate();
                let merge = |(index, config): (usize, &Value)| {
                    proposed_new(&nested.block, element(prior, index), config)
                };
                Value::List(elements.map(merge).collect())
            }
            config => proposed_new(&nested.block, prior, config),
        };
        proposed.insert(nested.name.to_owned(), value);
    }
    Value::Object(proposed)
}

/// Complaints of the kind "Provider produced invalid plan".
pub(crate) fn plan_complaints(
    block: &Block,
    prior: &Value,
    config: &Value,
    planned: &Planned,
) -> Vec<String> {
    let mut complaints = Complaints::default();
    complaints.plan(block, prior, config, &planned.state, &Path::root());
    for path in &planned.requires_replace {
        if look_up(prior, path).is_none() && look_up(&planned.state, path).is_none() {
            complaints.add(path, "requires replacement, but there is no such attribute");
        }
    }
    complaints.0
}

/// Complaints of the kind "Provider produced inconsistent result after apply", and of "inconsistent
/// final plan" where the second value is a later plan.
pub(crate) fn result_complaints(block: &Block, planned: &Value, actual: &Value) -> Vec<String> {
    let mut complaints = Complaints::default();
    complaints.result(block, planned, actual, &Path::root());
    complaints.0
}

#[derive(Default)]
struct Complaints(Vec<String>);

impl Complaints {
    fn add(&mut self, path: &Path, problem: &str) {
        self.0.push(format!("{path}: {problem}"));
    }

    fn plan(&mut self, block: &Block, prior: &Value, config: &Value, planned: &Value, path: &Path) {
        match (config.is_null(), planned.is_null()) {
            (false, true) => return self.add(path, "planned for absence but configured"),
            (true, false) => return self.add(path, "planned for existence but not configured"),
            (true, true) => return,
            (false, false) => {}
        }
        for attribute in &block.attributes {
            let name = attribute.name;
            let (prior, config, planned) = (prior.get(name), config.get(name), planned.get(name));
            self.planned_attribute(attribute, prior, config, planned, &path.child(name));
        }
        for nested in &block.blocks {
            let (name, block, path) = (nested.name, &nested.block, path.child(nested.name));
            let (prior, config, planned) = (prior.get(name), config.get(name), planned.get(name));
            match (config, planned) {
                (config, planned) if config == planned => {}
                (Value::Unknown, _) => self.add(&path, "the unknown dynamic block was planned"),
                (_, Value::Unknown) => self.add(&path, "a nested block must not be unknown itself"),
                (_, Value::Null) if nested.nesting != Nesting::Single => {
                    self.add(&path, "no blocks must be an empty list, not null");
                }
                (Value::List(configured), Value::List(planned)) => {
                    if configured.len() != planned.len() {
                        self.add(&path, "the block count disagrees with the configuration");
                    }
                    for (index, (config, planned)) in configured.iter().zip(planned).enumerate() {
                        let prior = element(prior, index);
                        self.plan(block, prior, config, planned, &path.index(index));
                    }
                }
                _ => self.plan(block, prior, config, planned, &path),
            }
        }
    }

    fn planned_attribute(
        &mut self,
        attribute: &Attribute,
        prior: &Value,
        config: &Value,
        planned: &Value,
        path: &Path,
    ) {
        let echoed = planned == config;
        let kept = planned == prior && !prior.is_null() && !config.is_null();
        if echoed || kept || (attribute.mode.is_computed() && config.is_null()) {
            return;
        }
        if config.is_null() {
            self.add(path, "planned a value for an attribute that is not computed");
        } else {
            self.add(path, "the planned value matches neither configuration nor prior state");
        }
    }

    fn result(&mut self, block: &Block, planned: &Value, actual: &Value, path: &Path) {
        match (planned.is_null(), actual.is_null()) {
            (false, true) => return self.add(path, "was present, but now absent"),
            (true, false) => return self.add(path, "was absent, but now present"),
            (true, true) => return,
            (false, false) => {}
        }
        for Attribute { name, .. } in &block.attributes {
            self.result_value(planned.get(name), actual.get(name), &path.child(name));
        }
        for nested in &block.blocks {
            let (block, path) = (&nested.block, path.child(nested.name));
            match (planned.get(nested.name), actual.get(nested.name)) {
                (Value::Unknown, _) => {}
                (_, Value::Unknown) => self.add(&path, "was known, but now unknown"),
                (Value::List(planned), Value::List(actual)) => {
                    if planned.len() != actual.len() {
                        self.add(&path, "block count changed");
                    }
                    for (index, (planned, actual)) in planned.iter().zip(actual).enumerate() {
                        self.result(block, planned, actual, &path.index(index));
                    }
                }
                (planned, actual) => self.result(block, planned, actual, &path),
            }
        }
    }

    fn result_value(&mut self, planned: &Value, actual: &Value, path: &Path) {
        match (planned, actual) {
            (Value::Unknown, _) => {}
            (_, Value::Unknown) => self.add(path, "was known, but now unknown"),
            (Value::List(planned), Value::List(actual)) => {
                if planned.len() != actual.len() {
                    self.add(path, "length changed");
                }
                for (index, (planned, actual)) in planned.iter().zip(actual).enumerate() {
                    self.result_value(planned, actual, &path.index(index));
                }
            }
            (Value::Set(planned), Value::Set(actual)) => {
                let lost = planned.iter().any(|p| !actual.iter().any(|a| may_become(p, a)));
                let new = actual.iter().any(|a| !planned.iter().any(|p| may_become(p, a)));
                if lost || new {
                    self.add(path, "a set element does not correlate with any other");
                }
            }
            (Value::Map(planned), Value::Map(actual))
            | (Value::Object(planned), Value::Object(actual)) => {
                if !planned.keys().eq(actual.keys()) {
                    self.add(path, "an element has vanished or appeared");
                }
                for (key, planned) in planned {
                    let actual = actual.get(key).unwrap_or(&Value::Null);
                    self.result_value(planned, actual, &path.key(key));
                }
            }
            (planned, actual) if planned == actual => {}
            _ => self.add(path, &format!("was {planned:?}, but now {actual:?}")),
        }
    }
}

fn may_become(planned: &Value, actual: &Value) -> bool {
    let mut complaints = Complaints::default();
    complaints.result_value(planned, actual, &Path::root());
    complaints.0.is_empty()
}

fn element(list: &Value, index: usize) -> &Value {
    list.as_items().and_then(|items| items.get(index)).unwrap_or(&Value::Null)
}

/// The value at the path, unknown inside an unknown; nothing where the path leads nowhere.
fn look_up<'a>(value: &'a Value, path: &Path) -> Option<&'a Value> {
    path.steps.iter().try_fold(value, |value, step| match (step, value) {
        (_, Value::Unknown) => Some(&Value::Unknown),
        (Step::Attribute(name), Value::Object(object)) => object.get(name),
        (Step::Key(key), Value::Map(entries)) => entries.get(key),
        (Step::Index(index), Value::List(items)) => items.get(usize::try_from(*index).ok()?),
        _ => None,
    })
}
