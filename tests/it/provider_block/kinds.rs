//! Environments and shared files as real users have them.
//!
//! In variables, files and blocks `URL` stands for the simulator's address and `HOME` for the home.

use std::time::Duration;

use serde_json::json;
use terraform_provider_aws_workspaces::sim::Settings;

use super::case::Case;
use super::roles::web_identity;
use super::sources::section;
use super::stage::{Stage, keyed};
use crate::support::requests::errors;
use crate::support::secrets::secret;
use crate::support::served::Served;
use crate::support::stand_ins::{Container, Keys, Metadata, PORTAL_PROFILE, Portal, Socks};

const ROLE: &str = "arn:aws:iam::123456789012:role/desks";

/// Every process is searched for the secrets it was given.
#[tokio::test]
async fn an_address_without_a_scheme_is_an_error_before_the_first_call_and_shows_no_request() {
    let token = web_identity();
    let external = secret("external");
    let role = json!({ "profile": "desks", "assume_role": [{ "role_arn": ROLE, "external_id": external }] });
    let keys = section("default", "usual") + &section("desks", "desks");
    let config = |endpoint: &str| format!("[profile desks]\n{endpoint}\n");
    let of_profile = config("endpoint_url = localhost:4566");
    let of_service =
        config("services = here\n[services here]\nsts =\n  endpoint_url = localhost:4566");
    for (variables, config, block, part) in [
        (vec![("TF_AWS_STS_ENDPOINT", "localhost:4566")], "", role.clone(), "TF_AWS_STS_ENDPOINT"),
        (vec![("AWS_STS_ENDPOINT", "sts.internal.example")], "", role.clone(), "AWS_STS_ENDPOINT"),
        (vec![("AWS_ENDPOINT_URL_SSO", "localhost:1")], "", role.clone(), "AWS_ENDPOINT_URL_SSO"),
        (
            vec![
                ("AWS_ENDPOINT_URL_STS", "sts.internal.example"),
                ("AWS_ROLE_ARN", ROLE),
                ("AWS_WEB_IDENTITY_TOKEN_FILE", "HOME/token"),
            ],
            "",
            json!({}),
            "AWS_ENDPOINT_URL_STS",
        ),
        (vec![("AWS_ENDPOINT_URL", "")], &of_profile, role.clone(), ".aws/config, line 2"),
        (vec![("AWS_ENDPOINT_URL", "")], &of_service, role.clone(), ".aws/config, line 5"),
        (
            vec![
                ("AWS_EC2_METADATA_DISABLED", "false"),
                ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "nowhere"),
            ],
            "",
            json!({}),
            "AWS_EC2_METADATA_SERVICE_ENDPOINT",
        ),
    ] {
        let files =
            [(".aws/credentials", keys.as_str()), (".aws/config", config), ("token", &token)];
        Case::new(&variables, &files, block).fails("", &[part, "URL"]).await;
    }
}

