//! Where credentials come from.

use std::time::Duration;

use serde_json::json;

use super::stage::Stage;
use crate::support::secrets::secret;
use crate::support::stand_ins::{Container, Keys, Metadata, PORTAL_PROFILE, Portal};

const HOUR: Duration = Duration::from_secs(3600);

/// A section of a shared file with static keys.
pub(super) fn section(header: &str, whom: &str) -> String {
    format!(
        "[{header}]\naws_access_key_id = AKIA{}\naws_secret_access_key = {}\n\n",
        whom.to_uppercase(),
        secret(whom)
    )
}

#[tokio::test]
async fn the_block_gives_keys_with_and_without_a_session_token() {
    for token in [None, Some(secret("token"))] {
        let stage = Stage::new();
        let block = json!({
            "access_key": "AKIABLOCK", "secret_key": secret("block"), "token": token,
        });
        stage.run(block).await.succeeded();
        assert_eq!(stage.signer(), "AKIABLOCK");
        assert_eq!(stage.cloud.sts()[0]["HasSessionToken"], json!(token.is_some()));
    }
}

#[tokio::test]
async fn the_environment_gives_keys() {
    let stage = Stage::new()
        .with("AWS_ACCESS_KEY_ID", "AKIAENVIRONMENT")
        .with("AWS_SECRET_ACCESS_KEY", &secret("environment"))
        .with("AWS_SESSION_TOKEN", &secret("token"));
    stage.run(json!({})).await.succeeded();
    assert_eq!(stage.signer(), "AKIAENVIRONMENT");
    assert_eq!(stage.cloud.sts()[0]["HasSessionToken"], json!(true));
}

#[tokio::test]
async fn the_shared_files_give_keys_by_profile() {
    for (profile, variable, signer) in [
        (None, None, "AKIAUSUAL"),
        (Some("desks"), None, "AKIADESKS"),
        (None, Some("AWS_PROFILE"), "AKIADESKS"),
        (None, Some("AWS_DEFAULT_PROFILE"), "AKIADESKS"),
        (Some("configured"), None, "AKIACONFIGURED"),
    ] {
        let mut stage = Stage::new();
        if let Some(variable) = variable {
            stage = stage.with(variable, "desks");
        }
        stage.file(".aws/credentials", &(section("default", "usual") + &section("desks", "desks")));
        stage.file(".aws/config", &section("profile configured", "configured"));
        stage.run(json!({ "profile": profile })).await.succeeded();
        assert_eq!(stage.signer(), signer, "{profile:?} {variable:?}");
    }
}

#[tokio::test]
async fn a_profile_that_is_not_there_is_named() {
    let stage = Stage::new();
    stage.file(".aws/credentials", &section("default", "usual"));
    let ran = stage.run(json!({ "profile": "nobody" })).await;
    ran.refused("profile", &["nobody", ".aws/"]);
}

#[tokio::test]
async fn a_profile_asks_a_program() {
    let stage = Stage::new();
    let keys = json!({
        "Version": 1,
        "AccessKeyId": "ASIAPROGRAM",
        "SecretAccessKey": secret("program"),
        "SessionToken": secret("programtoken"),
        "Expiration": (jiff::Timestamp::now() + HOUR).to_string(),
    });
    let file = stage.written("keys.json", &keys.to_string());
    stage.file(".aws/config", &format!("[profile asking]\ncredential_process = cat {file}\n"));
    stage.run(json!({ "profile": "asking" })).await.succeeded();
    assert_eq!(stage.signer(), "ASIAPROGRAM");
}

#[tokio::test]
async fn a_program_that_fails_is_told_without_what_it_said() {
    let stage = Stage::new();
    let program = format!("sh -c 'echo {}; exit 3'", secret("said"));
    stage.file(".aws/config", &format!("[profile asking]\ncredential_process = {program}\n"));
    stage.run(json!({ "profile": "asking" })).await.refused("profile", &["asking"]);
}

