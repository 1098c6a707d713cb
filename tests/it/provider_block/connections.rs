//! How AWS is reached: endpoints, proxies, certificates, connections.

use serde_json::{Value, json};
use terraform_provider_aws_workspaces::sim::Settings;

use super::roles::web_identity;
use super::sources::section;
use super::stage::{Stage, keyed};
use crate::support::requests::{Stored, errors};
use crate::support::served::Served;

/// Calls to Amazon WorkSpaces, and to STS.
fn calls(cloud: &Served) -> [u64; 2] {
    ["DescribeWorkspaces", "GetCallerIdentity"].map(|operation| cloud.calls(operation))
}

#[tokio::test]
async fn an_endpoint_comes_from_the_block_or_a_variable_of_the_service_or_one_of_all() {
    let variables = ["AWS_ENDPOINT_URL_WORKSPACES", "AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL"];
    for (in_block, set, [workspaces, sts]) in [
        (vec!["workspaces", "sts"], vec![], ["block", "block"]),
        (vec!["workspaces"], vec!["AWS_ENDPOINT_URL"], ["block", "AWS_ENDPOINT_URL"]),
        (vec!["workspaces", "sts"], variables.to_vec(), ["block", "block"]),
        (vec![], variables.to_vec(), ["AWS_ENDPOINT_URL_WORKSPACES", "AWS_ENDPOINT_URL_STS"]),
        (
            vec![],
            vec!["AWS_ENDPOINT_URL_WORKSPACES", "AWS_ENDPOINT_URL"],
            ["AWS_ENDPOINT_URL_WORKSPACES", "AWS_ENDPOINT_URL"],
        ),
        (vec![], vec!["AWS_ENDPOINT_URL"], ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL"]),
    ] {
        let places: Vec<(&str, Served)> = ["block"]
            .into_iter()
            .chain(variables)
            .map(|name| (name, Served::start(Settings::default())))
            .collect();
        let url = |name: &str| &places.iter().find(|(place, _)| *place == name).unwrap().1.url;
        let mut stage = Stage::new().without("AWS_ENDPOINT_URL");
        for variable in &set {
            stage = stage.with(variable, url(variable));
        }
        let endpoints = in_block.iter().map(|service| ((*service).to_owned(), json!(url("block"))));
        let endpoints: serde_json::Map<String, Value> = endpoints.collect();
        stage.run(keyed(json!({ "endpoints": [endpoints] }))).await.succeeded();
        for (name, cloud) in &places {
            let expected = [workspaces, sts].map(|place| u64::from(place == *name));
            assert_eq!(calls(cloud), expected, "{in_block:?} {set:?}: {name}");
        }
    }
}

#[tokio::test]
async fn a_profile_may_name_the_endpoints_of_its_services() {
    let stage = Stage::new();
    let url = stage.cloud.url.clone();
    let stage = stage.without("AWS_ENDPOINT_URL");
    stage.file(
        ".aws/config",
        &format!(
            "[default]\nservices = here\n\n[services here]\nworkspaces =\n  endpoint_url = {url}\n\
             sts =\n  endpoint_url = {url}\n"
        ),
    );
    stage.run(keyed(json!({}))).await.succeeded();
    assert_eq!(calls(&stage.cloud), [1, 1]);
}

/// As hashicorp/aws does; the SDK by itself would ask the real STS.
#[tokio::test]
async fn the_endpoint_of_sts_is_for_roles_of_profiles_and_of_the_environment_too() {
    const ROLE: &str = "arn:aws:iam::123456789012:role/desks";
    for by_profile in [true, false] {
        let mut stage = Stage::new();
        let url = stage.cloud.url.clone();
        stage = stage.without("AWS_ENDPOINT_URL");
        let mut block = json!({ "endpoints": [{ "workspaces": url, "sts": url }] });
        if by_profile {
            let keys = section("profile base", "base");
            let role = format!("[profile desks]\nrole_arn = {ROLE}\nsource_profile = base\n\n");
            stage.file(".aws/config", &(role + &keys));
            block["profile"] = json!("desks");
        } else {
            let token = stage.written("token", &web_identity());
            stage = stage.with("AWS_ROLE_ARN", ROLE).with("AWS_WEB_IDENTITY_TOKEN_FILE", &token);
        }
        stage.run(block).await.succeeded();
        let operation = if by_profile { "AssumeRole" } else { "AssumeRoleWithWebIdentity" };
        assert_eq!(stage.cloud.sent(operation).len(), 1, "{operation}");
    }
}

#[tokio::test]
async fn connections_are_kept_and_used_again() {
    let stage = Stage::new();
    let running = stage.start(keyed(json!({}))).await.configured();
    let created = running.create(0).await;
    for _ in 0..10 {
        running.core.read(&created).await.succeeded();
    }
    running.end(Vec::new()).await;
    let stats = stage.cloud.simulator.stats();
    let calls: u64 = stats.operations.values().map(|operation| operation.calls).sum();
    assert!(calls >= 13, "{stats:?}");
    // One for STS and one for WorkSpaces, and a few for calls that are under way side by side.
    assert!(stats.connections <= 4, "{stats:?}");
}

/// A captive portal, a proxy: an empty answer is no word of AWS that a standby is gone.
#[tokio::test]
async fn whoever_answers_without_a_request_id_is_not_believed() {
    use std::io::{Read, Write};
    for answer in [
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}",
        "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n",
    ] {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        // It ends with the test program.
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let _ = stream.read(&mut [0; 8192]);
                let _ = stream.write_all(answer.as_bytes());
                // To close with a part of the request unread would reset the connection.
                let _ = stream.shutdown(std::net::Shutdown::Write);
                let _ = std::io::copy(&mut stream, &mut std::io::sink());
            }
        });
        let stage =
            Stage::new().with("AWS_ENDPOINT_URL_WORKSPACES", &url).with("AWS_MAX_ATTEMPTS", "1");
        let ran = stage.run(keyed(json!({}))).await;
        assert_eq!(errors(&ran.configured), []);
        assert_eq!(errors(&ran.then).len(), 1, "{answer:?}: {:?}", ran.then);
        let detail = &ran.then[0].detail;
        let is_told = detail.contains("request ID") || detail.contains("HTTP status 302");
        assert!(is_told && !detail.contains("Error"), "{answer:?}: {detail}");
    }
}

