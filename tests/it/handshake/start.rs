//! The cookie, the line and how fast it is there.

use std::{path::Path, time::Duration};

use super::{handshake, refusal};
use crate::support::{
    client::{ClientCertificate, Terraform},
    process::{Environment, Process},
};

#[tokio::test]
async fn without_the_cookie_it_explains_itself_and_fails() {
    for environment in
        [Environment::bare(), Environment::of_terraform().with("TF_PLUGIN_MAGIC_COOKIE", "other")]
    {
        let report = refusal(&environment).await;
        assert_eq!(report.code, Some(1));
        assert!(report.stderr.contains("Terraform"), "{report:?}");
    }
}

#[tokio::test]
async fn the_handshake_is_one_line_of_six_fields() {
    let terraform = Terraform::start(Environment::of_terraform()).await;
    let handshake = terraform.handshake.clone();
    assert_eq!((handshake.core_version.as_str(), handshake.protocol.as_str()), ("1", "grpc"));
    assert_eq!(handshake.network, "unix");
    assert!(Path::new(&handshake.address).is_absolute(), "{handshake:?}");
    let report = terraform.shutdown().await;
    assert!(report.stdout.ends_with('\n'));
    assert_eq!(report.stdout.lines().count(), 1, "{report:?}");
    assert_eq!(report.stdout.matches('|').count(), 5, "{report:?}");
}

#[tokio::test]
async fn the_version_is_6_whatever_the_client_offers() {
    for offered in [Some("5,6"), Some("6,5"), Some("6"), Some("5"), Some("x,7"), Some(""), None] {
        let environment = Environment::of_terraform().without("PLUGIN_PROTOCOL_VERSIONS");
        let environment = match offered {
            Some(versions) => environment.with("PLUGIN_PROTOCOL_VERSIONS", versions),
            None => environment,
        };
        assert_eq!(handshake(&environment).await.1.version, "6", "offered {offered:?}");
    }
}

#[tokio::test]
async fn the_seventh_field_is_for_clients_that_know_it() {
    for (value, expected) in
        [(None, None), (Some("true"), Some("false")), (Some("false"), Some("false"))]
    {
        let mut environment = Environment::of_terraform();
        if let Some(value) = value {
            environment = environment.with("PLUGIN_MULTIPLEX_GRPC", value);
        }
        assert_eq!(handshake(&environment).await.1.multiplexing.as_deref(), expected);
    }
}

/// Terraform starts several processes for every command, so this is time a user waits. The best of
/// a few starts counts, without the time in which other tests had the processor.
#[tokio::test]
async fn the_line_is_there_within_100_ms() {
    let mut times = Vec::new();
    while times.len() < 20 && times.iter().all(|time| *time > Duration::from_millis(100)) {
        let environment = Environment::of_terraform()
            .with("PLUGIN_CLIENT_CERT", &ClientCertificate::of_terraform().pem);
        let mut process = Process::start(&[], &environment);
        process.first_line().await.unwrap();
        times.push(process.started.elapsed().saturating_sub(waited_for_processor(process.id())));
    }
    assert!(times.iter().any(|time| *time <= Duration::from_millis(100)), "{times:?}");
}

/// How long the threads of a process were ready and had no processor; zero where the system does not
/// say.
fn waited_for_processor(process: u32) -> Duration {
    let threads = std::fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten();
    let waited = threads.filter_map(|thread| {
        let text = std::fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
        text.split_whitespace().nth(1)?.parse::<u64>().ok()
    });
    Duration::from_nanos(waited.sum())
}
