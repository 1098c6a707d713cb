//! The simulator over its socket, asked by boto3 and by hand; and its table against the reference
//! table of the API.

// Connections, their limits, and who is answered.
mod listener;
// The program started with `simulate`.
mod program;

use std::collections::HashSet;
use std::net::SocketAddr;
use std::process::Stdio;
use std::time::Duration;

use terraform_provider_aws_workspaces::sim::builtin::PRIMARIES;
use terraform_provider_aws_workspaces::sim::{
    Limits, Listening, Rate, Settings, Simulator, Tls, listen,
};
use tokio::sync::oneshot;

use crate::support::in_process::Desk;

const ANY_PORT: &str = "127.0.0.1:0";

/// A simulator served in the background until this is dropped.
struct Served {
    url: String,
    address: SocketAddr,
    ca_file: Option<String>,
    _stop: oneshot::Sender<()>,
}

async fn serve(settings: Settings, tls: Option<Tls>) -> Served {
    serve_within(settings, tls, Limits::default()).await
}

async fn serve_within(settings: Settings, tls: Option<Tls>, limits: Limits) -> Served {
    let simulator = Simulator::new(settings).expect("the settings are sound");
    let listening: Listening =
        listen(simulator, ANY_PORT.parse().expect("an address"), tls).await.expect("a free port");
    let listening = listening.within(limits);
    let (stop, stopped) = oneshot::channel();
    let served = Served {
        url: listening.url(),
        address: listening.address(),
        ca_file: listening.ca_certificate_path().map(|path| path.display().to_string()),
        _stop: stop,
    };
    tokio::spawn(listening.serve(async {
        // An error says that the sender is gone, which is the signal too.
        let _ = stopped.await;
    }));
    served
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::print_stdout, reason = "a test that is left out must say so")]
async fn boto3_finds_what_it_expects() {
    let probe = std::process::Command::new("python3")
        .args(["-c", "import boto3"])
        .stderr(Stdio::null())
        .status();
    if !probe.is_ok_and(|status| status.success()) {
        println!("left out: python3 with boto3 is not installed");
        return;
    }
    let short = Settings {
        visible_after: Duration::from_millis(150),
        provisioning: Duration::from_millis(600),
        termination: Duration::from_millis(300),
        modification: Duration::from_millis(400),
        snapshot_after: Duration::from_millis(200),
        ..Settings::default()
    };
    let throttled =
        Settings { rate: Some(Rate { per_second: 0.1, burst: 3.0 }), ..Settings::default() };
    let plain = serve(short, None).await;
    let throttled = serve(throttled, None).await;
    let secure = serve(Settings::default(), Some(Tls::default())).await;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/boto3_simulator.py");
    let run = tokio::process::Command::new("python3")
        .arg(script)
        .args([&plain.url, &throttled.url, &secure.url])
        .arg(secure.ca_file.as_deref().expect("HTTPS has a private CA"))
        .output();
    let output = run.await.expect("python3 was there a moment ago");
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}\n{}", text(&output.stdout), text(&output.stderr));
}

/// The protocol that the provider's own SDK speaks. AWS's models name CBOR first since November
/// 2026, so an update of the SDK may change it; this test says so, and the simulator has both.
#[tokio::test(start_paused = true)]
async fn the_providers_own_client_speaks_aws_json() {
    let desk = Desk::new(Settings::default()).await;
    desk.created(&desk.standby(PRIMARIES[0], &[])).await;
    let stats = desk.control("GET", "stats", &serde_json::Value::Null);
    let operations = stats["Operations"].as_object().expect("counts by operation");
    assert!(operations.contains_key("CreateStandbyWorkspaces"), "{operations:?}");
    for (operation, counts) in operations {
        let protocols: Vec<&String> =
            counts["Protocols"].as_object().expect("counts by protocol").keys().collect();
        let expected = if operation == "GetCallerIdentity" { "query" } else { "json" };
        assert_eq!(protocols, [expected], "{operation}");
    }
}

/// Two readings of one API: every fact that the simulator states about a shape of WorkSpaces is one
/// of the reference table, and no fact about a request is missing.
#[test]
fn the_table_agrees_with_the_reference() {
    let rows = |table: &'static str| -> Vec<Vec<&'static str>> {
        let rows = table.lines().filter(|row| !row.starts_with('#'));
        rows.map(|row| row.split('\t').collect()).collect()
    };
    let reference = rows(include_str!("workspaces-api.tsv"));
    let ours = rows(include_str!("../../src/sim/model/api.tsv"));
    let ours: Vec<_> = ours
        .split(|row| row[0] == "service")
        .find(|rows| rows.iter().any(|row| row[1] == "DescribeWorkspaces"))
        .expect("WorkSpaces has a section of its own")
        .to_vec();
    // The reference names the type of a list's elements, ours the element, whose row has the type.
    let plain = |kind: &'static str| -> String {
        let element = kind.strip_prefix("list<").and_then(|rest| rest.strip_suffix('>'));
        let row = |name: &str| {
            ours.iter().find(|row| row[0] == "element" && row[2] == name).map(|row| row[3])
        };
        element.and_then(row).map_or(kind.to_owned(), |kind| format!("list<{kind}>"))
    };
    let known = |row: &[&str]| {
        reference.iter().any(|other| match row[0] {
            "element" => other[0] == "element" && other[1] == row[1] && other.last() == row.last(),
            "member" => {
                let same = |&at: &usize| other.get(at) == row.get(at);
                other[0] == "member" && [1, 2, 4, 5].iter().all(same) && other[3] == row[3]
            }
            _ => other == row,
        })
    };
    let shapes: HashSet<_> = reference.iter().map(|row| row[1]).collect();
    for row in ours.iter().filter(|row| shapes.contains(row[1])) {
        let kind = plain(row[3]);
        let mut row: Vec<&str> = row.clone();
        row[3] = &kind;
        assert!(known(&row), "not in the reference: {row:?}");
    }
    let requests = reference.iter().filter(|row| row[0] == "op" || row[1].ends_with("Request"));
    for row in requests {
        let stated = ours.iter().any(|other| other[..3] == row[..3] && other[0] == row[0]);
        assert!(stated, "missing: {row:?}");
    }
}
