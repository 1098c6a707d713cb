use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::Examples;
use crate::support::cores::Core;
use crate::support::terraform::{SOURCE, brisk};

/// The folders under `examples/` that have configuration, by their path from there, each with the
/// names of its files.
fn folders() -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut left = vec![Examples::source().to_owned()];
    while let Some(folder) = left.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                left.push(path);
            } else if path.extension().is_some_and(|extension| extension == "tf") || is_query(&path)
            {
                let folder = folder.strip_prefix(Examples::source()).unwrap();
                let name = path.file_name().unwrap().to_str().unwrap().to_owned();
                found.entry(folder.to_str().unwrap().to_owned()).or_default().push(name);
            }
        }
    }
    found
}

/// Whether a file is for `terraform query`.
fn is_query(path: &Path) -> bool {
    path.to_str().unwrap().ends_with(".tfquery.hcl")
}

/// Whether a text has an action, which Terraform knows from 1.14 on, as it does queries.
fn has_action(text: &str) -> bool {
    text.lines().any(|line| line.starts_with("action \""))
}

/// The imports of a folder that cannot be valid together: two imports of one address are not, and an
/// import by identity needs Terraform 1.12.
fn alternatives(files: &[String], has_identity: bool) -> Vec<Option<&str>> {
    let imports: Vec<Option<&str>> = files
        .iter()
        .filter(|name| name.starts_with("import-"))
        .filter(|name| has_identity || *name != "import-by-identity.tf")
        .map(|name| Some(name.as_str()))
        .collect();
    if imports.is_empty() { vec![None] } else { imports }
}

#[test]
fn every_example_is_formatted_and_valid_on_every_core() {
    let folders = folders();
    assert!(folders.len() >= 5, "{folders:?}");
    for core in Core::all() {
        let Some(examples) = Examples::start(&core, brisk()) else { return };
        let format = examples.run("", &["fmt", "-check", "-diff", "-recursive"]);
        assert_eq!(format.code, Some(0), "{}:\n{}", core.name, format.output);
        for (folder, files) in &folders {
            let path = |name: &str| -> PathBuf {
                examples.terraform.path("examples").join(folder).join(name)
            };
            let text: String =
                files.iter().map(|name| fs::read_to_string(path(name)).unwrap()).collect();
            let has_query = files.iter().any(|name| is_query(Path::new(name)));
            if (has_query || has_action(&text)) && !core.has_query() {
                continue;
            }
            // A snippet leaves to its reader what every module says once.
            if !text.contains("required_providers") {
                let required = format!(
                    "terraform {{\n  required_providers {{\n    aws-workspaces = {{\n      source = \
                     \"{SOURCE}\"\n    }}\n  }}\n}}\n"
                );
                fs::write(path("versions.tf"), required).unwrap();
            }
            if text.lines().any(|line| line.starts_with("module \"")) {
                examples.get(folder);
            }
            for chosen in alternatives(files, core.has_identity()) {
                for name in files.iter().filter(|name| name.starts_with("import-")) {
                    fs::write(path(name), "").unwrap();
                }
                if let Some(name) = chosen {
                    fs::copy(Examples::source().join(folder).join(name), path(name)).unwrap();
                }
                let validate: &[&str] = match has_query {
                    true => &["validate", "-no-color", "-query"],
                    false => &["validate", "-no-color"],
                };
                let valid = examples.run(folder, validate);
                assert_eq!(valid.code, Some(0), "{folder} on {}:\n{}", core.name, valid.output);
            }
        }
    }
}
