use super::*;
use crate::tf::Type;

fn standby() -> Block {
    Block {
        attributes: vec![
            Attribute::required("primary", Type::String, "").requires_replace(),
            Attribute::optional_computed("region", Type::String, "").requires_replace(),
            Attribute::optional_computed("replication", Type::String, "").defaults_to("OFF"),
            Attribute::optional("tags", Type::map(Type::String), ""),
            Attribute::computed("tags_all", Type::map(Type::String), "").changes_with(&["tags"]),
            Attribute::computed("digest", Type::String, "").changes_with(&["tags_all"]),
            Attribute::computed("id", Type::String, ""),
        ],
        blocks: vec![
            block("timeouts", Nesting::Single, Attribute::optional("create", Type::String, "")),
            block(
                "rule",
                Nesting::List { maximum: 0 },
                Attribute::optional("port", Type::Number, "").requires_replace(),
            ),
        ],
        ..Block::default()
    }
}

fn block(name: &'static str, nesting: Nesting, attribute: Attribute) -> NestedBlock {
    let attributes = vec![attribute, Attribute::computed("seen", Type::String, "")];
    NestedBlock { name, nesting, block: Block { attributes, ..Block::default() } }
}

fn rules(rules: impl IntoIterator<Item = (Value, Value)>) -> Value {
    let rule = |(port, seen)| Value::object([("port", port), ("seen", seen)]);
    Value::List(rules.into_iter().map(rule).collect())
}

fn timeouts(create: impl Into<Value>, seen: Value) -> Value {
    Value::object([("create", create.into()), ("seen", seen)])
}

fn tags(team: Value) -> Value {
    Value::map([("team", team)])
}

/// An object with these attributes. The others are null, and there are no blocks.
fn object<const N: usize>(attributes: [(&str, Value); N]) -> Value {
    let names =
        ["primary", "region", "replication", "tags", "tags_all", "digest", "id", "timeouts"];
    let mut object = Value::object(names.map(|name| (name, Value::Null)));
    object.set("rule", rules([]));
    attributes.into_iter().for_each(|(name, value)| object.set(name, value));
    object
}

/// An object after apply.
fn stored() -> Value {
    object([
        ("primary", "ws-1".into()),
        ("region", "eu-west-1".into()),
        ("replication", "OFF".into()),
        ("tags", tags("a".into())),
        ("tags_all", tags("a".into())),
        ("digest", "d1".into()),
        ("id", "ws-2".into()),
        ("timeouts", timeouts("90m", "yes".into())),
        ("rule", rules([(80.into(), "yes".into()), (443.into(), "yes".into())])),
    ])
}

/// The configuration of [`stored`].
fn configured() -> Value {
    object([
        ("primary", "ws-1".into()),
        ("tags", tags("a".into())),
        ("timeouts", timeouts("90m", Value::Null)),
        ("rule", rules([(80.into(), Value::Null), (443.into(), Value::Null)])),
    ])
}

fn with<const N: usize>(mut object: Value, changes: [(&str, Value); N]) -> Value {
    changes.into_iter().for_each(|(name, value)| object.set(name, value));
    object
}

#[track_caller]
fn check(prior: &Value, config: &Value, expected: &Value, replaced: &[&str]) {
    // Here the configuration is the proposed state, because a null in the proposed state means the
    // prior value. The integration tests use the merge of Terraform.
    let planned = plan(&standby(), prior, config, config);
    assert_eq!(&planned.state, expected);
    let paths: Vec<_> = planned.requires_replace.iter().map(Path::to_string).collect();
    assert_eq!(paths, replaced);
}

