//! Requests that Terraform would not make: every one is answered with diagnostics, never with a gRPC status.

use terraform_provider_aws_workspaces::rpc::proto::{
    self, DynamicValue, RawState, ResourceIdentityData, apply_resource_change, configure_provider,
    import_resource_state, plan_resource_change, read_resource, upgrade_resource_identity,
    upgrade_resource_state, validate_data_resource_config, validate_provider_config,
    validate_resource_config,
};
use terraform_provider_aws_workspaces::tf::Value;
use tonic::Code;

use super::session::Session;
use crate::support::requests::{STANDBY, Stored, errors};

#[tokio::test]
async fn an_unknown_resource_type_is_an_error_diagnostic() {
    let session = Session::start().await;
    for (rpc, found) in everywhere(&session, "aws_workspaces_nonsense", None).await {
        assert_eq!(errors(&found).len(), 1, "{rpc}: {found:?}");
        assert!(found[0].detail.contains("aws_workspaces_nonsense"), "{rpc}: {found:?}");
        assert!(found[0].detail.contains(STANDBY), "{rpc} names what there is: {found:?}");
    }
}

#[tokio::test]
async fn a_value_that_cannot_be_decoded_is_an_error_diagnostic() {
    let session = Session::start().await;
    let whole = session.core.standby.message(&session.config()).expect("it is a message").msgpack;
    let broken: [&[u8]; 9] = [
        &[0xc1],
        &[0x00],
        b"\xa5hello",
        &[0x90],
        &[0xdf, 0xff, 0xff, 0xff, 0xff],
        &[0xdd, 0xff, 0xff, 0xff, 0xff],
        &whole[..whole.len() - 1],
        &[&whole[..], &[0xc0]].concat(),
        b"\x81\xa7unknown\xc0",
    ];
    for bytes in broken {
        for (rpc, found) in everywhere(&session, STANDBY, Some(bytes)).await {
            assert!(!errors(&found).is_empty(), "{rpc} with {bytes:?}");
            assert!(
                found
                    .iter()
                    .all(|diagnostic| !diagnostic.summary.is_empty()
                        && !diagnostic.detail.is_empty())
            );
        }
    }
    assert_eq!(session.changes(), 0);
}

