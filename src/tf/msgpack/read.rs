use std::collections::BTreeMap;

use rmp::Marker;

use super::no_such_attribute;
use crate::tf::{Error, Number, Step, Type, Value};

/// Decodes a value of the given type, which must use all the bytes.
///
/// Keys may have any order and numbers any width. Every extension is an unknown value: the protocol
/// allows the provider to ignore the refinements in extension 12.
///
/// # Errors
/// The bytes are not a value of the type; with the path of the invalid value. Memory is allocated
/// for the bytes that arrived, never for a length that the message claims.
pub fn decode(bytes: &[u8], ty: &Type) -> Result<Value, Error> {
    let mut rest = bytes;
    let value = read(&mut rest, ty)?;
    match rest.len() {
        0 => Ok(value),
        left => Err(Error::here(format!("unexpected data after the value ({left} bytes)"))),
    }
}

fn read(rest: &mut &[u8], ty: &Type) -> Result<Value, Error> {
    let marker = marker(rest)?;
    if marker == Marker::Null {
        return Ok(Value::Null);
    }
    if let Some(length) = extension_length(marker, rest)? {
        // One byte is the type of the extension; the payload follows.
        take(rest, length.saturating_add(1))?;
        return Ok(Value::Unknown);
    }
    let mismatch = || {
        let (required, found) = (ty.friendly_name(), marker_name(marker));
        Error::here(format!("{required} is required, but this is {found}"))
    };
    match ty {
        Type::Bool => match marker {
            Marker::True => Ok(Value::Bool(true)),
            Marker::False => Ok(Value::Bool(false)),
            _ => Err(mismatch()),
        },
        Type::Number => Ok(Value::Number(read_number(marker, rest)?.ok_or_else(mismatch)?)),
        Type::String => {
            Ok(Value::String(read_text(marker, rest)?.ok_or_else(mismatch)?.to_owned()))
        }
        Type::List(element) => {
            let length = array_length(marker, rest)?.ok_or_else(mismatch)?;
            let items = read_items(rest, length, element);
            items.map(Value::List).map_err(|(index, error)| error.below(index))
        }
        Type::Set(element) => {
            let length = array_length(marker, rest)?.ok_or_else(mismatch)?;
            read_items(rest, length, element).map(Value::Set).map_err(|(_, error)| error.in_set())
        }
        Type::Map(element) => {
            let length = map_length(marker, rest)?.ok_or_else(mismatch)?;
            read_map(rest, length, element).map(Value::Map)
        }
        Type::Object(attributes) => {
            let length = map_length(marker, rest)?.ok_or_else(mismatch)?;
            read_object(rest, length, attributes).map(Value::Object)
        }
    }
}

fn read_items(
    rest: &mut &[u8],
    length: usize,
    element: &Type,
) -> Result<Vec<Value>, (Step, Error)> {
    // Each element has at least one byte, so a length that is too large ends at the last byte.
    let mut items = Vec::new();
    for index in 0..length {
        items.push(read(rest, element).map_err(|error| (Step::index(index), error))?);
    }
    Ok(items)
}

fn read_map(
    rest: &mut &[u8],
    length: usize,
    element: &Type,
) -> Result<BTreeMap<String, Value>, Error> {
    let mut entries = BTreeMap::new();
    for _ in 0..length {
        let key = read_key(rest)?;
        let value = read(rest, element).map_err(|error| error.below(Step::Key(key.to_owned())))?;
        if entries.insert(key.to_owned(), value).is_some() {
            return Err(Error::here("the key occurs twice").below(Step::Key(key.to_owned())));
        }
    }
    Ok(entries)
}

fn read_object(
    rest: &mut &[u8],
    length: usize,
    attributes: &BTreeMap<String, Type>,
) -> Result<BTreeMap<String, Value>, Error> {
    let mut object = BTreeMap::new();
    for _ in 0..length {
        let name = read_key(rest)?;
        let step = || Step::Attribute(name.to_owned());
        let ty = attributes.get(name).ok_or_else(|| no_such_attribute(name))?;
        let value = read(rest, ty).map_err(|error| error.below(step()))?;
        if object.insert(name.to_owned(), value).is_some() {
            return Err(Error::here("the attribute occurs twice").below(step()));
        }
    }
    match attributes.keys().find(|name| !object.contains_key(*name)) {
        None => Ok(object),
        Some(name) => {
            Err(Error::here("the attribute is missing").below(Step::Attribute(name.clone())))
        }
    }
}

fn read_key<'a>(rest: &mut &'a [u8]) -> Result<&'a str, Error> {
    let marker = marker(rest)?;
    let mismatch =
        || Error::here(format!("keys must be strings, but one is {}", marker_name(marker)));
    read_text(marker, rest)?.ok_or_else(mismatch)
}

fn read_text<'a>(marker: Marker, rest: &mut &'a [u8]) -> Result<Option<&'a str>, Error> {
    let length = match marker {
        Marker::FixStr(length) => usize::from(length),
        Marker::Str8 => length::<1>(rest)?,
        Marker::Str16 => length::<2>(rest)?,
        Marker::Str32 => length::<4>(rest)?,
        _ => return Ok(None),
    };
    let text = std::str::from_utf8(take(rest, length)?);
    text.map(Some).map_err(|_| Error::here("the text is not valid UTF-8"))
}