#[tokio::test]
async fn a_profile_uses_the_token_that_aws_sso_login_left() {
    let portal = Portal::start(Keys::of("portal"));
    let stage = Stage::new().with("AWS_ENDPOINT_URL_SSO", &portal.url());
    stage.file(".aws/config", PORTAL_PROFILE);
    Portal::sign_in(stage.home(), Ok(HOUR));
    stage.run(json!({ "profile": "signed-in" })).await.succeeded();
    assert_eq!(stage.signer(), "ASIAPORTAL");
    assert!(portal.heard().iter().all(|one| one == "GET /federation/credentials"));
}

#[tokio::test]
async fn a_container_gives_keys_for_its_token() {
    for in_file in [false, true] {
        let container = Container::start(Keys::of("container"));
        let stage = Stage::new().with("AWS_CONTAINER_CREDENTIALS_FULL_URI", &container.uri());
        let stage = if in_file {
            let file = stage.written("token", &Container::token());
            stage.with("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", &file)
        } else {
            stage.with("AWS_CONTAINER_AUTHORIZATION_TOKEN", &Container::token())
        };
        stage.run(json!({})).await.succeeded();
        assert_eq!(stage.signer(), "ASIACONTAINER");
        assert!(container.heard().iter().all(|one| one == "GET /v1/credentials"));
    }
}

#[tokio::test]
async fn a_container_that_refuses_is_told() {
    let container = Container::start(Keys::of("container"));
    let stage = Stage::new()
        .with("AWS_CONTAINER_CREDENTIALS_FULL_URI", &container.uri())
        .with("AWS_CONTAINER_AUTHORIZATION_TOKEN", &secret("wrong"));
    stage.run(json!({})).await.refused("", &["credentials"]);
}

#[tokio::test]
async fn the_metadata_of_the_machine_give_keys_and_the_region() {
    let metadata = Metadata::start(Keys::of("machine"), "us-west-2");
    let stage = Stage::new()
        .without("AWS_EC2_METADATA_DISABLED")
        .with("AWS_EC2_METADATA_SERVICE_ENDPOINT", &metadata.url());
    stage.run(json!({ "region": null })).await.succeeded();
    assert_eq!(stage.signer(), "ASIAMACHINE");
    let heard = metadata.heard();
    assert_eq!(heard[0], "PUT /latest/api/token", "version 2: {heard:?}");
    assert!(heard.contains(&"GET /latest/meta-data/placement/region".to_owned()), "{heard:?}");
}

#[tokio::test]
async fn no_source_at_all_is_an_error_that_names_them() {
    let parts =
        ["access_key", "AWS_ACCESS_KEY_ID", "profile", "AWS_PROFILE", "container", "metadata"];
    Stage::new().run(json!({})).await.refused("", &parts);
}

#[tokio::test]
async fn the_shared_files_may_be_others() {
    for in_block in [true, false] {
        let mut stage = Stage::new();
        let keys = stage.written("other/keys", &section("desks", "elsewhere"));
        let config = stage.written("other/config", "[profile desks]\nregion = eu-central-1\n");
        stage.file(".aws/credentials", &section("desks", "usual"));
        stage.file(".aws/config", "[profile desks]\nregion = eu-west-3\n");
        let mut block = json!({ "profile": "desks", "region": null });
        if in_block {
            block["shared_credentials_files"] = json!([keys]);
            block["shared_config_files"] = json!([config]);
        } else {
            stage =
                stage.with("AWS_SHARED_CREDENTIALS_FILE", &keys).with("AWS_CONFIG_FILE", &config);
        }
        stage.run(block).await.succeeded();
        assert_eq!(stage.signer(), "AKIAELSEWHERE");
        let regions = stage.cloud.simulator.stats().operation("GetCallerIdentity").regions;
        assert_eq!(regions.keys().collect::<Vec<_>>(), ["eu-central-1"]);
    }
}
