//! Attributes as Rust types.
//!
//! Terraform's values are decoded into a model once, when a request comes in, and encoded once, when
//! its answer goes out. The schema stays the one declaration: a test compares each model with it.

use std::collections::BTreeMap;

use crate::tf::Value;

/// The value of one attribute: absent, not known until after the apply, or known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::provider) enum Attr<T> {
    #[default]
    Null,
    Unknown,
    Known(T),
}

/// The tags of a resource; a value may be unknown while Terraform plans.
pub(in crate::provider) type Tags = BTreeMap<String, Attr<String>>;

/// A Rust type that an attribute can have.
pub(in crate::provider) trait Field: Clone + PartialEq {
    /// From a known value; nothing where the value has another type.
    fn decode(value: &Value) -> Option<Self>;

    /// As a known value.
    fn encode(&self) -> Value;

    /// With each unknown part replaced by the actual one, or by null where there is none.
    #[must_use]
    fn settled(self, _actual: Option<&Self>) -> Self {
        self
    }

    /// Whether no part is unknown.
    fn is_wholly_known(&self) -> bool {
        true
    }
}

impl<T> Attr<T> {
    /// The value, where it is known.
    pub(in crate::provider) fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Null | Self::Unknown => None,
        }
    }

    pub(in crate::provider) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    pub(in crate::provider) fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// Takes a new value where there is one.
    pub(in crate::provider) fn update(&mut self, value: Option<impl Into<T>>) {
        if let Some(value) = value {
            *self = Self::Known(value.into());
        }
    }
}

impl<T: Field> Attr<T> {
    pub(in crate::provider) fn decode(value: &Value) -> Self {
        match value {
            Value::Unknown => Self::Unknown,
            Value::Null => Self::Null,
            known => T::decode(known).map_or(Self::Null, Self::Known),
        }
    }

    pub(in crate::provider) fn encode(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Unknown => Value::Unknown,
            Self::Known(value) => value.encode(),
        }
    }

    /// What an apply gives back for a planned value: a known one as it was planned, because
    /// Terraform insists on it, and an unknown one as it is now.
    #[must_use]
    pub(in crate::provider) fn settled(self, actual: &Self) -> Self {
        match self {
            Self::Null => Self::Null,
            Self::Unknown => match actual {
                Self::Known(actual) => Self::Known(actual.clone().settled(None)),
                Self::Null | Self::Unknown => Self::Null,
            },
            Self::Known(planned) => Self::Known(planned.settled(actual.known())),
        }
    }

    pub(in crate::provider) fn is_wholly_known(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Unknown => false,
            Self::Known(value) => value.is_wholly_known(),
        }
    }
}

impl Attr<String> {
    /// The text, where it is known.
    pub(in crate::provider) fn as_str(&self) -> Option<&str> {
        self.known().map(String::as_str)
    }

    /// The text, or an empty one.
    pub(in crate::provider) fn text(&self) -> String {
        self.as_str().unwrap_or_default().to_owned()
    }
}

impl<T, U: Into<T>> From<Option<U>> for Attr<T> {
    fn from(value: Option<U>) -> Self {
        value.map_or(Self::Null, |value| Self::Known(value.into()))
    }
}

impl From<&str> for Attr<String> {
    fn from(text: &str) -> Self {
        Self::Known(text.to_owned())
    }
}

impl Field for String {
    fn decode(value: &Value) -> Option<Self> {
        value.as_str().map(str::to_owned)
    }

    fn encode(&self) -> Value {
        self.as_str().into()
    }
}

impl Field for bool {
    fn decode(value: &Value) -> Option<Self> {
        value.as_bool()
    }

    fn encode(&self) -> Value {
        (*self).into()
    }
}

impl Field for Value {
    fn decode(value: &Value) -> Option<Self> {
        Some(value.clone())
    }

    fn encode(&self) -> Value {
        self.clone()
    }
}

impl<T: Field> Field for Vec<T> {
    fn decode(value: &Value) -> Option<Self> {
        value.as_items()?.iter().map(T::decode).collect()
    }

    fn encode(&self) -> Value {
        Value::List(self.iter().map(T::encode).collect())
    }
}

impl Field for Tags {
    fn decode(value: &Value) -> Option<Self> {
        let entries = value.as_entries()?.iter();
        Some(entries.map(|(key, value)| (key.clone(), Attr::decode(value))).collect())
    }

