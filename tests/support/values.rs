//! Random types, values, schemas, configurations and states.
//!
//! Everything is read off a random sequence of bytes ([`Choices`]), so that proptest makes a failing
//! case smaller by making the bytes fewer and smaller: the first choice is always the plainest.

use std::collections::BTreeMap;
use std::fmt;

use proptest::prelude::*;
use terraform_provider_aws_workspaces::tf::{
    Attribute, Block, Mode, NestedBlock, Nesting, Number, Type, Value,
};

/// Settings for a property test that leaves no files behind.
pub(crate) fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// A source of choices; once it is used up, every choice is the first.
#[derive(Clone)]
pub(crate) struct Choices {
    bytes: Vec<u8>,
    next: usize,
}

impl fmt::Debug for Choices {
    /// Short, since what was made of the bytes is shown beside it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Choices({} of {} left)",
            self.bytes.len().saturating_sub(self.next),
            self.bytes.len()
        )
    }
}

/// A source of at least 50 random choices.
pub(crate) fn choices() -> impl Strategy<Value = Choices> {
    prop::collection::vec(any::<u8>(), 50..600).prop_map(|bytes| Choices { bytes, next: 0 })
}

impl Choices {
    /// One of the numbers from zero up to, but not including, the limit (at most 256).
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        let byte = self.bytes.get(self.next).copied().unwrap_or(0);
        self.next += 1;
        usize::from(byte) % limit
    }

    /// True once in so many times.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == times - 1
    }

    /// One of the items.
    pub(crate) fn of<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }
}

const NAMES: [&str; 6] = ["alpha", "bravo", "charlie", "delta", "echo", "foxtrot"];

/// A type of at most the given depth of collections.
pub(crate) fn any_type(choices: &mut Choices, depth: usize) -> Type {
    match choices.below(if depth == 0 { 3 } else { 7 }) {
        0 => Type::String,
        1 => Type::Bool,
        2 => Type::Number,
        3 => Type::map(any_type(choices, depth - 1)),
        4 => Type::list(any_type(choices, depth - 1)),
        5 => Type::set(any_type(choices, depth - 1)),
        _ => {
            let count = choices.below(4);
            Type::object(NAMES[..count].iter().map(|name| (*name, any_type(choices, depth - 1))))
        }
    }
}

/// A value of the type, null now and then, unknown now and then where that is allowed.
pub(crate) fn value(choices: &mut Choices, of: &Type, unknowns: bool) -> Value {
    match choices.below(8) {
        7 => Value::Null,
        6 if unknowns => Value::Unknown,
        _ => present(choices, of, unknowns),
    }
}

/// A value of the type that is neither null nor unknown itself.
pub(crate) fn present(choices: &mut Choices, of: &Type, unknowns: bool) -> Value {
    match of {
        Type::Bool => choices.once_in(2).into(),
        Type::Number => Value::Number(number(choices)),
        Type::String => text(choices).into(),
        Type::List(of) => Value::List(items(choices, of, unknowns)),
        Type::Set(of) => {
            let mut distinct = Vec::new();
            for item in items(choices, of, unknowns) {
                if !distinct.contains(&item) {
                    distinct.push(item);
                }
            }
            Value::Set(distinct)
        }
        Type::Map(of) => Value::Map(
            items(choices, of, unknowns).into_iter().map(|v| (text(choices), v)).collect(),
        ),
        Type::Object(attributes) => {
            let attributes = attributes.iter();
            Value::object(attributes.map(|(name, of)| (name, value(choices, of, unknowns))))
        }
    }
}

fn items(choices: &mut Choices, of: &Type, unknowns: bool) -> Vec<Value> {
    (0..choices.below(4)).map(|_| value(choices, of, unknowns)).collect()
}

fn text(choices: &mut Choices) -> String {
    let texts = ["a", "b", "", "ws-0123456789", "Größe \u{1f980}", "\"quoted\"\n", "0.1", "null"];
    match choices.below(10) {
        8 => "long ".repeat(choices.below(60)),
        9 => char::from(u8::try_from(choices.below(256)).expect("below 256")).to_string(),
        index => texts[index].to_owned(),
    }
}

fn number(choices: &mut Choices) -> Number {
    let texts = [
        "0",
        "-1",
        "1.5",
        "0.1",
        "1e20",
        "-2.50",
        "9223372036854775807",
        "-9223372036854775808",
        "9223372036854775808",
        "3e-400",
    ];
    let number = match choices.below(12) {
        10 => Number::parse(&format!("{}.{}", choices.below(256), choices.below(256))),
        11 => {
            let digits: String = (0..30).map(|_| choices.below(10).to_string()).collect();
            Number::parse(&format!("-7{digits}.{digits}1"))
        }
        index => Number::parse(texts[index]),
    };
    number.expect("a number as JSON spells it")
}

/// A block with attributes of all modes, nested blocks down to the given depth.
pub(crate) fn any_block(choices: &mut Choices, depth: usize) -> Block {
    let count = 1 + choices.below(NAMES.len());
    let attributes = NAMES[..count].iter().map(|name| any_attribute(choices, name)).collect();
    let mut blocks = Vec::new();
    if depth > 0 {
        let nestings =
            [("single", Nesting::Single), ("list", Nesting::List { maximum: 0 })].into_iter();
        for (name, nesting) in nestings.take(choices.below(3)) {
            blocks.push(NestedBlock { name, nesting, block: any_block(choices, depth - 1) });
        }
    }
    Block { attributes, blocks, ..Block::default() }
}

