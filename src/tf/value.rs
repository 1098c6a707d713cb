use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::Number;

/// A Terraform value of any type, null and unknown possible at every depth.
///
/// A value does not contain its [type](super::Type): the schema has it. `Unknown` is what Terraform
/// shows as "(known after apply)". Decoding drops the refinements of unknown values, which the
/// protocol allows.
///
/// Equality ignores what Terraform ignores: the order of a [`Value::Set`] and the spelling of a
/// [`Number`].
#[derive(Clone, Debug)]
pub enum Value {
    /// No value.
    Null,
    /// A value that is not known yet.
    Unknown,
    /// `true` or `false`.
    Bool(bool),
    /// A decimal number of any size.
    Number(Number),
    /// Text.
    String(String),
    /// A sequence of values of one type.
    List(Vec<Value>),
    /// Distinct values of one type, without an order.
    Set(Vec<Value>),
    /// Values of one type by key.
    Map(BTreeMap<String, Value>),
    /// Values of various types by attribute or block name: a resource, a nested block, an object.
    Object(BTreeMap<String, Value>),
}

impl Value {
    /// An object from its attributes.
    pub fn object<K: Into<String>>(attributes: impl IntoIterator<Item = (K, Self)>) -> Self {
        Self::Object(attributes.into_iter().map(|(k, v)| (k.into(), v)).collect())
    }

    /// A map from its entries.
    pub fn map<K: Into<String>>(entries: impl IntoIterator<Item = (K, Self)>) -> Self {
        Self::Map(entries.into_iter().map(|(k, v)| (k.into(), v)).collect())
    }

    /// A string, or null for `None`.
    pub fn optional_string(text: Option<impl Into<String>>) -> Self {
        text.map_or(Self::Null, |text| Self::String(text.into()))
    }

    /// Whether this value is null. An unknown value is not.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether this value itself is unknown.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// Whether this value and everything inside it is known.
    pub fn is_wholly_known(&self) -> bool {
        match self {
            Self::Unknown => false,
            Self::List(items) | Self::Set(items) => items.iter().all(Self::is_wholly_known),
            Self::Map(entries) | Self::Object(entries) => {
                entries.values().all(Self::is_wholly_known)
            }
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::String(_) => true,
        }
    }

    /// The same value with each unknown replaced by null. Terraform stores the partial result of a
    /// failed apply, and cannot store unknown values.
    #[must_use]
    pub fn unknown_as_null(self) -> Self {
        match self {
            Self::Unknown => Self::Null,
            Self::List(items) => Self::List(items.into_iter().map(Self::unknown_as_null).collect()),
            Self::Set(items) => Self::Set(items.into_iter().map(Self::unknown_as_null).collect()),
            Self::Map(entries) => Self::Map(nulled(entries)),
            Self::Object(attributes) => Self::Object(nulled(attributes)),
            known => known,
        }
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The value of a bool.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(truth) => Some(*truth),
            _ => None,
        }
    }

    /// The value of a number.
    pub fn as_number(&self) -> Option<&Number> {
        match self {
            Self::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The items of a list or set.
    pub fn as_items(&self) -> Option<&[Self]> {
        match self {
            Self::List(items) | Self::Set(items) => Some(items),
            _ => None,
        }
    }

    /// The entries of a map or the attributes of an object.
    pub fn as_entries(&self) -> Option<&BTreeMap<String, Self>> {
        match self {
            Self::Map(entries) | Self::Object(entries) => Some(entries),
            _ => None,
        }
    }

    /// The attribute of an object or the entry of a map. Null if there is none; unknown if this
    /// value is unknown.
    pub fn get(&self, name: &str) -> &Self {
        match self {
            Self::Map(entries) | Self::Object(entries) => entries.get(name).unwrap_or(&Self::Null),
            Self::Unknown => &Self::Unknown,
            _ => &Self::Null,
        }
    }

    /// Sets an attribute of an object. Does nothing to any other value.
    pub fn set(&mut self, name: &str, value: Self) {
        if let Self::Object(attributes) = self {
            attributes.insert(name.to_owned(), value);
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Null => 0,
            Self::Unknown => 1,
            Self::Bool(_) => 2,
            Self::Number(_) => 3,
            Self::String(_) => 4,
            Self::List(_) => 5,
            Self::Set(_) => 6,
            Self::Map(_) => 7,
            Self::Object(_) => 8,
        }
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Value {}

impl PartialOrd for Value {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Value {
    /// An order that agrees with equality, so that the elements of a set can be sorted. It has no
    /// other meaning.
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Bool(a), Self::Bool(b)) => a.cmp(b),
            (Self::Number(a), Self::Number(b)) => a.cmp(b),
            (Self::String(a), Self::String(b)) => a.cmp(b),
            (Self::List(a), Self::List(b)) => a.cmp(b),
            (Self::Set(a), Self::Set(b)) => distinct(a).cmp(&distinct(b)),
            (Self::Map(a), Self::Map(b)) | (Self::Object(a), Self::Object(b)) => a.cmp(b),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number.into())
    }
}

/// The elements of a set, sorted and without duplicates. Unknown elements may differ once they are
/// known, so none of them is a duplicate.
fn distinct(items: &[Value]) -> Vec<&Value> {
    let mut items: Vec<_> = items.iter().collect();
    items.sort();
    items.dedup_by(|a, b| a == b && a.is_wholly_known());
    items
}

fn nulled(entries: BTreeMap<String, Value>) -> BTreeMap<String, Value> {
    entries.into_iter().map(|(key, value)| (key, value.unknown_as_null())).collect()
}
