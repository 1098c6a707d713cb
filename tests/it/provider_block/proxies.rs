//! Proxies on the way to AWS. Nothing on this machine is reached through one, so the services have
//! names that only the proxy knows.

use serde_json::{Value, json};
use terraform_provider_aws_workspaces::sim::Settings;

use super::stage::{Stage, keyed};
use crate::support::secrets::secret;
use crate::support::served::Served;
use crate::support::stand_ins::{Keys, Metadata, Passed, Proxy};

const HTTP: &str = "http://workspaces.example.test";
const HTTPS: &str = "https://workspaces.example.test";

/// A block, variables of the environment, and whether the proxy is used.
type Case<'a> = (Value, &'a [(&'a str, &'a str)], bool);

fn passed(is_tunnel: bool) -> Passed {
    let to = if is_tunnel { "workspaces.example.test:443" } else { "workspaces.example.test" };
    Passed { is_tunnel, to: to.to_owned(), authorization: None }
}

#[tokio::test]
async fn a_proxy_for_http_comes_from_the_block_or_the_environment() {
    let nobody = "http://127.0.0.1:1";
    let stage = Stage::new();
    let proxy = Proxy::to(&stage.cloud.url);
    let url = proxy.url();
    let cases: [Case<'_>; 9] = [
        (json!({}), &[("HTTP_PROXY", &url)], true),
        (json!({}), &[("http_proxy", &url)], true),
        (json!({ "http_proxy": url }), &[], true),
        (json!({ "http_proxy": url }), &[("HTTP_PROXY", nobody)], true),
        (json!({ "http_proxy": url, "https_proxy": nobody }), &[], true),
        (json!({ "http_proxy": url }), &[("NO_PROXY", "example.org")], true),
        (json!({ "http_proxy": "" }), &[("HTTP_PROXY", &url)], false),
        (json!({ "https_proxy": url }), &[], false),
        (json!({ "http_proxy": url, "no_proxy": "example.test" }), &[], false),
    ];
    for (block, variables, is_used) in cases {
        let stage = Stage::new();
        let proxy_before = proxy.passed().len();
        let mut stage = stage.with("AWS_ENDPOINT_URL", HTTP).with("AWS_MAX_ATTEMPTS", "1");
        for (name, value) in variables {
            stage = stage.with(name, value);
        }
        let ran = stage.run(keyed(block.clone())).await;
        let seen = proxy.passed()[proxy_before..].to_vec();
        assert_eq!(!seen.is_empty(), is_used, "{block} {variables:?}: {seen:?}");
        if is_used {
            ran.succeeded();
            // STS, Amazon WorkSpaces and, unless the WorkSpace was found missing before, the tags.
            assert!((2..=3).contains(&seen.len()), "{block} {variables:?}: {seen:?}");
            assert!(
                seen.iter().all(|one| *one == passed(false)),
                "{block} {variables:?}: {seen:?}"
            );
        } else {
            ran.refused("", &["workspaces.example.test"]);
        }
    }
}

#[tokio::test]
async fn https_goes_through_a_tunnel_of_the_proxy_for_it_or_of_the_one_for_http() {
    let nobody = "http://127.0.0.1:1";
    let folder = tempfile::tempdir().unwrap();
    let (cloud, _) = Served::start_tls(Settings::default(), folder.path());
    let proxy = Proxy::to(&cloud.url);
    let url = proxy.url();
    let cases: [Case<'_>; 8] = [
        (json!({ "https_proxy": url }), &[], true),
        (json!({ "https_proxy": url, "http_proxy": nobody }), &[("HTTPS_PROXY", nobody)], true),
        (json!({}), &[("HTTPS_PROXY", &url)], true),
        (json!({}), &[("https_proxy", &url)], true),
        (json!({ "http_proxy": url }), &[], true),
        (json!({ "http_proxy": nobody }), &[("HTTPS_PROXY", &url)], true),
        (json!({ "http_proxy": url, "https_proxy": "" }), &[], false),
        (json!({ "https_proxy": url, "no_proxy": "*" }), &[], false),
    ];
    for (mut block, variables, is_used) in cases {
        let proxy_before = proxy.passed().len();
        let mut stage = Stage::new().with("AWS_ENDPOINT_URL", HTTPS).with("AWS_MAX_ATTEMPTS", "1");
        for (name, value) in variables {
            stage = stage.with(name, value);
        }
        // The certificate is for this machine, not for the name.
        block["insecure"] = json!(true);
        let ran = stage.run(keyed(block.clone())).await;
        let seen = proxy.passed()[proxy_before..].to_vec();
        if is_used {
            ran.succeeded();
            // A connection for each of two calls at once: all services have one address here.
            assert!(seen.len() <= 2 && seen.iter().all(|one| *one == passed(true)), "{seen:?}");
        } else {
            ran.refused("", &["workspaces.example.test"]);
            assert_eq!(seen, [], "{block} {variables:?}");
        }
    }
}

