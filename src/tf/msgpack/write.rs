use rmp::encode::ByteBuf;

use super::no_such_attribute;
use crate::tf::{Error, Number, Step, Type, Value};

/// Encodes a value of the given type, with the keys of maps and objects sorted. An attribute that is
/// missing from an object is written as null.
///
/// # Errors
/// The value does not match the type, or has an attribute that the type does not have; with its
/// path.
pub fn encode(value: &Value, ty: &Type) -> Result<Vec<u8>, Error> {
    let mut out = ByteBuf::new();
    write(&mut out, value, ty)?;
    Ok(out.into_vec())
}

fn write(out: &mut ByteBuf, value: &Value, ty: &Type) -> Result<(), Error> {
    match (value, ty) {
        (Value::Null, _) => {
            let Ok(()) = rmp::encode::write_nil(out);
        }
        // Extension 0 with one byte without a meaning, as Terraform sends it.
        (Value::Unknown, _) => out.as_mut_vec().extend([0xd4, 0, 0]),
        (Value::Bool(truth), Type::Bool) => {
            let Ok(()) = rmp::encode::write_bool(out, *truth);
        }
        (Value::Number(number), Type::Number) => write_number(out, number)?,
        (Value::String(text), Type::String) => write_text(out, text)?,
        (Value::List(items), Type::List(element)) => {
            let Ok(_) = rmp::encode::write_array_len(out, size(items.len())?);
            for (index, item) in items.iter().enumerate() {
                write(out, item, element).map_err(|error| error.below(Step::index(index)))?;
            }
        }
        (Value::Set(items), Type::Set(element)) => {
            let Ok(_) = rmp::encode::write_array_len(out, size(items.len())?);
            for item in items {
                write(out, item, element).map_err(Error::in_set)?;
            }
        }
        (Value::Map(entries), Type::Map(element)) => {
            let Ok(_) = rmp::encode::write_map_len(out, size(entries.len())?);
            for (key, entry) in entries {
                write_text(out, key)?;
                write(out, entry, element).map_err(|error| error.below(Step::Key(key.clone())))?;
            }
        }
        (Value::Object(object), Type::Object(attributes)) => {
            if let Some(name) = object.keys().find(|name| !attributes.contains_key(*name)) {
                return Err(no_such_attribute(name));
            }
            let Ok(_) = rmp::encode::write_map_len(out, size(attributes.len())?);
            for (name, ty) in attributes {
                write_text(out, name)?;
                write(out, object.get(name).unwrap_or(&Value::Null), ty)
                    .map_err(|error| error.below(Step::Attribute(name.clone())))?;
            }
        }
        _ => {
            let (required, found) = (ty.friendly_name(), kind(value));
            return Err(Error::here(format!("{required} is required, but this is {found}")));
        }
    }
    Ok(())
}

fn write_number(out: &mut ByteBuf, number: &Number) -> Result<(), Error> {
    if let Some(integer) = number.as_i64() {
        let Ok(_) = rmp::encode::write_sint(out, integer);
        return Ok(());
    }
    match number.as_exact_f64() {
        // Terraform sends large integers as text, even if a float has exactly their value.
        Some(float) if float.fract() != 0.0 => {
            let Ok(()) = rmp::encode::write_f64(out, float);
            Ok(())
        }
        _ => write_text(out, number.as_str()),
    }
}

fn write_text(out: &mut ByteBuf, text: &str) -> Result<(), Error> {
    size(text.len())?;
    let Ok(()) = rmp::encode::write_str(out, text);
    Ok(())
}

fn size(length: usize) -> Result<u32, Error> {
    u32::try_from(length).map_err(|_| Error::here("the value is too large to send"))
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Unknown => "an unknown value",
        Value::Bool(_) => "a bool",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::List(_) => "a list",
        Value::Set(_) => "a set",
        Value::Map(_) => "a map",
        Value::Object(_) => "an object",
    }
}
