//! What is on standard error.

use std::time::Duration;

use tokio::time::timeout;
use tokio_rustls::rustls::ALL_VERSIONS;

use super::{call, healthy};
use crate::support::{
    client::Terraform,
    process::{Environment, SOON},
};

#[tokio::test]
async fn log_lines_are_as_terraform_reads_them() {
    let terraform = Terraform::start(Environment::of_terraform().with("TF_LOG", "TRACE")).await;
    // A refused client is worth a line.
    let _ = call(&terraform.handshake, None, ALL_VERSIONS).await;
    healthy(&mut terraform.health()).await.unwrap();
    eventually(|| terraform.process.stderr().contains('\n')).await;
    let report = terraform.shutdown().await;
    assert!(report.stderr.lines().count() > 0);
    for line in report.stderr.lines() {
        assert!(line.len() < 64 << 10);
        let line: serde_json::Value =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let text = |key: &str| line[key].as_str().unwrap_or_else(|| panic!("no {key} in {line}"));
        assert!(["trace", "debug", "info", "warn", "error"].contains(&text("@level")), "{line}");
        assert!(!text("@message").is_empty() && !text("@module").is_empty(), "{line}");
        let fraction = text("@timestamp").split_once('.').unwrap().1;
        assert_eq!(fraction.len(), "000000Z".len(), "{line}");
    }
}

#[tokio::test]
async fn without_a_log_level_or_above_it_there_are_no_lines() {
    let silent = Environment::of_terraform();
    for environment in [
        silent.clone(),
        silent.clone().with("TF_LOG", "OFF"),
        silent.with("TF_LOG_PROVIDER", "ERROR"),
    ] {
        let terraform = Terraform::start(environment).await;
        let _ = call(&terraform.handshake, None, ALL_VERSIONS).await;
        assert_eq!(terraform.shutdown().await.stderr, "");
    }
}

#[tokio::test]
async fn it_serves_on_when_nobody_reads_standard_error() {
    let mut terraform = Terraform::start(Environment::of_terraform().with("TF_LOG", "TRACE")).await;
    terraform.process.close_stderr();
    for _ in 0..3 {
        let _ = call(&terraform.handshake, None, ALL_VERSIONS).await;
        healthy(&mut terraform.health()).await.unwrap();
    }
    assert_eq!(terraform.shutdown().await.code, Some(0));
}

/// Waits for something another process does.
async fn eventually(mut condition: impl FnMut() -> bool) {
    let mut interval = tokio::time::interval(Duration::from_millis(5));
    let wait = async {
        while !condition() {
            interval.tick().await;
        }
    };
    timeout(SOON, wait).await.expect("it did not happen");
}
