use std::collections::BTreeMap;

use jiff::Timestamp;

use super::guard::{Call, Guard};
use super::proto::{
    self, DynamicValue, ResourceIdentityData, apply_resource_change, import_resource_state,
    plan_resource_change, read_resource,
};
use super::{decode, encode};
use crate::provider::{
    Checkpoint, Clock, Environment, ImportTarget, Instance, Outcome, PlannedChange, Provider,
    ResourceType,
};
use crate::tf::{
    Attribute, Block, Diagnostic, Diagnostics, IdentityAttribute, IdentitySchema, NestedBlock,
    Nesting, Path, Schema, Type, Value,
};

#[test]
fn control_characters_of_others_do_not_reach_the_terminal() {
    let hostile = "a\u{1b}]0;title\u{7}\r\u{9b}2Jb\nc\u{7f}é";
    let sent = encode::diagnostics(Diagnostic::error(hostile, hostile).into());
    let shown = "a\\u{1b}]0;title\\u{7}\\r\\u{9b}2Jb\nc\\u{7f}é";
    assert_eq!((sent[0].summary.as_str(), sent[0].detail.as_str()), (shown, shown));
}

#[tokio::test]
async fn a_panic_in_an_apply_saves_the_checkpoint() {
    let (resource, checkpoint) = (thing(), Checkpoint::new());
    let crash = async {
        let id = Value::object([("id", Value::from("t-1"))]);
        checkpoint.record(Instance { state: state("t-1"), private: vec![7], identity: id });
        panic!("after the id is known")
    };
    let call = Call::resource("ApplyResourceChange", resource.name);
    let answer: Result<(), _> = Guard::default().run(call, crash).await;
    let problems = answer.expect_err("it panicked");
    let answer = encode::not_applied(Some(&resource), creation(), checkpoint.take(), problems);

    assert_eq!(read_state(answer.new_state.as_ref()), state("t-1"));
    assert_eq!(answer.private, [7]);
    assert!(answer.new_identity.is_some());
    let [problem] = &answer.diagnostics[..] else { panic!("{:?}", answer.diagnostics) };
    assert_eq!(problem.severity(), proto::diagnostic::Severity::Error);
    assert!(problem.detail.contains("is saved in the state"), "{}", problem.detail);
}

#[test]
fn a_failed_apply_returns_the_checkpoint_or_the_prior_state() {
    let known = |id: &str| Instance {
        state: state(id),
        private: b"checkpoint".to_vec(),
        identity: Value::object([("id", Value::from(id))]),
    };
    let misfit = Instance { state: Value::from("no object"), ..known("t-1") };
    // Name, checkpoint, request; expected state, private state, and whether there is an identity.
    let cases = [
        ("create, nothing known", None, creation(), Value::Null, "planned", false),
        ("create, id known", Some(known("t-1")), creation(), state("t-1"), "checkpoint", true),
        (
            "create, checkpoint unusable",
            Some(misfit.clone()),
            creation(),
            Value::Null,
            "planned",
            false,
        ),
        ("update, nothing known", None, update(), state("t-0"), "planned", true),
        ("update, partly done", Some(known("t-0")), update(), state("t-0"), "checkpoint", true),
        ("update, checkpoint unusable", Some(misfit), update(), state("t-0"), "planned", true),
        ("delete", None, deletion(), state("t-0"), "planned", true),
    ];
    for (name, checkpoint, request, expected, private, identified) in cases {
        let answer = encode::not_applied(Some(&thing()), request, checkpoint, problem());
        assert_eq!(read_state(answer.new_state.as_ref()), expected, "{name}");
        assert_eq!(answer.private, private.as_bytes(), "{name}");
        assert_eq!(answer.new_identity.is_some(), identified, "{name}");
        assert!(!answer.diagnostics.is_empty(), "{name}");
        assert!(!answer.legacy_type_system, "{name}");
    }
}

#[test]
fn a_failed_apply_keeps_a_partial_result_without_unknown_values() {
    let returned = |state| Outcome {
        instance: Instance { state, private: Vec::new(), identity: Value::Null },
        diagnostics: problem(),
    };
    assert_eq!(encode::apply(&thing(), returned(Value::Null)), Err(problem()));

    let mut partial = state("t-1");
    partial.set("tags", Value::Unknown);
    let answer = encode::apply(&thing(), returned(partial)).expect("it has a state");
    let saved = read_state(answer.new_state.as_ref());
    assert_eq!(saved, state("t-1"), "unknown values become null");
}

#[test]
fn a_null_state_without_an_error_means_gone() {
    let gone = Outcome { instance: Instance::absent(), diagnostics: Diagnostics::new() };
    let applied = encode::apply(&thing(), gone.clone()).expect("deleted");
    assert_eq!(read_state(applied.new_state.as_ref()), Value::Null);
    let read = encode::read(&thing(), gone).expect("gone");
    assert_eq!(read_state(read.new_state.as_ref()), Value::Null);
    assert_eq!(read.new_identity, None);
}

