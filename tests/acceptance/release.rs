//! The zips that `scripts/release` packs, with a stand-in for the program of other platforms: names,
//! checksums, the same bytes when packed twice, and a mirror that `terraform init` installs from.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::program::PROGRAM;
use crate::support::terraform::{SOURCE, is_wanted};

const NAME: &str = env!("CARGO_PKG_NAME");
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Packs programs into a folder.
fn pack(to: &Path, programs: &[(&str, &Path)]) -> Output {
    let mut command = Command::new("python3");
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/release")).args([
        "pack",
        "--out",
        to.to_str().unwrap(),
    ]);
    for (platform, program) in programs {
        command.arg(format!("{platform}={}", program.display()));
    }
    command.output().unwrap()
}

/// The files of a folder with their content.
fn content(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .collect();
    files.sort();
    files
}

fn stand_in(folder: &Path) -> PathBuf {
    let program = folder.join("program");
    fs::write(&program, "stands in for the program of another platform\n").unwrap();
    program
}

#[test]
fn a_release_has_the_names_and_checksums_of_the_registry_and_the_same_bytes_twice() {
    let folder = tempfile::tempdir().unwrap();
    let program = stand_in(folder.path());
    let programs = [("linux_amd64", program.as_path()), ("windows_amd64", program.as_path())];
    let [one, other] = ["one", "other"].map(|name| folder.path().join(name));
    for to in [&one, &other] {
        let output = pack(to, &programs);
        assert!(output.status.success(), "{output:?}");
    }
    let files = content(&one);
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    let expected = [
        format!("{NAME}_{VERSION}_SHA256SUMS"),
        format!("{NAME}_{VERSION}_linux_amd64.zip"),
        format!("{NAME}_{VERSION}_manifest.json"),
        format!("{NAME}_{VERSION}_windows_amd64.zip"),
    ];
    assert_eq!(names, expected);
    assert_eq!(files, content(&other), "the same bytes when packed twice");
    let check = Command::new("sha256sum")
        .args(["--check", "--strict", &expected[0]])
        .current_dir(&one)
        .output()
        .unwrap();
    assert!(check.status.success(), "{check:?}");
    let sums = String::from_utf8(files[0].1.clone()).unwrap();
    assert_eq!(sums.lines().count(), 3, "the manifest is listed too: {sums}");
    let [linux, windows] = [1, 3].map(|index: usize| String::from_utf8_lossy(&files[index].1));
    assert!(linux.contains(&format!("{NAME}_v{VERSION}")), "the name inside the zip");
    assert!(windows.contains(&format!("{NAME}_v{VERSION}.exe")), "the name inside the zip");
}

#[test]
fn a_platform_that_terraform_does_not_know_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let program = stand_in(folder.path());
    let output = pack(&folder.path().join("out"), &[("x86_64-linux", &program)]);
    assert!(!output.status.success());
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(text.contains("x86_64-linux"), "{text}");
}

#[test]
fn terraform_installs_the_provider_from_a_mirror_of_the_zips() {
    if !is_wanted() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let architecture = if cfg!(target_arch = "aarch64") { "arm64" } else { "amd64" };
    let platform = format!("linux_{architecture}");
    let mirror = folder.path().join("mirror").join("registry.terraform.io").join(SOURCE);
    let output = pack(&mirror, &[(&platform, Path::new(PROGRAM))]);
    assert!(output.status.success(), "{output:?}");
    let settings = format!(
        "provider_installation {{\n  filesystem_mirror {{\n    path = \"{}\"\n  }}\n}}\n",
        folder.path().join("mirror").display()
    );
    fs::write(folder.path().join("terraform.rc"), settings).unwrap();
    let configuration = format!(
        "terraform {{\n  required_providers {{\n    aws-workspaces = {{\n      source = \
         \"{SOURCE}\"\n    }}\n  }}\n}}\n"
    );
    fs::write(folder.path().join("main.tf"), configuration).unwrap();
    let terraform = |arguments: &[&str]| {
        Command::new("terraform")
            .args(arguments)
            .current_dir(folder.path())
            .env("TF_CLI_CONFIG_FILE", folder.path().join("terraform.rc"))
            .env("CHECKPOINT_DISABLE", "1")
            .output()
            .unwrap()
    };
    let output = terraform(&["init", "-no-color"]);
    assert!(output.status.success(), "{output:?}");
    let output = terraform(&["providers", "schema", "-json"]);
    assert!(output.status.success(), "{output:?}");
    let stored = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/schema.json"));
    let [shown, stored] = [output.stdout, stored.unwrap()]
        .map(|json| serde_json::from_slice::<serde_json::Value>(&json).unwrap());
    let address = format!("registry.terraform.io/{SOURCE}");
    for part in ["provider", "resource_schemas", "data_source_schemas"] {
        let [shown, stored] =
            [&shown, &stored].map(|json| &json["provider_schemas"][&address][part]);
        assert!(shown == stored, "Terraform shows another {part}: {shown:#}");
    }
    let lock = fs::read_to_string(folder.path().join(".terraform.lock.hcl")).unwrap();
    assert!(lock.contains(&format!("version = \"{VERSION}\"")), "{lock}");
    assert!(lock.contains("h1:"), "{lock}");
}

#[test]
#[expect(clippy::print_stdout, reason = "a test that is left out must say so")]
fn the_checksums_are_signed_with_a_detached_signature_of_an_rsa_key() {
    let folder = tempfile::Builder::new().prefix("gpg").tempdir_in("/tmp").unwrap();
    let gpg = |arguments: &[&str]| {
        Command::new("gpg").arg("--batch").args(arguments).env("GNUPGHOME", folder.path()).output()
    };
    let key = "release@example.com";
    let made = gpg(&["--passphrase", "", "--quick-gen-key", key, "rsa2048", "sign", "never"]);
    let Ok(made) = made else {
        println!("left out: gpg is not installed");
        return;
    };
    assert!(made.status.success(), "{made:?}");
    let program = stand_in(folder.path());
    let to = folder.path().join("out");
    let packed = Command::new("python3")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/release"))
        .args(["pack", "--sign", key, "--out", to.to_str().unwrap()])
        .arg(format!("linux_amd64={}", program.display()))
        .env("GNUPGHOME", folder.path())
        .output()
        .unwrap();
    assert!(packed.status.success(), "{packed:?}");
    let sums = to.join(format!("{NAME}_{VERSION}_SHA256SUMS"));
    let signature = to.join(format!("{NAME}_{VERSION}_SHA256SUMS.sig"));
    assert!(!fs::read(&signature).unwrap().starts_with(b"-----BEGIN"), "binary, not armored");
    let verified = gpg(&["--verify", signature.to_str().unwrap(), sums.to_str().unwrap()]).unwrap();
    assert!(verified.status.success(), "{verified:?}");
    // The agent would outlive the folder.
    let ended = Command::new("gpgconf")
        .args(["--kill", "gpg-agent"])
        .env("GNUPGHOME", folder.path())
        .status();
    assert!(ended.unwrap().success());
}