    fn encode(&self) -> Value {
        Value::map(self.iter().map(|(key, value)| (key.clone(), value.encode())))
    }

    fn settled(self, actual: Option<&Self>) -> Self {
        let entry = |(key, value): (String, Attr<String>)| {
            let now = actual.and_then(|actual| actual.get(&key)).unwrap_or(&Attr::Null);
            let value = value.settled(now);
            (key, value)
        };
        self.into_iter().map(entry).collect()
    }

    fn is_wholly_known(&self) -> bool {
        self.values().all(Attr::is_wholly_known)
    }
}

/// Declares a model: a struct with one [`Attr`] for each attribute, by the attribute's name.
macro_rules! model {
    (
        $(#[$about:meta])*
        struct $name:ident { $($field:ident: $of:ty,)* }
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub(in crate::provider) struct $name {
            $(pub(in crate::provider) $field: $crate::provider::attr::Attr<$of>,)*
        }

        impl $crate::provider::attr::Field for $name {
            fn decode(value: &$crate::tf::Value) -> Option<Self> {
                value.as_entries()?;
                Some(Self {
                    $($field: $crate::provider::attr::Attr::decode(value.get(stringify!($field))),)*
                })
            }

            fn encode(&self) -> $crate::tf::Value {
                $crate::tf::Value::object([$((stringify!($field), self.$field.encode()),)*])
            }

            fn settled(self, actual: Option<&Self>) -> Self {
                let nothing = Self::default();
                let actual = actual.unwrap_or(&nothing);
                Self { $($field: self.$field.settled(&actual.$field),)* }
            }

            fn is_wholly_known(&self) -> bool {
                $(self.$field.is_wholly_known())&&*
            }
        }
    };
}
pub(in crate::provider) use model;

#[cfg(test)]
pub(in crate::provider) mod tests {
    use super::*;
    use crate::tf::{Block, Nesting, Type};

    /// Fails unless the model holds every attribute and block of the schema, in its type, and
    /// nothing else.
    pub(in crate::provider) fn assert_fits<T: Field + Default>(block: &Block) {
        for leaf in [None, Some(Value::Null), Some(Value::Unknown)] {
            let whole = example(block, leaf.as_ref());
            let decoded = T::decode(&whole).expect("a block is an object");
            assert_eq!(decoded.encode(), whole, "the model and the schema differ");
        }
    }

    fn example(block: &Block, leaf: Option<&Value>) -> Value {
        let of = |ty: &Type| leaf.cloned().unwrap_or_else(|| value(ty));
        let attributes = block.attributes.iter().map(|one| (one.name, of(&one.ty)));
        let blocks = block.blocks.iter().map(|nested| {
            let inner = example(&nested.block, leaf);
            let inner = match nested.nesting {
                Nesting::Single => inner,
                Nesting::List { .. } => Value::List(vec![inner]),
            };
            (nested.name, inner)
        });
        Value::object(attributes.chain(blocks))
    }

    fn value(ty: &Type) -> Value {
        match ty {
            Type::Bool => true.into(),
            Type::Number => 7.into(),
            Type::String => "text".into(),
            Type::List(of) => Value::List(vec![value(of)]),
            Type::Set(of) => Value::Set(vec![value(of)]),
            Type::Map(of) => Value::map([("key", value(of))]),
            Type::Object(attributes) => {
                Value::object(attributes.iter().map(|(name, of)| (name.clone(), value(of))))
            }
        }
    }

    #[test]
    fn what_was_planned_is_kept_and_what_was_unknown_is_filled_in() {
        let known = |text: &str| Attr::Known(text.to_owned());
        for (planned, actual, settled) in [
            (known("a"), known("b"), known("a")),
            (Attr::Null, known("b"), Attr::Null),
            (Attr::Unknown, known("b"), known("b")),
            (Attr::Unknown, Attr::Unknown, Attr::Null),
        ] {
            assert_eq!(planned.clone().settled(&actual), settled, "{planned:?} and {actual:?}");
        }
        let tags = |value| Attr::Known(Tags::from([("a".to_owned(), value)]));
        assert_eq!(tags(Attr::Unknown).settled(&tags(known("1"))), tags(known("1")));
        assert_eq!(tags(Attr::Unknown).settled(&Attr::Null), tags(Attr::Null));
    }
}
