//! What cannot be run here, the image and the workflows, names files, commands and options that exist.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use super::stage::{NAME, root, succeeded};
use crate::support::program::PROGRAM;

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The arguments of an instruction of the Dockerfile that is written as JSON.
fn instruction(dockerfile: &str, name: &str) -> Vec<String> {
    let found = dockerfile.lines().find_map(|line| line.strip_prefix(name));
    serde_json::from_str(found.unwrap_or_else(|| panic!("no {name}"))).unwrap()
}

#[test]
fn the_image_builds_and_starts_the_program_that_there_is() {
    let dockerfile = read("Dockerfile");
    assert!(dockerfile.contains(&format!("--bin {NAME}")), "{dockerfile}");
    assert!(dockerfile.contains(&format!("target/release/{NAME} ")), "{dockerfile}");
    assert_eq!(instruction(&dockerfile, "ENTRYPOINT "), [format!("/{NAME}")]);
    // What is left out of the context is not needed to build.
    for ignored in read(".dockerignore").lines() {
        assert!(["target", ".git"].contains(&ignored.trim_matches('/')), "{ignored}");
    }
    let arguments = instruction(&dockerfile, "CMD ");
    assert!(dockerfile.contains("EXPOSE 4566"), "{dockerfile}");
    assert!(arguments.contains(&"0.0.0.0:4566".to_owned()), "{arguments:?}");
    let arguments = arguments.into_iter().map(|each| each.replace("0.0.0.0:4566", "127.0.0.1:0"));
    let mut simulator = Command::new(PROGRAM)
        .args(arguments)
        .arg("--quiet")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut url = String::new();
    BufReader::new(simulator.stdout.take().unwrap()).read_line(&mut url).unwrap();
    simulator.kill().unwrap();
    simulator.wait().unwrap();
    assert!(url.starts_with("http://127.0.0.1:"), "{url:?}");
}

#[test]
fn the_workflows_call_scripts_that_exist_with_options_that_exist() {
    let release = root().join("scripts/release");
    let help = |arguments: &[&str]| {
        succeeded(&Command::new("python3").arg(&release).args(arguments).output().unwrap())
    };
    let mut calls = 0;
    for entry in fs::read_dir(root().join(".github/workflows")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap().replace("\\\n", " ");
        let scripts = |word: &&str| word.starts_with("scripts/") || *word == ".ci/run";
        for script in text.split_whitespace().filter(scripts) {
            let script = script.trim_end_matches([':', '.', ',']);
            assert!(root().join(script).is_file(), "{}: {script}", path.display());
        }
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        for call in lines.filter_map(|line| line.split_once("scripts/release ")) {
            let mut words = call.1.split_whitespace();
            let command = words.next().unwrap();
            let options = help(&[command, "--help"]);
            for option in words.filter(|word| word.starts_with("--")) {
                assert!(options.contains(option), "{}: {option}: {options}", path.display());
            }
            calls += 1;
        }
    }
    assert!(calls >= 4, "only {calls} calls of scripts/release were found");
}

#[test]
fn every_script_can_be_run_and_explains_itself() {
    for entry in fs::read_dir(root().join("scripts")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("#!/usr/bin/env "), "{}", path.display());
        let second = text.lines().nth(1).unwrap();
        assert!(second.starts_with(['#', '"']), "{}: {second}", path.display());
    }
}
