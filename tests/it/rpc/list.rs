//! ValidateListResourceConfig and ListResource.

use terraform_provider_aws_workspaces::rpc::proto::{
    DynamicValue, list_resource, stop_provider, validate_list_resource_config,
};
use terraform_provider_aws_workspaces::sim::builtin;
use terraform_provider_aws_workspaces::tf::Value;

use super::session::{Session, map};
use crate::support::requests::{STANDBY, errors, no_errors, with};

/// The arguments of a query that sets nothing.
fn nothing(session: &Session) -> Value {
    session.core.lists[STANDBY].nothing()
}

#[tokio::test]
async fn a_configuration_is_checked_without_a_call_and_unknown_values_pass() {
    let session = Session::unconfigured().await;
    let list = &session.core.lists[STANDBY];
    for (config, expected) in [
        (Value::Null, vec![]),
        (list.nothing(), vec![]),
        (list.config([("region", Value::Unknown)]), vec![]),
        (list.config([("region", "there".into())]), vec!["region"]),
        (list.config([("directory_id", "here".into())]), vec!["directory_id"]),
        (list.config([("primary_region", "here".into())]), vec!["primary_region"]),
    ] {
        let request = validate_list_resource_config::Request {
            type_name: STANDBY.to_owned(),
            config: list.message(&config),
            include_resource_object: None,
            limit: None,
        };
        let answer = session.core.client.clone().validate_list_resource_config(request).await;
        let found = errors(&answer.expect("OK").into_inner().diagnostics);
        let paths: Vec<_> = found.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, expected, "{config:?}: {found:?}");
    }
    assert_eq!(session.calls(), 0);
}

#[tokio::test]
async fn a_list_gives_an_identity_with_every_event_and_the_object_only_if_it_is_asked_for() {
    let session = Session::start().await;
    let tags = [("tags", map([("Team", "design")]))];
    let created = session.create(&with(&session.config(), tags)).await;
    let imported = session.core.import(created.state.get("id").as_str().unwrap()).await;
    let read = session.core.read(&session.core.imported(&imported)).await.succeeded();
    for whole in [false, true] {
        let events = session.core.list(&nothing(&session), whole, 100).await;
        let [event] = &events[..] else { panic!("one standby: {events:?}") };
        assert_eq!(errors(&event.diagnostic), no_errors());
        assert_eq!(session.core.known_as(event.identity.as_ref()), read.identity);
        assert!(event.display_name.contains(builtin::PRIMARIES[0]), "{}", event.display_name);
        let object = event.resource_object.as_ref();
        let expected = if whole { &read.state } else { &Value::Null };
        assert_eq!(&session.core.standby.value(object), expected);
    }
}

#[tokio::test]
async fn a_limit_is_obeyed_and_zero_is_no_limit() {
    let session = Session::start().await;
    for primary in &builtin::PRIMARIES[..3] {
        session.create(&session.config_for(primary)).await;
    }
    for (limit, expected) in [(1, 1), (2, 2), (3, 3), (100, 3), (0, 3)] {
        let events = session.core.list(&nothing(&session), true, limit).await;
        assert_eq!(events.len(), expected, "{limit}");
        assert!(events.iter().all(|event| event.identity.is_some()), "{events:?}");
    }
}

#[tokio::test]
async fn an_error_is_a_diagnostic_of_the_last_event_and_never_a_failed_call() {
    let session = Session::unconfigured().await;
    let client = session.core.client.clone();
    let broken = DynamicValue { msgpack: vec![0xc1], json: Vec::new() };
    for (type_name, config, expected) in [
        (STANDBY, None, "Provider not configured"),
        ("aws_workspaces_nothing", None, "Unknown list resource"),
        (STANDBY, Some(broken), "Cannot read the configuration"),
    ] {
        let type_name = type_name.to_owned();
        let request = list_resource::Request { type_name, config, ..Default::default() };
        let mut events = client.clone().list_resource(request).await.expect("OK").into_inner();
        let event = events.message().await.expect("OK").expect("an event");
        assert_eq!(errors(&event.diagnostic)[0].1, expected);
        assert_eq!(event.identity, None);
        assert_eq!(events.message().await.expect("OK"), None, "it is the last one");
    }

    session.configure().await;
    session.break_with(&["DescribeWorkspaces:error=AccessDeniedException:1"]);
    let events = session.core.list(&nothing(&session), false, 100).await;
    assert_eq!(errors(&events[0].diagnostic).len(), 1, "{events:?}");
    let unknown = session.core.lists[STANDBY].config([("region", Value::Unknown)]);
    let events = session.core.list(&unknown, false, 100).await;
    assert!(errors(&events[0].diagnostic)[0].1.contains("not known yet"), "{events:?}");
}

#[tokio::test]
async fn a_stop_ends_a_list_with_an_error_and_the_process_serves_on() {
    let session = Session::with_faults(&["DescribeWorkspaces:slow=3600s:1"]).await;
    let (core, config) = (session.core.clone(), nothing(&session));
    let calls = session.calls();
    let listing = tokio::spawn(async move { core.list(&config, false, 100).await });
    while session.calls() == calls {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    session.core.client.clone().stop_provider(stop_provider::Request {}).await.expect("OK");
    let events = listing.await.expect("the list ends");
    assert_eq!(errors(&events[0].diagnostic)[0].1, "The operation was stopped");
    session.break_with(&[]);
    let events = session.core.list(&nothing(&session), false, 100).await;
    assert!(events.is_empty(), "there is no standby: {events:?}");
}
