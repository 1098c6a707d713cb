//! Files, programs and metadata without an end.

use std::time::{Duration, Instant};

use serde_json::json;

use super::case::Case;
use super::stage::{Stage, keyed};
use crate::support::secrets::secret;
use crate::support::stand_ins::Metadata;

/// The limits are seconds; an hour would be a hang.
#[tokio::test]
async fn files_programs_and_metadata_have_an_end() {
    let start = Instant::now();
    let endless = "[default]\ncredential_process = yes\n";
    Case::new(&[], &[(".aws/config", endless)], json!({}))
        .fails("", &["credential_process", "64 KiB"])
        .await;
    let zero = [("AWS_CONFIG_FILE", "/dev/zero")];
    Case::new(&zero, &[], json!({})).fails("", &["/dev/zero", "4096 KiB"]).await;
    Case::new(&[("AWS_CA_BUNDLE", "/dev/zero")], &[], keyed(json!({})))
        .fails("", &["/dev/zero", "KiB", "AWS_CA_BUNDLE"])
        .await;
    let metadata = Metadata::of_role("<html>captive portal</html>");
    let variables = [
        ("AWS_EC2_METADATA_DISABLED", "false"),
        ("AWS_EC2_METADATA_SERVICE_ENDPOINT", &metadata.url()),
    ];
    Case::new(&variables, &[], json!({})).fails("", &["not the name of a role"]).await;
    assert!(start.elapsed() < Duration::from_secs(100));
}

/// A named pipe that is never written to.
#[cfg(unix)]
#[tokio::test]
async fn a_named_pipe_as_shared_file_is_given_up() {
    let home = Stage::new();
    let pipe = home.home().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    for (variable, block) in [("AWS_CONFIG_FILE", json!({})), ("AWS_CA_BUNDLE", keyed(json!({})))] {
        let stage = Stage::new().with(variable, pipe.to_str().unwrap());
        stage.run(block).await.refused("", &["was not read within", "pipe"]);
    }
}

/// Terraform ends the provider while a program still runs.
#[cfg(unix)]
#[tokio::test]
async fn a_program_does_not_outlive_the_provider() {
    let stage = Stage::new();
    let child = stage.home().join("child");
    let program = format!("sh -c 'echo $$ > {}; sleep 600'", child.display());
    stage.file(".aws/config", &format!("[default]\ncredential_process = {program}\n"));
    let started = async {
        loop {
            match std::fs::read_to_string(&child) {
                Ok(id) if id.ends_with('\n') => return id,
                _ => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        }
    };
    let id = stage.end_early(json!({ "region": "us-west-2" }), started).await;
    let stat = format!("/proc/{}/stat", id.trim());
    let runs = || std::fs::read_to_string(&stat).is_ok_and(|state| !state.contains(") Z"));
    let start = Instant::now();
    while runs() {
        assert!(start.elapsed() < Duration::from_secs(10), "the program lives on");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// The shell leaves a child behind, which holds the output open.
#[cfg(unix)]
#[tokio::test]
async fn a_program_that_leaves_a_child_behind_is_answered_and_the_child_ends() {
    let answer = json!({
        "Version": 1, "AccessKeyId": "AKIAPROGRAM", "SecretAccessKey": secret("program"),
    });
    let stage = Stage::new();
    let file = stage.written("keys.json", &answer.to_string());
    let child = stage.home().join("child");
    let program = format!("sh -c 'sleep 600 & echo $! > {}; cat {file}'", child.display());
    stage.file(".aws/config", &format!("[default]\ncredential_process = {program}\n"));
    stage.run(json!({})).await.succeeded();
    assert_eq!(stage.signer(), "AKIAPROGRAM");
    let id = std::fs::read_to_string(child).unwrap();
    let state = std::fs::read_to_string(format!("/proc/{}/stat", id.trim())).unwrap_or_default();
    assert!(state.is_empty() || state.contains(") Z"), "the child lives on: {state}");
}
