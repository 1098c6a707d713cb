use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::cores::Core;
use crate::support::terraform::{SOURCE, brisk};

/// The folders under `examples/` that have configuration, each with its files.
fn folders() -> BTreeMap<PathBuf, Vec<PathBuf>> {
    let mut found: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
    let mut left = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")];
    while let Some(folder) = left.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                left.push(path);
            } else if path.extension().is_some_and(|extension| extension == "tf") || is_query(&path)
            {
                found.entry(folder.clone()).or_default().push(path);
            }
        }
    }
    found
}

/// Whether a file is for `terraform query`.
fn is_query(path: &Path) -> bool {
    path.to_str().unwrap().ends_with(".tfquery.hcl")
}

/// Whether a file has an action, which Terraform knows from 1.14 on, as it does queries.
fn has_action(path: &Path) -> bool {
    fs::read_to_string(path).unwrap().lines().any(|line| line.starts_with("action \""))
}

/// The files of a folder in the groups in which they are valid: two imports of one address are not,
/// and an import by identity needs Terraform 1.12.
fn together(files: &[PathBuf], has_identity: bool) -> Vec<Vec<&PathBuf>> {
    let name = |file: &PathBuf| file.file_name().unwrap().to_str().unwrap().to_owned();
    let (imports, others): (Vec<_>, Vec<_>) =
        files.iter().partition(|file| name(file).starts_with("import-"));
    let groups = imports
        .into_iter()
        .filter(|file| has_identity || name(file) != "import-by-identity.tf")
        .map(|file| others.iter().copied().chain([file]).collect());
    let groups: Vec<Vec<&PathBuf>> = groups.collect();
    if groups.is_empty() { vec![others] } else { groups }
}

#[test]
fn every_example_is_formatted_and_valid_on_every_core() {
    let folders = folders();
    assert!(folders.len() >= 5, "{folders:?}");
    for core in Core::all() {
        let Some(terraform) = core.start(brisk()) else { return };
        let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
        let format =
            terraform.run(&["fmt", "-check", "-diff", "-recursive", examples.to_str().unwrap()]);
        assert_eq!(format.code, Some(0), "{}:\n{}", core.name, format.output);
        for (folder, files) in &folders {
            let has_query = files.iter().any(|file| is_query(file));
            let is_newer = has_query || files.iter().any(|file| has_action(file));
            if is_newer && !core.has_query() {
                continue;
            }
            for files in together(files, core.has_identity()) {
                let Some(terraform) = core.start(brisk()) else { return };
                let mut whole = String::new();
                for file in files {
                    let name = file.file_name().unwrap().to_str().unwrap();
                    fs::copy(file, terraform.path(name)).unwrap();
                    whole.push_str(&fs::read_to_string(file).unwrap());
                }
                // A snippet leaves to its reader what every module says once.
                if !whole.contains("required_providers") {
                    let required = format!(
                        "terraform {{\n  required_providers {{\n    aws-workspaces = {{\n      source = \
                     \"{SOURCE}\"\n    }}\n  }}\n}}\n"
                    );
                    fs::write(terraform.path("versions.tf"), required).unwrap();
                }
                let told = format!("{} on {}", folder.display(), core.name);
                let validate: &[&str] = match has_query {
                    true => &["validate", "-no-color", "-query"],
                    false => &["validate", "-no-color"],
                };
                let valid = terraform.run(validate);
                assert_eq!(valid.code, Some(0), "{told}:\n{}", valid.output);
            }
        }
    }
}
