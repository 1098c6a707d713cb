use super::*;
use crate::tf::{NestedBlock, Type};

fn provider() -> Block {
    let role = Block {
        attributes: vec![
            Attribute::required("role_arn", Type::String, "")
                .validator(Validator::Pattern("^arn:", "an ARN such as arn:aws:iam::…")),
            Attribute::optional("policy", Type::String, "").validator(Validator::Json),
        ],
        ..Block::default()
    };
    let timeouts = Block {
        attributes: vec![
            Attribute::optional("create", Type::String, "")
                .validator(Validator::Duration(std::time::Duration::from_secs(1))),
        ],
        ..Block::default()
    };
    let list = Nesting::List { maximum: 2 };
    let mut old = Attribute::optional("old", Type::String, "");
    old.deprecated = Some("Use region instead.");
    Block {
        attributes: vec![
            Attribute::required("primary", Type::String, "").validator(Validator::Pattern(
                "^ws-[0-9a-z]+$",
                "a WorkSpace ID such as ws-0123456789",
            )),
            Attribute::optional("mode", Type::String, "")
                .validator(Validator::OneOf(&["standard", "adaptive", "legacy"])),
            Attribute::optional("retries", Type::Number, "").validator(Validator::Between(0, 10)),
            Attribute::optional("tags", Type::map(Type::String), "")
                .validator(Validator::KeyLengthBetween(1, 3))
                .validator(Validator::LengthAtMost(5)),
            Attribute::optional("accounts", Type::set(Type::String), "")
                .validator(Validator::ConflictsWith(&["refused", "role"])),
            Attribute::optional("refused", Type::list(Type::String), "")
                .validator(Validator::ConflictsWith(&["accounts"])),
            Attribute::optional("key", Type::String, "")
                .validator(Validator::AlsoRequires(&["secret"])),
            Attribute::optional("secret", Type::String, "")
                .sensitive()
                .validator(Validator::Pattern("^[0-9]+$", "digits only"))
                .validator(Validator::LengthAtMost(8)),
            Attribute::optional("secrets", Type::map(Type::Number), "").sensitive(),
            old,
            Attribute::computed("id", Type::String, ""),
        ],
        blocks: vec![
            NestedBlock { name: "role", nesting: list, block: role },
            NestedBlock { name: "timeouts", nesting: Nesting::Single, block: timeouts },
        ],
        ..Block::default()
    }
}