#[tokio::test]
async fn an_answer_without_end_does_not_fill_the_memory() {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (told, sent) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 8192]);
        let head = "HTTP/1.1 200 OK\r\nx-amzn-requestid: 1\r\ncontent-length: 9999999999\r\n\r\n";
        let mut sent = 0;
        let mut more = stream.write_all(head.as_bytes());
        while more.is_ok() {
            sent += 1;
            more = stream.write_all(&[b' '; 1 << 20]);
        }
        told.send(sent).unwrap();
    });
    let stage =
        Stage::new().with("AWS_ENDPOINT_URL_WORKSPACES", &url).with("AWS_MAX_ATTEMPTS", "1");
    let ran = stage.run(keyed(json!({}))).await;
    assert_eq!(errors(&ran.then).len(), 1, "{:?}", ran.then);
    // What is on the way when the connection is closed counts too.
    let sent = sent.recv().unwrap();
    assert!(sent < 100, "{sent} MiB were taken");
}

#[tokio::test]
async fn the_tagging_api_has_an_endpoint_of_its_own() {
    const VARIABLE: &str = "AWS_ENDPOINT_URL_RESOURCE_GROUPS_TAGGING_API";
    for in_block in [true, false] {
        let tagging = Served::start(Settings::default());
        let mut stage = Stage::new();
        let mut block = keyed(json!({ "tag_reads": "tagging_api" }));
        if in_block {
            block["endpoints"] = json!([{ "resourcegroupstaggingapi": tagging.url }]);
        } else {
            stage = stage.with(VARIABLE, &tagging.url);
        }
        let running = stage.start(block).await.configured();
        let created = running.create(0).await;
        running.core.read(&created).await.succeeded();
        running.end(Vec::new()).await;
        assert!(tagging.calls("GetResources") > 0, "in the block: {in_block}");
        assert_eq!(stage.cloud.calls("GetResources"), 0, "in the block: {in_block}");
    }
}

