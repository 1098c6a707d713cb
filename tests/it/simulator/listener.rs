use std::net::SocketAddr;
use std::time::Duration;

use terraform_provider_aws_workspaces::sim::builtin::{
    PRIMARIES, PRIMARY_REGION, STANDBY_DIRECTORY_ID, USERS,
};
use terraform_provider_aws_workspaces::sim::{
    Error, Limits, Settings, Simulator, listen, listen_for,
};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use super::{ANY_PORT, Served, serve, serve_within};

/// A call as bytes, with more headers, each with its line break.
fn call(operation: &str, body: &str, headers: &str) -> String {
    format!(
        "POST / HTTP/1.1\r\nconnection: close\r\nx-amz-date: 20260101T000000Z\r\n{headers}\
         x-amz-target: WorkspacesService.{operation}\r\ncontent-length: {}\r\n\
         authorization: AWS4-HMAC-SHA256 Credential=A/20260101/us-west-2/workspaces/aws4_request, \
         SignedHeaders=host, Signature=0\r\n\r\n{body}",
        body.len()
    )
}

const LOCAL: &str = "host: localhost\r\n";

fn creation() -> String {
    let item = serde_json::json!({
        "PrimaryWorkspaceId": PRIMARIES[0], "DirectoryId": STANDBY_DIRECTORY_ID,
    });
    let body = serde_json::json!({"PrimaryRegion": PRIMARY_REGION, "StandbyWorkspaces": [item]});
    call("CreateStandbyWorkspaces", &body.to_string(), LOCAL)
}

async fn connect(address: SocketAddr) -> TcpStream {
    TcpStream::connect(address).await.expect("it listens")
}

/// Everything that is answered to these bytes until the connection closes.
async fn exchange(served: &Served, request: &str) -> String {
    let mut stream = connect(served.address).await;
    stream.write_all(request.as_bytes()).await.expect("it reads");
    let mut answer = String::new();
    // It may also end with a reset by the peer; either way nothing more was said.
    let _ = stream.read_to_string(&mut answer).await;
    answer
}

#[tokio::test]
async fn a_reset_closes_the_connection_without_an_answer() {
    let faults = vec!["DescribeWorkspaces:reset-before:1x1".parse().expect("a fault")];
    let served = serve(Settings { faults, ..Settings::default() }, None).await;
    let request = call("DescribeWorkspaces", "{}", LOCAL);
    assert_eq!(exchange(&served, &request).await, "");
    let second = exchange(&served, &request).await;
    assert!(second.starts_with("HTTP/1.1 200 OK"), "{second}");
}

#[tokio::test]
async fn only_loopback_addresses_are_served_unless_hosts_are_named() {
    let simulator = Simulator::new(Settings::default()).expect("the default is sound");
    let everywhere = "0.0.0.0:0".parse().expect("an address");
    let refused = listen(simulator.clone(), everywhere, None).await;
    assert!(matches!(refused, Err(Error::NotLoopback(_))));
    let hosts = ["simulator".to_owned()];
    assert!(listen_for(simulator, everywhere, None, &hosts).await.is_ok());
}

#[tokio::test]
async fn a_busy_port_is_an_error_that_names_the_option() {
    let simulator = Simulator::new(Settings::default()).expect("the default is sound");
    let any = ANY_PORT.parse().expect("an address");
    let first = listen(simulator.clone(), any, None).await.expect("a free port");
    let second = listen(simulator, first.address(), None).await.expect_err("the port is taken");
    assert!(second.to_string().contains("--listen"), "{second}");
}

#[tokio::test]
async fn requests_under_a_foreign_host_or_from_a_foreign_page_are_refused() {
    let served = serve(Settings::default(), None).await;
    for (headers, status) in [
        (LOCAL, "200 OK"),
        ("host: 127.0.0.1:4566\r\norigin: http://127.0.0.1:4566\r\n", "200 OK"),
        ("host: rebound.example.com\r\n", "403 Forbidden"),
        ("host: localhost\r\norigin: https://example.com\r\n", "403 Forbidden"),
        ("host: localhost\r\norigin: null\r\n", "403 Forbidden"),
        ("", "403 Forbidden"),
    ] {
        let answer = exchange(&served, &call("DescribeWorkspaces", "{}", headers)).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{headers}: {answer}");
    }
}