#[test]
fn a_failed_read_changes_nothing() {
    let request = read_resource::Request {
        type_name: "thing".to_owned(),
        current_state: Some(message(&state("t-1"))),
        private: b"kept".to_vec(),
        current_identity: Some(identity("t-1")),
        ..read_resource::Request::default()
    };
    let lost = Outcome { instance: Instance::absent(), diagnostics: problem() };
    let problems = encode::read(&thing(), lost).expect_err("the read failed");
    let answer = encode::not_read(request.clone(), problems);
    assert_eq!(answer.new_state, request.current_state);
    assert_eq!(answer.private, request.private);
    assert_eq!(answer.new_identity, request.current_identity);
    assert_eq!(answer.diagnostics.len(), 1);
}

#[test]
fn an_upgrade_never_returns_null() {
    for problems in [Diagnostics::new(), problem()] {
        assert!(encode::upgraded_state(&thing(), (Value::Null, problems)).is_err());
    }
    let answer = encode::upgraded_state(&thing(), (state("t-1"), Diagnostics::new()));
    assert_eq!(
        read_state(answer.expect("it matches the schema").upgraded_state.as_ref()),
        state("t-1")
    );
}

#[test]
fn decoding_reverses_encoding() {
    let mut unknown = state("t-1");
    unknown.set("tags", Value::Unknown);
    unknown.set("inner", Value::List(vec![Value::object([("count", Value::Unknown)])]));
    for state in [Value::Null, state("t-1"), unknown] {
        let message = message(&state);
        assert!(message.json.is_empty(), "responses are MessagePack");
        assert_eq!(read_state(Some(&message)), state);
    }

    let instance = |state, identity| Instance { state, private: vec![1, 2], identity };
    let known = instance(state("t-1"), Value::object([("id", Value::from("t-1"))]));
    for instance in [Instance::absent(), known] {
        let outcome = Outcome { instance: instance.clone(), diagnostics: Diagnostics::new() };
        let answer = encode::read(&thing(), outcome).expect("it matches the schema");
        let request = read_resource::Request {
            current_state: answer.new_state,
            private: answer.private,
            current_identity: answer.new_identity,
            ..read_resource::Request::default()
        };
        assert_eq!(decode::read(&request, &thing()), Ok(instance.clone()));

        let planned = PlannedChange {
            instance: instance.clone(),
            requires_replace: Vec::new(),
            diagnostics: Diagnostics::new(),
        };
        let answer = encode::plan(&thing(), planned).expect("it matches the schema");
        let request = apply_resource_change::Request {
            planned_state: answer.planned_state,
            planned_private: answer.planned_private,
            planned_identity: answer.planned_identity,
            ..apply_resource_change::Request::default()
        };
        let apply = decode::apply(&request, &thing()).expect("it matches the schema");
        assert_eq!(
            (apply.prior, apply.planned, apply.config),
            (Value::Null, instance, Value::Null)
        );
    }
}

