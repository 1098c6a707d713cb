//! ValidateProviderConfig and ValidateResourceConfig.

use terraform_provider_aws_workspaces::rpc::proto::{
    DynamicValue, validate_provider_config, validate_resource_config,
};
use terraform_provider_aws_workspaces::tf::Value;

use super::session::{Session, map};
use crate::support::requests::{STANDBY, errors, no_errors, with};

/// A changed configuration and the arguments that errors and warnings must blame.
struct Case<const N: usize> {
    set: [(&'static str, Value); N],
    errors: &'static [&'static str],
    warnings: &'static [&'static str],
}

fn case<const N: usize>(
    set: [(&'static str, Value); N],
    errors: &'static [&'static str],
    warnings: &'static [&'static str],
) -> Case<N> {
    Case { set, errors, warnings }
}

#[tokio::test]
async fn each_violation_is_one_error_at_its_argument() {
    let session = Session::unconfigured().await;
    let text = Value::from;
    let long = |length| "x".repeat(length);
    let cases = [
        case([("primary_workspace_id", text("i-0123456789"))], &["primary_workspace_id"], &[]),
        case([("primary_workspace_id", Value::Null)], &["primary_workspace_id"], &[]),
        case([("directory_id", text("ws-0primary1"))], &["directory_id"], &[]),
        case([("data_replication", text("SOMETIMES"))], &["data_replication"], &[]),
        case([("region", text("us-east-1"))], &["primary_region|region"], &[]),
        case([("region", text("cn-north-1"))], &["primary_region|region"], &["*"]),
        case([("tags", map([("aws:owner", "x")]))], &["tags"], &[]),
        case([("tags", map([("", "x")]))], &["tags"], &[]),
        case([("tags", map([(long(128).as_str(), "x")]))], &["tags"], &[]),
        case([("tags", map([("a", long(256).as_str())]))], &["tags"], &[]),
        case([("tags", Value::map((0..51).map(|n| (n.to_string(), text("x")))))], &["tags"], &[]),
        case([("timeouts", session.timeouts([("create", "soon")]))], &["timeouts.create"], &[]),
        case([("timeouts", session.timeouts([("delete", "-5m")]))], &["timeouts.delete"], &[]),
        case([("id", text("ws-0standby1"))], &["id"], &[]),
        case([("state", text("AVAILABLE"))], &["state"], &[]),
        case([("tags_all", map([("a", "b")]))], &["tags_all"], &[]),
        case([("region", text("ap-southeast-2"))], &[], &["region"]),
        case([("wait_for_ready", Value::Bool(false))], &[], &[]),
        case([("timeouts", session.timeouts([("create", "1h30m")]))], &[], &[]),
        case([("tags", Value::map([("a", Value::Unknown)]))], &[], &[]),
    ];
    for Case { set, errors, warnings } in cases {
        let about = format!("{set:?}");
        let found = session.core.validate(&with(&session.config(), set)).await;
        blames(&found, errors, warnings, &about);
    }
}

#[tokio::test]
async fn a_key_of_another_region_or_partition_is_refused() {
    let session = Session::unconfigured().await;
    let key = |partition, region| {
        format!(
            "arn:{partition}:kms:{region}:123456789012:key/1a2b3c4d-0000-0000-0000-000000000000"
        )
    };
    let cases = [
        (key("aws", "us-east-1"), true),
        (key("aws-cn", "us-west-2"), true),
        (key("aws", "us-west-2"), false),
    ];
    for (key, refused) in cases {
        let set = [
            ("region", Value::from("us-west-2")),
            ("volume_encryption_key", Value::from(key.clone())),
        ];
        let expected: &[&str] = if refused { &["volume_encryption_key"] } else { &[] };
        blames(&session.core.validate(&with(&session.config(), set)).await, expected, &[], &key);
    }
}

#[tokio::test]
async fn all_errors_are_reported_at_once() {
    let session = Session::unconfigured().await;
    let found = session.core.validate(&session.core.standby.nothing()).await;
    blames(&found, &["primary_workspace_id", "primary_region", "directory_id"], &[], "nothing set");
}

#[tokio::test]
async fn what_is_not_known_yet_is_no_error() {
    let session = Session::unconfigured().await;
    let standby = &session.core.standby;
    let mut unknown = standby.nothing();
    for attribute in
        standby.block.attributes.iter().filter(|attribute| attribute.optional || attribute.required)
    {
        unknown.set(&attribute.name, Value::Unknown);
        let one = with(&session.config(), [(attribute.name.as_str(), Value::Unknown)]);
        assert_eq!(errors(&session.core.validate(&one).await), no_errors(), "{}", attribute.name);
    }
    assert_eq!(errors(&session.core.validate(&unknown).await), no_errors());

    let provider = &session.core.provider;
    let mut unknown = provider.nothing();
    for attribute in &provider.block.attributes {
        unknown.set(&attribute.name, Value::Unknown);
    }
    assert_eq!(errors(&session.core.validate_provider(&unknown).await), no_errors());
}

/// Unknown values carry what is known about them as MessagePack extension 12; later versions may use other codes.
#[tokio::test]
async fn unknowns_of_any_extension_code_are_unknown() {
    let mut session = Session::unconfigured().await;
    let config = with(&session.config(), [("tags", Value::map([("Name", Value::Unknown)]))]);
    let plain = session.core.standby.message(&config).expect("it is a message").msgpack;
    let mut spellings = vec![vec![0xc7, 0x00, 0x00], vec![0xc7, 0x03, 0x0c, 0x81, 0x01, 0xc2]];
    spellings.extend((1..=127).map(|code| vec![0xd4, code, 0x00]));
    for spelling in spellings {
        let request = validate_resource_config::Request {
            type_name: STANDBY.to_owned(),
            config: Some(DynamicValue { msgpack: spliced(&plain, &spelling), json: Vec::new() }),
            client_capabilities: None,
        };
        let answer =
            session.core.client.validate_resource_config(request).await.expect("OK").into_inner();
        assert_eq!(errors(&answer.diagnostics), no_errors(), "{spelling:?}");
    }
}