fn any_attribute(choices: &mut Choices, name: &'static str) -> Attribute {
    let modes = [Mode::Computed, Mode::OptionalComputed, Mode::Optional, Mode::Required];
    let mode = choices.of(&modes);
    let mut attribute = Attribute::new(name, any_type(choices, 2), mode, "");
    attribute.requires_replace = choices.once_in(4);
    if mode == Mode::OptionalComputed && choices.once_in(3) {
        let of = attribute.ty.clone();
        attribute = attribute.defaults_to(present(choices, &of, false));
    }
    let causes: [&'static [&'static str]; 5] =
        [&["alpha"], &["bravo"], &["alpha", "charlie"], &["delta", "single"], &["list"]];
    if choices.once_in(3) { attribute.changes_with(choices.of(&causes)) } else { attribute }
}

/// What a user might write where the state is `like` (null: there is none): much of it as it is.
pub(crate) fn config(choices: &mut Choices, block: &Block, like: &Value, unknowns: bool) -> Value {
    let mut config = BTreeMap::new();
    for attribute in &block.attributes {
        let like = like.get(attribute.name);
        let value = match (attribute.mode, choices.below(4)) {
            (Mode::Computed, _) => Value::Null,
            (Mode::Optional | Mode::OptionalComputed, 3) => Value::Null,
            (Mode::Required, 0 | 1) if like.is_null() => present(choices, &attribute.ty, unknowns),
            (_, 0 | 1) => like.clone(),
            _ if unknowns && choices.once_in(3) => Value::Unknown,
            _ => present(choices, &attribute.ty, unknowns),
        };
        config.insert(attribute.name.to_owned(), value);
    }
    for nested in &block.blocks {
        let like = like.get(nested.name);
        let value = match nested.nesting {
            _ if unknowns && choices.once_in(8) => Value::Unknown,
            Nesting::Single if choices.once_in(3) => Value::Null,
            Nesting::Single => self::config(choices, &nested.block, like, unknowns),
            Nesting::List { .. } => {
                let like = like.as_items().unwrap_or_default();
                let elements = (0..choices.below(4)).map(|index| {
                    let like = like.get(index).unwrap_or(&Value::Null);
                    self::config(choices, &nested.block, like, unknowns)
                });
                Value::List(elements.collect())
            }
        };
        config.insert(nested.name.to_owned(), value);
    }
    Value::Object(config)
}

/// Any state of an object that exists.
pub(crate) fn state(choices: &mut Choices, block: &Block) -> Value {
    let attributes = block.attributes.iter();
    let mut state = Value::object(attributes.map(|a| (a.name, value(choices, &a.ty, false))));
    for nested in &block.blocks {
        let value = match nested.nesting {
            Nesting::Single if choices.once_in(3) => Value::Null,
            Nesting::Single => self::state(choices, &nested.block),
            Nesting::List { .. } => {
                let count = choices.below(4);
                Value::List((0..count).map(|_| self::state(choices, &nested.block)).collect())
            }
        };
        state.set(nested.name, value);
    }
    state
}

/// What the configuration turns out to be once all it refers to is known.
pub(crate) fn known_config(choices: &mut Choices, block: &Block, config: &Value) -> Value {
    let mut known = BTreeMap::new();
    for attribute in &block.attributes {
        let value = match config.get(attribute.name) {
            Value::Unknown if attribute.mode == Mode::Required => {
                present(choices, &attribute.ty, false)
            }
            value => known_value(choices, &attribute.ty, value),
        };
        known.insert(attribute.name.to_owned(), value);
    }
    for nested in &block.blocks {
        let block = &nested.block;
        let value = match (config.get(nested.name), nested.nesting) {
            (Value::Null, _) => Value::Null,
            (Value::Unknown, Nesting::Single) => self::config(choices, block, &Value::Null, false),
            (Value::Unknown, Nesting::List { .. }) => {
                let count = choices.below(4);
                let element = |_| self::config(choices, block, &Value::Null, false);
                Value::List((0..count).map(element).collect())
            }
            (Value::List(elements), _) => {
                let elements = elements.iter();
                Value::List(elements.map(|element| known_config(choices, block, element)).collect())
            }
            (config, _) => known_config(choices, block, config),
        };
        known.insert(nested.name.to_owned(), value);
    }
    Value::Object(known)
}

/// The value with something known in place of every unknown: what applying a plan might bring.
pub(crate) fn known_value(choices: &mut Choices, of: &Type, value: &Value) -> Value {
    match (value, of) {
        (Value::Unknown, _) => self::value(choices, of, false),
        (Value::List(items), Type::List(of)) => {
            Value::List(items.iter().map(|item| known_value(choices, of, item)).collect())
        }
        (Value::Set(items), Type::Set(of)) => {
            Value::Set(items.iter().map(|item| known_value(choices, of, item)).collect())
        }
        (Value::Map(entries), Type::Map(of)) => {
            Value::map(entries.iter().map(|(key, v)| (key, known_value(choices, of, v))))
        }
        (Value::Object(object), Type::Object(of)) => {
            Value::object(object.iter().map(|(name, v)| (name, known_value(choices, &of[name], v))))
        }
        (known, _) => known.clone(),
    }
}
