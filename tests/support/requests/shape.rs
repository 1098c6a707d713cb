//! The form of values as the provider served it, and values of that form.

use std::collections::BTreeMap;

use terraform_provider_aws_workspaces::rpc::proto::{self, DynamicValue, schema};
use terraform_provider_aws_workspaces::tf::{Type, Value, msgpack};

/// A block as it was served.
#[derive(Clone)]
pub(crate) struct Shape {
    pub(crate) block: schema::Block,
    pub(crate) object: Type,
}

impl Shape {
    pub(super) fn of(served: Option<&proto::Schema>) -> Self {
        let block = served.and_then(|schema| schema.block.clone()).expect("the schema is served");
        let object = object_type(&block);
        Self { block, object }
    }

    /// A configuration that sets these attributes and no other.
    pub(crate) fn config<const N: usize>(&self, set: [(&str, Value); N]) -> Value {
        with(&self.nothing(), set)
    }

    /// A configuration that sets nothing.
    pub(crate) fn nothing(&self) -> Value {
        let attributes =
            self.block.attributes.iter().map(|attribute| (attribute.name.clone(), Value::Null));
        let blocks =
            self.block.block_types.iter().map(|block| (block.type_name.clone(), no_blocks(block)));
        Value::Object(attributes.chain(blocks).collect())
    }

    /// The object core proposes: the configuration, and prior values where only the provider sets them. Nested blocks
    /// of this provider hold nothing that is computed, so theirs is the configuration.
    pub(crate) fn proposed(&self, prior: &Value, config: &Value) -> Value {
        if config.is_null() {
            return Value::Null;
        }
        let mut proposed = config.clone();
        for attribute in &self.block.attributes {
            if attribute.computed && config.get(&attribute.name).is_null() {
                proposed.set(&attribute.name, prior.get(&attribute.name).clone());
            }
        }
        proposed
    }

    /// The message of a value.
    pub(crate) fn message(&self, value: &Value) -> Option<DynamicValue> {
        Some(DynamicValue { msgpack: encode(value, &self.object), json: Vec::new() })
    }

    /// The value in a message, which must be whole and in MessagePack.
    #[track_caller]
    pub(crate) fn value(&self, message: Option<&DynamicValue>) -> Value {
        message.map_or(Value::Null, |message| decode(message, &self.object))
    }
}

/// The same object with other values for some attributes.
pub(crate) fn with<const N: usize>(object: &Value, set: [(&str, Value); N]) -> Value {
    let mut changed = object.clone();
    for (name, value) in set {
        assert!(
            object.as_entries().is_some_and(|all| all.contains_key(name)),
            "there is an attribute {name}"
        );
        changed.set(name, value);
    }
    changed
}

/// A type from its JSON form.
pub(crate) fn type_from_json(json: &[u8]) -> Type {
    let parsed = serde_json::from_slice(json).expect("a type is JSON");
    type_of(&parsed)
}

fn object_type(block: &schema::Block) -> Type {
    let attributes = block
        .attributes
        .iter()
        .map(|attribute| (attribute.name.clone(), type_from_json(&attribute.r#type)));
    let blocks = block.block_types.iter().map(|nested| {
        let of = object_type(nested.block.as_ref().expect("a nested block has a block"));
        let of = match nested.nesting() {
            schema::nested_block::NestingMode::Single => of,
            schema::nested_block::NestingMode::List => Type::list(of),
            other => {
                panic!("{} has nesting {other:?}, which no schema here uses", nested.type_name)
            }
        };
        (nested.type_name.clone(), of)
    });
    Type::Object(attributes.chain(blocks).collect::<BTreeMap<_, _>>())
}

fn type_of(json: &serde_json::Value) -> Type {
    match json {
        serde_json::Value::String(name) => match name.as_str() {
            "bool" => Type::Bool,
            "number" => Type::Number,
            "string" => Type::String,
            other => panic!("{other} is no primitive type that schemas here use"),
        },
        serde_json::Value::Array(parts) => match (parts[0].as_str(), &parts[1]) {
            (Some("list"), of) => Type::list(type_of(of)),
            (Some("set"), of) => Type::set(type_of(of)),
            (Some("map"), of) => Type::map(type_of(of)),
            (Some("object"), serde_json::Value::Object(attributes)) => Type::Object(
                attributes.iter().map(|(name, of)| (name.clone(), type_of(of))).collect(),
            ),
            _ => panic!("{json} is no type"),
        },
        _ => panic!("{json} is no type"),
    }
}

fn no_blocks(block: &schema::NestedBlock) -> Value {
    match block.nesting() {
        schema::nested_block::NestingMode::List => Value::List(Vec::new()),
        _ => Value::Null,
    }
}

pub(super) fn encode(value: &Value, of: &Type) -> Vec<u8> {
    msgpack::encode(value, of).expect("the test made a value that fits")
}

#[track_caller]
pub(super) fn decode(message: &DynamicValue, of: &Type) -> Value {
    assert!(message.json.is_empty(), "answers are MessagePack");
    if message.msgpack.is_empty() {
        return Value::Null;
    }
    msgpack::decode(&message.msgpack, of).expect("the provider sent a value that fits")
}
