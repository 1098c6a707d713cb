use std::collections::BTreeMap;

/// A type constraint of an attribute.
///
/// Terraform also has `dynamic` and `tuple`. No schema of this provider uses them, so they are not
/// supported here.
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
    /// Distinct values of one type, without an order.
    Set(Box<Type>),
    /// Values of one type by key.
    Map(Box<Type>),
    /// Values of various types by attribute name.
    Object(BTreeMap<String, Type>),
}

impl Type {
    /// A list of the given type.
    pub fn list(element: Self) -> Self {
        Self::List(Box::new(element))
    }

    /// A set of the given type.
    pub fn set(element: Self) -> Self {
        Self::Set(Box::new(element))
    }

    /// A map of the given type.
    pub fn map(element: Self) -> Self {
        Self::Map(Box::new(element))
    }

    /// An object of the given attributes.
    pub fn object(attributes: impl IntoIterator<Item = (&'static str, Self)>) -> Self {
        Self::Object(attributes.into_iter().map(|(name, ty)| (name.to_owned(), ty)).collect())
    }

    /// The JSON form of the type in a schema, for example `"string"` or `["map","string"]`.
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Bool => "bool".into(),
            Self::Number => "number".into(),
            Self::String => "string".into(),
            Self::List(element) => serde_json::json!(["list", element.to_json()]),
            Self::Set(element) => serde_json::json!(["set", element.to_json()]),
            Self::Map(element) => serde_json::json!(["map", element.to_json()]),
            Self::Object(attributes) => {
                let attributes: serde_json::Map<_, _> =
                    attributes.iter().map(|(name, ty)| (name.clone(), ty.to_json())).collect();
                serde_json::json!(["object", attributes])
            }
        }
    }

    /// A value of this type in a message: "a string", "a map of strings".
    pub fn friendly_name(&self) -> String {
        match self {
            Self::Bool => "a bool".to_owned(),
            Self::Number => "a number".to_owned(),
            Self::String => "a string".to_owned(),
            Self::List(element) => format!("a list of {}", element.plural()),
            Self::Set(element) => format!("a set of {}", element.plural()),
            Self::Map(element) => format!("a map of {}", element.plural()),
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
