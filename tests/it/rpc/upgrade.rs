//! UpgradeResourceState and UpgradeResourceIdentity.

use std::collections::HashMap;

use terraform_provider_aws_workspaces::rpc::proto::{RawState, upgrade_resource_state};
use terraform_provider_aws_workspaces::tf::{Type, Value};

use super::session::{Session, map};
use crate::support::requests::{STANDBY, errors, no_errors};

#[tokio::test]
async fn a_state_of_this_version_stays_the_same() {
    let session = Session::unconfigured().await;
    let Type::Object(types) = &session.core.standby.object else {
        panic!("a resource is an object")
    };
    let mut json = serde_json::Map::new();
    let mut expected = session.core.standby.nothing();
    for (name, of) in types {
        let (stored, value) = match of {
            Type::Bool => (serde_json::json!(true), Value::Bool(true)),
            Type::String => {
                (serde_json::json!(format!("the {name}")), Value::from(format!("the {name}")))
            }
            Type::Map(_) => (serde_json::json!({"a": "b"}), map([("a", "b")])),
            _ => (serde_json::Value::Null, Value::Null),
        };
        json.insert(name.clone(), stored);
        expected.set(name, value);
    }
    let (state, diagnostics) =
        session.core.upgrade(0, &serde_json::Value::Object(json).to_string()).await;
    assert_eq!(errors(&diagnostics), no_errors());
    assert_eq!(state, expected);
}

#[tokio::test]
async fn missing_attributes_become_null_and_surplus_ones_are_dropped() {
    let session = Session::unconfigured().await;
    let json = r#"{"id":"ws-0standby1","timeouts":{"create":"1h"},"from_the_future":{"x":[1e400]},"tags":null}"#;
    let (state, diagnostics) = session.core.upgrade(0, json).await;
    assert_eq!(errors(&diagnostics), no_errors());
    let mut expected = session.core.standby.nothing();
    expected.set("id", "ws-0standby1".into());
    expected.set("timeouts", session.timeouts([("create", "1h")]));
    assert_eq!(state, expected);
}

#[tokio::test]
async fn what_cannot_be_read_is_an_error_and_never_null() {
    let session = Session::unconfigured().await;
    let cases = [
        (0, "{"),
        (0, "[]"),
        (0, "null"),
        (0, r#"{"id":["a"]}"#),
        (0, r#"{"tags":"a"}"#),
        (9, "{}"),
        (-1, "{}"),
    ];
    for (version, json) in cases {
        let (state, diagnostics) = session.core.upgrade(version, json).await;
        assert!(!errors(&diagnostics).is_empty(), "{version} {json}");
        assert!(
            diagnostics.iter().all(|diagnostic| !diagnostic.detail.is_empty()),
            "{version} {json}"
        );
        assert!(!matches!(state, Value::Object(_)), "{version} {json}: {state:?}");
    }
}

#[tokio::test]
async fn a_state_of_before_terraform_0_12_is_an_error_that_says_what_to_do() {
    let mut session = Session::unconfigured().await;
    let flatmap = HashMap::from([("id".to_owned(), "ws-0standby1".to_owned())]);
    for raw_state in
        [Some(RawState { json: Vec::new(), flatmap: flatmap.into_iter().collect() }), None]
    {
        let known = raw_state.is_some();
        let request = upgrade_resource_state::Request {
            type_name: STANDBY.to_owned(),
            version: 0,
            raw_state,
        };
        let answer =
            session.core.client.upgrade_resource_state(request).await.expect("OK").into_inner();
        let [problem] = &answer.diagnostics[..] else {
            panic!("one problem was expected: {answer:?}")
        };
        assert!(!known || problem.detail.contains("import"), "{problem:?}");
        assert_eq!(answer.upgraded_state, None);
    }
}

#[tokio::test]
async fn identities_are_upgraded_alike() {
    let session = Session::unconfigured().await;
    let json = r#"{"id":"ws-0standby1","region":"us-west-2","more":1}"#;
    let (identity, diagnostics) = session.core.upgrade_identity(0, json).await;
    assert_eq!(errors(&diagnostics), no_errors());
    let expected = [
        ("id", "ws-0standby1".into()),
        ("region", "us-west-2".into()),
        ("account_id", Value::Null),
    ];
    assert_eq!(identity, Value::object(expected));

    for (version, json) in [(0, "{"), (0, r#"{"id":7.5}"#), (7, "{}"), (-1, "{}")] {
        let (_, diagnostics) = session.core.upgrade_identity(version, json).await;
        assert!(!errors(&diagnostics).is_empty(), "{version} {json}");
    }
}

#[tokio::test]
async fn upgrading_makes_no_call() {
    let session = Session::unconfigured().await;
    session.core.upgrade(0, r#"{"id":"ws-0standby1"}"#).await;
    assert_eq!(session.calls(), 0);
}
