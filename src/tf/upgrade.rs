//! From a stored state of any version to the present one, step by step.

use super::{Error, Path, Type, Value, json};

/// One step from a version to the next.
///
/// A released version's form is written down here in full and never changes again, whatever
/// becomes of the schema.
#[derive(Clone, Debug)]
pub struct Upgrade {
    /// The form in which this version stored its state.
    pub form: Type,
    /// Makes the next version's state of it; a text for the user where that is impossible.
    pub step: fn(Value) -> Result<Value, String>,
}

/// Reads a state that was stored in the form of `version` and brings it to the present form.
///
/// `upgrades` holds the steps from version 0 up, so that the present version is their number.
/// Attributes that a stored state lacks are null, those it has too much are left out.
///
/// # Errors
/// The version is newer than the present one or negative, or the state does not have its form. A
/// state is never lost by turning it into null.
pub fn upgrade(
    version: i64,
    json: &[u8],
    upgrades: &[Upgrade],
    present: &Type,
) -> Result<Value, Error> {
    let refuse = |problem: String| Error { path: Path::root(), problem };
    let newest = upgrades.len();
    let from = usize::try_from(version)
        .map_err(|_| refuse(format!("its form is numbered {version}; numbers start at 0")))?;
    if from > newest {
        return Err(refuse(format!(
            "it was written by a newer version of this provider (its form is {version}, this \
             version knows forms up to {newest}); use that version of the provider, or a later one"
        )));
    }
    let form = upgrades.get(from).map_or(present, |upgrade| &upgrade.form);
    let mut value = json::decode(json, form)?;
    if value.is_null() {
        return Err(refuse("it is empty".to_owned()));
    }
    for upgrade in &upgrades[from..] {
        value = (upgrade.step)(value).map_err(refuse)?;
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Version 0 had `size` in text, version 1 as a number named `size_gib`, version 2 adds `zone`.
    fn upgrades() -> Vec<Upgrade> {
        let zero = Type::object([("id", Type::String), ("size", Type::String)]);
        let one = Type::object([("id", Type::String), ("size_gib", Type::Number)]);
        vec![
            Upgrade {
                form: zero,
                step: |old| {
                    let size = old.get("size").as_str().unwrap_or("0");
                    let size: i64 =
                        size.parse().map_err(|_| "size is no whole number".to_owned())?;
                    let id = old.get("id").clone();
                    Ok(Value::object([("id", id), ("size_gib", size.into())]))
                },
            },
            Upgrade {
                form: one,
                step: |mut old| {
                    old.set("zone", Value::Null);
                    Ok(old)
                },
            },
        ]
    }

    fn present() -> Type {
        let text = || Type::String;
        Type::object([("id", text()), ("size_gib", Type::Number), ("zone", text())])
    }

    #[test]
    fn every_older_version_is_upgraded_step_by_step() {
        let expected = Value::object([
            ("id", Value::from("a")),
            ("size_gib", Value::from(80)),
            ("zone", Value::Null),
        ]);
        for (version, stored) in [
            (0, r#"{"id":"a","size":"80"}"#),
            (1, r#"{"id":"a","size_gib":80}"#),
            (2, r#"{"id":"a","size_gib":80,"zone":null}"#),
            // What is missing is null, what is too much is left out.
            (2, r#"{"id":"a","size_gib":80,"colour":"red"}"#),
        ] {
            let upgraded = upgrade(version, stored.as_bytes(), &upgrades(), &present());
            assert_eq!(upgraded.as_ref(), Ok(&expected), "version {version}: {stored}");
        }
    }

    #[test]
    fn what_cannot_be_upgraded_is_an_error_and_never_null() {
        for (version, stored, problem) in [
            (3, r#"{"id":"a"}"#, "newer version of this provider"),
            (-1, r#"{"id":"a"}"#, "numbers start at 0"),
            (0, r#"{"id":"a","size":"big"}"#, "no whole number"),
            (1, r#"{"id":"a","size_gib":true}"#, "size_gib"),
            (2, "null", "empty"),
            (2, "{", ""),
        ] {
            let error = upgrade(version, stored.as_bytes(), &upgrades(), &present()).unwrap_err();
            assert!(error.to_string().contains(problem), "version {version}: {error}");
        }
    }
}
