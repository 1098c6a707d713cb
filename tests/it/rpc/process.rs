//! What holds for the process as a whole while RPCs are served.

use std::time::{Duration, Instant};

use terraform_provider_aws_workspaces::sim::Settings;
use terraform_provider_aws_workspaces::tf::Value;

use super::session::{SECRET_KEY, Session, TOKEN, map};
use crate::support::process::Environment;
use crate::support::requests::{Stored, errors, no_errors, warnings, with};

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

#[tokio::test]
async fn a_panic_is_a_diagnostic_and_the_process_serves_on() {
    // The AWS SDK panics on credentials that no HTTP header can carry. Those that this program is
    // given are checked; these come from a program that the shared configuration names.
    let environment = Environment::of_terraform();
    let file = environment.folder().join("config");
    let keys =
        r#"{"Version": 1, "AccessKeyId": "AK\nID", "SecretAccessKey": "x", "SessionToken": "t"}"#;
    let answer = environment.folder().join("keys.json");
    std::fs::write(&answer, keys).expect("the folder is the test's own");
    let profile = format!("[default]\ncredential_process = cat {}\n", answer.display());
    std::fs::write(&file, profile).expect("the folder is the test's own");
    let environment = environment
        .with("AWS_CONFIG_FILE", file.to_str().expect("a plain path"))
        .with("TF_LOG", "ERROR");
    let session = Session::in_environment(Settings::default(), environment).await;
    let block = with(
        &session.provider_config(),
        [
            ("access_key", Value::Null),
            ("secret_key", Value::Null),
            ("token", Value::Null),
            ("skip_credentials_validation", true.into()),
            ("skip_requesting_account_id", true.into()),
        ],
    );
    assert_eq!(errors(&session.core.configure(&block).await), no_errors());
    // In a task of its own, and in the handler itself.
    let stored = session.stored("ws-0gone00001");
    let read = session.core.read(&stored).await;
    assert_eq!(errors(&read.diagnostics).len(), 1, "{:?}", read.diagnostics);
    assert_eq!(read.stored, stored, "nothing is lost");
    let listing = session.core.data["aws_workspaces_standbys"].nothing();
    let (state, found) = session.core.read_data("aws_workspaces_standbys", &listing).await;
    assert_eq!((errors(&found).len(), state), (1, Value::Null), "{found:?}");
    let (_, applied) = session.core.change(&Stored::absent(), &session.config()).await;
    assert_eq!(errors(&applied.diagnostics).len(), 1, "{:?}", applied.diagnostics);
    assert!(applied.diagnostics[0].detail.contains("bug"), "{:?}", applied.diagnostics);
    assert_eq!(applied.stored.state, Value::Null);
    // And a configuration that is sound works in the same process.
    session.configure().await;
    session.create(&session.config()).await;
    let log = session.terraform.process.stderr();
    assert!(log.contains("panic: "), "Terraform shows what begins so: {log}");
}