fn read_number(marker: Marker, rest: &mut &[u8]) -> Result<Option<Number>, Error> {
    let number = match marker {
        Marker::FixPos(number) => Ok(i64::from(number).into()),
        Marker::FixNeg(number) => Ok(i64::from(number).into()),
        Marker::U8 => Ok(i64::from(u8::from_be_bytes(array(rest)?)).into()),
        Marker::U16 => Ok(i64::from(u16::from_be_bytes(array(rest)?)).into()),
        Marker::U32 => Ok(i64::from(u32::from_be_bytes(array(rest)?)).into()),
        Marker::U64 => Ok(u64::from_be_bytes(array(rest)?).into()),
        Marker::I8 => Ok(i64::from(i8::from_be_bytes(array(rest)?)).into()),
        Marker::I16 => Ok(i64::from(i16::from_be_bytes(array(rest)?)).into()),
        Marker::I32 => Ok(i64::from(i32::from_be_bytes(array(rest)?)).into()),
        Marker::I64 => Ok(i64::from_be_bytes(array(rest)?).into()),
        Marker::F32 => Number::from_f64(f32::from_be_bytes(array(rest)?).into()),
        Marker::F64 => Number::from_f64(f64::from_be_bytes(array(rest)?)),
        _ => match read_text(marker, rest)? {
            Some(text) => Number::parse(text),
            None => return Ok(None),
        },
    };
    match number {
        Ok(number) => Ok(Some(number)),
        Err(problem) => Err(Error::here(format!("a number is required, but this is {problem}"))),
    }
}

fn array_length(marker: Marker, rest: &mut &[u8]) -> Result<Option<usize>, Error> {
    Ok(Some(match marker {
        Marker::FixArray(length) => usize::from(length),
        Marker::Array16 => length::<2>(rest)?,
        Marker::Array32 => length::<4>(rest)?,
        _ => return Ok(None),
    }))
}

fn map_length(marker: Marker, rest: &mut &[u8]) -> Result<Option<usize>, Error> {
    Ok(Some(match marker {
        Marker::FixMap(length) => usize::from(length),
        Marker::Map16 => length::<2>(rest)?,
        Marker::Map32 => length::<4>(rest)?,
        _ => return Ok(None),
    }))
}

fn extension_length(marker: Marker, rest: &mut &[u8]) -> Result<Option<usize>, Error> {
    Ok(Some(match marker {
        Marker::FixExt1 => 1,
        Marker::FixExt2 => 2,
        Marker::FixExt4 => 4,
        Marker::FixExt8 => 8,
        Marker::FixExt16 => 16,
        Marker::Ext8 => length::<1>(rest)?,
        Marker::Ext16 => length::<2>(rest)?,
        Marker::Ext32 => length::<4>(rest)?,
        _ => return Ok(None),
    }))
}

fn marker(rest: &mut &[u8]) -> Result<Marker, Error> {
    array::<1>(rest).map(|[byte]| Marker::from_u8(byte))
}

/// A big-endian length of at most four bytes.
fn length<const WIDTH: usize>(rest: &mut &[u8]) -> Result<usize, Error> {
    let bytes: [u8; WIDTH] = array(rest)?;
    Ok(bytes.iter().fold(0, |length, byte| (length << 8) | usize::from(*byte)))
}

fn array<const LENGTH: usize>(rest: &mut &[u8]) -> Result<[u8; LENGTH], Error> {
    let (bytes, after) = rest.split_first_chunk().ok_or_else(truncated)?;
    *rest = after;
    Ok(*bytes)
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> Result<&'a [u8], Error> {
    let (bytes, after) = rest.split_at_checked(length).ok_or_else(truncated)?;
    *rest = after;
    Ok(bytes)
}

fn truncated() -> Error {
    Error::here("the message ends within the value")
}

fn marker_name(marker: Marker) -> &'static str {
    match marker {
        Marker::Null => "null",
        Marker::True | Marker::False => "a bool",
        Marker::FixPos(_) | Marker::FixNeg(_) | Marker::F32 | Marker::F64 => "a number",
        Marker::U8 | Marker::U16 | Marker::U32 | Marker::U64 => "a number",
        Marker::I8 | Marker::I16 | Marker::I32 | Marker::I64 => "a number",
        Marker::FixStr(_) | Marker::Str8 | Marker::Str16 | Marker::Str32 => "a string",
        Marker::FixArray(_) | Marker::Array16 | Marker::Array32 => "a list",
        Marker::FixMap(_) | Marker::Map16 | Marker::Map32 => "a map",
        Marker::Bin8 | Marker::Bin16 | Marker::Bin32 => "binary data",
        Marker::FixExt1 | Marker::FixExt2 | Marker::FixExt4 => "an unknown value",
        Marker::FixExt8 | Marker::FixExt16 => "an unknown value",
        Marker::Ext8 | Marker::Ext16 | Marker::Ext32 => "an unknown value",
        Marker::Reserved => "a byte that is not valid MessagePack",
    }
}
