//! The program in the hands of a person.

use std::process::{Command, Output, Stdio};

use crate::support::program::PROGRAM;

fn run(arguments: &[&str]) -> Output {
    Command::new(PROGRAM).args(arguments).stdin(Stdio::null()).output().expect("it can be run")
}

#[test]
fn help_is_given_as_an_option_and_as_a_word() {
    for arguments in [&["--help"][..], &["help"], &["simulate", "--help"], &["help", "simulate"]] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {output:?}");
        let told = String::from_utf8_lossy(&output.stdout);
        assert!(told.contains("Usage:"), "{arguments:?}: {told}");
        assert!(output.stderr.is_empty(), "{arguments:?}: {output:?}");
    }
}

#[test]
fn an_option_with_a_choice_lists_what_there_is_to_choose() {
    let output = run(&["simulate", "--help"]);
    let told = String::from_utf8_lossy(&output.stdout);
    let option = told.split("--replication-target").nth(1).expect("it is an option");
    for choice in ["primary", "standby", "both"] {
        assert!(option.contains(choice), "{choice} is not in {told}");
    }
}

/// As behind `| head` that has read enough.
#[test]
fn output_that_nobody_reads_is_no_error_to_tell_of() {
    let arguments = ["simulate", "--listen", "127.0.0.1:0"];
    let (reader, writer) = std::io::pipe().expect("a pipe can be made");
    drop(reader);
    let process = Command::new(PROGRAM)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(writer)
        .stderr(Stdio::piped())
        .spawn()
        .expect("it can be run");
    let output = process.wait_with_output().expect("it ends");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}
