//! `arguments.tsv` against the provider's schema and the tests.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use terraform_provider_aws_workspaces::rpc::proto::schema;

use crate::support::client::Terraform;
use crate::support::process::Environment;
use crate::support::requests::Core;

/// The text of every test's source.
fn sources(folder: &Path) -> String {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .map(|path| match path.is_dir() {
            true => sources(&path),
            false if path.extension().is_some_and(|kind| kind == "rs") => {
                fs::read_to_string(path).unwrap()
            }
            false => String::new(),
        })
        .collect()
}

/// The arguments of a block and their descriptions, those of nested blocks with the block's name
/// before them.
fn arguments(block: &schema::Block, prefix: &str) -> Vec<(String, String)> {
    let own = block
        .attributes
        .iter()
        .map(|attribute| (format!("{prefix}{}", attribute.name), attribute.description.clone()));
    let nested = block.block_types.iter().flat_map(|nested| {
        let prefix = format!("{prefix}{}.", nested.type_name);
        arguments(nested.block.as_ref().expect("a nested block has a block"), &prefix)
    });
    own.chain(nested).collect()
}

#[tokio::test]
async fn every_argument_is_proven_by_a_test_and_so_is_every_variable() {
    let terraform = Terraform::start(Environment::of_terraform()).await;
    let core = Core::meet(terraform.provider()).await;
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let tests = ["it", "acceptance"].map(|suite| sources(&tests.join(suite))).concat();
    let table: BTreeMap<&str, (&str, &str)> = include_str!("arguments.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| match line.split('\t').collect::<Vec<_>>()[..] {
            [argument, variables, proofs] => (argument, (variables, proofs)),
            _ => panic!("not three columns: {line}"),
        })
        .collect();
    let arguments = arguments(&core.provider.block, "");
    let mut wanting = Vec::new();
    for (argument, description) in &arguments {
        // A block of many that are alike has one row.
        let group = argument.split_once('.').map(|(block, _)| format!("{block}.*"));
        let row = table.get(argument.as_str()).or_else(|| table.get(group?.as_str()));
        let Some((variables, proofs)) = row else {
            wanting.push(format!("{argument} is not in arguments.tsv"));
            continue;
        };
        if proofs.is_empty() {
            wanting.push(format!("{argument} has no test"));
        }
        for proof in proofs.split_whitespace() {
            if !tests.contains(&format!("fn {proof}()")) {
                wanting.push(format!("{argument}: there is no test {proof}"));
            }
        }
        for variable in variables.split_whitespace() {
            if !tests.contains(&format!("\"{variable}")) {
                wanting.push(format!("{argument}: no test sets {variable}"));
            }
            let is_documented = description.contains(&format!("`{variable}"));
            if !argument.contains("role") && !is_documented {
                wanting.push(format!("{argument}: its description does not name {variable}"));
            }
        }
    }
    for argument in table.keys().filter(|argument| !argument.ends_with(".*")) {
        if !arguments.iter().any(|(known, _)| known == argument) {
            wanting.push(format!("{argument} is in arguments.tsv and not in the schema"));
        }
    }
    assert!(wanting.is_empty(), "{}", wanting.join("\n"));
}
