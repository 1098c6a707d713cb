//! Default tags, ignored tags, and where tags are read.

use std::collections::{BTreeMap, BTreeSet};

use crate::provider::tags::TagSettings;
use crate::tf::{Attribute, Diagnostic, Diagnostics, NestedBlock, Path, Type, Validator, Value};

use super::{Environment, Input, nested, text, text_map, texts};

pub(super) fn attributes() -> Vec<Attribute> {
    vec![
        text(
            "tag_reads",
            "Where tags are read. `auto`, the default, uses GetResources of the Resource Groups \
             Tagging API, 100 WorkSpaces a call, and DescribeTags of Amazon WorkSpaces for each \
             WorkSpace whose tags differ from the state there. Without the permission \
             `tag:GetResources` it uses DescribeTags alone. `workspaces` uses DescribeTags alone, one \
             WorkSpace a call. `tagging_api` uses GetResources alone, which can be some minutes \
             behind.",
        )
        .validator(Validator::OneOf(&["auto", "workspaces", "tagging_api"])),
    ]
}

pub(super) fn default_tags() -> NestedBlock {
    nested(
        "default_tags",
        "Tags of every resource of this provider.",
        vec![Attribute::optional(
            "tags",
            Type::map(Type::String),
            "Tags. Also set by `TF_AWS_DEFAULT_TAGS_<key>`, one tag each.",
        )],
        1,
    )
}

pub(super) fn ignore_tags() -> NestedBlock {
    nested(
        "ignore_tags",
        "Tags that other programs manage and this provider ignores.",
        vec![
            Attribute::optional(
                "keys",
                Type::set(Type::String),
                "Tag keys to ignore. Also set by `TF_AWS_IGNORE_TAGS_KEYS`, separated by commas.",
            ),
            Attribute::optional(
                "key_prefixes",
                Type::set(Type::String),
                "Tag key prefixes to ignore. Also set by `TF_AWS_IGNORE_TAGS_KEY_PREFIXES`, separated \
                 by commas.",
            ),
        ],
        1,
    )
}

pub(super) fn validate(block: &Value) -> Diagnostics {
    let mut diagnostics = Diagnostics::new();
    for (index, tags) in block.get("default_tags").as_items().unwrap_or_default().iter().enumerate()
    {
        let path = Path::attribute("default_tags").index(index).child("tags");
        for key in text_map(tags.get("tags")).keys().filter(|key| key.starts_with("aws:")) {
            let detail = format!(
                "The key {key:?} begins with \"aws:\", which is reserved for AWS. Choose another key."
            );
            diagnostics.push(Diagnostic::error("Invalid tag key", detail).at(path.key(key)));
        }
    }
    diagnostics
}

pub(super) fn read(input: &Input<'_>) -> TagSettings {
    let Input { block, environment } = input;
    let mut defaults: BTreeMap<String, String> = with_prefix(environment, "TF_AWS_DEFAULT_TAGS_");
    let mut known = !block.get("default_tags").is_unknown();
    for tags in input.blocks("default_tags") {
        known &= tags.is_wholly_known();
        defaults.extend(text_map(tags.get("tags")));
    }
    let mut ignored_keys: BTreeSet<String> = listed(environment, "TF_AWS_IGNORE_TAGS_KEYS");
    let mut ignored_prefixes: BTreeSet<String> =
        listed(environment, "TF_AWS_IGNORE_TAGS_KEY_PREFIXES");
    for ignored in input.blocks("ignore_tags") {
        ignored_keys.extend(texts(ignored.get("keys")));
        ignored_prefixes.extend(texts(ignored.get("key_prefixes")));
    }
    TagSettings {
        defaults: known.then_some(defaults),
        ignored_keys,
        ignored_prefixes: ignored_prefixes.into_iter().collect(),
    }
}

fn with_prefix(environment: &Environment, prefix: &str) -> BTreeMap<String, String> {
    environment
        .iter()
        .filter_map(|(name, value)| {
            let key = name.strip_prefix(prefix).filter(|key| !key.is_empty())?;
            Some((key.to_owned(), value.clone()))
        })
        .collect()
}

fn listed(environment: &Environment, name: &str) -> BTreeSet<String> {
    let list = environment.get(name).map(String::as_str).unwrap_or_default();
    list.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}
