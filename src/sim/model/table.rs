use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

/// The compiled-in table. It is constant, so this static holds no state.
pub(crate) static MODEL: LazyLock<Model> = LazyLock::new(|| Model::parse(include_str!("api.tsv")));

/// Operations, and the members that each shape has.
#[derive(Debug)]
pub(crate) struct Model {
    operations: HashMap<&'static str, Operation>,
    shapes: HashMap<&'static str, Vec<Member>>,
    elements: HashMap<&'static str, Member>,
}

/// A service, as its requests name it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Service {
    /// In `X-Amz-Target`, and in the path of a CBOR request.
    pub(crate) wire_name: &'static str,
    /// In a credential scope.
    pub(crate) signing_name: &'static str,
    /// What qualifies the names of its errors.
    pub(crate) namespace: &'static str,
}

/// One operation: its service, its name and the names of its two shapes.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) service: Service,
    pub(crate) name: &'static str,
    pub(crate) input: &'static str,
    pub(crate) output: &'static str,
}

/// One member of a structure, or the elements of a list.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) required: bool,
    pub(crate) limits: Limits,
}

/// The type of a member.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    String,
    Integer,
    Boolean,
    Timestamp,
    /// A list; the name is that of an element or a shape.
    List(&'static str),
    Structure(&'static str),
}

/// What a value must satisfy beyond its type: lengths of texts and lists, bounds of numbers.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Limits {
    pub(crate) min: Option<i64>,
    pub(crate) max: Option<i64>,
    pub(crate) pattern: Option<Pattern>,
    #[serde(rename = "enum")]
    pub(crate) values: Option<Vec<String>>,
    /// A secret, which no message repeats.
    pub(crate) sensitive: bool,
}

/// A regular expression of the model, which the whole value must match.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Pattern {
    pub(crate) text: String,
    regex: Regex,
}

impl Pattern {
    pub(crate) fn is_match(&self, value: &str) -> bool {
        self.regex.is_match(value)
    }
}

impl TryFrom<String> for Pattern {
    type Error = regex::Error;

    fn try_from(text: String) -> Result<Self, regex::Error> {
        // AWS's patterns are Java's, whose classes are ASCII.
        let ascii = text
            .replace("\\w", "[0-9A-Za-z_]")
            .replace("\\d", "[0-9]")
            .replace("\\s", "[ \\t\\n\\x0B\\f\\r]");
        Ok(Self { regex: Regex::new(&format!("^(?:{ascii})$"))?, text })
    }
}

impl Model {
    pub(crate) fn operation(&self, name: &str) -> Option<&Operation> {
        self.operations.get(name)
    }

    /// All operations, in no particular order.
    pub(crate) fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.operations.values()
    }

    pub(crate) fn members(&self, shape: &str) -> Option<&[Member]> {
        self.shapes.get(shape).map(Vec::as_slice)
    }

    pub(crate) fn element(&self, name: &str) -> Option<&Member> {
        self.elements.get(name)
    }

    fn parse(table: &'static str) -> Self {
        let mut model =
            Self { operations: HashMap::new(), shapes: HashMap::new(), elements: HashMap::new() };
        let mut service = None;
        for row in table.lines().filter(|row| !row.starts_with('#')) {
            let columns: Vec<&'static str> = row.split('\t').collect();
            match columns[..] {
                ["service", wire_name, signing_name, _protocols, namespace] => {
                    service = Some(Service { wire_name, signing_name, namespace });
                }
                ["op", name, input, output, _errors] => {
                    let service = service.expect("a service row comes before its operations");
                    model.operations.insert(name, Operation { service, name, input, output });
                    model.shapes.entry(input).or_default();
                    model.shapes.entry(output).or_default();
                }
                ["member", shape, name, kind, required, limits] => {
                    let member = Member::parse(name, kind, required == "required", limits);
                    model.shapes.entry(shape).or_default().push(member);
                }
                ["element", _list, name, kind, _, limits] => {
                    model.elements.insert(name, Member::parse(name, kind, true, limits));
                }
                _ => unreachable!("the table is compiled in and a test reads all of it: {row}"),
            }
        }
        model
    }
}

impl Member {
    fn parse(name: &'static str, kind: &'static str, required: bool, limits: &str) -> Self {
        let limits = match limits {
            "" => Limits::default(),
            json => serde_json::from_str(json)
                .expect("the table is compiled in and a test reads all of it"),
        };
        Self { name, kind: Kind::parse(kind), required, limits }
    }
}

impl Kind {
    fn parse(text: &'static str) -> Self {
        match text {
            "string" => Self::String,
            "integer" => Self::Integer,
            "boolean" => Self::Boolean,
            "timestamp" => Self::Timestamp,
            other => match other.strip_prefix("list<").and_then(|rest| rest.strip_suffix('>')) {
                Some(element) => Self::List(element),
                None => Self::Structure(other),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_read_and_every_named_shape_exists() {
        assert!(MODEL.operations.len() >= 30);
        for (shape, members) in &MODEL.shapes {
            for member in members {
                let known = match member.kind {
                    Kind::List(name) => {
                        MODEL.members(name).is_some() || MODEL.element(name).is_some()
                    }
                    Kind::Structure(name) => MODEL.members(name).is_some(),
                    _ => true,
                };
                assert!(known, "{shape}.{} has an unknown type", member.name);
            }
        }
    }
}