#[tokio::test]
async fn numbers_of_every_encoding_are_read_alike() {
    let mut session = Session::unconfigured().await;
    let config = session.core.provider.config([("max_retries", Value::Unknown)]);
    let plain = session.core.provider.message(&config).expect("it is a message").msgpack;
    let three: [&[u8]; 9] = [
        &[0x03],
        &[0xcc, 3],
        &[0xcd, 0, 3],
        &[0xd0, 3],
        &[0xd3, 0, 0, 0, 0, 0, 0, 0, 3],
        &[0xca, 0x40, 0x40, 0, 0],
        &[0xcb, 0x40, 0x08, 0, 0, 0, 0, 0, 0],
        b"\xa13",
        b"\xa33.0",
    ];
    let wrong: [&[u8]; 2] = [&[0xff], b"\xa599e99"];
    for (spelling, right) in
        three.map(|number| (number, true)).into_iter().chain(wrong.map(|number| (number, false)))
    {
        let config = Some(DynamicValue { msgpack: spliced(&plain, spelling), json: Vec::new() });
        let request = validate_provider_config::Request { config };
        let answer =
            session.core.client.validate_provider_config(request).await.expect("OK").into_inner();
        let expected: &[&str] = if right { &[] } else { &["max_retries"] };
        blames(&answer.diagnostics, expected, &[], &format!("{spelling:?}"));
    }
}

#[tokio::test]
async fn a_configuration_in_json_is_read_too() {
    let mut session = Session::unconfigured().await;
    for (id, expected) in [("ws-0primary1", &[][..]), ("nonsense", &["primary_workspace_id"])] {
        let json = serde_json::json!({
            "primary_workspace_id": id, "primary_region": "us-east-1", "directory_id": "d-92672f1b01",
        });
        let request = validate_resource_config::Request {
            type_name: STANDBY.to_owned(),
            config: Some(DynamicValue { msgpack: Vec::new(), json: json.to_string().into_bytes() }),
            client_capabilities: None,
        };
        let answer =
            session.core.client.validate_resource_config(request).await.expect("OK").into_inner();
        blames(&answer.diagnostics, expected, &[], id);
    }
}

#[tokio::test]
async fn a_provider_block_is_checked_without_calls() {
    let session = Session::unconfigured().await;
    let text = Value::from;
    let endpoint = [("workspaces", text("not a URL"))];
    let endpoint = session.block_of("endpoints", &session.core.provider.object, endpoint);
    let cases = [
        ("max_retries", Value::from(-1), "max_retries"),
        ("access_key", text("AKIAIOSFODNN7EXAMPLE"), "access_key|secret_key"),
        ("endpoints", Value::List(vec![endpoint]), "endpoints[0].workspaces"),
    ];
    for (name, value, expected) in cases {
        let config = session.core.provider.config([(name, value)]);
        blames(&session.core.validate_provider(&config).await, &[expected], &[], name);
    }
    assert_eq!(
        errors(&session.core.validate_provider(&session.provider_config()).await),
        no_errors()
    );
    assert_eq!(session.calls(), 0, "validation makes no network call");
}

#[tokio::test]
async fn validation_makes_no_call() {
    let session = Session::unconfigured().await;
    session.core.validate(&session.config()).await;
    session.core.validate(&session.core.standby.nothing()).await;
    assert_eq!(session.calls(), 0);
}

/// Every expected path is blamed by exactly one diagnostic, and no other is; `a|b` means either, `*` any number.
#[track_caller]
fn blames(
    found: &[terraform_provider_aws_workspaces::rpc::proto::Diagnostic],
    expected_errors: &[&str],
    expected_warnings: &[&str],
    about: &str,
) {
    use crate::support::requests::warnings;
    for (found, expected) in
        [(errors(found), expected_errors), (warnings(found), expected_warnings)]
    {
        if expected == ["*"] {
            continue;
        }
        let mut open: Vec<_> = expected.to_vec();
        for (path, summary) in &found {
            assert!(!summary.is_empty(), "{about}");
            let place = open
                .iter()
                .position(|expected| expected.split('|').any(|expected| within(path, expected)));
            let place = place.unwrap_or_else(|| {
                panic!("{about}: unexpected {summary:?} at {path:?}; all: {found:?}")
            });
            open.remove(place);
        }
        assert!(open.is_empty(), "{about}: nothing blames {open:?}; all: {found:?}");
    }
    assert!(found.iter().all(|diagnostic| !diagnostic.detail.is_empty()), "{about}");
}

fn within(path: &str, expected: &str) -> bool {
    path.strip_prefix(expected).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// The message with its only unknown value spelled differently.
fn spliced(message: &[u8], spelling: &[u8]) -> Vec<u8> {
    let plain = [0xd4, 0x00, 0x00];
    let places: Vec<_> = message
        .windows(plain.len())
        .enumerate()
        .filter(|(_, at)| *at == plain)
        .map(|(place, _)| place)
        .collect();
    let [place] = places[..] else { panic!("one unknown value was expected: {places:?}") };
    [&message[..place], spelling, &message[place + plain.len()..]].concat()
}
