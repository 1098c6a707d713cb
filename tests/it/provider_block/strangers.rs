//! Endpoints and proxies that are not what they are taken for, and what they give back of a request.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use terraform_provider_aws_workspaces::sim::Settings;

use super::roles::web_identity;
use super::stage::{Stage, keyed};
use crate::support::secrets::secret;
use crate::support::served::Served;
use crate::support::stand_ins::Stranger;

const ROLE: &str = "arn:aws:iam::123456789012:role/desks";
const NAME: &str = "workspaces.example.test";

#[tokio::test]
async fn the_wrong_protocol_for_a_port_is_named_with_the_source_of_the_endpoint() {
    let folder = tempfile::tempdir().unwrap();
    let (secured, _) = Served::start_tls(Settings::default(), folder.path());
    let plain = Served::start(Settings::default());
    let nginx = Stranger::answering(
        400,
        "<html><h1>400 Bad Request</h1>The plain HTTP request was sent to HTTPS port</html>",
    );
    for (url, part) in [
        (secured.url.replace("https://", "http://"), "does not speak plain HTTP"),
        (plain.url.replace("http://", "https://"), "does not speak TLS"),
        (nginx.url(), "its port is one for https:// URLs"),
    ] {
        let source = if part.starts_with("its") { "" } else { "AWS_ENDPOINT_URL" };
        let stage = Stage::new().with("AWS_ENDPOINT_URL", &url).with("AWS_MAX_ATTEMPTS", "1");
        stage.run(keyed(json!({ "insecure": true }))).await.refused("", &[part, source]);
        let stage = Stage::new().with("AWS_MAX_ATTEMPTS", "1");
        let block = json!({ "insecure": true, "endpoints": [{ "sts": url, "workspaces": url }] });
        let source = if source.is_empty() { "" } else { "the argument endpoints" };
        stage.run(keyed(block)).await.refused("", &[part, source]);
    }
}

#[tokio::test]
async fn an_endpoint_that_nobody_listens_at_is_named_with_its_source() {
    let stage = Stage::new().with("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1");
    let stage = stage.with("AWS_MAX_ATTEMPTS", "1");
    let parts = ["http://127.0.0.1:1", "AWS_ENDPOINT_URL_STS"];
    stage.run(keyed(json!({}))).await.refused("", &parts);
}

#[tokio::test]
async fn a_refusal_of_a_proxy_is_the_proxys() {
    for (status, endpoint, argument, part) in [
        (407, "http", "http_proxy", "requires a user and a password"),
        (403, "http", "http_proxy", "HTTP status 403"),
        (407, "https", "https_proxy", "requires a user and a password"),
        (403, "https", "https_proxy", "refused to connect to the endpoint"),
    ] {
        let proxy = Stranger::answering(status, "<html>no</html>");
        let stage = Stage::new()
            .with("AWS_ENDPOINT_URL", &format!("{endpoint}://{NAME}"))
            .with("AWS_MAX_ATTEMPTS", "1");
        let ran = stage.run(keyed(json!({ argument: proxy.url() }))).await;
        ran.refused("", &["the proxy http://127.0.0.1", part, "Could not connect to AWS"]);
    }
}

#[tokio::test]
async fn a_status_of_something_else_is_not_a_fault_of_aws() {
    for (status, text) in
        [(501, "<html>Unsupported method</html>"), (501, ""), (503, ""), (404, "")]
    {
        let stranger = Stranger::answering(status, text);
        let stage =
            Stage::new().with("AWS_ENDPOINT_URL", &stranger.url()).with("AWS_MAX_ATTEMPTS", "1");
        let ran = stage.run(keyed(json!({}))).await;
        let status = format!("HTTP status {status} is not in the format of AWS");
        let ran = ran.refused("", &[&status, "the proxy and the endpoints"]);
        assert!(!ran.configured[0].detail.contains("AWS failed"), "{:?}", ran.configured);
    }
}

/// Every process is searched for secrets when it ends.
#[tokio::test]
async fn what_comes_back_of_a_request_is_hidden_in_every_form() {
    let quote = |sent: &http::Request<bytes::Bytes>| {
        let body = String::from_utf8_lossy(sent.body()).into_owned();
        let headers: String =
            sent.headers().values().map(|value| value.to_str().unwrap_or_default()).collect();
        let all = format!("{body} {headers}");
        let encoded = BASE64_STANDARD.encode(format!("a:{body}"));
        format!(
            "<ErrorResponse><Error><Code>AccessDenied</Code><Message>{} {encoded}</Message>\
             </Error><RequestId>1</RequestId></ErrorResponse>",
            all.replace('&', " ")
        )
    };
    let sts = Stranger::echoing(403, quote);
    let token = web_identity();
    let external = json!([{ "role_arn": ROLE, "external_id": secret("external") }]);
    let identity = json!([{ "role_arn": ROLE, "web_identity_token": token }]);
    for (path, block) in [
        ("assume_role[0]", keyed(json!({ "assume_role": external, "token": secret("session") }))),
        ("assume_role_with_web_identity[0]", json!({ "assume_role_with_web_identity": identity })),
    ] {
        let stage = Stage::new().with("AWS_ENDPOINT_URL_STS", &sts.url());
        stage.run(block).await.refused(path, &["AccessDenied", "(hidden)"]);
    }
}

#[tokio::test]
async fn a_login_in_an_address_is_never_shown() {
    let login = format!("user:{}", secret("login"));
    let container = |host: &str| format!("http://{login}@{host}/keys");
    for (variable, url) in [
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", container("credentials.example.test")),
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", container("127.0.0.1:1")),
        ("AWS_ENDPOINT_URL", format!("http://{login}@127.0.0.1:1")),
        ("AWS_ENDPOINT_URL", format!("{login}@127.0.0.1:1")),
        ("AWS_ENDPOINT_URL_WORKSPACES", format!("ftp://{login}@127.0.0.1:1?a=b")),
        ("HTTPS_PROXY", format!("gopher://{login}@127.0.0.1:1")),
    ] {
        let stage = Stage::new().with(variable, &url).with("AWS_MAX_ATTEMPTS", "1");
        let block = match variable.contains("CONTAINER") {
            true => json!({}),
            false => keyed(json!({})),
        };
        stage.run(block).await.refused("", &[]);
    }
}

/// Validating starts nothing and reads nothing.
#[tokio::test]
async fn what_needs_neither_file_nor_network_is_refused_when_the_block_is_validated() {
    let endpoint = |url: &str| json!({ "endpoints": [{ "workspaces": url }] });
    for (block, path) in [
        (endpoint("http://a b"), "endpoints"),
        (endpoint("https://a:port"), "endpoints"),
        (json!({ "ec2_metadata_service_endpoint": "http://a:b" }), "ec2_metadata_service_endpoint"),
        (json!({ "region": "eu-west-99" }), "region"),
    ] {
        let stage = Stage::new();
        let running = stage.start(keyed(block.clone())).await;
        let block_value = Value::clone(&block);
        let ran = running.end(Vec::new()).await.refused(path, &[]);
        assert!(!ran.log.contains("ConfigureProvider"), "{block_value}");
    }
}
