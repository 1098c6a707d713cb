//! Roles: assumed one after the other, by a web identity, and again when their time is over.

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use terraform_provider_aws_workspaces::sim::Settings;

use super::stage::{Stage, UNKNOWN, keyed};
use crate::support::requests::errors;
use crate::support::secrets::MARK;
use crate::support::served::Served;
use crate::support::stand_ins::{Container, Keys};

const FIRST: &str = "arn:aws:iam::123456789012:role/gate";
const SECOND: &str = "arn:aws:iam::210987654321:role/ops/desk";
const POLICY: &str = r#"{"Version":"2012-10-17","Statement":[]}"#;

/// A web identity token, which carries the mark of a secret.
pub(super) fn web_identity() -> String {
    let part = |value: Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let claims = json!({ "sub": "pipeline", "exp": 4_102_444_800_i64 });
    format!("{}.{}.{MARK}", part(json!({ "alg": "RS256" })), part(claims))
}

#[tokio::test]
async fn roles_are_assumed_in_order_each_with_the_keys_of_the_one_before() {
    let stage = Stage::new();
    let roles = json!([
        { "role_arn": FIRST, "session_name": "gate-session" },
        {
            "role_arn": SECOND,
            "session_name": "desk-session",
            "external_id": "ex/1:2",
            "duration": "45m",
            "policy": POLICY,
            "policy_arns": ["arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::210987654321:policy/desks"],
            "source_identity": "alice",
            "tags": { "team": "desks", "stage": "test" },
            "transitive_tag_keys": ["team"],
        },
    ]);
    stage.run(keyed(json!({ "assume_role": roles }))).await.succeeded();
    let mut assumed = stage.cloud.sent("AssumeRole");
    assert_eq!(assumed.len(), 2, "{assumed:?}");
    assert_eq!(assumed[0]["RoleArn"], FIRST);
    assert_eq!(assumed[0]["RoleSessionName"], "gate-session");
    if let Some(policies) = assumed[1]["PolicyArns"].as_array_mut() {
        policies.sort_by_key(Value::to_string);
    }
    assert_eq!(
        assumed[1],
        json!({
            "RoleArn": SECOND,
            "RoleSessionName": "desk-session",
            "ExternalId": "6 characters",
            "DurationSeconds": "2700",
            "Policy": POLICY,
            "PolicyArns": ["arn:aws:iam::210987654321:policy/desks", "arn:aws:iam::aws:policy/ReadOnlyAccess"],
            "SourceIdentity": "alice",
            "Tags": { "team": "desks", "stage": "test" },
            "TransitiveTagKeys": ["team"],
        })
    );
    let keys: Vec<Value> =
        stage.cloud.sts().iter().map(|call| call["AccessKeyId"].clone()).collect();
    assert_eq!(keys[0], "AKIABLOCK");
    assert!(keys[1].as_str().unwrap().starts_with("ASIA"), "{keys:?}");
    assert_ne!(keys[1], keys[2], "the second role signs the rest: {keys:?}");
    assert_eq!(json!(stage.signer()), keys[2]);
}

#[tokio::test]
async fn a_role_needs_nothing_but_its_arn() {
    let stage = Stage::new();
    stage.run(keyed(json!({ "assume_role": [{ "role_arn": SECOND }] }))).await.succeeded();
    let assumed = &stage.cloud.sent("AssumeRole")[0];
    let name = assumed["RoleSessionName"].as_str().unwrap();
    assert!(name.len() >= 2, "{assumed}");
    for parameter in
        ["ExternalId", "Policy", "PolicyArns", "Tags", "TransitiveTagKeys", "SourceIdentity"]
    {
        assert_eq!(assumed[parameter], Value::Null, "{assumed}");
    }
}

#[tokio::test]
async fn a_role_is_assumed_with_the_keys_of_any_source() {
    let container = Container::start(Keys::of("container"));
    let stage = Stage::new()
        .with("AWS_CONTAINER_CREDENTIALS_FULL_URI", &container.uri())
        .with("AWS_CONTAINER_AUTHORIZATION_TOKEN", &Container::token());
    stage.run(json!({ "assume_role": [{ "role_arn": SECOND }] })).await.succeeded();
    assert_eq!(stage.cloud.sts()[0]["AccessKeyId"], "ASIACONTAINER");
}

