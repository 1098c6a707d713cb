//! The services beside the provider's own, and the end of the process.

use std::{fs, time::Duration};

use rustix::process::{Pid, Signal, kill_process};
use terraform_provider_aws_workspaces::{plugin::proto::Empty, rpc::proto::get_metadata::Request};
use tokio::time::{Instant, timeout};
use tokio_rustls::rustls::ALL_VERSIONS;
use tonic::Code;
use tonic_health::pb::{
    HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient,
};

use super::{call, healthy};
use crate::support::{
    client::{Handshake, Terraform},
    process::{Environment, Process},
    program::PROGRAM,
};

#[tokio::test]
async fn the_plugin_is_healthy_and_other_services_are_not_found() {
    let terraform = Terraform::start(Environment::of_terraform()).await;
    let check = |service: &str| HealthCheckRequest { service: service.to_owned() };
    terraform
        .provider()
        .get_metadata(Request::default())
        .await
        .expect("the provider is on the same connection");
    let answer = terraform.health().check(check("plugin")).await.unwrap().into_inner();
    assert_eq!(answer.status(), ServingStatus::Serving);
    assert_eq!(terraform.health().check(check("other")).await.unwrap_err().code(), Code::NotFound);
}

#[tokio::test]
async fn shutdown_is_answered_and_ends_the_process_while_streams_are_open() {
    let mut terraform = Terraform::start(Environment::of_terraform()).await;
    let mut stdio = terraform.stdio().stream_stdio(()).await.unwrap().into_inner();
    let silence = tokio_stream::pending();
    let mut broker = terraform.broker().start_stream(silence).await.unwrap().into_inner();
    let moment = Duration::from_millis(100);
    assert!(timeout(moment, stdio.message()).await.is_err(), "StreamStdio is not open and silent");
    assert!(timeout(moment, broker.message()).await.is_err(), "StartStream is not open and silent");

    // The streams, and with them the connection, stay open on this side.
    terraform.controller().shutdown(Empty {}).await.unwrap();
    let answered = Instant::now();
    let report = terraform.process.wait().await;
    assert_eq!(report.code, Some(0), "{report:?}");
    assert!(answered.elapsed() < Duration::from_millis(500), "{:?}", answered.elapsed());
}

#[tokio::test]
async fn an_interrupt_is_left_to_terraform() {
    let terraform = Terraform::start(Environment::of_terraform()).await;
    for _ in 0..3 {
        terraform.process.signal(Signal::INT);
        healthy(&mut terraform.health()).await.unwrap();
    }
    let report = terraform.shutdown().await;
    assert_eq!((report.code, report.signal), (Some(0), None), "{report:?}");
}

#[tokio::test]
async fn it_ends_when_terraform_has_died() {
    // A shell between this test and the provider is the Terraform that dies.
    let environment = Environment::of_terraform();
    let mut shell =
        Process::start_other("/bin/sh", &["-c", "\"$0\" & wait", PROGRAM], &environment);
    let line = shell.first_line().await.unwrap();
    let channel = Handshake::parse(&line).connect(None, ALL_VERSIONS).await.unwrap();
    let mut health = HealthClient::new(channel);
    healthy(&mut health).await.unwrap();

    kill_process(Pid::from_raw(shell.id().cast_signed()).unwrap(), Signal::KILL).unwrap();
    healthy(&mut health).await.expect("it must serve as long as there is a connection");
    drop(health);
    shell.output_ended().await;
    assert_eq!(fs::read_dir(environment.folder()).unwrap().count(), 0);
}

#[tokio::test]
async fn in_debug_mode_it_serves_one_client_after_another_until_interrupted() {
    let environment = Environment::bare();
    let mut process = Process::start(&["--debug"], &environment);
    let line = process.first_line().await.unwrap();
    let assignment =
        line.strip_prefix("TF_REATTACH_PROVIDERS='").and_then(|rest| rest.strip_suffix('\''));
    let providers: serde_json::Value = serde_json::from_str(assignment.unwrap()).unwrap();
    let provider = &providers["registry.terraform.io/workspaces-dr/aws-workspaces"];
    assert_eq!(provider["Protocol"], "grpc");
    assert_eq!(provider["ProtocolVersion"], 6);
    assert_eq!(provider["Pid"], process.id());
    assert_eq!(provider["Test"], true);
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let handshake = Handshake {
        network: text(&provider["Addr"]["Network"]),
        address: text(&provider["Addr"]["String"]),
        ..Handshake::parse("1|6|||grpc|")
    };
    for _ in 0..2 {
        call(&handshake, None, ALL_VERSIONS).await.unwrap();
    }
    process.signal(Signal::INT);
    let report = process.wait().await;
    assert_eq!(report.code, Some(0), "{report:?}");
    assert_eq!(report.stdout.lines().count(), 1, "{report:?}");
    assert!(report.stderr.contains("Ctrl-C"), "{report:?}");
    assert_eq!(fs::read_dir(environment.folder()).unwrap().count(), 0);
}
