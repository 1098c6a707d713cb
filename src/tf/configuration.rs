//! Configuration for an existing resource, which `-generate-config-out` writes.

use super::{Block, Mode, Value};

/// The configuration that matches a state: the attributes that a configuration may set, and null for
/// the others. An empty map or list means the same as an absent one, so it is omitted.
pub fn from_state(block: &Block, state: &Value) -> Value {
    let attributes = block.attributes.iter().map(|attribute| {
        let value = match attribute.mode {
            Mode::Computed => Value::Null,
            Mode::Required => state.get(attribute.name).clone(),
            Mode::Optional | Mode::OptionalComputed => or_null(state.get(attribute.name)),
        };
        (attribute.name, value)
    });
    let blocks = block.blocks.iter().map(|nested| {
        let value = match state.get(nested.name) {
            Value::List(items) => {
                Value::List(items.iter().map(|item| from_state(&nested.block, item)).collect())
            }
            single @ Value::Object(_) => from_state(&nested.block, single),
            absent => absent.clone(),
        };
        (nested.name, value)
    });
    Value::object(attributes.chain(blocks))
}

fn or_null(value: &Value) -> Value {
    let is_empty = match value {
        Value::Map(entries) => entries.is_empty(),
        Value::List(items) | Value::Set(items) => items.is_empty(),
        _ => false,
    };
    if is_empty { Value::Null } else { value.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tf::{Attribute, NestedBlock, Nesting, Type};

    #[test]
    fn the_configuration_has_only_what_a_configuration_may_set() {
        let limit = Attribute::optional("create", Type::String, "");
        let block = Block {
            description: "",
            attributes: vec![
                Attribute::required("name", Type::String, ""),
                Attribute::optional("tags", Type::map(Type::String), ""),
                Attribute::optional_computed("region", Type::String, ""),
                Attribute::computed("id", Type::String, ""),
            ],
            blocks: vec![NestedBlock {
                name: "timeouts",
                nesting: Nesting::Single,
                block: Block { description: "", attributes: vec![limit], blocks: Vec::new() },
            }],
        };
        let timeouts = Value::object([("create", Value::from("5m"))]);
        let state = |tags: Value, timeouts: &Value| {
            Value::object([
                ("name", "a".into()),
                ("tags", tags),
                ("region", "eu-west-1".into()),
                ("id", "ws-1".into()),
                ("timeouts", timeouts.clone()),
            ])
        };
        for (tags, timeouts) in
            [(Value::map([("k", Value::from("v"))]), timeouts), (Value::Null, Value::Null)]
        {
            let mut expected = state(tags.clone(), &timeouts);
            expected.set("id", Value::Null);
            assert_eq!(from_state(&block, &state(tags, &timeouts)), expected);
        }
        let empty = Value::map::<&str>([]);
        assert_eq!(from_state(&block, &state(empty, &Value::Null)).get("tags"), &Value::Null);
    }
}
