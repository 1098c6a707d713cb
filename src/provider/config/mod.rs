//! The provider block: what may stand in it, and what it means together with the environment.
//!
//! Each file holds one theme of the block: its arguments as they are declared, and how they are
//! read. Names, defaults and precedence are those of hashicorp/aws 6, so that one block serves both
//! providers: an argument comes before the environment, the environment before the profile.

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
    Attribute, Block, Diagnostic, Diagnostics, NestedBlock, Nesting, Schema, Type, Validator, Value,
};

use super::tags::TagSettings;

/// The environment variables of the process, read once where it starts.
pub type Environment = BTreeMap<String, String>;

/// The provider block as it was meant.
#[derive(Clone, Debug)]
pub(super) struct Configuration {
    pub(super) settings: Settings,
    pub(super) tags: TagSettings,
    /// Whether the credentials may not be tried out.
    pub(super) skip_credentials_validation: bool,
    /// Whether a Region that the provider does not know may be used.
    pub(super) skip_region_validation: bool,
    /// The only accounts that may be worked on; empty for all.
    pub(super) allowed_accounts: Vec<String>,
    /// The accounts that may not be worked on.
    pub(super) forbidden_accounts: Vec<String>,
    /// Whether a plan asks AWS if it is going to accept what is planned.
    pub(super) preflight: bool,
    /// What names the profile: the argument or an environment variable.
    pub(super) profile_from: &'static str,
    /// The shared files in which profiles are looked for.
    pub(super) shared_files: Vec<String>,
    /// Whether the environment keeps the machine's metadata from being asked although the block
    /// wants them to be.
    pub(super) machine_stays_disabled: bool,
    /// The arguments that are set.
    pub(super) named: Vec<&'static str>,
    /// The arguments whose values are not known yet; empty once the block is wholly known.
    pub(super) unknown: Vec<&'static str>,
}

/// The form of a Region's name.
pub(super) const REGION: &str = "^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$";

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
            "While planning, check primaries in their Region and directories in the standby \
             Region with AWS. Off by default. A Region that does not answer is a warning.",
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
        description: "Manages Amazon WorkSpaces standby desktops. Every argument is optional and \
                      means what it means in the hashicorp/aws provider.",
        attributes: attributes.into_iter().flatten().collect(),
        blocks,
    }
}

/// The provider block and the environment, for whoever reads one theme of them.
struct Input<'a> {
    block: &'a Value,
    environment: &'a Environment,
}

impl Input<'_> {
    /// An argument that is a text; like hashicorp/aws, an empty one is none.
    fn text(&self, name: &str) -> Option<String> {
        non_empty(self.block.get(name))
    }

    fn truth(&self, name: &str) -> Option<bool> {
        self.block.get(name).as_bool()
    }

    /// An argument that is a list or set of texts.
    fn texts(&self, name: &str) -> Vec<String> {
        texts(self.block.get(name)).collect()
    }

    /// An environment variable; an empty one is none.
    fn variable(&self, name: &str) -> Option<String> {
        self.environment.get(name).filter(|text| !text.is_empty()).cloned()
    }

    /// An environment variable that switches something on or off; anything but the two words is none.
    fn switch(&self, name: &str) -> Option<bool> {
        match self.variable(name)?.to_ascii_lowercase().as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        }
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
    /// From a provider block and the environment; arguments come before the environment.
    pub(super) fn from_block(
        block: &Value,
        environment: &Environment,
        user_agent: Vec<(String, String)>,
    ) -> Self {
        let input = Input { block, environment };
        let mut settings = Settings {
            region: input.text("region"),
            sts_region: input.text("sts_region"),
            tag_reads: match input.text("tag_reads").as_deref() {
                Some("tagging_api") => TagReads::TaggingApi,
                _ => TagReads::WorkSpaces,
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
        settings.environment_identity = roles::environment_identity(&input);
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
            profile_from: credentials::profile_from(&input),
            shared_files: credentials::shared_files(&input),
            machine_stays_disabled: credentials::machine_stays_disabled(&input),
            named: set_arguments(block),
            unknown: unknown_arguments(block),
        }
    }

    /// Whether everything that reaching AWS depends on is known.
    pub(super) fn is_complete(&self) -> bool {
        self.unknown.is_empty()
    }
}

/// The block without top-level texts, lists and sets that are empty: as in hashicorp/aws, they are
/// as good as absent, because modules pass them on from variables that nobody has set.
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
    block
}

/// Credentials in the environment that no request could carry, for example with a line break at the
/// end; what is in them is not shown.
pub(super) fn validate_environment(environment: &Environment) -> Diagnostics {
    let names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];
    let broken = names.into_iter().filter(|name| {
        environment.get(*name).is_some_and(|text| !text.chars().all(|c| c.is_ascii_graphic()))
    });
    let diagnostics: Vec<Diagnostic> = broken
        .map(|name| {
            let detail = format!(
                "The environment variable {name} contains a space, a line break or another \
                 character that no key has. Files with Windows line ends often leave one at the end."
            );
            Diagnostic::error(format!("Invalid {name}"), detail)
        })
        .collect();
    diagnostics.into()
}

/// Addresses of services in the environment that are none; the SDK would pass them on as they are.
pub(super) fn validate_endpoints(environment: &Environment) -> Diagnostics {
    let is_address = |text: &str| {
        let host = ["http://", "https://"].iter().find_map(|scheme| text.strip_prefix(scheme));
        host.is_some_and(|host| !host.is_empty())
    };
    let endpoints = environment.iter().filter(|(name, text)| {
        let named =
            name.as_str() == "AWS_ENDPOINT_URL" || endpoints::VARIABLES.contains(&name.as_str());
        named && !text.is_empty() && !is_address(text)
    });
    let diagnostics: Vec<Diagnostic> = endpoints
        .map(|(name, text)| {
            let detail = format!(
                "The environment variable {name} is to hold the address of a service, such as \
                 https://host or http://127.0.0.1:4566, and holds {text:?}."
            );
            Diagnostic::error(format!("Invalid {name}"), detail)
        })
        .collect();
    diagnostics.into()
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

/// What to tell about arguments that are accepted and do nothing.
pub(super) fn without_effect(block: &Value) -> Diagnostics {
    let mut diagnostics = unused::warnings(block);
    diagnostics.extend(roles::warnings(block));
    diagnostics
}

/// The top-level arguments with an unknown value that decide how AWS is reached. Unknown tags do
/// not: they only make `tags_all` unknown.
fn unknown_arguments(block: &Value) -> Vec<&'static str> {
    let schema = &schema().block;
    let names = schema.attributes.iter().map(|attribute| attribute.name);
    let names = names.chain(schema.blocks.iter().map(|nested| nested.name));
    names
        .filter(|name| !matches!(*name, "default_tags" | "ignore_tags") && !unused::has(name))
        .filter(|name| !block.get(name).is_wholly_known())
        .collect()
}

/// The top-level arguments that are set, to whatever value.
fn set_arguments(block: &Value) -> Vec<&'static str> {
    let names = schema().block.attributes.iter().map(|attribute| attribute.name);
    names.filter(|name| !block.get(name).is_null()).collect()
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

/// The rule for the address of a service.
fn url() -> Validator {
    Validator::Pattern("^https?://.+", "an http or https URL")
}

fn texts(value: &Value) -> impl Iterator<Item = String> {
    value.as_items().unwrap_or_default().iter().filter_map(Value::as_str).map(str::to_owned)
}

/// The text of a known string that is not empty.
fn non_empty(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}
