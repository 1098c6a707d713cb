//! The provider block and the environment.
//!
//! Each file has one group of arguments: their declaration, and how they are read. Names, defaults
//! and precedence are those of hashicorp/aws 6, so that one block serves both providers: arguments
//! take precedence over the environment, and the environment over the profile.

mod account;
mod batching;
mod connection;
mod credentials;
mod endpoints;
mod paths;
mod roles;
mod tags;
mod unused;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::aws::{Settings, TagReads};
use crate::tf::{
    Attribute, Block, Diagnostics, NestedBlock, Nesting, Schema, Type, Validator, Value,
};

use super::tags::TagSettings;

pub use crate::aws::Environment;
pub(crate) use unused::IGNORED;

/// The provider block and the environment, combined.
#[derive(Clone, Debug)]
pub(super) struct Configuration {
    pub(super) settings: Settings,
    pub(super) tags: TagSettings,
    /// Whether to use the credentials without validation.
    pub(super) skip_credentials_validation: bool,
    /// Whether to accept a Region that the provider does not know.
    pub(super) skip_region_validation: bool,
    /// Allowed account ids; empty for all.
    pub(super) allowed_accounts: Vec<String>,
    /// Forbidden account ids.
    pub(super) forbidden_accounts: Vec<String>,
    /// Whether a plan asks AWS whether it will accept what is planned.
    pub(super) preflight: bool,
    /// The arguments with unknown values; empty once the block is wholly known.
    pub(super) unknown: Vec<&'static str>,
}

/// The one declaration of the provider block.
pub(super) fn schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(|| Schema { version: 0, block: block() });
    &SCHEMA
}

fn block() -> Block {
    let attributes = [
        account::attributes(),
        credentials::attributes(),
        connection::attributes(),
        tags::attributes(),
        vec![truth(
            "preflight",
            "Whether plans check with AWS, in both Regions, that each primary exists, can have a \
             standby and has none, that its user has no WorkSpace in the directory of the standby, \
             and that this directory is registered. The default is `false`. A Region that does not \
             answer is a warning. Quotas, capacity, encryption keys, and whether the directory has \
             the user are not checked.",
        )],
        unused::attributes(),
    ];
    let blocks = vec![
        roles::assume_role(),
        roles::assume_role_with_web_identity(),
        endpoints::block(),
        batching::block(),
        tags::default_tags(),
        tags::ignore_tags(),
    ];
    Block {
        description: "Manages Amazon WorkSpaces standby desktops. All arguments are optional. Those \
                      that hashicorp/aws has too have the same meaning.",
        attributes: attributes.into_iter().flatten().collect(),
        blocks,
    }
}

/// The provider block and the environment, to read arguments from.
struct Input<'a> {
    block: &'a Value,
    environment: &'a Environment,
}

impl Input<'_> {
    /// A string argument; an empty one counts as unset, as in hashicorp/aws.
    fn text(&self, name: &str) -> Option<String> {
        non_empty(self.block.get(name))
    }

    fn truth(&self, name: &str) -> Option<bool> {
        self.block.get(name).as_bool()
    }

    /// A list or set argument of strings.
    fn texts(&self, name: &str) -> Vec<String> {
        texts(self.block.get(name)).collect()
    }

    /// An environment variable; an empty one counts as unset.
    fn variable(&self, name: &str) -> Option<String> {
        self.environment.get(name).filter(|text| !text.is_empty()).cloned()
    }

    /// An argument that is the path of a file.
    fn path(&self, name: &str) -> Option<String> {
        Some(paths::expanded(&self.text(name)?, self.environment))
    }

    /// The nested blocks of one name.
    fn blocks(&self, name: &str) -> &[Value] {
        self.block.get(name).as_items().unwrap_or_default()
    }
}

