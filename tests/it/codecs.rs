//! Random values survive both encodings, and random bytes never do harm.

use proptest::prelude::*;
use rmp::encode as wire;
use terraform_provider_aws_workspaces::tf::{Type, Value, json, msgpack};

use crate::support::values::{Choices, any_type, cases, choices, value};

/// A type, a value of it, and what else is to be chosen.
fn any_value(unknowns: bool) -> impl Strategy<Value = (Type, Value, Choices)> {
    choices().prop_map(move |mut choices| {
        let of = any_type(&mut choices, 3);
        let value = value(&mut choices, &of, unknowns);
        (of, value, choices)
    })
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn messagepack_keeps_every_value((of, value, _) in any_value(true)) {
        let bytes = msgpack::encode(&value, &of).expect("a value of the type");
        let again = msgpack::decode(&bytes, &of).expect("our own bytes");
        prop_assert_eq!(&again, &value);
        prop_assert_eq!(msgpack::encode(&again, &of).expect("the same value"), bytes);
    }

    #[test]
    fn messagepack_of_others_is_understood((of, value, mut choices) in any_value(true)) {
        let mut bytes = Vec::new();
        spell(&mut choices, &value, &of, &mut bytes);
        prop_assert_eq!(msgpack::decode(&bytes, &of).expect("a value of the type"), value);
    }

    #[test]
    fn json_keeps_every_known_value((of, value, _) in any_value(true)) {
        let text = json::encode(&value).to_string();
        let again = json::decode(text.as_bytes(), &of).expect("our own text");
        prop_assert_eq!(again, value.unknown_as_null());
    }

    #[test]
    fn any_bytes_are_read_or_refused(
        mut choices in choices(),
        bytes in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let of = any_type(&mut choices, 3);
        msgpack::decode(&bytes, &of).ok();
        json::decode(&bytes, &of).ok();
    }

    #[test]
    fn damaged_bytes_are_read_or_refused((of, value, mut choices) in any_value(true)) {
        let mut bytes = Vec::new();
        spell(&mut choices, &value, &of, &mut bytes);
        damage(&mut choices, &mut bytes);
        msgpack::decode(&bytes, &of).ok();
        let mut text = json::encode(&value).to_string().into_bytes();
        damage(&mut choices, &mut text);
        json::decode(&text, &of).ok();
    }

    #[test]
    fn a_cut_message_is_refused((of, value, mut choices) in any_value(true)) {
        let bytes = msgpack::encode(&value, &of).expect("a value of the type");
        let length = choices.below(256).min(bytes.len() - 1);
        prop_assert!(msgpack::decode(&bytes[..length], &of).is_err());
    }
}

/// Writes the value as another implementation might: other widths, another order of keys, refined
/// unknowns.
fn spell(choices: &mut Choices, value: &Value, of: &Type, out: &mut Vec<u8>) {
    const WRITTEN: &str = "a vector takes all bytes";
    match (value, of) {
        (Value::Null, _) => wire::write_nil(out).expect(WRITTEN),
        (Value::Unknown, _) => out.extend_from_slice(choices.of(&UNKNOWNS)),
        (Value::Bool(truth), _) => wire::write_bool(out, *truth).expect(WRITTEN),
        (Value::Number(number), _) => match (number.as_i64(), choices.below(4)) {
            (Some(integer), 0) => wire::write_i64(out, integer).expect(WRITTEN),
            (Some(integer), 1) if integer >= 0 => {
                wire::write_u64(out, integer.unsigned_abs()).expect(WRITTEN);
            }
            (Some(integer), 2) if i16::try_from(integer).is_ok() => {
                wire::write_f32(out, f32::from(i16::try_from(integer).expect("fits")))
                    .expect(WRITTEN);
            }
            _ => wire::write_str(out, number.as_str()).expect(WRITTEN),
        },
        (Value::String(text), _) if choices.once_in(2) => {
            let length = u32::try_from(text.len()).expect("a short text");
            out.push(0xdb);
            out.extend(length.to_be_bytes());
            out.extend(text.as_bytes());
        }
        (Value::String(text), _) => wire::write_str(out, text).expect(WRITTEN),
        (Value::List(items) | Value::Set(items), Type::List(of) | Type::Set(of)) => {
            out.push(0xdd);
            out.extend(u32::try_from(items.len()).expect("a short list").to_be_bytes());
            items.iter().for_each(|item| spell(choices, item, of, out));
        }
        (Value::Map(entries) | Value::Object(entries), of) => {
            let mut entries: Vec<_> = entries.iter().collect();
            if choices.once_in(2) {
                entries.reverse();
            }
            out.push(0xdf);
            out.extend(u32::try_from(entries.len()).expect("a short map").to_be_bytes());
            for (key, entry) in entries {
                wire::write_str(out, key).expect(WRITTEN);
                match of {
                    Type::Map(of) => spell(choices, entry, of, out),
                    Type::Object(attributes) => spell(choices, entry, &attributes[key], out),
                    _ => panic!("{of:?} has no entries"),
                }
            }
        }
        _ => panic!("{value:?} is not {of:?}"),
    }
}

/// Unknown values as they may come: plain, of length zero, another code, and refined as not null,
/// with a prefix, with limits of a number and with limits of a length.
const UNKNOWNS: [&[u8]; 7] = [
    &[0xd4, 0, 0],
    &[0xc7, 0, 0],
    &[0xd4, 0x7f, 1],
    &[0xc7, 3, 12, 0x81, 1, 0xc2],
    &[0xc7, 8, 12, 0x82, 1, 0xc2, 2, 0xa3, b'w', b's', b'-'],
    &[0xc8, 0, 9, 12, 0x82, 3, 0x92, 1, 0xc3, 4, 0x92, 9, 0xc2],
    &[0xc9, 0, 0, 0, 7, 12, 0x83, 1, 0xc2, 5, 1, 6, 9],
];

/// Changes, inserts, removes or cuts off a few bytes.
fn damage(choices: &mut Choices, bytes: &mut Vec<u8>) {
    for _ in 0..=choices.below(3) {
        let at = (choices.below(256) * 256 + choices.below(256)) % bytes.len().max(1);
        let byte = u8::try_from(choices.below(256)).expect("below 256");
        match choices.below(4) {
            _ if bytes.is_empty() => bytes.push(byte),
            0 => bytes[at] = byte,
            1 => bytes.insert(at, byte),
            2 => drop(bytes.remove(at)),
            _ => bytes.truncate(at),
        }
    }
}
