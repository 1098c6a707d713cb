//! GetFunctions and CallFunction.

use std::collections::BTreeSet;

use terraform_provider_aws_workspaces::rpc::proto::{
    DynamicValue, call_function, get_functions, get_metadata, get_provider_schema,
};
use terraform_provider_aws_workspaces::tf::{Type, Value, msgpack};

use super::session::Session;
use crate::support::requests::{errors, no_errors, type_from_json};

const ARN: &str = "arn:aws:workspaces:eu-west-1:123456789012:workspace/ws-0f1e2d3c4";

async fn call(session: &Session, name: &str, arguments: &[Value]) -> call_function::Response {
    let message = |value: &Value| DynamicValue {
        msgpack: msgpack::encode(value, &Type::String).expect("a string"),
        json: Vec::new(),
    };
    let arguments = arguments.iter().map(message).collect();
    let request = call_function::Request { name: name.to_owned(), arguments };
    session.core.client.clone().call_function(request).await.expect("OK").into_inner()
}

#[tokio::test]
async fn the_schema_the_metadata_and_the_list_name_the_same_functions() {
    let session = Session::unconfigured().await;
    let mut client = session.core.client.clone();
    let metadata = client.get_metadata(get_metadata::Request {}).await.expect("OK").into_inner();
    let schemas = client.get_provider_schema(get_provider_schema::Request {}).await;
    let functions = schemas.expect("OK").into_inner().functions;
    let listed = client.get_functions(get_functions::Request {}).await.expect("OK").into_inner();
    assert_eq!(errors(&listed.diagnostics), no_errors());
    assert_eq!(listed.functions, functions);
    let named: BTreeSet<_> = metadata.functions.into_iter().map(|each| each.name).collect();
    assert_eq!(named, functions.keys().cloned().collect());
    for (name, function) in &functions {
        let is_valid =
            |name: &str| name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_');
        assert!(is_valid(name), "{name}");
        assert!(!function.summary.is_empty() && !function.description.is_empty(), "{name}");
        let parameters: BTreeSet<_> = function.parameters.iter().map(|each| &each.name).collect();
        assert_eq!(parameters.len(), function.parameters.len(), "{name}: names are unique");
        for parameter in &function.parameters {
            assert!(is_valid(&parameter.name) && !parameter.description.is_empty(), "{name}");
            assert!(!parameter.allow_null_value && !parameter.allow_unknown_values, "{name}");
        }
        let result = function.r#return.as_ref().expect("a result");
        assert!(!result.r#type.is_empty(), "{name}");
    }
}

#[tokio::test]
async fn a_function_works_before_the_provider_is_configured_and_gives_the_same_each_time() {
    let session = Session::unconfigured().await;
    for _ in 0..2 {
        let id = ["ws-0f1e2d3c4".into(), "eu-west-1".into()];
        let answer = call(&session, "standby_import_id", &id).await;
        assert_eq!(answer.error, None);
        let result = msgpack::decode(&answer.result.expect("a result").msgpack, &Type::String);
        assert_eq!(result, Ok("ws-0f1e2d3c4@eu-west-1".into()));

        let answer = call(&session, "parse_standby_arn", &[ARN.into()]).await;
        let functions = session.core.client.clone().get_functions(get_functions::Request {}).await;
        let functions = functions.expect("OK").into_inner().functions;
        let ty = &functions["parse_standby_arn"].r#return.as_ref().expect("a result").r#type;
        let result =
            msgpack::decode(&answer.result.expect("a result").msgpack, &type_from_json(ty));
        let parts = result.expect("an object");
        assert_eq!(parts.get("region"), &Value::from("eu-west-1"));
        assert_eq!(parts.get("account_id"), &Value::from("123456789012"));
        assert_eq!(parts.get("id"), &Value::from("ws-0f1e2d3c4"));
        assert_eq!(parts.get("partition"), &Value::from("aws"));
    }
    assert_eq!(session.calls(), 0);
}

#[tokio::test]
async fn an_error_names_the_argument_that_is_wrong() {
    let session = Session::unconfigured().await;
    let (id, region) = (Value::from("ws-0f1e2d3c4"), Value::from("eu-west-1"));
    for (name, arguments, argument) in [
        ("standby_import_id", vec!["i-0".into(), region.clone()], Some(0)),
        ("standby_import_id", vec![id.clone(), "Ireland".into()], Some(1)),
        ("standby_import_id", vec![Value::Null, region.clone()], Some(0)),
        ("standby_import_id", vec![id.clone(), Value::Unknown], Some(1)),
        ("standby_import_id", vec![id.clone()], None),
        ("parse_standby_arn", vec!["arn".into()], Some(0)),
        ("nothing", vec![], None),
    ] {
        let answer = call(&session, name, &arguments).await;
        let error = answer.error.expect("an error");
        assert_eq!(error.function_argument, argument, "{name} {arguments:?}");
        assert!(!error.text.is_empty() && answer.result.is_none(), "{name} {arguments:?}");
    }
    let broken = DynamicValue { msgpack: vec![0xc1], json: Vec::new() };
    let request =
        call_function::Request { name: "parse_standby_arn".to_owned(), arguments: vec![broken] };
    let answer = session.core.client.clone().call_function(request).await.expect("OK").into_inner();
    assert_eq!(answer.error.expect("an error").function_argument, Some(0));
}