#[test]
fn creating_plans_computed_values_as_unknown() {
    let expected = object([
        ("primary", "ws-1".into()),
        ("region", Value::Unknown),
        ("replication", "OFF".into()),
        ("tags", tags(Value::Unknown)),
        ("tags_all", Value::Unknown),
        ("digest", Value::Unknown),
        ("id", Value::Unknown),
        ("timeouts", timeouts("90m", Value::Unknown)),
        ("rule", rules([(80.into(), Value::Unknown), (443.into(), Value::Unknown)])),
    ]);
    check(&Value::Null, &with(configured(), [("tags", tags(Value::Unknown))]), &expected, &[]);
}

#[test]
fn an_unchanged_configuration_plans_the_prior_state() {
    check(&stored(), &configured(), &stored(), &[]);
}

#[test]
fn a_change_makes_only_dependent_values_unknown() {
    let config = with(configured(), [("tags", tags("b".into()))]);
    let expected = with(
        stored(),
        [("tags", tags("b".into())), ("tags_all", Value::Unknown), ("digest", Value::Unknown)],
    );
    check(&stored(), &config, &expected, &[]);
}

#[test]
fn removing_an_argument_plans_its_default() {
    let prior = with(stored(), [("replication", "ON".into())]);
    check(&prior, &configured(), &stored(), &[]);
}

#[test]
fn a_prior_null_stays_null() {
    let prior = with(stored(), [("id", Value::Null), ("region", Value::Null)]);
    check(&prior, &configured(), &prior, &[]);
}

#[test]
fn a_change_or_possible_change_of_an_immutable_argument_requires_replacement() {
    for (name, value) in [
        ("primary", "ws-3".into()),
        ("primary", Value::Unknown),
        ("region", "eu-west-2".into()),
        ("region", Value::Unknown),
    ] {
        let changed = [(name, value)];
        let expected = with(stored(), changed.clone());
        check(&stored(), &with(configured(), changed), &expected, &[name]);
    }
}

#[test]
fn blocks_may_be_added_removed_changed_and_unknown() {
    let rule = |port: Value| (port, Value::Null);
    let seen = |port: Value, seen: Value| (port, seen);
    for (config, expected, replaced) in [
        (rules([]), rules([]), &["rule[0].port", "rule[1].port"][..]),
        (
            rules([rule(80.into()), rule(444.into()), rule(Value::Unknown)]),
            rules([
                seen(80.into(), "yes".into()),
                seen(444.into(), "yes".into()),
                seen(Value::Unknown, Value::Unknown),
            ]),
            &["rule[1].port", "rule[2].port"],
        ),
        (Value::Unknown, Value::Unknown, &["rule"]),
    ] {
        let (config, expected) = ([("rule", config)], [("rule", expected)]);
        check(&stored(), &with(configured(), config), &with(stored(), expected), replaced);
    }
    for (config, expected) in [
        (Value::Null, Value::Null),
        (timeouts("1h", Value::Null), timeouts("1h", "yes".into())),
        (Value::Unknown, Value::Unknown),
    ] {
        let (config, expected) = ([("timeouts", config)], [("timeouts", expected)]);
        check(&stored(), &with(configured(), config), &with(stored(), expected), &[]);
    }
}

#[test]
fn another_spelling_of_the_prior_value_is_not_a_change() {
    let numbers = Attribute::optional("sizes", Type::set(Type::Number), "");
    let block = Block { attributes: vec![numbers], ..Block::default() };
    let sizes = |texts: [&str; 2]| {
        let number = |text| Value::Number(crate::tf::Number::parse(text).expect("a number"));
        Value::object([("sizes", Value::Set(texts.map(number).to_vec()))])
    };
    let (prior, config) = (sizes(["1e20", "2"]), sizes(["2.0", "100000000000000000000"]));
    let planned = plan(&block, &prior, &config, &config).state;
    assert_eq!(format!("{planned:?}"), format!("{prior:?}"));
}

#[test]
fn destroying_plans_null() {
    let planned = plan(&standby(), &stored(), &Value::Null, &Value::Null);
    assert_eq!(planned, Planned { state: Value::Null, requires_replace: vec![] });
}
