//! From a stored state to the current schema version.

use super::{Error, Path, Type, Value, json};

/// Decodes a stored state, or a stored identity, of the given schema version.
///
/// Attributes that the stored object lacks are null and attributes that the schema does not have are
/// dropped, so adding or removing an attribute needs no new version. No released version has changed
/// the type or the meaning of an attribute yet; the first one that does converts here.
///
/// # Errors
/// The version is negative or newer than `current`, or the stored object does not match its type. A
/// state that cannot be read is never answered with null, which would mean that the object is gone.
pub fn upgrade(version: i64, current: i64, json: &[u8], ty: &Type) -> Result<Value, Error> {
    let error = |problem: String| Error { path: Path::root(), problem };
    if version < 0 {
        return Err(error(format!("schema version {version} is not valid; versions start at 0")));
    }
    if version > current {
        return Err(error(format!(
            "a newer version of this provider wrote it (schema version {version}; this provider \
             supports up to {current}); use that version of the provider or a later one"
        )));
    }
    let value = json::decode(json, ty)?;
    if value.is_null() { Err(error("it is empty".to_owned())) } else { Ok(value) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ty() -> Type {
        Type::object([("id", Type::String), ("size", Type::Number), ("zone", Type::String)])
    }

    #[test]
    fn missing_attributes_are_null_and_unknown_ones_are_dropped() {
        let expected =
            Value::object([("id", "a".into()), ("size", 80.into()), ("zone", Value::Null)]);
        for stored in [r#"{"id":"a","size":80,"zone":null}"#, r#"{"id":"a","size":80,"color":1}"#] {
            assert_eq!(upgrade(0, 0, stored.as_bytes(), &ty()).as_ref(), Ok(&expected), "{stored}");
        }
    }

    #[test]
    fn a_state_that_cannot_be_read_is_an_error_and_never_null() {
        for (version, stored, problem) in [
            (3, r#"{"id":"a"}"#, "newer version of this provider"),
            (-1, r#"{"id":"a"}"#, "versions start at 0"),
            (0, r#"{"id":"a","size":true}"#, "size"),
            (0, "null", "empty"),
            (0, "{", "not valid JSON"),
        ] {
            let error = upgrade(version, 0, stored.as_bytes(), &ty()).unwrap_err();
            assert!(error.to_string().contains(problem), "version {version}: {error}");
        }
    }
}