#[tokio::test]
async fn an_endpoint_of_ones_own_makes_fips_and_dualstack_void_with_a_warning() {
    let variables = [
        ("use_fips_endpoint", "AWS_USE_FIPS_ENDPOINT"),
        ("use_dualstack_endpoint", "AWS_USE_DUALSTACK_ENDPOINT"),
    ];
    for (argument, variable) in variables {
        for in_block in [true, false] {
            let mut stage = Stage::new();
            let url = stage.cloud.url.clone();
            let mut block = keyed(json!({ "endpoints": [{ "workspaces": url, "sts": url }] }));
            if in_block {
                block[argument] = json!(true);
            } else {
                stage = stage.with(variable, "true");
            }
            stage
                .run(block)
                .await
                .succeeded()
                .warned(if in_block { argument } else { "" }, &["endpoint"]);
            assert_eq!(calls(&stage.cloud), [1, 1]);
        }
    }
}

#[tokio::test]
async fn fips_where_amazon_workspaces_has_none_is_an_error() {
    for (argument, variable) in [(Some(true), None), (None, Some("true"))] {
        let mut stage = Stage::new().without("AWS_ENDPOINT_URL");
        if let Some(variable) = variable {
            stage = stage.with("AWS_USE_FIPS_ENDPOINT", variable);
        }
        let block = json!({ "region": "eu-west-1", "use_fips_endpoint": argument });
        let ran = stage.run(keyed(block)).await;
        let path = if argument.is_some() { "use_fips_endpoint" } else { "" };
        ran.refused(path, &["eu-west-1", "us-east-1", "us-west-2"]);
    }
}

#[tokio::test]
async fn fips_is_asked_of_the_region_of_each_standby_too() {
    let stage = Stage::new().without("AWS_ENDPOINT_URL");
    let sts = json!([{ "sts": stage.cloud.url }]);
    let running = stage
        .start(keyed(json!({ "use_fips_endpoint": true, "endpoints": sts })))
        .await
        .configured();
    let mut elsewhere = running.standby(0);
    elsewhere.set("region", "eu-west-1".into());
    let planned = running.core.plan(&Stored::absent(), &elsewhere).await;
    let found = errors(&planned.diagnostics);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].0.as_str(), found[0].1.as_str()), ("region", "No FIPS endpoint"));
    running.end(Vec::new()).await;
}

#[tokio::test]
async fn an_address_in_the_environment_that_is_none_is_named() {
    for variable in [
        "AWS_ENDPOINT_URL",
        "AWS_ENDPOINT_URL_WORKSPACES",
        "AWS_ENDPOINT_URL_STS",
        "AWS_ENDPOINT_URL_RESOURCE_GROUPS_TAGGING_API",
    ] {
        let stage = Stage::new().with(variable, "localhost:4566");
        let parts = [&format!("Invalid {variable}"), "\"localhost:4566\"", "http://127.0.0.1:4566"];
        stage.run(keyed(json!({}))).await.refused("", &parts);
    }
}

#[tokio::test]
async fn an_endpoint_of_a_service_that_is_not_called_is_taken() {
    let stage = Stage::new();
    let url = &stage.cloud.url;
    let endpoints = json!([{ "ec2": url, "s3api": url, "eventbridge": url, "stepfunctions": url }]);
    stage.run(keyed(json!({ "endpoints": endpoints }))).await.succeeded();
}