#[tokio::test]
async fn a_proxy_is_told_the_password_in_its_address_and_nobody_else_is() {
    let folder = tempfile::tempdir().unwrap();
    let (secured, _) = Served::start_tls(Settings::default(), folder.path());
    for (endpoint, argument) in [(HTTP, "http_proxy"), (HTTPS, "https_proxy")] {
        let stage = Stage::new().with("AWS_ENDPOINT_URL", endpoint);
        let cloud = if endpoint == HTTP { &stage.cloud } else { &secured };
        let proxy = Proxy::to(&cloud.url);
        let url = proxy.url().replace("//", &format!("//somebody:{}@", secret("proxy")));
        stage.run(keyed(json!({ argument: url, "insecure": true }))).await.succeeded();
        let expected = format!("somebody:{}", secret("proxy"));
        for passed in proxy.passed() {
            let told = passed.authorization.expect("a password");
            let told = told.strip_prefix("Basic ").expect("in the basic scheme");
            use base64::Engine;
            let told = base64::prelude::BASE64_STANDARD.decode(told).unwrap();
            assert_eq!(String::from_utf8(told).unwrap(), expected);
        }
    }
}

#[tokio::test]
async fn a_proxy_that_is_none_or_not_there_is_named_without_its_password() {
    let password = format!("http://somebody:{}@127.0.0.1:1", secret("proxy"));
    let stage = Stage::new().with("AWS_ENDPOINT_URL", HTTPS).with("AWS_MAX_ATTEMPTS", "1");
    let ran = stage.run(keyed(json!({ "https_proxy": password }))).await;
    ran.refused("", &["the proxy http://127.0.0.1:1"]);

    let stage = Stage::new().with("HTTP_PROXY", &format!("socks4://{}@one:1", secret("proxy")));
    stage.run(keyed(json!({}))).await.refused("", &["HTTP_PROXY", "http://host:port"]);
    for scheme in ["http", "socks4"] {
        let broken = format!("{scheme}://somebody:{} pw@one:1", secret("proxy"));
        let ran = Stage::new().run(keyed(json!({ "https_proxy": broken }))).await;
        ran.refused("https_proxy", &["http://proxy:3128", "not shown"]);
    }
    let stage = Stage::new();
    let none = keyed(json!({ "http_proxy": "http://one:port" }));
    stage.run(none).await.refused("http_proxy", &["http://host:port"]);
}

#[tokio::test]
async fn this_machine_and_its_metadata_are_reached_without_a_proxy() {
    let nobody = "http://127.0.0.1:1";
    let metadata = Metadata::start(Keys::of("machine"), "us-west-2");
    let stage = Stage::new()
        .without("AWS_EC2_METADATA_DISABLED")
        .with("AWS_EC2_METADATA_SERVICE_ENDPOINT", &metadata.url())
        .with("HTTP_PROXY", nobody)
        .with("HTTPS_PROXY", nobody);
    stage.run(json!({})).await.succeeded();
    assert_eq!(stage.signer(), "ASIAMACHINE");
}
