//! The process as Terraform sees it before and beside the provider's own calls: cookie, handshake
//! line, mutual TLS, socket, signals, log lines, end.

use tokio::time::timeout;
use tokio_rustls::rustls::SupportedProtocolVersion;
use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};

use crate::support::{
    client::{ClientCertificate, Handshake},
    process::{Environment, ExitReport, Process, SOON},
};

mod certificate;
mod log;
mod services;
mod socket;
mod start;

/// Starts the provider as far as its line.
async fn handshake(environment: &Environment) -> (Process, Handshake) {
    let mut process = Process::start(&[], environment);
    let line =
        process.first_line().await.unwrap_or_else(|report| panic!("no handshake line: {report:?}"));
    (process, Handshake::parse(&line))
}

/// Starts the provider and expects it to fail with words on standard error and nothing on standard
/// output.
async fn refusal(environment: &Environment) -> ExitReport {
    let report = Process::start(&[], environment).wait().await;
    assert_ne!(report.code, Some(0), "{report:?}");
    assert_eq!((report.stdout.as_str(), report.signal), ("", None), "{report:?}");
    assert!(!report.stderr.is_empty() && !report.stderr.contains("panic"), "{report:?}");
    report
}

/// Connects and makes one call.
async fn call(
    handshake: &Handshake,
    client: Option<&ClientCertificate>,
    versions: &[&'static SupportedProtocolVersion],
) -> Result<(), String> {
    let attempt = async {
        let channel =
            handshake.connect(client, versions).await.map_err(|error| error.to_string())?;
        healthy(&mut HealthClient::new(channel)).await
    };
    timeout(SOON, attempt).await.map_err(|_| "no answer".to_owned())?
}

async fn healthy(health: &mut HealthClient<tonic::transport::Channel>) -> Result<(), String> {
    let request = HealthCheckRequest { service: "plugin".to_owned() };
    health.check(request).await.map(drop).map_err(|status| status.to_string())
}
