//! The demonstration holds, from start to end, with a real Terraform.

use std::process::{Command, Stdio};

use crate::support::program::PROGRAM;
use crate::support::terraform::is_wanted;

#[tokio::test]
async fn the_demonstration_holds_and_leaves_nothing_behind() {
    if !is_wanted() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let output = tokio::process::Command::new(PROGRAM)
        .arg("demo")
        .env("TMPDIR", folder.path())
        .stdin(Stdio::null())
        .output()
        .await
        .unwrap();
    let (told, wrong) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{told}\n{wrong}");
    for step in ["init", "validate", "plan", "apply", "destroy"] {
        assert!(told.contains(&format!("terraform {step}")), "{step} is not told: {told}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "{told}");
}

/// As behind `| head` that has read enough.
#[test]
fn a_demonstration_that_nobody_watches_is_no_error_to_tell_of() {
    if !is_wanted() {
        return;
    }
    let (reader, writer) = std::io::pipe().expect("a pipe can be made");
    drop(reader);
    let process = Command::new(PROGRAM)
        .arg("demo")
        .stdin(Stdio::null())
        .stdout(writer)
        .stderr(Stdio::piped())
        .spawn()
        .expect("it can be run");
    let output = process.wait_with_output().expect("it ends");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}
