//! Whose certificates are trusted.

use serde_json::json;
use terraform_provider_aws_workspaces::sim::Settings;

use super::stage::{Stage, keyed};
use crate::support::served::Served;

/// A stage whose cloud has a certificate of a private authority, and the file with the authority's.
fn private() -> (Stage, String) {
    let folder = tempfile::tempdir().unwrap();
    let (cloud, file) = Served::start_tls(Settings::default(), folder.path());
    let pem = std::fs::read_to_string(&file).unwrap();
    let url = cloud.url.replace("127.0.0.1", "localhost");
    let stage = Stage::with_cloud(cloud).with("AWS_ENDPOINT_URL", &url);
    let file = stage.written("certificates/authority.pem", &pem);
    (stage, file)
}

#[tokio::test]
async fn a_private_authority_is_trusted_where_it_is_named() {
    for (argument, variable) in [
        (Some("FILE"), None),
        (Some("~/certificates/authority.pem"), None),
        (Some("$HOME/certificates/authority.pem"), None),
        (None, Some("FILE")),
        (Some("FILE"), Some("/nonexistent")),
    ] {
        let (mut stage, file) = private();
        if let Some(variable) = variable {
            stage = stage.with("AWS_CA_BUNDLE", &variable.replace("FILE", &file));
        }
        let argument = argument.map(|argument| argument.replace("FILE", &file));
        stage.run(keyed(json!({ "custom_ca_bundle": argument }))).await.succeeded();
        // Connections are kept: there is one for each of two calls at once.
        let connections = stage.cloud.simulator.stats().connections;
        assert!(connections <= 2, "{connections} {argument:?} {variable:?}");
    }
}

#[tokio::test]
async fn an_authority_that_nobody_named_is_not_trusted_and_the_error_says_what_to_do() {
    let (stage, _) = private();
    let ran = stage.run(keyed(json!({}))).await;
    ran.refused("", &["certificate", "UnknownIssuer", "custom_ca_bundle", "localhost"]);
    assert_eq!(stage.cloud.all_calls(), 0);
}

#[tokio::test]
async fn a_bundle_stands_instead_of_any_other_trust() {
    let (stage, _) = private();
    let (_elsewhere, other) = private();
    let ran = stage.run(keyed(json!({ "custom_ca_bundle": other }))).await;
    ran.refused("", &["certificate", "custom_ca_bundle"]);
    assert_eq!(stage.cloud.all_calls(), 0);
}

#[tokio::test]
async fn a_bundle_that_cannot_be_used_is_named() {
    for (name, text, part) in [
        ("none.pem", None, "does not exist"),
        ("empty.pem", Some(""), "no certificate in PEM format"),
        ("text.pem", Some("not a certificate"), "no certificate in PEM format"),
        (
            "broken.pem",
            Some("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
            "certificate 1 cannot be used",
        ),
    ] {
        for in_block in [true, false] {
            let mut stage = Stage::new();
            let file = match text {
                Some(text) => stage.written(name, text),
                None => stage.home().join(name).to_str().unwrap().to_owned(),
            };
            let mut block = keyed(json!({}));
            if in_block {
                block["custom_ca_bundle"] = json!(file);
            } else {
                stage = stage.with("AWS_CA_BUNDLE", &file);
            }
            let path = if in_block { "custom_ca_bundle" } else { "" };
            stage.run(block).await.refused(
                path,
                &[name, part, if in_block { "custom_ca_bundle" } else { "AWS_CA_BUNDLE" }],
            );
            assert_eq!(stage.cloud.all_calls(), 0, "{name}");
        }
    }
}

#[tokio::test]
async fn insecure_accepts_any_certificate() {
    let (stage, _) = private();
    stage.run(keyed(json!({ "insecure": true }))).await.succeeded();
    let (stage, _) = private();
    stage.run(keyed(json!({ "insecure": false }))).await.refused("", &["certificate"]);
}
