//! `install`: where it puts the program.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::program::PROGRAM;

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn install(home: Option<&Path>, arguments: &[&str]) -> Output {
    let mut command = Command::new(PROGRAM);
    command.arg("install").args(arguments).env_clear();
    if let Some(home) = home {
        command.env("HOME", home);
    }
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The only file below a mirror, as a path from there.
fn only_file(mirror: &Path) -> PathBuf {
    let mut place = mirror.to_owned();
    while place.is_dir() {
        let entries: Vec<_> =
            fs::read_dir(&place).unwrap().map(|entry| entry.unwrap().path()).collect();
        let [entry] = entries.try_into().expect("one entry a folder");
        place = entry;
    }
    place.strip_prefix(mirror).unwrap().to_owned()
}

#[test]
fn it_is_put_where_terraform_looks_for_this_version_and_machine() {
    let folder = tempfile::tempdir().unwrap();
    let mirror = folder.path().join("mirror");
    let output = install(None, &["--dir", mirror.to_str().unwrap()]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let told = text(&output.stdout);
    let file = only_file(&mirror);
    let parts: Vec<_> = file.iter().map(|part| part.to_str().unwrap()).collect();
    let [host, namespace, name, version, machine, program] = parts.try_into().unwrap();
    assert_eq!(
        [host, namespace, name],
        ["registry.terraform.io", "workspaces-dr", "aws-workspaces"]
    );
    assert_eq!(version, VERSION);
    assert!(machine.contains('_'), "{machine}");
    assert_eq!(program, format!("terraform-provider-aws-workspaces_v{VERSION}"));
    assert_eq!(fs::read(mirror.join(&file)).unwrap(), fs::read(PROGRAM).unwrap());
    assert!(told.contains(mirror.join(file).to_str().unwrap()), "{told}");
    assert!(told.contains("filesystem_mirror") && told.contains("exclude"), "{told}");
    // Once more, over the one that is there.
    assert!(install(None, &["--dir", mirror.to_str().unwrap()]).status.success());
    only_file(&mirror);
}

#[test]
fn without_a_home_it_says_what_to_do() {
    let output = install(None, &[]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(&output.stdout), "");
    assert!(text(&output.stderr).contains("--dir"), "{}", text(&output.stderr));
}
