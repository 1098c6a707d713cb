use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

/// The compiled-in table. It is constant data, so a static is no hidden state.
pub(crate) static MODEL: LazyLock<Model> = LazyLock::new(|| Model::parse(include_str!("api.tsv")));

/// Operations, and the members that each shape has.
#[derive(Debug)]
pub(crate) struct Model {
    operations: HashMap<&'static str, Operation>,
    shapes: HashMap<&'static str, Vec<Member>>,
    elements: HashMap<&'static str, Member>,
}

/// One operation: its name and the names of its two shapes.
#[derive(Debug)]
pub(crate) struct Operation {
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
    #[serde(deserialize_with = "pattern")]
    pub(crate) pattern: Option<Regex>,
    #[serde(rename = "enum")]
    pub(crate) values: Option<Vec<String>>,
}

impl Model {
    pub(crate) fn operation(&self, name: &str) -> Option<&Operation> {
        self.operations.get(name)
    }

    pub(crate) fn operation_names(&self) -> impl Iterator<Item = &'static str> {
        self.operations.keys().copied()
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
        for row in table.lines().filter(|row| !row.starts_with('#')) {
            let columns: Vec<&'static str> = row.split('\t').collect();
            match columns[..] {
                ["op", name, input, output, _errors] => {
                    model.operations.insert(name, Operation { name, input, output });
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

fn pattern<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Regex>, D::Error> {
    let text = String::deserialize(deserializer)?;
    Regex::new(&text).map(Some).map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_read_and_every_named_shape_exists() {
        assert!(MODEL.operations.len() >= 10);
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
