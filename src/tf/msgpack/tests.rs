use super::*;
use crate::tf::{Number, Type, Value};

fn number(text: &str) -> Value {
    Value::Number(Number::parse(text).expect(text))
}

fn resource() -> Type {
    Type::object([("id", Type::String), ("tags", Type::map(Type::String))])
}

#[test]
fn values_are_encoded_like_terraform() {
    let object = |id: &str| Value::object([("id", Value::from(id)), ("tags", Value::Unknown)]);
    for (value, of, bytes) in [
        (Value::Null, Type::set(Type::Bool), "c0".to_owned()),
        (Value::Unknown, Type::Bool, "d40000".to_owned()),
        (true.into(), Type::Bool, "c3".to_owned()),
        (25.into(), Type::Number, "19".to_owned()),
        ((-1).into(), Type::Number, "ff".to_owned()),
        (200.into(), Type::Number, "ccc8".to_owned()),
        (i64::MAX.into(), Type::Number, "cf7fffffffffffffff".to_owned()),
        (number("1.50"), Type::Number, "cb3ff8000000000000".to_owned()),
        (number("0.1"), Type::Number, format!("a3{}", hex(b"0.1"))),
        (number("1e20"), Type::Number, format!("a4{}", hex(b"1e20"))),
        (number("9223372036854775808"), Type::Number, format!("b3{}", hex(b"9223372036854775808"))),
        ("hé".into(), Type::String, "a368c3a9".to_owned()),
        (Value::List(vec![Value::Null, 1.into()]), Type::list(Type::Number), "92c001".to_owned()),
        (object("x"), resource(), "82a26964a178a474616773d40000".to_owned()),
    ] {
        assert_eq!(hex(&encode(&value, &of).expect("a value of the type")), bytes);
        assert_eq!(decode(&unhex(&bytes), &of).expect(&bytes), value);
    }
}

#[test]
fn other_encodings_of_the_same_value_are_decoded() {
    for (bytes, of, value) in [
        ("cd0019", Type::Number, 25.into()),
        ("d30000000000000019", Type::Number, 25.into()),
        ("cfffffffffffffffff", Type::Number, number("18446744073709551615")),
        ("ca3fc00000", Type::Number, number("1.5")),
        ("cb4039000000000000", Type::Number, 25.into()),
        ("a4312e3530", Type::Number, number("1.5")),
        ("d90178", Type::String, "x".into()),
        ("db0000000178", Type::String, "x".into()),
        ("dc0001c3", Type::set(Type::Bool), Value::Set(vec![true.into()])),
        ("c70000", Type::String, Value::Unknown),
        // An unknown value with refinements: not null, prefix "ws-".
        ("c7080c8201c202a377732d", Type::String, Value::Unknown),
        ("d57f0000", Type::Bool, Value::Unknown),
        ("c900000001050a", Type::list(Type::Bool), Value::Unknown),
        ("df00000002a474616773c0a26964a178", resource(), {
            Value::object([("id", Value::from("x")), ("tags", Value::Null)])
        }),
    ] {
        assert_eq!(decode(&unhex(bytes), &of).expect(bytes), value);
    }
}

#[test]
fn a_value_that_does_not_match_the_type_is_an_error_with_its_path() {
    let lists = Type::object([("a", Type::list(Type::set(Type::Number)))]);
    let cut = "the message ends within the value";
    for (bytes, of, expected) in [
        ("", Type::Bool, cut),
        ("c3c3", Type::Bool, "unexpected data after the value (1 bytes)"),
        ("a178", Type::Bool, "a bool is required, but this is a string"),
        ("c40178", Type::String, "a string is required, but this is binary data"),
        ("a1ff", Type::String, "the text is not valid UTF-8"),
        ("a378", Type::String, cut),
        (
            "c1",
            Type::String,
            "a string is required, but this is a byte that is not valid MessagePack",
        ),
        ("a3616263", Type::Number, "a number is required, but this is not a decimal number"),
        (
            "cb7ff0000000000000",
            Type::Number,
            "a number is required, but this is infinite, and only finite numbers are supported",
        ),
        ("ddffffffff", Type::list(Type::Bool), "[0]: the message ends within the value"),
        ("dfffffffff", Type::map(Type::Bool), cut),
        ("dbffffffff", Type::String, cut),
        ("c9ffffffff00", Type::String, cut),
        ("d40c", Type::String, cut),
        ("81a16101", Type::map(Type::Bool), "[\"a\"]: a bool is required, but this is a number"),
        ("82a161c0a161c0", Type::map(Type::Bool), "[\"a\"]: the key occurs twice"),
        ("81c0c0", Type::map(Type::Bool), "keys must be strings, but one is null"),
        ("81a16192909101", lists.clone(), ""),
        ("81a161929091c3", lists, "a[1]: a number is required, but this is a bool"),
        ("81a26964c0", resource(), "tags: the attribute is missing"),
        ("83a26964c0a474616773c0a178c0", resource(), "x: the schema has no such attribute"),
        ("82a26964c0a26964c0", resource(), "id: the attribute occurs twice"),
        ("82a26964c0a47461677381a16b01", resource(), {
            "tags[\"k\"]: a string is required, but this is a number"
        }),
    ] {
        let error = decode(&unhex(bytes), &of).err().map(|error| error.to_string());
        assert_eq!(error.unwrap_or_default(), expected, "{bytes}");
    }
}

#[test]
fn only_values_of_the_type_are_encoded() {
    let id = |value: Value| Value::object([("id", value)]);
    let error = |value: &Value| encode(value, &resource()).expect_err("refused").to_string();
    assert_eq!(hex(&encode(&id(Value::Null), &resource()).expect("tags are null")), {
        "82a26964c0a474616773c0"
    });
    assert_eq!(error(&id(1.into())), "id: a string is required, but this is a number");
    assert_eq!(error(&Value::from("x")), "an object is required, but this is a string");
    assert_eq!(
        error(&Value::object([("name", Value::Null)])),
        "name: the schema has no such attribute"
    );
    assert_eq!(
        error(&Value::object([("tags", Value::map([("k", Value::from(true))]))])),
        "tags[\"k\"]: a string is required, but this is a bool"
    );
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    let digits = |at| u8::from_str_radix(&text[at..at + 2], 16).expect("hexadecimal digits");
    (0..text.len()).step_by(2).map(digits).collect()
}
