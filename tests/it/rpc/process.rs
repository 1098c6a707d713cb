//! What holds for the process as a whole while RPCs are served.

use std::time::{Duration, Instant};

use terraform_provider_aws_workspaces::sim::Settings;
use terraform_provider_aws_workspaces::tf::Value;

use super::session::{SECRET_KEY, Session, TOKEN, map};
use crate::support::process::Environment;
use crate::support::requests::{errors, no_errors, warnings, with};

#[tokio::test]
async fn secrets_and_states_are_never_logged() {
    let environment = Environment::of_terraform().with("TF_LOG", "TRACE");
    let session = Session::in_environment(Settings::default(), environment).await;
    session.configure().await;
    let config =
        with(&session.config(), [("tags", map([("Name", "a-tag-that-is-nobodys-business")]))]);
    let created = session.create(&config).await;
    session.core.read(&created).await.succeeded();
    session.core.change(&created, &Value::Null).await.1.succeeded();
    let wrong = [("secret_key", Value::Null)];
    session.core.validate_provider(&with(&session.provider_config(), wrong)).await;

    let Session { terraform, .. } = &session;
    let log = terraform.process.stderr();
    assert!(log.contains("tf_rpc"), "there is a log: {log}");
    for rpc in ["ConfigureProvider", "PlanResourceChange", "ApplyResourceChange", "ReadResource"] {
        assert!(log.contains(rpc), "{rpc} is in the log");
    }
    for secret in [SECRET_KEY, TOKEN, "a-tag-that-is-nobodys-business"] {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
}

#[tokio::test]
async fn a_configuration_of_20_megabytes_is_taken() {
    let session = Session::unconfigured().await;
    let huge = "x".repeat(20 << 20);
    let config = with(&session.config(), [("tags", map([("Name", huge.as_str())]))]);
    let found = session.core.validate(&config).await;
    assert_eq!(errors(&found).len(), 1, "the value is too long for a tag");
    assert!(found[0].detail.len() < 10_000, "a message is for reading");
}

#[tokio::test]
async fn calls_are_served_side_by_side() {
    let slow = Settings { latency: Duration::from_millis(500), ..Settings::default() };
    let session = Session::with(slow).await;
    let started = Instant::now();
    let reads = (0..50).map(|number| {
        let (core, stored) =
            (session.core.clone(), session.stored(&format!("ws-0gone{number:05}")));
        tokio::spawn(async move { core.read(&stored).await })
    });
    for read in reads.collect::<Vec<_>>() {
        let read = read.await.expect("the read is answered");
        assert_eq!(errors(&read.diagnostics), no_errors());
        assert_eq!(warnings(&read.diagnostics).len(), 1);
        assert_eq!(read.stored.state, Value::Null);
    }
    // One after the other they would take 25 seconds and more.
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
}

#[tokio::test]
async fn calls_are_served_when_nobody_reads_the_log() {
    let environment = Environment::of_terraform().with("TF_LOG", "TRACE");
    let mut session = Session::in_environment(Settings::default(), environment).await;
    session.terraform.process.close_stderr();
    session.configure().await;
    let created = session.create(&session.config()).await;
    session.core.read(&created).await.succeeded();
}
