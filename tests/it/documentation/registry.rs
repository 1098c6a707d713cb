//! The rules of `terraform-plugin-docs validate`, restated: folders, file names, sizes, front matter,
//! and one page for each type.

use std::collections::BTreeSet;

use terraform_provider_aws_workspaces::provider::{Clock, Provider};

use super::pages;

/// The folders that a registry reads.
const FOLDERS: [&str; 8] = [
    "docs",
    "docs/actions",
    "docs/data-sources",
    "docs/ephemeral-resources",
    "docs/functions",
    "docs/guides",
    "docs/list-resources",
    "docs/resources",
];

/// The largest page that a registry stores, in bytes.
const LARGEST: usize = 500_000;

/// The keys of a page's front matter.
fn front_matter(name: &str, text: &str) -> BTreeSet<String> {
    let matter = text
        .strip_prefix("---\n")
        .and_then(|rest| rest.split_once("\n---\n"))
        .unwrap_or_else(|| panic!("{name} has no front matter"))
        .0;
    let keys = matter.lines().filter(|line| !line.starts_with([' ', '#']));
    keys.map(|line| line.split_once(':').expect("a key and a value").0.to_owned()).collect()
}

#[test]
fn pages_are_markdown_in_the_folders_of_the_registry_and_not_too_large() {
    for (name, text) in pages() {
        let (folder, file) = name.rsplit_once('/').unwrap();
        assert!(FOLDERS.contains(&folder), "{name}: a registry does not read {folder}");
        assert!(file.ends_with(".md") && !file.ends_with(".html.md"), "{name}: not Markdown");
        assert!(text.len() < LARGEST, "{name}: {} bytes", text.len());
    }
}

#[test]
fn front_matter_has_the_keys_that_the_registry_expects() {
    for (name, text) in pages() {
        let keys = front_matter(&name, &text);
        for forbidden in ["layout", "sidebar_current"] {
            assert!(!keys.contains(forbidden), "{name}: {forbidden}");
        }
        assert!(keys.contains("page_title"), "{name}: page_title");
        assert!(keys.contains("description"), "{name}: description");
        if name == "docs/index.md" {
            assert!(!keys.contains("subcategory"), "{name}: subcategory");
        }
    }
}

#[test]
fn every_type_has_one_page_and_every_page_a_type() {
    let provider =
        Provider::new(Default::default(), Clock::starting_at(jiff::Timestamp::UNIX_EPOCH), None);
    let resources =
        provider.resources().iter().map(|each| format!("docs/resources/{}.md", each.name));
    let data_sources =
        provider.data_sources().iter().map(|each| format!("docs/data-sources/{}.md", each.name));
    let lists = provider
        .list_resources()
        .iter()
        .map(|each| format!("docs/list-resources/{}.md", each.name));
    let actions = provider.actions().iter().map(|each| format!("docs/actions/{}.md", each.name));
    let functions =
        provider.functions().iter().map(|each| format!("docs/functions/{}.md", each.name));
    let expected: BTreeSet<String> = resources
        .chain(data_sources)
        .chain(lists)
        .chain(actions)
        .chain(functions)
        .chain(["docs/index.md".to_owned()])
        .collect();
    let of_types = pages().into_keys().filter(|name| !name.starts_with("docs/guides/"));
    assert_eq!(of_types.collect::<BTreeSet<_>>(), expected);
}

#[test]
fn the_sections_of_a_page_have_the_order_of_the_registry() {
    for (name, text) in pages() {
        if name.starts_with("docs/guides/") {
            continue;
        }
        let sections: Vec<&str> =
            text.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        let expected: &[&str] = match name.as_str() {
            "docs/index.md" => &["Example Usage", "Authentication", "Schema"],
            name if name.starts_with("docs/resources/") => &["Example Usage", "Schema", "Import"],
            name if name.starts_with("docs/functions/") => {
                &["Example Usage", "Signature", "Arguments"]
            }
            _ => &["Example Usage", "Schema"],
        };
        assert_eq!(sections, expected, "{name}");
        let titled = text.lines().any(|line| line.starts_with("# ") && !line.contains("Generated"));
        assert!(titled, "{name}: no title");
    }
}