#[tokio::test]
async fn an_empty_variable_or_key_is_unset() {
    let keys = section("default", "usual");
    let usual = [(".aws/credentials", keys.as_str())];
    for variables in [
        [("AWS_PROFILE", "")].as_slice(),
        &[("AWS_PROFILE", ""), ("AWS_DEFAULT_PROFILE", " ")],
        &[("AWS_SHARED_CREDENTIALS_FILE", ""), ("AWS_CONFIG_FILE", "")],
        &[("AWS_ACCESS_KEY_ID", ""), ("AWS_SECRET_ACCESS_KEY", ""), ("AWS_SESSION_TOKEN", "")],
        &[("AWS_ROLE_ARN", ""), ("AWS_WEB_IDENTITY_TOKEN_FILE", "")],
        &[("AWS_REGION", ""), ("AWS_DEFAULT_REGION", "us-west-2")],
    ] {
        Case::new(variables, &usual, json!({ "region": null, "sts_region": "us-west-2" }))
            .run_in_any_region()
            .await;
    }
    for more in ["aws_session_token =\n", "role_arn =\nsource_profile =\n", "credential_process=\n"]
    {
        let text = keys.trim_end().to_owned() + "\n" + more;
        let (ran, stage) = Case::new(&[], &[(".aws/credentials", &text)], json!({})).run().await;
        ran.succeeded();
        assert_eq!(stage.cloud.sts()[0]["HasSessionToken"], json!(false), "{more}");
    }
    // Keys without values are no keys, and the next source is asked.
    let container = Container::start(Keys::of("container"));
    let token = Container::token();
    let variables = [
        ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", ""),
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", &container.uri()),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", ""),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN", &token),
    ];
    let blank = [(".aws/credentials", "[default]\naws_access_key_id =\naws_secret_access_key =\n")];
    Case::new(&variables, &blank, json!({})).signs("ASIACONTAINER").await;
    // What a program prints.
    let answer = json!({
        "Version": 1, "AccessKeyId": "AKIAPROGRAM", "SecretAccessKey": secret("program"),
        "SessionToken": "",
    });
    let files = [
        ("keys.json", answer.to_string()),
        (".aws/config", "[default]\ncredential_process = cat HOME/keys.json\n".to_owned()),
    ];
    let files = files.each_ref().map(|(name, text)| (*name, text.as_str()));
    let (ran, stage) = Case::new(&[], &files, json!({})).run().await;
    ran.succeeded();
    assert_eq!(stage.cloud.sts()[0]["HasSessionToken"], json!(false));
}

impl Case<'_> {
    /// Must go well with the usual keys; the Region comes from a variable or the block.
    async fn run_in_any_region(&self) {
        let mut case = self.clone();
        if !case.variables.iter().any(|(name, _)| *name == "AWS_DEFAULT_REGION") {
            case.block["region"] = json!("us-west-2");
        }
        case.signs("AKIAUSUAL").await;
    }
}

#[tokio::test]
async fn an_endpoint_of_ones_own_beats_fips_and_dualstack_wherever_either_is_set() {
    let keys = "aws_access_key_id = AKIAUSUAL\naws_secret_access_key = ";
    let keys = format!("{keys}{}\n", secret("usual"));
    let of_profile = "endpoint_url = URL:\n";
    let of_services = "services = here\n[services here]\nworkspaces =\n  endpoint_url = URL:\nsts =\n  endpoint_url = URL:\n";
    for kind in ["use_fips_endpoint", "use_dualstack_endpoint"] {
        for (endpoint, variable) in [(of_profile, ""), (of_services, ""), ("", "URL:")] {
            let config = format!("[default]\n{keys}{kind} = true\n{endpoint}");
            let case = Case::new(
                &[("AWS_ENDPOINT_URL", variable)],
                &[(".aws/config", &config)],
                json!({}),
            );
            let (ran, stage) = case.run().await;
            let source = if variable.is_empty() { "endpoint_url of" } else { "AWS_ENDPOINT_URL" };
            ran.succeeded().warned("", &[kind, ".aws/config", source]);
            assert_eq!(stage.signer(), "AKIAUSUAL");
        }
    }
}

/// The endpoint of the block stays.
#[tokio::test]
async fn a_profile_can_ignore_configured_endpoints() {
    let config =
        "[default]\nignore_configured_endpoint_urls = true\nendpoint_url = http://127.0.0.1:1\n";
    let block = keyed(json!({ "endpoints": [{ "workspaces": "URL:", "sts": "URL:" }] }));
    let variables = [("AWS_ENDPOINT_URL", "http://127.0.0.1:1")];
    Case::new(&variables, &[(".aws/config", config)], block).signs("AKIABLOCK").await;
}

