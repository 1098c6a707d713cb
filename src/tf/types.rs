use std::collections::BTreeMap;

/// A type constraint of an attribute.
///
/// Terraform has two more, `dynamic` and `tuple`; no schema of this provider uses them, so neither
/// the codecs nor the plan rules carry them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// `true` or `false`.
    Bool,
    /// A decimal number of any size.
    Number,
    /// Text.
    String,
    /// A sequence of values of one type.
    List(Box<Type>),
    /// Distinct values of one type without an order.
    Set(Box<Type>),
    /// Values of one type by key.
    Map(Box<Type>),
    /// Values of various types by attribute name.
    Object(BTreeMap<String, Type>),
}

impl Type {
    /// A list of the given type.
    pub fn list(of: Self) -> Self {
        Self::List(Box::new(of))
    }

    /// A set of the given type.
    pub fn set(of: Self) -> Self {
        Self::Set(Box::new(of))
    }

    /// A map of the given type.
    pub fn map(of: Self) -> Self {
        Self::Map(Box::new(of))
    }

    /// An object of the given attributes.
    pub fn object(attributes: impl IntoIterator<Item = (&'static str, Self)>) -> Self {
        Self::Object(attributes.into_iter().map(|(name, of)| (name.to_owned(), of)).collect())
    }

    /// The type's JSON form in schemas, for example `"string"` or `["map","string"]`.
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Bool => "bool".into(),
            Self::Number => "number".into(),
            Self::String => "string".into(),
            Self::List(of) => serde_json::json!(["list", of.to_json()]),
            Self::Set(of) => serde_json::json!(["set", of.to_json()]),
            Self::Map(of) => serde_json::json!(["map", of.to_json()]),
            Self::Object(attributes) => {
                let attributes: serde_json::Map<_, _> =
                    attributes.iter().map(|(name, of)| (name.clone(), of.to_json())).collect();
                serde_json::json!(["object", attributes])
            }
        }
    }

    /// What a user would call a value of this type, with its article: "a string", "a map of strings".
    pub fn described(&self) -> String {
        match self {
            Self::Bool => "a bool".to_owned(),
            Self::Number => "a number".to_owned(),
            Self::String => "a string".to_owned(),
            Self::List(of) => format!("a list of {}", of.plural()),
            Self::Set(of) => format!("a set of {}", of.plural()),
            Self::Map(of) => format!("a map of {}", of.plural()),
            Self::Object(_) => "an object".to_owned(),
        }
    }

    fn plural(&self) -> &'static str {
        match self {
            Self::Bool => "bools",
            Self::Number => "numbers",
            Self::String => "strings",
            Self::List(_) => "lists",
            Self::Set(_) => "sets",
            Self::Map(_) => "maps",
            Self::Object(_) => "objects",
        }
    }
}
