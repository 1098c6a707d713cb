//! The documentation: generated files are current, the pages follow the rules of the registry, and
//! the guides hold together. `UPDATE_EXPECT=1 cargo test documentation` rewrites generated files.

mod benchmarks;
mod modules;
mod registry;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use expect_test::expect_file;
use terraform_provider_aws_workspaces::generate;

use crate::support::program::PROGRAM;

/// The root of the repository.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The pages for the registry by their path from the root. Pages for contributors, which are
/// Markdown files beside the index, are not among them.
fn pages() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut left = vec![root().join("docs")];
    while let Some(folder) = left.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                left.push(path);
                continue;
            }
            let name = path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
            let for_contributors = name != "docs/index.md" && name.matches('/').count() == 1
                || name.starts_with("docs/contributing/");
            if !for_contributors {
                found.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    assert!(found.len() > 10, "only {} pages were found", found.len());
    found
}

#[test]
fn generated_files_are_current() {
    for file in generate::files(root()).unwrap() {
        let path = root().join(&file.path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        expect_file![path].assert_eq(&file.text);
    }
}

#[test]
fn no_page_is_left_of_a_type_that_is_gone() {
    let generated: BTreeSet<String> =
        generate::files(root()).unwrap().into_iter().map(|file| file.path).collect();
    let of_types = pages().into_keys().filter(|name| !name.starts_with("docs/guides/"));
    let left: Vec<String> = of_types.filter(|name| !generated.contains(name)).collect();
    assert!(left.is_empty(), "no type has these pages: {left:?}");
}

#[test]
fn every_summary_of_the_messages_is_in_the_troubleshooting_guide() {
    let golden = ["messages.txt", "messages_of_a_process.txt"];
    let golden = golden.map(|name| root().join("tests/golden").join(name));
    let messages: String = golden.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    let guide = &pages()["docs/guides/troubleshooting.md"];
    let headings = guide.lines().filter(|line| line.starts_with("### ")).count();
    let summaries: BTreeSet<&str> = messages
        .lines()
        .filter(|line| line.starts_with("Error: ") || line.starts_with("Warning: "))
        .collect();
    assert!(headings > 20 && headings <= summaries.len(), "{headings} of {}", summaries.len());
    let situations = messages.lines().filter_map(|line| line.strip_prefix("=== "));
    for situation in situations {
        assert!(guide.contains(&format!("Situation: {situation}")), "{situation}");
    }
}

#[test]
fn links_between_pages_lead_to_pages() {
    let mut broken = Vec::new();
    for (name, text) in pages() {
        let folder = Path::new(&name).parent().unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = link.split('#').next().unwrap();
            if file.is_empty() || file.starts_with("http") {
                continue;
            }
            if !root().join(folder).join(file).exists() {
                broken.push(format!("{name}: {link}"));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn json_in_guides_is_valid() {
    let mut count = 0;
    for (name, text) in pages() {
        for block in text.split("```json\n").skip(1) {
            let json = block.split("```").next().unwrap();
            let parsed: Result<serde_json::Value, _> = serde_json::from_str(json);
            assert!(parsed.is_ok(), "{name}: {parsed:?}\n{json}");
            count += 1;
        }
    }
    assert!(count > 3, "only {count} JSON blocks were found");
}

#[test]
fn the_program_prints_completions_the_man_page_and_the_manifest() {
    let shells = ["bash", "zsh", "fish", "powershell", "elvish"];
    let completions = shells.iter().map(|shell| vec!["generate", "completions", shell]);
    let others = [vec!["generate", "man"], vec!["generate", "manifest"]];
    for arguments in completions.chain(others) {
        let output = Command::new(PROGRAM).args(&arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        let text = String::from_utf8(output.stdout).unwrap();
        let expected = if arguments == ["generate", "manifest"] { "\"6.0\"" } else { "simulate" };
        assert!(text.contains(expected), "{arguments:?}: {text}");
    }
    let help = Command::new(PROGRAM).arg("--help").output().unwrap();
    assert!(!String::from_utf8(help.stdout).unwrap().contains("generate"), "it is hidden");
}

#[test]
fn the_program_writes_the_pages_into_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    for needed in ["examples", "tests"] {
        let status = Command::new("cp")
            .args(["-r", root().join(needed).to_str().unwrap()])
            .arg(folder.path())
            .status()
            .unwrap();
        assert!(status.success());
    }
    let arguments = ["generate", "docs", "--root", folder.path().to_str().unwrap()];
    let output = Command::new(PROGRAM).args(arguments).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    for path in String::from_utf8(output.stdout).unwrap().lines() {
        let [written, stored] =
            [folder.path(), root()].map(|root| fs::read_to_string(root.join(path)).unwrap());
        assert_eq!(written, stored, "{path}");
    }
}