#[tokio::test]
async fn an_attribute_of_the_wrong_type_is_blamed_by_its_path() {
    let mut session = Session::start().await;
    let config = session.core.standby.config([("tags", Value::map([("Name", Value::Unknown)]))]);
    let message = session.core.standby.message(&config).expect("it is a message").msgpack;
    let place =
        message.windows(3).position(|at| at == [0xd4, 0, 0]).expect("it has an unknown value");
    let message = [&message[..place], &[0x93, 1, 2, 3], &message[place + 3..]].concat();
    let request = validate_resource_config::Request {
        type_name: STANDBY.to_owned(),
        config: msgpack(&message),
        client_capabilities: None,
    };
    let answer =
        session.core.client.validate_resource_config(request).await.expect("OK").into_inner();
    let paths: Vec<_> = errors(&answer.diagnostics).into_iter().map(|(path, _)| path).collect();
    assert_eq!(paths, [r#"tags["Name"]"#]);
}

#[tokio::test]
async fn a_failed_call_loses_neither_state_nor_private_state_nor_identity() {
    let mut session = Session::start().await;
    let created = session.create(&session.config()).await;
    let stored = Stored { private: b"kept".to_vec(), ..created };
    let garbage = Some(ResourceIdentityData { identity_data: msgpack(&[0xc1]) });

    let read = read_resource::Request {
        current_identity: garbage.clone(),
        ..session.core.read_request(&stored)
    };
    let answer = session.core.client.read_resource(read.clone()).await.expect("OK").into_inner();
    assert!(!errors(&answer.diagnostics).is_empty());
    assert_eq!((answer.new_state, answer.private), (read.current_state, read.private));

    let planned = session.core.plan(&stored, &Value::Null).await;
    let apply = session.core.apply_request(&stored, &planned, &Value::Null);
    let apply = apply_resource_change::Request { config: msgpack(&[0xc1]), ..apply };
    let answer =
        session.core.client.apply_resource_change(apply.clone()).await.expect("OK").into_inner();
    assert!(!errors(&answer.diagnostics).is_empty());
    assert_eq!((answer.new_state, answer.private), (apply.prior_state, apply.planned_private));
    assert_eq!(answer.new_identity, apply.planned_identity);
    assert_eq!(session.standbys().len(), 1, "nothing was done");
}

#[tokio::test]
async fn what_is_not_served_is_unimplemented() {
    let mut session = Session::unconfigured().await;
    let request = validate_data_resource_config::Request {
        type_name: "aws_workspaces_nonsense".to_owned(),
        ..validate_data_resource_config::Request::default()
    };
    match session.core.client.validate_data_resource_config(request).await {
        Ok(answer) => assert!(!errors(&answer.into_inner().diagnostics).is_empty()),
        Err(status) => assert_eq!(status.code(), Code::Unimplemented),
    }
}

/// Sends every request about a resource, and the two with a provider block when there are bytes to send, with the same
/// bytes as each value; gives the diagnostics by RPC.
async fn everywhere(
    session: &Session,
    type_name: &str,
    bytes: Option<&[u8]>,
) -> Vec<(&'static str, Vec<proto::Diagnostic>)> {
    let mut client = session.core.client.clone();
    let type_name = type_name.to_owned();
    let value = bytes.and_then(msgpack);
    let identity = bytes.map(|bytes| ResourceIdentityData { identity_data: msgpack(bytes) });
    // Never the start of JSON, so the raw forms are as broken as the others.
    let raw = RawState { json: bytes.unwrap_or(b"{}").to_vec(), ..RawState::default() };
    let mut found = Vec::new();

    let request = validate_resource_config::Request {
        type_name: type_name.clone(),
        config: value.clone(),
        client_capabilities: None,
    };
    let answer = client.validate_resource_config(request).await.expect("OK").into_inner();
    found.push(("ValidateResourceConfig", answer.diagnostics));

    let request = upgrade_resource_state::Request {
        type_name: type_name.clone(),
        version: 0,
        raw_state: Some(raw.clone()),
    };
    let answer = client.upgrade_resource_state(request).await.expect("OK").into_inner();
    assert_eq!(answer.upgraded_state, None);
    found.push(("UpgradeResourceState", answer.diagnostics));

    let request = upgrade_resource_identity::Request {
        type_name: type_name.clone(),
        version: 0,
        raw_identity: Some(raw),
    };
    let answer = client.upgrade_resource_identity(request).await.expect("OK").into_inner();
    assert_eq!(answer.upgraded_identity, None);
    found.push(("UpgradeResourceIdentity", answer.diagnostics));

    let request = read_resource::Request {
        type_name: type_name.clone(),
        current_state: value.clone(),
        current_identity: identity.clone(),
        ..read_resource::Request::default()
    };
    let answer = client.read_resource(request).await.expect("OK").into_inner();
    assert_eq!(answer.new_state, value);
    found.push(("ReadResource", answer.diagnostics));

    let request = plan_resource_change::Request {
        type_name: type_name.clone(),
        prior_state: value.clone(),
        proposed_new_state: value.clone(),
        config: value.clone(),
        prior_identity: identity.clone(),
        ..plan_resource_change::Request::default()
    };
    let answer = client.plan_resource_change(request).await.expect("OK").into_inner();
    found.push(("PlanResourceChange", answer.diagnostics));

    let request = apply_resource_change::Request {
        type_name: type_name.clone(),
        prior_state: value.clone(),
        planned_state: value.clone(),
        config: value.clone(),
        planned_identity: identity.clone(),
        ..apply_resource_change::Request::default()
    };
    let answer = client.apply_resource_change(request).await.expect("OK").into_inner();
    assert_eq!(answer.new_state, value);
    found.push(("ApplyResourceChange", answer.diagnostics));

    let id = if bytes.is_some() { String::new() } else { "ws-0standby1".to_owned() };
    let request =
        import_resource_state::Request { type_name, id, client_capabilities: None, identity };
    let answer = client.import_resource_state(request).await.expect("OK").into_inner();
    assert_eq!(answer.imported_resources, []);
    found.push(("ImportResourceState", answer.diagnostics));

    if bytes.is_some() {
        let request = validate_provider_config::Request { config: value.clone() };
        let answer = client.validate_provider_config(request).await.expect("OK").into_inner();
        found.push(("ValidateProviderConfig", answer.diagnostics));
        let request =
            configure_provider::Request { config: value, ..configure_provider::Request::default() };
        let answer = client.configure_provider(request).await.expect("OK").into_inner();
        found.push(("ConfigureProvider", answer.diagnostics));
    }
    found
}

fn msgpack(bytes: &[u8]) -> Option<DynamicValue> {
    Some(DynamicValue { msgpack: bytes.to_vec(), json: Vec::new() })
}
