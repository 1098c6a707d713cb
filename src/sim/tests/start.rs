//! What the simulator says at the start.

use clap::Parser;

use super::*;
use crate::sim::{Options, banner, listen};

#[derive(Parser)]
struct Command {
    #[command(flatten)]
    options: Options,
}

async fn said(arguments: &[&str]) -> String {
    let options = Command::parse_from([&["simulate"], arguments].concat()).options;
    let simulator = Simulator::new(options.settings().unwrap()).unwrap();
    let address = "127.0.0.1:0".parse().unwrap();
    let listening = listen(simulator.clone(), address, options.tls()).await.unwrap();
    banner(&simulator, &listening, &options)
}

#[tokio::test]
async fn the_banner_tells_what_is_there_and_what_it_is_for() {
    let text = said(&["--fault", "*:slow:0.5"]).await;
    for part in [
        "export AWS_ENDPOINT_URL=http://127.0.0.1:",
        "Account 123456789012, the built-in fleet",
        "a standby\n",
        "a refusal: The operating system UBUNTU_22_04",
        "a conflict: jun has ws-0ordinary1 in us-west-2",
        "Faults in force: *:slow-after=3s:0.5",
    ] {
        assert!(text.contains(part), "{part}:\n{text}");
    }
    let text = said(&["--primaries", "300"]).await;
    assert!(text.contains("more, up to ws-synthetic00300"), "{text}");
}

#[tokio::test]
async fn the_banner_names_the_fleet_that_is_used() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (fleet, state) = (path("fleet.json"), path("state.json"));
    let document = json!({
        "AccountId": "210987654321",
        "Regions": {"us-east-1": {
            "Directories": [{"DirectoryId": "d-0123456789"}],
            "Workspaces": [{
                "WorkspaceId": "ws-mine00001", "UserName": "mia", "DirectoryId": "d-0123456789",
            }],
        }},
    });
    std::fs::write(&fleet, document.to_string()).unwrap();
    let text = said(&["--fleet", &fleet, "--state", &state]).await;
    assert!(text.contains("ws-mine00001") && !text.contains(PRIMARIES[0]), "{text}");
    assert!(
        text.contains(&format!("Account 210987654321, the fleet of {fleet}, saved to")),
        "{text}"
    );
    let text = said(&["--fleet", &fleet, "--state", &state]).await;
    let expected = format!("restored from {state}; --fleet and --primaries apply to a reset only");
    assert!(text.contains(&expected), "{text}");
}
