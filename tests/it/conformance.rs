//! The list of what a provider owes Terraform on the wire (`conformance.tsv`): each statement names
//! the tests that hold it, or the reason why it does not apply.

use std::fs;
use std::path::{Path, PathBuf};

/// How many statements there are.
const STATEMENTS: usize = 121;

#[test]
#[expect(clippy::print_stdout, reason = "the count is for whoever wants to see it")]
fn every_statement_has_a_test_or_a_reason() {
    let table = include_str!("conformance.tsv");
    let rows: Vec<Vec<&str>> = table
        .lines()
        .filter(|row| !row.starts_with('#'))
        .map(|row| row.split('\t').collect())
        .collect();
    assert_eq!(rows.len(), STATEMENTS);
    let mut held = 0;
    for (index, row) in rows.iter().enumerate() {
        assert_eq!(row[0], (index + 1).to_string(), "the statements are in order: {row:?}");
        match row[..] {
            [_, statement, "-", reason] => {
                assert!(!statement.is_empty() && !reason.is_empty(), "{row:?}");
            }
            [_, statement, tests] => {
                assert!(!statement.is_empty(), "{row:?}");
                for test in tests.split(' ') {
                    assert!(exists(test), "there is no test {test}: {row:?}");
                }
                held += 1;
            }
            _ => panic!("neither tests nor a reason: {row:?}"),
        }
    }
    println!("{held} statements are held, {} do not apply", STATEMENTS - held);
}

/// Whether there is a test of that path: in the file of its module, or of a module around it.
fn exists(test: &str) -> bool {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (folder, test) = match test.strip_prefix("unit:") {
        Some(test) => (root.join("src"), test),
        None => match test.strip_prefix("acceptance:") {
            Some(test) => (root.join("tests/acceptance"), test),
            None => (root.join("tests/it"), test),
        },
    };
    let Some((module, name)) = test.rsplit_once("::") else { return false };
    let module = module.replace("::", "/");
    let files: [PathBuf; 3] = [
        folder.join(format!("{module}.rs")),
        folder.join(format!("{module}/tests.rs")),
        folder.join(format!("{module}/mod.rs")),
    ];
    files
        .iter()
        .filter_map(|file| fs::read_to_string(file).ok())
        .any(|text| text.contains(&format!("fn {name}(")))
}
