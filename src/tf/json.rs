//! Values in JSON, decoded by type.
//!
//! Terraform stores states and identities in this form and sends them to the provider to be
//! upgraded. See the JSON part of its
//! [object wire format](https://github.com/hashicorp/terraform/blob/main/docs/plugin-protocol/object-wire-format.md).
//! JSON has no unknown values.

use std::collections::BTreeMap;

use super::{Error, Number, Step, Type, Value};

/// Decodes a value of the given type.
///
/// Another version of the provider may have written the state, so a missing attribute is null and an
/// attribute that the type does not have is ignored. Numbers keep every digit.
///
/// # Errors
/// The text is not JSON, or a value does not match the type; then with its path.
pub fn decode(bytes: &[u8], ty: &Type) -> Result<Value, Error> {
    let json = serde_json::from_slice(bytes)
        .map_err(|error| Error::here(format!("the text is not valid JSON: {error}")))?;
    read(json, ty)
}

/// Encodes a value as JSON. Unknown values become null.
pub fn encode(value: &Value) -> serde_json::Value {
    match value {
        Value::Null | Value::Unknown => serde_json::Value::Null,
        Value::Bool(truth) => (*truth).into(),
        Value::Number(number) => {
            // The text of a Number is always a JSON number.
            serde_json::Number::from_string_unchecked(number.to_string()).into()
        }
        Value::String(text) => text.as_str().into(),
        Value::List(items) | Value::Set(items) => items.iter().map(encode).collect(),
        Value::Map(entries) | Value::Object(entries) => {
            entries.iter().map(|(key, value)| (key.clone(), encode(value))).collect()
        }
    }
}

fn read(json: serde_json::Value, ty: &Type) -> Result<Value, Error> {
    use serde_json::Value as Json;
    Ok(match (ty, json) {
        (_, Json::Null) => Value::Null,
        (Type::Bool, Json::Bool(truth)) => Value::Bool(truth),
        (Type::Number, Json::Number(number)) => {
            let number = Number::parse(number.as_str());
            Value::Number(number.map_err(|problem| {
                Error::here(format!("a number is required, but this is {problem}"))
            })?)
        }
        (Type::String, Json::String(text)) => Value::String(text),
        (Type::List(element), Json::Array(items)) => {
            let items = items.into_iter().enumerate().map(|(index, item)| {
                read(item, element).map_err(|error| error.below(Step::index(index)))
            });
            Value::List(items.collect::<Result<_, _>>()?)
        }
        (Type::Set(element), Json::Array(items)) => {
            let items = items.into_iter().map(|item| read(item, element).map_err(Error::in_set));
            Value::Set(items.collect::<Result<_, _>>()?)
        }
        (Type::Map(element), Json::Object(entries)) => {
            let entries = entries.into_iter().map(|(key, entry)| match read(entry, element) {
                Ok(value) => Ok((key, value)),
                Err(error) => Err(error.below(Step::Key(key))),
            });
            Value::Map(entries.collect::<Result<_, _>>()?)
        }
        (Type::Object(attributes), Json::Object(mut object)) => {
            let mut read_attribute = |(name, ty): (&String, &Type)| {
                let json = object.remove(name).unwrap_or(Json::Null);
                let value = read(json, ty);
                let value = value.map_err(|error| error.below(Step::Attribute(name.clone())))?;
                Ok((name.clone(), value))
            };
            let object = attributes.iter().map(&mut read_attribute);
            Value::Object(object.collect::<Result<BTreeMap<_, _>, _>>()?)
        }
        (ty, json) => {
            let (required, found) = (ty.friendly_name(), kind(&json));
            return Err(Error::here(format!("{required} is required, but this is {found}")));
        }
    })
}

fn kind(json: &serde_json::Value) -> &'static str {
    match json {
        serde_json::Value::Null => "null",
        serde_json::Value::Bool(_) => "a bool",
        serde_json::Value::Number(_) => "a number",
        serde_json::Value::String(_) => "a string",
        serde_json::Value::Array(_) => "a list",
        serde_json::Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state() -> Type {
        Type::object([
            ("id", Type::String),
            ("size", Type::Number),
            ("tags", Type::map(Type::String)),
            ("zones", Type::set(Type::list(Type::Bool))),
        ])
    }

    #[test]
    fn a_state_of_another_version_is_decoded() {
        let json = br#"{"id":"ws-1","size":123456789012345678901234567890.5,"gone":[1,{"a":2}]}"#;
        let value = decode(json, &state()).expect("state");
        assert_eq!(value.get("id").as_str(), Some("ws-1"));
        let size = value.get("size").as_number().expect("number").to_string();
        assert_eq!(size, "123456789012345678901234567890.5");
        assert!(value.get("tags").is_null() && value.get("zones").is_null());
        assert_eq!(value.as_entries().expect("object").len(), 4);
        assert_eq!(encode(&value)["size"].to_string(), size);
    }

    #[test]
    fn a_value_that_does_not_match_the_type_is_an_error_with_its_path() {
        for (json, expected) in [
            (r#"{"id":5}"#, "id: a string is required, but this is a number"),
            (r#"{"size":"5"}"#, "size: a number is required, but this is a string"),
            (r#"{"tags":{"k":[]}}"#, "tags[\"k\"]: a string is required, but this is a list"),
            (r#"{"zones":[[true],[1]]}"#, "zones: a bool is required, but this is a number"),
            ("[]", "an object is required, but this is a list"),
            ("{}{}", "the text is not valid JSON: trailing characters at line 1 column 3"),
            ("", "the text is not valid JSON: EOF while parsing a value at line 1 column 0"),
        ] {
            let error = decode(json.as_bytes(), &state()).expect_err(json);
            assert_eq!(error.to_string(), expected);
        }
    }
}