#[test]
fn absent_and_empty_messages_are_null_and_json_is_accepted() {
    let ty = thing().schema.value_type();
    let empty = DynamicValue::default();
    let json = DynamicValue { msgpack: Vec::new(), json: br#"{"id":"t-1"}"#.to_vec() };
    assert_eq!(decode::value(None, &ty, "state"), Ok(Value::Null));
    assert_eq!(decode::value(Some(&empty), &ty, "state"), Ok(Value::Null));
    let read = decode::value(Some(&json), &ty, "state").expect("it matches the schema");
    assert_eq!(*read.get("id"), Value::from("t-1"));
}

#[test]
fn all_errors_of_a_request_are_reported_at_once() {
    let broken = || Some(DynamicValue { msgpack: vec![0xc1], json: Vec::new() });
    let request = plan_resource_change::Request {
        prior_state: broken(),
        proposed_new_state: broken(),
        config: broken(),
        prior_identity: Some(ResourceIdentityData { identity_data: broken() }),
        ..plan_resource_change::Request::default()
    };
    let Err(problems) = decode::plan(&request, &thing()) else {
        panic!("the request is not valid")
    };
    let summaries: Vec<_> = problems.iter().map(|problem| problem.summary.as_str()).collect();
    assert_eq!(
        summaries,
        [
            "Cannot read the prior state",
            "Cannot read the identity",
            "Cannot read the proposed state",
            "Cannot read the configuration"
        ]
    );
}

#[test]
fn an_import_has_either_an_id_or_an_identity() {
    let request = |id: &str, identity| import_resource_state::Request {
        type_name: "thing".to_owned(),
        id: id.to_owned(),
        identity,
        client_capabilities: None,
    };
    let by_identity = Value::object([("id", Value::from("t-1"))]);
    let cases = [
        (request("t-1", None), Some(ImportTarget::Id("t-1".to_owned()))),
        (
            request("t-1", Some(ResourceIdentityData::default())),
            Some(ImportTarget::Id("t-1".to_owned())),
        ),
        (request("", Some(identity("t-1"))), Some(ImportTarget::Identity(by_identity))),
        (request("", None), None),
        (request("t-1", Some(identity("t-1"))), None),
    ];
    for (request, expected) in cases {
        assert_eq!(decode::import(&request, &thing()).ok(), expected, "{request:?}");
    }
}

#[test]
fn diagnostics_keep_severity_text_and_path() {
    use proto::attribute_path::step::Selector;
    let path = Path::attribute("tags").key("a b").index(2);
    let all = Diagnostics::from(vec![
        Diagnostic::error("No", "Because.").at(path),
        Diagnostic::warning("Hm", "Perhaps.").at(Path::root()),
    ]);
    let messages = encode::diagnostics(all);
    assert_eq!(messages[0].severity(), proto::diagnostic::Severity::Error);
    assert_eq!((messages[0].summary.as_str(), messages[0].detail.as_str()), ("No", "Because."));
    let steps = messages[0].attribute.clone().expect("it has a path").steps;
    let selectors: Vec<_> = steps.into_iter().filter_map(|step| step.selector).collect();
    let expected = [
        Selector::AttributeName("tags".to_owned()),
        Selector::ElementKeyString("a b".to_owned()),
        Selector::ElementKeyInt(2),
    ];
    assert_eq!(selectors, expected);
    assert_eq!(messages[1].severity(), proto::diagnostic::Severity::Warning);
    assert_eq!(messages[1].attribute, None, "the root path is omitted");
}

/// A resource type with attributes, a map, a nested block and an identity.
fn thing() -> ResourceType {
    let text = |name| Attribute::optional(name, Type::String, "Text.");
    let inner = Block {
        description: "Inner.",
        attributes: vec![Attribute::optional("count", Type::Number, "Number.")],
        blocks: Vec::new(),
    };
    let block = Block {
        description: "Thing.",
        attributes: vec![text("id"), Attribute::optional("tags", Type::map(Type::String), "Tags.")],
        blocks: vec![NestedBlock {
            name: "inner",
            nesting: Nesting::List { maximum: 0 },
            block: inner,
        }],
    };
    let id = IdentityAttribute {
        name: "id",
        ty: Type::String,
        required_for_import: true,
        description: "The id.",
    };
    let clock = Clock::starting_at(Timestamp::UNIX_EPOCH);
    // Only the description is another one: nothing here is called.
    let mut thing = Provider::new(Environment::new(), clock, None).resources()[0];
    thing.name = "thing";
    thing.schema = Box::leak(Box::new(Schema { version: 0, block }));
    thing.identity = Box::leak(Box::new(IdentitySchema { version: 0, attributes: vec![id] }));
    thing
}

fn state(id: &str) -> Value {
    let attributes = [
        ("id", Value::from(id)),
        ("tags", Value::Null),
        ("inner", Value::List(vec![Value::object([("count", Value::from(3))])])),
    ];
    Value::Object(
        attributes
            .map(|(name, value)| (name.to_owned(), value))
            .into_iter()
            .collect::<BTreeMap<_, _>>(),
    )
}

fn creation() -> apply_resource_change::Request {
    let unknown = Value::object([("id", Value::Unknown)]);
    let unknown = encode::value(&unknown, &thing().identity.value_type(), "identity");
    apply_resource_change::Request {
        type_name: "thing".to_owned(),
        prior_state: Some(message(&Value::Null)),
        planned_state: Some(message(&state("t-1"))),
        planned_private: b"planned".to_vec(),
        planned_identity: Some(ResourceIdentityData { identity_data: unknown.ok() }),
        ..apply_resource_change::Request::default()
    }
}

fn update() -> apply_resource_change::Request {
    apply_resource_change::Request {
        prior_state: Some(message(&state("t-0"))),
        planned_identity: Some(identity("t-0")),
        ..creation()
    }
}

fn deletion() -> apply_resource_change::Request {
    apply_resource_change::Request { planned_state: Some(message(&Value::Null)), ..update() }
}

fn identity(id: &str) -> ResourceIdentityData {
    let value = Value::object([("id", Value::from(id))]);
    let message = encode::value(&value, &thing().identity.value_type(), "identity");
    ResourceIdentityData { identity_data: Some(message.expect("it matches the schema")) }
}

fn message(state: &Value) -> DynamicValue {
    encode::value(state, &thing().schema.value_type(), "state").expect("it matches the schema")
}

fn read_state(message: Option<&DynamicValue>) -> Value {
    decode::value(message, &thing().schema.value_type(), "state").expect("it matches the schema")
}

fn problem() -> Diagnostics {
    Diagnostic::error("It failed", "For a reason.").into()
}