#[tokio::test]
async fn what_no_role_can_be_is_refused_without_a_call() {
    for (role, path) in [
        (json!({ "role_arn": "desk" }), "assume_role[0].role_arn"),
        (json!({ "role_arn": SECOND, "session_name": "a" }), "assume_role[0].session_name"),
        (json!({ "role_arn": SECOND, "session_name": "not me" }), "assume_role[0].session_name"),
        (json!({ "role_arn": SECOND, "duration": "14m" }), "assume_role[0].duration"),
        (json!({ "role_arn": SECOND, "duration": "13h" }), "assume_role[0].duration"),
        (json!({ "role_arn": SECOND, "duration": "soon" }), "assume_role[0].duration"),
        (json!({ "role_arn": SECOND, "policy": "{" }), "assume_role[0].policy"),
        (json!({ "role_arn": SECOND, "policy_arns": ["x"] }), "assume_role[0].policy_arns"),
        (json!({ "role_arn": SECOND, "external_id": "x" }), "assume_role[0].external_id"),
        (json!({ "role_arn": SECOND, "source_identity": "a b" }), "assume_role[0].source_identity"),
    ] {
        let stage = Stage::new();
        let ran = stage.run(keyed(json!({ "assume_role": [role.clone()] }))).await;
        let found = errors(&ran.configured);
        assert!(!found.is_empty(), "{role}");
        assert!(found[0].0.starts_with(path), "{role}: {found:?}");
        assert_eq!(stage.cloud.all_calls(), 0, "{role}");
    }
}

#[tokio::test]
async fn a_block_that_names_no_role_takes_none_on_and_says_so() {
    for role in [json!({ "role_arn": "" }), json!({ "session_name": "desk" })] {
        let stage = Stage::new();
        let ran = stage.run(keyed(json!({ "assume_role": [role] }))).await;
        ran.succeeded().warned("assume_role[0].role_arn", &["No role is assumed"]);
        assert_eq!(stage.signer(), "AKIABLOCK");
    }
    let several = json!([{ "role_arn": SECOND }, { "role_arn": "" }]);
    let ran = Stage::new().run(keyed(json!({ "assume_role": several }))).await;
    ran.refused("assume_role[1].role_arn", &["role_arn is not set"]);
}

#[tokio::test]
async fn a_role_that_aws_refuses_is_named() {
    let faults = vec!["AssumeRole:error=AccessDenied:1".parse().unwrap()];
    let stage = Stage::with_cloud(Served::start(Settings { faults, ..Settings::default() }));
    let ran = stage.run(keyed(json!({ "assume_role": [{ "role_arn": SECOND }] }))).await;
    ran.refused("assume_role[0]", &[SECOND, "AccessDenied"]);
}

#[tokio::test]
async fn a_web_identity_comes_from_a_file_the_block_or_the_environment() {
    let token = web_identity();
    for place in ["file", "inline", "environment"] {
        let stage = Stage::new();
        let file = stage.written("token", &token);
        let mut role = json!({
            "role_arn": SECOND,
            "session_name": "pipeline",
            "duration": "1h",
            "policy": POLICY,
            "policy_arns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
        });
        let (stage, block) = match place {
            "file" => {
                role["web_identity_token_file"] = json!(file);
                (stage, json!({ "assume_role_with_web_identity": [role] }))
            }
            "inline" => {
                role["web_identity_token"] = json!(token);
                (stage, json!({ "assume_role_with_web_identity": [role] }))
            }
            _ => {
                let stage = stage
                    .with("AWS_ROLE_ARN", SECOND)
                    .with("AWS_ROLE_SESSION_NAME", "pipeline")
                    .with("AWS_WEB_IDENTITY_TOKEN_FILE", &file);
                (stage, json!({}))
            }
        };
        stage.run(block).await.succeeded();
        let sent = &stage.cloud.sent("AssumeRoleWithWebIdentity")[0];
        assert_eq!(sent["RoleArn"], SECOND, "{place}");
        assert_eq!(sent["RoleSessionName"], "pipeline", "{place}");
        assert_eq!(sent["WebIdentityToken"], format!("{} characters", token.len()), "{place}");
        if place != "environment" {
            assert_eq!(sent["DurationSeconds"], "3600", "{place}");
            assert_eq!(sent["Policy"], POLICY, "{place}");
            assert_eq!(
                sent["PolicyArns"],
                json!(["arn:aws:iam::aws:policy/ReadOnlyAccess"]),
                "{place}"
            );
        }
        assert!(stage.signer().starts_with("ASIA"), "{place}");
    }
}

