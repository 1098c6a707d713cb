//! Roles that the block takes on.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::stage::{Stage, keyed};

const FIRST: &str = "arn:aws:iam::123456789012:role/first";
const SECOND: &str = "arn:aws:iam::123456789012:role/second";

/// The calls of STS that took on a role.
fn taken(stage: &Stage) -> Vec<Value> {
    let calls = stage.cloud.sts().into_iter();
    calls.filter(|call| call["Operation"] != "GetCallerIdentity").collect()
}

/// A token whose signature the simulator does not look at.
fn token() -> String {
    let part = |json: Value| BASE64_URL_SAFE_NO_PAD.encode(json.to_string());
    format!("{}.{}.{}", part(json!({ "alg": "RS256" })), part(json!({ "sub": "pipeline" })), "AAAA")
}

#[tokio::test]
async fn roles_are_taken_on_one_after_the_other_with_all_that_the_block_says() {
    let policy = json!({ "Version": "2012-10-17", "Statement": [] }).to_string();
    let stage = Stage::new();
    let first = json!({
        "role_arn": FIRST, "session_name": "desks", "external_id": "ours", "duration": "30m",
        "policy": policy, "policy_arns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
        "source_identity": "ana", "tags": { "team": "desks" }, "transitive_tag_keys": ["team"],
    });
    let roles = json!([first, { "role_arn": SECOND }]);
    stage.run(keyed(json!({ "assume_role": roles }))).await.succeeded();
    let [first, second] = &taken(&stage)[..] else { panic!("two: {:?}", taken(&stage)) };
    assert_eq!(first["AccessKeyId"], "AKIABLOCK");
    assert_eq!(
        first["Parameters"],
        json!({
            "RoleArn": FIRST, "RoleSessionName": "desks", "ExternalId": "4 characters",
            "DurationSeconds": "1800", "Policy": policy,
            "PolicyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
            "SourceIdentity": "ana", "Tags": { "team": "desks" }, "TransitiveTagKeys": ["team"],
        })
    );
    assert_eq!(second["HasSessionToken"], json!(true), "with the credentials of the first");
    assert_eq!(second["Parameters"]["RoleArn"], SECOND);
    assert!(stage.signer().starts_with("ASIA"), "{}", stage.signer());
}

#[tokio::test]
async fn a_web_identity_comes_from_the_block_or_a_file_and_roles_follow_it() {
    let folder = Stage::new();
    let file = folder.written("token", &format!("{}\n", token()));
    for source in
        [json!({ "web_identity_token": token() }), json!({ "web_identity_token_file": file })]
    {
        let stage = Stage::new();
        let mut web = source.clone();
        web["role_arn"] = json!(FIRST);
        let block = json!({
            "assume_role_with_web_identity": [web], "assume_role": [{ "role_arn": SECOND }],
        });
        stage.run(block).await.succeeded();
        let operations: Vec<_> =
            taken(&stage).iter().map(|call| call["Operation"].clone()).collect();
        assert_eq!(operations, ["AssumeRoleWithWebIdentity", "AssumeRole"], "{source}");
    }
    let stage = Stage::new()
        .with("AWS_ROLE_ARN", FIRST)
        .with("AWS_ROLE_SESSION_NAME", "pipeline")
        .with("AWS_WEB_IDENTITY_TOKEN_FILE", &file);
    stage.run(json!({ "assume_role_with_web_identity": [{ "duration": "1h" }] })).await.succeeded();
    let sent = taken(&stage)[0]["Parameters"].clone();
    assert_eq!([&sent["RoleArn"], &sent["RoleSessionName"]], [FIRST, "pipeline"]);
}

#[tokio::test]
async fn a_role_that_is_not_given_is_blamed() {
    let stage = Stage::new();
    let block = json!({ "assume_role_with_web_identity": [
        { "role_arn": FIRST, "web_identity_token_file": "/nowhere/token" }
    ] });
    stage.run(block).await.refused("assume_role_with_web_identity[0]", &["/nowhere/token"]);
}