impl Configuration {
    /// From a provider block and the environment; arguments take precedence.
    pub(super) fn from_block(
        block: &Value,
        environment: &Environment,
        user_agent: Vec<(String, String)>,
    ) -> Self {
        let input = Input { block, environment };
        let mut settings = Settings {
            environment: environment.clone(),
            region: input.text("region"),
            sts_region: input.text("sts_region"),
            tag_reads: match input.text("tag_reads").as_deref() {
                Some("tagging_api") => TagReads::TaggingApi,
                Some("workspaces") => TagReads::WorkSpaces,
                _ => TagReads::Auto,
            },
            skip_requesting_account_id: input
                .truth("skip_requesting_account_id")
                .unwrap_or_default(),
            batching: batching::read(&input),
            user_agent,
            ..Settings::default()
        };
        credentials::read(&input, &mut settings);
        connection::read(&input, &mut settings);
        endpoints::read(&input, &mut settings);
        settings.roles = roles::read(&input);
        settings.web_identity = roles::read_web_identity(&input);
        Self {
            settings,
            tags: tags::read(&input),
            skip_credentials_validation: input
                .truth("skip_credentials_validation")
                .unwrap_or_default(),
            skip_region_validation: input.truth("skip_region_validation").unwrap_or_default(),
            allowed_accounts: input.texts("allowed_account_ids"),
            forbidden_accounts: input.texts("forbidden_account_ids"),
            preflight: input.truth("preflight").unwrap_or_default(),
            unknown: unknown_arguments(block),
        }
    }

    /// Whether everything that reaching AWS depends on is known.
    pub(super) fn is_complete(&self) -> bool {
        self.unknown.is_empty()
    }
}

/// The block without endpoints that are ignored, and without empty top-level strings, lists and sets: as in hashicorp/aws, they count as
/// unset, because modules pass them on from variables that are unset.
pub(super) fn without_empty(block: &Value) -> Value {
    let mut block = block.clone();
    for attribute in &schema().block.attributes {
        let value = block.get(attribute.name);
        let is_empty =
            value.as_str() == Some("") || value.as_items().is_some_and(<[Value]>::is_empty);
        if is_empty {
            block.set(attribute.name, Value::Null);
        }
    }
    endpoints::without_unused(&mut block);
    block
}

/// Rules of the provider block that the schema cannot state.
pub(super) fn validate(block: &Value) -> Diagnostics {
    let mut diagnostics = Diagnostics::new();
    diagnostics.extend(tags::validate(block));
    diagnostics.extend(roles::validate(block));
    diagnostics.extend(account::validate(block));
    diagnostics.extend(connection::validate(block));
    diagnostics
}

/// Warnings about arguments that have no effect.
pub(super) fn without_effect(block: &Value) -> Diagnostics {
    let mut diagnostics = unused::warnings(block);
    diagnostics.extend(roles::warnings(block));
    diagnostics
}

/// The top-level arguments with an unknown value that affect connections and credentials. Unknown
/// tags do not: they only make `tags_all` unknown.
fn unknown_arguments(block: &Value) -> Vec<&'static str> {
    let schema = &schema().block;
    let names = schema.attributes.iter().map(|attribute| attribute.name);
    let names = names.chain(schema.blocks.iter().map(|nested| nested.name));
    names
        .filter(|name| !matches!(*name, "default_tags" | "ignore_tags") && !unused::has(name))
        .filter(|name| !block.get(name).is_wholly_known())
        .collect()
}

fn text(name: &'static str, description: &'static str) -> Attribute {
    Attribute::optional(name, Type::String, description)
}

fn truth(name: &'static str, description: &'static str) -> Attribute {
    Attribute::optional(name, Type::Bool, description)
}

fn nested(
    name: &'static str,
    description: &'static str,
    attributes: Vec<Attribute>,
    maximum: i64,
) -> NestedBlock {
    let block = Block { description, attributes, blocks: Vec::new() };
    NestedBlock { name, nesting: Nesting::List { maximum }, block }
}

/// The rule for the URL of a service.
fn url() -> Validator {
    Validator::Pattern("^https?://.+", "an http or https URL")
}

fn texts(value: &Value) -> impl Iterator<Item = String> {
    value.as_items().unwrap_or_default().iter().filter_map(Value::as_str).map(str::to_owned)
}

/// The known texts of a map of strings; anything else is an empty map.
fn text_map(value: &Value) -> BTreeMap<String, String> {
    let entries = value.as_entries().into_iter().flatten();
    entries.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect()
}

/// The text of a known string that is not empty.
fn non_empty(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}
