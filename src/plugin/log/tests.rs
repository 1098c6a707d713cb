use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};
use tracing::Level;
use tracing_subscriber::{Registry, layer::SubscriberExt};

use super::{Hclog, LONGEST_LINE, is_own, level};

/// Runs the code with a log of the given level and returns the lines.
fn logged(level: Level, code: impl FnOnce()) -> Vec<String> {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&lines);
    let layer = Hclog {
        level,
        now: || "2026-01-02T03:04:05Z".parse().unwrap(),
        write: move |line: &str| sink.lock().unwrap().push(line.to_owned()),
    };
    tracing::subscriber::with_default(Registry::default().with(layer), code);
    let lines = lines.lock().unwrap();
    lines.clone()
}

#[test]
fn a_line_is_an_hclog_object() {
    let lines = logged(Level::TRACE, || {
        tracing::warn!(answer = 42, "it {}", "works");
    });
    assert_eq!(lines.len(), 1);
    assert!(lines[0].ends_with("}\n"));
    let line: Value = serde_json::from_str(&lines[0]).unwrap();
    assert_eq!(
        line,
        json!({
            "@level": "warn",
            "@message": "it works",
            "@module": "terraform_provider_aws_workspaces.plugin.log.tests",
            "@timestamp": "2026-01-02T03:04:05.000000Z",
            "answer": 42,
        })
    );
}

#[test]
fn each_line_has_the_fields_of_its_spans() {
    let lines = logged(Level::TRACE, || {
        let outer =
            tracing::info_span!("rpc", tf_rpc = "ReadResource", tf_req_id = tracing::field::Empty);
        outer.record("tf_req_id", "abc");
        outer.in_scope(|| {
            tracing::info_span!("inner", region = "eu-west-1").in_scope(|| tracing::info!("now"));
            tracing::info!(tf_rpc = "nearer", "now");
        });
    });
    let lines: Vec<Value> = lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0]["tf_rpc"], "ReadResource");
    assert_eq!(lines[0]["tf_req_id"], "abc");
    assert_eq!(lines[0]["region"], "eu-west-1");
    assert_eq!(lines[1]["tf_rpc"], "nearer");
    assert_eq!(lines[1].get("region"), None);
}

#[test]
fn an_error_is_logged_with_its_causes() {
    #[derive(Debug, thiserror::Error)]
    #[error("outside")]
    struct Outside(#[source] io::Error);

    let error = Outside(io::Error::other("inside"));
    let lines = logged(Level::TRACE, || {
        tracing::error!(error = &error as &dyn std::error::Error, "failed");
    });
    assert_eq!(serde_json::from_str::<Value>(&lines[0]).unwrap()["error"], "outside: inside");
}

#[test]
fn hclog_keys_are_always_strings() {
    let lines = logged(Level::TRACE, || {
        tracing::info!(message = 7, "@level" = 1, "@timestamp" = true);
    });
    let line: Value = serde_json::from_str(&lines[0]).unwrap();
    assert_eq!(line["@message"], "7");
    assert_eq!(line["@level"], "info");
    assert_eq!(line["@timestamp"], "2026-01-02T03:04:05.000000Z");
}

#[test]
fn a_line_is_shorter_than_the_limit_of_terraform() {
    let long = "\u{1}".repeat(1 << 20);
    let lines = logged(Level::TRACE, || tracing::info!(a = long, b = long, c = ?long, "{long}"));
    assert!(lines[0].len() <= LONGEST_LINE, "{} bytes", lines[0].len());
    let line: Value = serde_json::from_str(&lines[0]).unwrap();
    assert_eq!(line["fields_omitted"], true);

    let accents = "é".repeat(1 << 20);
    let lines = logged(Level::TRACE, || tracing::info!(accents, "short"));
    let line: Value = serde_json::from_str(&lines[0]).unwrap();
    assert!(line["accents"].as_str().unwrap().ends_with("é…"));
}

#[test]
fn line_feeds_in_a_message_are_escaped() {
    let lines = logged(Level::TRACE, || tracing::info!("one\ntwo"));
    assert_eq!(lines[0].matches('\n').count(), 1);
}

#[test]
fn events_below_the_level_are_not_logged() {
    let lines = logged(Level::INFO, || {
        tracing::debug!("no");
        tracing::info!("yes");
        tracing::error!("yes");
    });
    assert_eq!(lines.len(), 2);
}

#[test]
fn only_events_of_this_crate_are_logged() {
    assert!(is_own("terraform_provider_aws_workspaces"));
    assert!(is_own("terraform_provider_aws_workspaces::aws"));
    assert!(!is_own("terraform_provider_aws_workspaces_other"));
    assert!(!is_own("hyper::proto"));
    assert!(logged(Level::TRACE, || tracing::error!(target: "rustls", "no")).is_empty());
}

#[test]
fn the_most_specific_variable_sets_the_level() {
    for (variables, expected) in [
        (&[][..], None),
        (&[("TF_LOG", "")], None),
        (&[("TF_LOG", "OFF")], None),
        (&[("TF_LOG", "JSON")], Some(Level::TRACE)),
        (&[("TF_LOG", "trace")], Some(Level::TRACE)),
        (&[("TF_LOG", "Debug")], Some(Level::DEBUG)),
        (&[("TF_LOG", "INFO")], Some(Level::INFO)),
        (&[("TF_LOG", "WARN")], Some(Level::WARN)),
        (&[("TF_LOG", "ERROR")], Some(Level::ERROR)),
        (&[("TF_LOG", "1")], Some(Level::TRACE)),
        (&[("TF_LOG_CORE", "INFO")], None),
        (&[("TF_LOG", "ERROR"), ("TF_LOG_PROVIDER", "INFO")], Some(Level::INFO)),
        (&[("TF_LOG", "TRACE"), ("TF_LOG_PROVIDER", "OFF")], None),
        (
            &[("TF_LOG_PROVIDER", "INFO"), ("TF_LOG_PROVIDER_AWS_WORKSPACES", "WARN")],
            Some(Level::WARN),
        ),
    ] {
        let environment: BTreeMap<String, String> = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        assert_eq!(level(&environment), expected, "{variables:?}");
    }
}
