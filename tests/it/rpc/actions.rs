//! ValidateActionConfig, PlanAction and InvokeAction.

use terraform_provider_aws_workspaces::rpc::proto::invoke_action::event::Type;
use terraform_provider_aws_workspaces::rpc::proto::{
    DynamicValue, invoke_action, plan_action, stop_provider, validate_action_config,
};
use terraform_provider_aws_workspaces::sim::builtin;
use terraform_provider_aws_workspaces::tf::Value;

use super::session::Session;
use crate::support::requests::errors;

const STOP: &str = "aws_workspaces_stop_workspaces";

/// The arguments for the first primary.
fn config(session: &Session) -> Value {
    session.core.actions[STOP].config([
        ("workspace_ids", Value::Set(vec![builtin::PRIMARIES[0].into()])),
        ("region", builtin::PRIMARY_REGION.into()),
    ])
}

/// The messages of progress, and the summaries of the errors of the one event that ends them.
fn parts(events: &[invoke_action::Event]) -> (Vec<&str>, Vec<String>) {
    let (last, before) = events.split_last().expect("an event");
    let messages = before.iter().map(|event| match &event.r#type {
        Some(Type::Progress(progress)) => progress.message.as_str(),
        other => panic!("not the last event: {other:?}"),
    });
    let Some(Type::Completed(completed)) = &last.r#type else { panic!("{last:?}") };
    let found = errors(&completed.diagnostics).into_iter().map(|(_, summary)| summary);
    (messages.collect(), found.collect())
}

#[tokio::test]
async fn a_configuration_is_checked_without_a_call_and_unknown_values_pass() {
    let session = Session::unconfigured().await;
    let action = &session.core.actions[STOP];
    let ids = || ("workspace_ids", Value::Set(vec!["ws-0a1b2c3d4".into()]));
    for (config, expected) in [
        (action.config([ids()]), vec![]),
        (action.config([("workspace_ids", Value::Unknown)]), vec![]),
        (action.config([("workspace_ids", Value::Set(vec!["i-0".into()]))]), vec!["workspace_ids"]),
        (action.config([ids(), ("region", "there".into())]), vec!["region"]),
        (action.config([ids(), ("timeout", "soon".into())]), vec!["timeout"]),
    ] {
        let request = validate_action_config::Request {
            type_name: STOP.to_owned(),
            config: action.message(&config),
        };
        let answer = session.core.client.clone().validate_action_config(request).await;
        let found = errors(&answer.expect("OK").into_inner().diagnostics);
        let paths: Vec<_> = found.iter().map(|(path, _)| path.split('[').next().unwrap()).collect();
        assert_eq!(paths, expected, "{config:?}: {found:?}");
        let request = plan_action::Request {
            action_type: STOP.to_owned(),
            config: action.message(&config),
            client_capabilities: None,
        };
        let answer = session.core.client.clone().plan_action(request).await.expect("OK");
        let answer = answer.into_inner();
        assert_eq!(errors(&answer.diagnostics).len(), expected.len());
        assert_eq!(answer.deferred, None);
    }
    assert_eq!(session.calls(), 0);
}

#[tokio::test]
async fn progress_is_followed_by_exactly_one_completed_event() {
    let session = Session::start().await;
    let events = session.core.invoke(STOP, &config(&session)).await;
    let (messages, found) = parts(&events);
    assert_eq!(found, Vec::<String>::new());
    assert_eq!(messages.last(), Some(&"1 of 1 stopped"), "{messages:?}");
}

#[tokio::test]
async fn an_error_is_a_diagnostic_of_the_completed_event_and_never_a_failed_call() {
    let session = Session::unconfigured().await;
    let broken = DynamicValue { msgpack: vec![0xc1], json: Vec::new() };
    let good = session.core.actions[STOP].message(&config(&session));
    for (action_type, config, expected) in [
        (STOP, good, "Provider not configured"),
        ("aws_workspaces_nothing", None, "Unknown action"),
        (STOP, Some(broken), "Cannot read the configuration"),
    ] {
        let action_type = action_type.to_owned();
        let request = invoke_action::Request { action_type, config, client_capabilities: None };
        let events = session.core.client.clone().invoke_action(request).await.expect("OK");
        let mut events = events.into_inner();
        let event = events.message().await.expect("OK").expect("an event");
        assert_eq!(parts(&[event]).1, [expected]);
        assert_eq!(events.message().await.expect("OK"), None, "it is the last one");
    }
}

#[tokio::test]
async fn a_stop_ends_an_action_with_an_error() {
    let session = Session::with_faults(&["DescribeWorkspaces:slow=3600s:1"]).await;
    let (core, config) = (session.core.clone(), config(&session));
    let calls = session.calls();
    let invoking = tokio::spawn(async move { core.invoke(STOP, &config).await });
    while session.calls() == calls {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    session.core.client.clone().stop_provider(stop_provider::Request {}).await.expect("OK");
    let events = invoking.await.expect("the action ends");
    assert_eq!(parts(&events).1, ["The operation was stopped"]);
}
