//! What is said where there are no credentials: every place that was looked at, and why it had none.

use std::time::Duration;

use serde_json::json;

use super::sources::section;
use super::stage::Stage;
use crate::support::secrets::secret;
use crate::support::stand_ins::{Container, Keys, Metadata, PORTAL_PROFILE, Portal};

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn no_source_at_all_is_an_error_that_names_them() {
    let stage = Stage::new();
    let config = stage.home().join(".aws/config").to_str().unwrap().to_owned();
    let parts = [
        "access_key and secret_key are not set",
        "AWS_ACCESS_KEY_ID",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "the profile \"default\" in",
        &config,
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "instance metadata service: skipped",
        "AWS_PROFILE",
    ];
    stage.run(json!({})).await.refused("", &parts);
}

#[tokio::test]
async fn metadata_that_do_not_answer_are_one_place_of_many() {
    let stage = Stage::new()
        .without("AWS_EC2_METADATA_DISABLED")
        .with("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:1");
    stage
        .run(json!({}))
        .await
        .refused("", &["EC2 instance metadata service: ", "AWS_ACCESS_KEY_ID"]);
}

#[tokio::test]
async fn a_profile_that_is_not_there_is_named_with_the_files_and_those_that_are() {
    for (in_block, variable) in [(true, ""), (false, "AWS_PROFILE"), (false, "AWS_DEFAULT_PROFILE")]
    {
        let mut stage = Stage::new();
        stage.file(".aws/credentials", &section("default", "usual"));
        stage.file(".aws/config", "[profile desks]\nregion = us-west-2\n");
        let files = [".aws/config", ".aws/credentials"].map(|file| stage.home().join(file));
        let files = files.map(|file| file.to_str().unwrap().to_owned());
        if !variable.is_empty() {
            stage = stage.with(variable, "nobody");
        }
        let block = json!({ "profile": in_block.then_some("nobody") });
        let from = if in_block { "The argument profile" } else { variable };
        let parts = [from, "\"nobody\"", "default, desks", &files[0], &files[1]];
        stage.run(block).await.refused(if in_block { "profile" } else { "" }, &parts);
    }
}

/// It may not act as the machine instead.
#[tokio::test]
async fn a_profile_that_leads_nowhere_is_an_error_wherever_else_credentials_are() {
    let role = "role_arn = arn:aws:iam::123456789012:role/desks";
    for (settings, part) in [
        (format!("{role}\nsource_profile = nobody\n"), "nobody"),
        (format!("{role}\n"), "source"),
        ("sso_start_url = https://example.awsapps.com/start\n".to_owned(), "sso"),
        ("aws_access_key_id = AKIAHALF\n".to_owned(), "profile"),
        (format!("{role}\nsource_profile = desks\nmfa_serial = arn:aws:iam::1:mfa/a\n"), "MFA"),
    ] {
        let metadata = Metadata::start(Keys::of("machine"), "us-west-2");
        let stage = Stage::new().without("AWS_EC2_METADATA_DISABLED");
        stage.file(".aws/config", &format!("[profile desks]\n{settings}"));
        let url = metadata.url();
        let block = json!({ "profile": "desks", "ec2_metadata_service_endpoint": url });
        stage.run(block).await.refused("profile", &["profile \"desks\"", part]);
    }
}

#[tokio::test]
async fn a_missing_profile_is_the_only_error_where_it_would_name_the_region_too() {
    let stage = Stage::new();
    let block = json!({ "profile": "nobody", "region": null });
    stage.run(block).await.refused("profile", &["nobody"]);
}

#[tokio::test]
async fn a_shared_file_that_is_named_and_not_there_is_named() {
    let stage = Stage::new();
    let block = json!({ "profile": "desks", "shared_config_files": ["~/nowhere/config"] });
    stage.run(block).await.refused("profile", &["nowhere/config"]);
}

#[tokio::test]
async fn a_sign_in_that_has_ended_says_the_command_for_another() {
    for (signed_in, part) in [(Some(Err(HOUR)), "expired"), (None, "does not exist")] {
        let stage = Stage::new().with("AWS_ENDPOINT_URL_SSO", "http://127.0.0.1:1");
        stage.file(".aws/config", PORTAL_PROFILE);
        if let Some(left) = signed_in {
            Portal::sign_in(stage.home(), left);
        }
        let parts = ["aws sso login --profile signed-in", part];
        stage.run(json!({ "profile": "signed-in" })).await.refused("profile", &parts);
    }
}

#[tokio::test]
async fn a_role_of_a_profile_that_signs_in_says_so_too() {
    let stage = Stage::new();
    let role = "[profile desk]\nsource_profile = signed-in\n\
                role_arn = arn:aws:iam::123456789012:role/desks\n\n";
    stage.file(".aws/config", &format!("{role}{PORTAL_PROFILE}"));
    let parts = ["profile \"desk\"", "aws sso login --profile signed-in"];
    stage.run(json!({ "profile": "desk" })).await.refused("profile", &parts);
}

#[tokio::test]
async fn a_program_that_fails_is_told_without_what_it_said() {
    for program in [
        format!("sh -c 'echo {}; exit 3'", secret("said")),
        format!("sh -c 'echo {} >&2; exit 3'", secret("said")),
        format!("sh -c 'echo {}'", secret("said")),
    ] {
        let stage = Stage::new();
        stage.file(".aws/config", &format!("[profile asking]\ncredential_process = {program}\n"));
        let ran = stage.run(json!({ "profile": "asking" })).await;
        ran.refused("profile", &["asking", "credential_process"]);
    }
}

#[tokio::test]
async fn a_container_that_refuses_is_told() {
    let container = Container::start(Keys::of("container"));
    let stage = Stage::new()
        .with("AWS_CONTAINER_CREDENTIALS_FULL_URI", &container.uri())
        .with("AWS_CONTAINER_AUTHORIZATION_TOKEN", &secret("wrong"));
    let parts = [
        "The container",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "tried before",
        "AWS_ACCESS_KEY_ID",
    ];
    stage.run(json!({})).await.refused("", &parts);
}