#[tokio::test]
async fn a_silent_connection_is_closed_and_makes_room_for_the_next() {
    let limits = Limits { connections: 1, read: Duration::from_millis(200) };
    let served = serve_within(Settings::default(), None, limits).await;
    let mut silent = connect(served.address).await;
    let mut slow = connect(served.address).await;
    slow.write_all(b"POST / HTTP/1.1\r\nhost: local").await.expect("it is accepted");
    // Both have to be closed by the simulator before the third one has its turn.
    let answer = exchange(&served, &call("DescribeWorkspaces", "{}", LOCAL)).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    let mut rest = Vec::new();
    let _ = silent.read_to_end(&mut rest).await;
    let _ = slow.read_to_end(&mut rest).await;
}

#[tokio::test]
async fn a_body_that_does_not_come_ends_in_a_timeout() {
    let limits = Limits { read: Duration::from_millis(100), ..Limits::default() };
    let served = serve_within(Settings::default(), None, limits).await;
    let request = call("DescribeWorkspaces", "{}", LOCAL);
    let without_end = request.trim_end_matches('}');
    let answer = exchange(&served, without_end).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
}

#[tokio::test]
async fn a_dripping_answer_is_whole_in_the_end() {
    let faults = vec!["DescribeWorkspaces:drip=1us:1".parse().expect("a fault")];
    let served = serve(Settings { faults, ..Settings::default() }, None).await;
    let answer = exchange(&served, &call("DescribeWorkspaces", "{\"Limit\": 1}", LOCAL)).await;
    assert!(answer.contains("chunked") && answer.contains("\r\n1\r\n{\r\n"), "{answer}");
    assert!(answer.ends_with("\r\n0\r\n\r\n"), "{answer}");
}

#[tokio::test]
async fn a_call_that_is_slow_before_is_carried_out_though_the_client_has_hung_up() {
    let faults = vec!["CreateStandbyWorkspaces:slow-before=50ms:1".parse().expect("a fault")];
    let served = serve(Settings { faults, ..Settings::default() }, None).await;
    let mut stream = connect(served.address).await;
    stream.write_all(creation().as_bytes()).await.expect("it reads");
    let look = "GET /_simulator/stats HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    while !exchange(&served, look).await.contains("CreateStandbyWorkspaces") {}
    drop(stream);
    let body =
        format!("{{\"DirectoryId\": \"{STANDBY_DIRECTORY_ID}\", \"UserName\": \"{}\"}}", USERS[0]);
    let request = call("DescribeWorkspaces", &body, LOCAL);
    let answer = exchange(&served, &request).await;
    assert!(!answer.contains(PRIMARIES[0]), "it is not carried out yet: {answer}");
    while !exchange(&served, &request).await.contains(PRIMARIES[0]) {}
}

#[tokio::test]
async fn the_events_show_a_standby_that_is_made_in_the_meantime() {
    let served = serve(Settings::default(), None).await;
    let mut stream = connect(served.address).await;
    let request = "GET /_simulator/events HTTP/1.1\r\nhost: localhost\r\n\r\n";
    stream.write_all(request.as_bytes()).await.expect("it reads");
    let mut lines = BufReader::new(stream).lines();
    let made = exchange(&served, &creation()).await;
    let (_, rest) = made.split_once("\"WorkspaceId\":\"").expect("an id");
    let id = &rest[..12];
    loop {
        let line = lines.next_line().await.expect("the stream is open").expect("it has no end");
        if line.contains(id) {
            assert!(line.starts_with("data: ") && line.contains(PRIMARIES[0]), "{line}");
            return;
        }
    }
}
