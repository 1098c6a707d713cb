use std::fs;
use std::path::Path;
use std::process::Command;

use super::stage::{Key, NAME, VERSION, pack, root, stand_in, succeeded};

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

#[test]
fn a_release_has_the_names_and_checksums_of_the_registry_and_the_same_bytes_twice() {
    let folder = tempfile::tempdir().unwrap();
    let program = stand_in(folder.path());
    let programs = [("linux_amd64", program.as_path()), ("windows_amd64", program.as_path())];
    let [one, other] = ["one", "other"].map(|name| folder.path().join(name));
    for to in [&one, &other] {
        succeeded(&pack(to, &programs, None));
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
    succeeded(&check);
    let sums = String::from_utf8(files[0].1.clone()).unwrap();
    assert_eq!(sums.lines().count(), 3, "the manifest is listed too: {sums}");
    let [linux, windows] = [1, 3].map(|index: usize| String::from_utf8_lossy(&files[index].1));
    assert!(linux.contains(&format!("{NAME}_v{VERSION}")), "the name inside the zip");
    assert!(windows.contains(&format!("{NAME}_v{VERSION}.exe")), "the name inside the zip");
    for zip in [linux, windows] {
        for document in ["LICENSE", "THIRD-PARTY-NOTICES"] {
            assert!(zip.contains(document), "{document} inside the zip");
        }
    }
}

#[test]
fn a_platform_that_terraform_does_not_know_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let program = stand_in(folder.path());
    let output = pack(&folder.path().join("out"), &[("x86_64-linux", &program)], None);
    assert!(!output.status.success());
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(text.contains("x86_64-linux"), "{text}");
}

#[test]
fn a_tag_of_another_version_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let program = stand_in(folder.path());
    for (tag, fits) in [(format!("v{VERSION}"), true), ("v99.0.0".to_owned(), false)] {
        let output = Command::new("python3")
            .arg(root().join("scripts/release"))
            .args(["pack", "--tag", &tag, "--out", folder.path().join("out").to_str().unwrap()])
            .arg(format!("linux_amd64={}", program.display()))
            .output()
            .unwrap();
        assert_eq!(output.status.success(), fits, "{tag}: {output:?}");
    }
}

#[test]
fn the_checksums_are_signed_with_a_detached_signature_of_an_rsa_key() {
    let Some(key) = Key::new() else { return };
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("out");
    succeeded(&pack(&to, &[("linux_amd64", &stand_in(folder.path()))], Some(&key)));
    let sums = to.join(format!("{NAME}_{VERSION}_SHA256SUMS"));
    let signature = to.join(format!("{NAME}_{VERSION}_SHA256SUMS.sig"));
    assert!(!fs::read(&signature).unwrap().starts_with(b"-----BEGIN"), "binary, not armored");
    let verify = ["--verify", signature.to_str().unwrap(), sums.to_str().unwrap()];
    succeeded(&key.gpg(&verify).unwrap());
}

/// The notes of a release are the section of the changelog.
#[test]
fn the_changelog_has_a_section_for_the_version() {
    let output = Command::new("python3").arg(root().join("scripts/release")).arg("notes").output();
    let notes = succeeded(&output.unwrap());
    assert!(notes.starts_with("FEATURES:") || notes.starts_with("NOTES:"), "{notes}");
}