#[tokio::test]
async fn shared_files_are_read_as_the_sdk_for_go_reads_them() {
    let keys =
        format!("aws_access_key_id = AKIADESKS\naws_secret_access_key = {}\n", secret("desks"));
    let quoted = format!(
        "aws_access_key_id = \"AKIADESKS\"\naws_secret_access_key = \"{}\"\n",
        secret("desks")
    );
    let indented = keys.replace("aws_", "  aws_");
    for config in [
        format!("[profile desks]\n{indented}"),
        format!("[profile other]\nwhat is this\n[profile desks]\nstray\n{keys}"),
        format!("[profile desks]\n{quoted}"),
        format!("[profile \"desks\"]\n{keys}"),
        format!("[profile desks]\n{keys}").replace('\n', "\r\n"),
        format!("# a comment\n[profile desks] ; another\n{keys}"),
        format!("[profile desks]\nregion = eu-west-1\n[profile desks]\n{keys}"),
        format!("[profile desks]\ns3 =\n  addressing_style = path\n{keys}"),
        format!(
            "[profile base]\n{keys}[profile desks]\ncredential_source=\n[profile desks]\n{keys}"
        ),
    ] {
        Case::new(&[], &[(".aws/config", &config)], json!({ "profile": "desks" }))
            .signs("AKIADESKS")
            .await;
    }
    let spaced = format!("[profile \"desks admin\"]\n{keys}");
    Case::new(&[], &[(".aws/config", &spaced)], json!({ "profile": "desks admin" }))
        .signs("AKIADESKS")
        .await;
    let marked = format!("\u{feff}[profile desks]\n{keys}");
    Case::new(&[], &[(".aws/config", &marked)], json!({ "profile": "desks" }))
        .fails("profile", &["byte order mark", ".aws/config"])
        .await;
}

#[tokio::test]
async fn a_sign_in_is_advised_for_a_token_that_is_missing_or_expired_only() {
    let hour = Duration::from_secs(3600);
    for offset in ["+00:00", "-08:00", "Z", "UTC"] {
        let portal = Portal::start(Keys::of("portal"));
        let stage = Stage::new().with("AWS_ENDPOINT_URL_SSO", &portal.url());
        stage.file(".aws/config", PORTAL_PROFILE);
        Portal::sign_in(stage.home(), Ok(hour));
        Portal::rewrite_expiry(stage.home(), offset);
        stage.run(json!({ "profile": "signed-in" })).await.succeeded();
        assert_eq!(stage.signer(), "ASIAPORTAL", "{offset}");
    }
    let mistyped = PORTAL_PROFILE.replace("sso_session = desk", "sso_session = dusk");
    for (config, left, parts, is_advised) in [
        (PORTAL_PROFILE, Some(Err(hour)), ["expired", "aws sso login --profile signed-in"], true),
        (PORTAL_PROFILE, None, ["does not exist", "aws sso login --profile signed-in"], true),
        (PORTAL_PROFILE, Some(Ok(hour)), ["GetRoleCredentials", "127.0.0.1:1"], false),
        (&mistyped, Some(Ok(hour)), ["[sso-session dusk]", ".aws/config, line 2"], false),
    ] {
        let stage = Stage::new().with("AWS_ENDPOINT_URL_SSO", "http://127.0.0.1:1");
        stage.file(".aws/config", config);
        if let Some(left) = left {
            Portal::sign_in(stage.home(), left);
        }
        let ran = stage.run(json!({ "profile": "signed-in" })).await.refused("profile", &parts);
        let said = errors(&ran.configured).len() == 1
            && ran.configured[0].detail.contains("aws sso login");
        assert_eq!(said, is_advised, "{:?}", ran.configured);
    }
}

#[tokio::test]
async fn a_certificate_that_cannot_be_used_is_lost_alone_with_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let (cloud, file) = Served::start_tls(Settings::default(), folder.path());
    let good = std::fs::read_to_string(&file).unwrap();
    let url = cloud.url.replace("127.0.0.1", "localhost");
    let stage = Stage::with_cloud(cloud).with("AWS_ENDPOINT_URL", &url);
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let cut_off = "-----BEGIN CERTIFICATE-----\nAAAA\n";
    for (text, parts) in [
        (format!("{broken}{good}"), ["certificate 1", "AWS_CA_BUNDLE"]),
        (format!("{good}{cut_off}"), ["certificate 2 is cut off", "AWS_CA_BUNDLE"]),
    ] {
        let file = stage.written("bundle.pem", &text);
        let stage = Stage::with_cloud(Served::start(Settings::default()))
            .with("AWS_ENDPOINT_URL", &url)
            .with("AWS_CA_BUNDLE", &file);
        stage.run(keyed(json!({}))).await.succeeded().warned("", &parts);
    }
}