/// Each diagnostic as "PATH: SUMMARY. DETAIL", with a prefix for warnings.
fn messages(changes: impl IntoIterator<Item = (&'static str, Value)>) -> Vec<String> {
    let block = provider();
    let names = block.value_type();
    let Type::Object(names) = names else { panic!("a block is an object") };
    let mut config = Value::object(names.into_keys().map(|name| (name, Value::Null)));
    config.set("role", Value::List(vec![]));
    config.set("primary", "ws-1".into());
    changes.into_iter().for_each(|(name, value)| config.set(name, value));
    let messages = check(&block, &config).into_iter().map(|found| {
        let mark = if found.is_error() { "" } else { "warning: " };
        let path = found.path.expect("a path");
        format!("{mark}{path}: {}. {}", found.summary, found.detail)
    });
    messages.collect()
}

fn role(arn: Value, policy: Value) -> Value {
    Value::object([("role_arn", arn), ("policy", policy)])
}

#[test]
fn each_error_has_a_path_and_says_what_to_do() {
    let list = |texts: &[&str]| Value::List(texts.iter().map(|text| (*text).into()).collect());
    for (name, value, expected) in [
        (
            "primary",
            Value::Null,
            "primary: Missing primary. primary is required. Set it to a WorkSpace ID such as ws-0123456789.",
        ),
        (
            "primary",
            "i-1".into(),
            "primary: Invalid primary. Expected a WorkSpace ID such as ws-0123456789, but got \"i-1\".",
        ),
        ("id", "x".into(), {
            "id: Cannot set id. id is read-only: the provider sets it. Remove it from the configuration."
        }),
        ("mode", "fast".into(), {
            "mode: Invalid mode. Expected \"standard\", \"adaptive\" or \"legacy\", but got \"fast\"."
        }),
        ("retries", 11.into(), {
            "retries: Invalid retries. Expected a whole number from 0 to 10, but got 11."
        }),
        ("tags", Value::map([("long", Value::from("x"))]), {
            "tags[\"long\"]: Invalid tags[\"long\"]. Expected a key of 1 to 3 characters, but this one has 4."
        }),
        ("tags", Value::map([("k", Value::from("äöüäöü"))]), {
            "tags[\"k\"]: Invalid tags[\"k\"]. Expected at most 5 characters, but the value has 6. Shorten it."
        }),
        ("accounts", Value::Set(vec![Value::Null]), {
            "accounts: Invalid accounts. The value is null. Set a value, or remove the element."
        }),
        ("refused", Value::List(vec!["1".into(), Value::Null]), {
            "refused[1]: Invalid refused[1]. The value is null. Set a value, or remove the element."
        }),
        ("key", "k".into(), {
            "key: Missing secret. key requires secret. Set secret, or remove key."
        }),
        ("old", "x".into(), "warning: old: old is deprecated. Use region instead."),
        ("timeouts", Value::object([("create", Value::from("90"))]), {
            "timeouts.create: Invalid timeouts.create. Expected a duration such as \"90m\", \
             \"1h30m\" or \"45s\", but got \"90\"."
        }),
        ("role", Value::List(vec![role("arn:x".into(), "{".into())]), {
            "role[0].policy: Invalid role[0].policy. Expected JSON, but parsing failed: EOF \
             while parsing an object at line 1 column 1."
        }),
        (
            "role",
            Value::List(vec![role("arn:x".into(), "{}".into()), role(Value::Null, Value::Null)]),
            {
                "role[1].role_arn: Missing role[1].role_arn. role[1].role_arn is required. Set it to an ARN such as arn:aws:iam::…."
            },
        ),
        ("role", Value::List(vec![role("arn:x".into(), Value::Null); 4]), {
            "role: Too many role blocks. At most 2 role blocks are allowed, but the configuration has 4. Remove 2."
        }),
    ] {
        assert_eq!(messages([(name, value)]), [expected]);
    }
    let both = [("accounts", list(&["1"])), ("refused", list(&["2"]))];
    let conflict = "accounts: accounts conflicts with refused. accounts and refused cannot be used \
                    together. Remove one of them.";
    assert_eq!(messages(both), [conflict]);
    let with_role = [
        ("accounts", list(&["1"])),
        ("role", Value::List(vec![role("arn:x".into(), Value::Null)])),
    ];
    assert_eq!(messages(with_role).len(), 1);
}

#[test]
fn all_errors_are_reported_at_once() {
    let found = messages([("primary", "".into()), ("mode", "".into()), ("retries", (-1).into())]);
    assert_eq!(found.len(), 3, "{found:#?}");
}

#[test]
fn sensitive_values_are_never_shown() {
    let found = messages([
        ("secret", "hunter2-hunter2".into()),
        ("secrets", Value::map([("hunter2", Value::List(vec![Value::Null]))])),
    ]);
    assert_eq!(found.len(), 3, "{found:#?}");
    assert!(found.iter().all(|message| !message.contains("hunter2")), "{found:#?}");
}

#[test]
fn long_values_are_truncated() {
    let found = messages([("primary", "x".repeat(5_000).into())]);
    assert!(found[0].len() < 300 && found[0].contains("x…\""), "{found:#?}");
}

#[test]
fn unknown_values_pass() {
    let Type::Object(names) = provider().value_type() else { panic!("a block is an object") };
    let unknown = Value::object(names.into_keys().map(|name| (name, Value::Unknown)));
    assert!(check(&provider(), &unknown).is_empty());
    assert!(check(&provider(), &Value::Unknown).is_empty());
    let inside = messages([
        ("tags", Value::map([("k", Value::Unknown)])),
        ("accounts", Value::Set(vec![Value::Unknown])),
        ("refused", Value::Unknown),
        ("key", "k".into()),
        ("secret", Value::Unknown),
        ("role", Value::List(vec![Value::Unknown, role(Value::Unknown, Value::Unknown)])),
    ]);
    // A set with one unknown element is set: the conflict with the role blocks is certain.
    assert_eq!(inside.len(), 1, "{inside:#?}");
}
