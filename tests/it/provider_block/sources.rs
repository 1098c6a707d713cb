//! Where credentials come from.

use std::time::Duration;

use serde_json::json;
use terraform_provider_aws_workspaces::sim::Settings;
use terraform_provider_aws_workspaces::tf::Value;

use super::stage::Stage;
use crate::support::in_process::Desk;
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

#[tokio::test]
async fn the_block_says_whether_and_where_the_machine_is_asked() {
    let nobody = "http://127.0.0.1:1";
    for (block, variables, is_asked) in [
        (json!({ "ec2_metadata_service_endpoint": "URL" }), vec![], true),
        (
            json!({ "ec2_metadata_service_endpoint": "URL" }),
            vec![("AWS_EC2_METADATA_SERVICE_ENDPOINT", nobody)],
            true,
        ),
        (
            json!({ "skip_metadata_api_check": "true" }),
            vec![("AWS_EC2_METADATA_SERVICE_ENDPOINT", "URL")],
            false,
        ),
        (
            json!({ "skip_metadata_api_check": "true", "ec2_metadata_service_endpoint": "URL" }),
            vec![],
            false,
        ),
        (
            json!({ "skip_metadata_api_check": "false", "ec2_metadata_service_endpoint": "URL" }),
            vec![],
            true,
        ),
        (
            json!({ "ec2_metadata_service_endpoint": "URL" }),
            vec![("AWS_EC2_METADATA_DISABLED", "true")],
            false,
        ),
    ] {
        let metadata = Metadata::start(Keys::of("machine"), "us-west-2");
        let mut stage = Stage::new().without("AWS_EC2_METADATA_DISABLED");
        for (name, value) in variables {
            stage = stage.with(name, &value.replace("URL", &metadata.url()));
        }
        let block: serde_json::Value =
            serde_json::from_str(&block.to_string().replace("URL", &metadata.url())).unwrap();
        let ran = stage.run(block.clone()).await;
        assert_eq!(!metadata.heard().is_empty(), is_asked, "{block}");
        match is_asked {
            true => drop(ran.succeeded()),
            false => drop(ran.refused("", &["instance metadata service: skipped"])),
        }
    }
}

/// As in hashicorp/aws.
#[tokio::test]
async fn the_block_turns_metadata_on_that_the_environment_turns_off() {
    let metadata = Metadata::start(Keys::of("machine"), "us-west-2");
    let stage = Stage::new().with("AWS_EC2_METADATA_DISABLED", "true");
    let url = metadata.url();
    let block = json!({ "skip_metadata_api_check": "false", "ec2_metadata_service_endpoint": url });
    stage.run(block).await.succeeded();
    assert_eq!(stage.signer(), "ASIAMACHINE");
}

#[tokio::test]
async fn a_profile_may_name_the_machine_of_the_block_as_its_source() {
    let metadata = Metadata::start(Keys::of("machine"), "us-west-2");
    let stage = Stage::new().without("AWS_EC2_METADATA_DISABLED");
    stage.file(
        ".aws/config",
        "[profile desks]\ncredential_source = Ec2InstanceMetadata\n\
         role_arn = arn:aws:iam::123456789012:role/desks\n",
    );
    let block = json!({ "profile": "desks", "ec2_metadata_service_endpoint": metadata.url() });
    stage.run(block).await.succeeded();
    assert_eq!(stage.cloud.sts()[0]["Operation"], json!("AssumeRole"));
    assert!(!metadata.heard().is_empty());
}

#[tokio::test]
async fn a_profile_without_credentials_leaves_them_to_the_machine() {
    let metadata = Metadata::start(Keys::of("machine"), "us-west-2");
    let stage = Stage::new()
        .without("AWS_EC2_METADATA_DISABLED")
        .with("AWS_ACCESS_KEY_ID", "AKIAENVIRONMENT")
        .with("AWS_SECRET_ACCESS_KEY", &secret("environment"));
    stage.file(".aws/config", "[profile desks]\nregion = us-west-2\n");
    let block = json!({ "profile": "desks", "ec2_metadata_service_endpoint": metadata.url() });
    stage.run(block).await.succeeded();
    assert_eq!(stage.signer(), "ASIAMACHINE");
}

/// A device belongs to the keys too, where no role asks for its code.
#[tokio::test]
async fn keys_beside_the_name_of_an_mfa_device_are_keys() {
    let stage = Stage::new();
    let device = "mfa_serial = arn:aws:iam::123456789012:mfa/ana\n";
    stage.file(
        ".aws/credentials",
        &(section("desks", "desks").trim_end().to_owned() + "\n" + device),
    );
    stage.run(json!({ "profile": "desks" })).await.succeeded();
    assert_eq!(stage.signer(), "AKIADESKS");
}

#[tokio::test]
async fn a_program_is_asked_once() {
    let stage = Stage::new();
    let keys = json!({
        "Version": 1, "AccessKeyId": "ASIAPROGRAM", "SecretAccessKey": secret("program"),
        "SessionToken": secret("programtoken"),
    });
    let file = stage.written("keys.json", &keys.to_string());
    let log = stage.written("asked", "");
    let program = format!("sh -c 'echo once >> {log}; cat {file}'");
    stage.file(".aws/config", &format!("[profile asking]\ncredential_process = {program}\n"));
    stage.run(json!({ "profile": "asking" })).await.succeeded();
    assert_eq!(std::fs::read_to_string(log).unwrap(), "once\n");
}

/// In process, where nothing leaves this machine: the addresses of the metadata are fixed.
#[tokio::test(start_paused = true)]
async fn the_machine_is_asked_over_ipv6_where_the_block_or_the_environment_says_so() {
    const VARIABLE: &str = "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE";
    for (argument, variable, address) in [
        (Some("IPv6"), None, "http://[fd00:ec2::254]"),
        (None, Some("IPv6"), "http://[fd00:ec2::254]"),
        (Some("IPv4"), Some("IPv6"), "http://169.254.169.254"),
        (None, None, "http://169.254.169.254"),
    ] {
        let desk = Desk::new(Settings::default()).await;
        let variables: Vec<(&str, &str)> =
            variable.map(|mode| (VARIABLE, mode)).into_iter().collect();
        let arguments = [
            ("access_key", Value::Null),
            ("secret_key", Value::Null),
            (
                "ec2_metadata_service_endpoint_mode",
                Value::optional_string(argument.map(str::to_owned)),
            ),
        ];
        // Nobody there gives credentials.
        assert!(desk.configuring_in(&variables, &arguments).await.has_errors());
        let asked = desk.calls("STS");
        assert!(
            asked.iter().any(|call| call.address == address),
            "{argument:?} {variable:?}: {asked:?}"
        );
    }
}