#[tokio::test]
async fn a_role_is_assumed_after_a_web_identity() {
    let stage = Stage::new();
    let block = json!({
        "assume_role_with_web_identity": [{ "role_arn": FIRST, "web_identity_token": web_identity() }],
        "assume_role": [{ "role_arn": SECOND }],
    });
    stage.run(block).await.succeeded();
    let operations: Vec<Value> =
        stage.cloud.sts().iter().map(|call| call["Operation"].clone()).collect();
    assert_eq!(operations, ["AssumeRoleWithWebIdentity", "AssumeRole", "GetCallerIdentity"]);
}

#[tokio::test]
async fn a_web_identity_has_one_token() {
    let stage = Stage::new();
    let both = json!({
        "role_arn": SECOND, "web_identity_token": web_identity(), "web_identity_token_file": "/token",
    });
    let neither = json!({ "role_arn": SECOND });
    for role in [both, neither] {
        let ran = stage.run(json!({ "assume_role_with_web_identity": [role] })).await;
        let found = errors(&ran.configured);
        assert!(!found.is_empty());
        assert!(
            found.iter().all(|(path, _)| path.starts_with("assume_role_with_web_identity")),
            "{found:?}"
        );
    }
    assert_eq!(stage.cloud.all_calls(), 0);
}

#[tokio::test]
async fn a_token_file_that_is_empty_or_absent_is_named() {
    let stage = Stage::new();
    let empty = stage.written("empty", "");
    let nowhere = stage.home().join("nowhere").to_str().unwrap().to_owned();
    for file in [empty, nowhere] {
        let role = json!([{ "role_arn": SECOND, "web_identity_token_file": file }]);
        let ran = stage.run(json!({ "assume_role_with_web_identity": role })).await;
        let found = errors(&ran.configured);
        assert_eq!(found.len(), 1, "{:?}", ran.configured);
        let said = &ran.configured[0].detail;
        assert!(said.contains(&file), "{said}");
    }
}

/// Sessions that last two seconds, and an apply that takes longer.
#[tokio::test]
async fn keys_that_end_in_the_middle_of_an_apply_are_renewed() {
    let settings = Settings {
        session_lifetime: Some(Duration::from_secs(2)),
        provisioning: Duration::from_secs(4),
        ..Settings::default()
    };
    let stage = Stage::with_cloud(Served::start(settings));
    let roles = json!([{ "role_arn": FIRST }, { "role_arn": SECOND }]);
    let running = stage.start(keyed(json!({ "assume_role": roles }))).await.configured();
    let created = running.create(0).await;
    assert_eq!(created.state.get("state").as_str(), Some("AVAILABLE"));
    running.end(Vec::new()).await;
    let stats = stage.cloud.simulator.stats();
    assert!(stats.operation("AssumeRole").calls >= 4, "both roles again: {stats:?}");
    let describe = stats.operation("DescribeWorkspaces");
    assert!(describe.access_keys.len() >= 2, "{describe:?}");
    assert_eq!(describe.errors, 0, "no call is signed with keys that have ended: {describe:?}");
}

/// A source that has lasting keys is asked once, however many calls there are.
#[tokio::test]
async fn keys_that_last_are_fetched_once() {
    let container = Container::start(Keys::of("container"));
    let stage = Stage::new()
        .with("AWS_CONTAINER_CREDENTIALS_FULL_URI", &container.uri())
        .with("AWS_CONTAINER_AUTHORIZATION_TOKEN", &Container::token());
    let running = stage
        .start(json!({ "assume_role": [{ "role_arn": FIRST }, { "role_arn": SECOND }] }))
        .await
        .configured();
    let created = running.create(0).await;
    running.core.read(&created).await.succeeded();
    running.end(Vec::new()).await;
    assert_eq!(container.heard(), ["GET /v1/credentials"]);
    assert_eq!(stage.cloud.calls("AssumeRole"), 2);
    assert_eq!(stage.cloud.calls("GetCallerIdentity"), 1);
}

#[tokio::test]
async fn a_role_that_is_not_known_yet_is_put_off() {
    let stage = Stage::new();
    stage.start(keyed(json!({ "assume_role": UNKNOWN }))).await.configured();
    assert_eq!(stage.cloud.all_calls(), 0);
}