#[tokio::test]
async fn socks5_proxies_are_used_with_and_without_a_password() {
    for (scheme, user) in [("socks5", ""), ("socks5h", ""), ("socks5h", "ana")] {
        let stage = Stage::new().with("AWS_ENDPOINT_URL", "http://workspaces.example.test");
        let password = secret("socks");
        let socks = Socks::to(&stage.cloud.url, (user == "ana").then_some((user, &password)));
        let login = if user.is_empty() { String::new() } else { format!("{user}:{password}@") };
        let url = format!("{scheme}://{login}{}", socks.address());
        let stage = stage.with("HTTP_PROXY", &url);
        stage.run(keyed(json!({}))).await.succeeded();
        assert!(socks.passed().iter().all(|to| to == "workspaces.example.test:80"));
        assert!(!socks.passed().is_empty(), "{scheme}");
    }
}

#[tokio::test]
async fn any_form_of_region_is_accepted_if_its_validation_is_skipped() {
    for region in ["eu-west-99", "local"] {
        let block = keyed(json!({ "region": region, "skip_region_validation": true }));
        let (ran, _) = Case::new(&[], &[], block).run().await;
        assert_eq!(errors(&ran.configured), [], "{region}");
    }
    Case::new(&[], &[], keyed(json!({ "region": "local" }))).fails("region", &["local"]).await;
}

#[tokio::test]
async fn no_credentials_are_one_error_that_leads_with_what_to_do() {
    let metadata = Metadata::refusing();
    let stage = Stage::new()
        .with("AWS_EC2_METADATA_DISABLED", "false")
        .with("AWS_EC2_METADATA_SERVICE_ENDPOINT", &metadata.url());
    let parts = ["AWS_ACCESS_KEY_ID", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "HTTP status 403"];
    let ran = stage.run(json!({})).await.refused("", &parts);
    assert!(
        ran.configured[0].detail.starts_with("Configure credentials: access_key"),
        "{:?}",
        ran.configured
    );
}

/// `skip_metadata_api_check` asks the metadata nothing, whatever else is unset.
#[tokio::test]
async fn metadata_that_are_skipped_are_asked_for_neither_region_nor_credentials() {
    let metadata = Metadata::start(Keys::of("machine"), "us-west-2");
    let stage = Stage::new().without("AWS_EC2_METADATA_DISABLED");
    stage.file(
        ".aws/config",
        &format!("[profile desks]\ncredential_source = Ec2InstanceMetadata\nrole_arn = {ROLE}\n"),
    );
    for (profile, count) in [(None, 2), (Some("desks"), 2)] {
        let block = json!({
            "region": null, "profile": profile, "skip_metadata_api_check": "true",
            "ec2_metadata_service_endpoint": metadata.url(),
        });
        let ran = stage.run(block).await;
        assert_eq!(errors(&ran.configured).len(), count, "{:?}", ran.configured);
        assert!(metadata.heard().is_empty());
    }
}

/// Keys that no header can carry are an error that names their place and does not show them.
#[tokio::test]
async fn keys_with_control_characters_are_named_and_not_shown() {
    let key = format!("{}\u{1}", secret("usual"));
    let file = format!("[default]\naws_access_key_id = AKIAUSUAL\naws_secret_access_key = {key}\n");
    Case::new(&[], &[(".aws/credentials", &file)], json!({}))
        .fails("", &["aws_secret_access_key of the profile", ".aws/credentials, line 3"])
        .await;
    let answer = json!({ "Version": 1, "AccessKeyId": "AKIAPROGRAM", "SecretAccessKey": key });
    let config = "[default]\ncredential_process = cat HOME/keys.json\n";
    let answer = answer.to_string();
    Case::new(&[], &[("keys.json", &answer), (".aws/config", config)], json!({}))
        .fails("", &["credential_process", "control character"])
        .await;
}
