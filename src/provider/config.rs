use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use std::time::Duration;

use crate::aws::{Batching, Secret, Settings, TagReads};
use crate::tf::{
    Attribute, Block, Check, Diagnostic, Diagnostics, NestedBlock, Nesting, Path, Schema, Type,
    Value, duration,
};

use super::tags::{TagSettings, to_map};

/// The environment variables of the process, read once where it starts.
pub type Environment = BTreeMap<String, String>;

/// The provider block as it was meant.
#[derive(Clone, Debug)]
pub(super) struct Configuration {
    pub(super) settings: Settings,
    pub(super) tags: TagSettings,
    /// Whether the credentials may not be tried out.
    pub(super) skip_credentials_validation: bool,
    /// Whether a plan asks AWS if it is going to accept what is planned.
    pub(super) preflight: bool,
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
    let text = |name, description| Attribute::optional(name, Type::String, description);
    let truth = |name, description| Attribute::optional(name, Type::Bool, description);
    Block {
        description: "Manages Amazon WorkSpaces standby desktops. Every argument is optional and \
                      means what it means in the hashicorp/aws provider.",
        attributes: vec![
            text(
                "region",
                "Region for resources that name none: the standby Region. Also `AWS_REGION`, \
                 `AWS_DEFAULT_REGION`, the profile, or the machine's metadata.",
            )
            .checked(Check::Pattern(REGION, "a Region such as eu-west-1")),
            text("access_key", "Access key id. Also `AWS_ACCESS_KEY_ID`.")
                .checked(Check::Pattern(
                    "^[!-~]*$",
                    "an access key id without spaces or line breaks",
                ))
                .checked(Check::RequiresAlso(&["secret_key"])),
            text("secret_key", "Secret access key. Also `AWS_SECRET_ACCESS_KEY`.")
                .secret()
                .checked(Check::Pattern("^[!-~]*$", "a key without spaces or line breaks"))
                .checked(Check::RequiresAlso(&["access_key"])),
            text("token", "Session token of temporary credentials. Also `AWS_SESSION_TOKEN`.")
                .secret()
                .checked(Check::Pattern("^[!-~]*$", "a token without spaces or line breaks"))
                .checked(Check::RequiresAlso(&["access_key"])),
            text(
                "profile",
                "Profile in the shared configuration and credentials files; named here, it comes \
                 before credentials in the environment. Also `AWS_PROFILE` and \
                 `AWS_DEFAULT_PROFILE`, which do not.",
            ),
            Attribute::optional(
                "max_retries",
                Type::Number,
                "How often a call is tried in all when AWS throttles it or the network fails, 25 \
                 by default. Also `AWS_MAX_ATTEMPTS`.",
            )
            .checked(Check::Between(0, 1000)),
            text(
                "retry_mode",
                "`standard`, the default, or `adaptive`, which also holds calls back once AWS has \
                 throttled one. Also `AWS_RETRY_MODE`.",
            )
            .checked(Check::OneOf(&["standard", "adaptive"])),
            truth(
                "skip_credentials_validation",
                "Do not try the credentials out with STS before using them.",
            ),
            truth(
                "skip_requesting_account_id",
                "Do not ask STS for the account id; `arn` is then null.",
            ),
            text(
                "tag_reads",
                "Where tags are read: `workspaces`, the default, asks DescribeTags of Amazon \
                 WorkSpaces, one WorkSpace a call; `tagging_api` asks GetResources of the Resource \
                 Groups Tagging API, a hundred a call, which needs the permission \
                 `tag:GetResources`.",
            )
            .checked(Check::OneOf(&["workspaces", "tagging_api"])),
            truth(
                "preflight",
                "While planning, check primaries in their Region and directories in the standby \
                 Region with AWS. Off by default. A Region that does not answer is a warning.",
            ),
        ],
        blocks: vec![
            nested(
                "endpoints",
                "Other addresses than AWS's own.",
                vec![
                    text(
                        "workspaces",
                        "Address of Amazon WorkSpaces, for every Region. Also \
                         `AWS_ENDPOINT_URL_WORKSPACES` and `AWS_ENDPOINT_URL`.",
                    )
                    .checked(Check::Pattern("^https?://.+", "an http or https URL")),
                    text(
                        "resourcegroupstaggingapi",
                        "Address of the Resource Groups Tagging API, for every Region. Also \
                         `AWS_ENDPOINT_URL_RESOURCE_GROUPS_TAGGING_API` and `AWS_ENDPOINT_URL`.",
                    )
                    .checked(Check::Pattern("^https?://.+", "an http or https URL")),
                    text(
                        "sts",
                        "Address of AWS STS. Also `AWS_ENDPOINT_URL_STS` and `AWS_ENDPOINT_URL`.",
                    )
                    .checked(Check::Pattern("^https?://.+", "an http or https URL")),
                ],
                0,
            ),
            nested(
                "batching",
                "How requests for several WorkSpaces are collected into one call.",
                vec![
                    truth(
                        "enable_batching",
                        "Whether they are; true by default. Without it each call names one \
                         WorkSpace, and AWS refuses calls of a large fleet.",
                    ),
                    text(
                        "send_after",
                        "How long the first request of a call waits for others, `50ms` by default.",
                    )
                    .checked(Check::Duration(Duration::ZERO)),
                ],
                1,
            ),
            nested(
                "default_tags",
                "Tags for every resource of this provider.",
                vec![Attribute::optional(
                    "tags",
                    Type::map(Type::String),
                    "The tags. Also one `TF_AWS_DEFAULT_TAGS_<key>` each.",
                )],
                1,
            ),
            nested(
                "ignore_tags",
                "Tags that other programs set and this provider leaves alone.",
                vec![
                    Attribute::optional(
                        "keys",
                        Type::set(Type::String),
                        "Keys of such tags. Also `TF_AWS_IGNORE_TAGS_KEYS`, separated by commas.",
                    ),
                    Attribute::optional(
                        "key_prefixes",
                        Type::set(Type::String),
                        "Beginnings of such keys. Also `TF_AWS_IGNORE_TAGS_KEY_PREFIXES`, \
                         separated by commas.",
                    ),
                ],
                1,
            ),
        ],
    }
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

impl Configuration {
    /// From a provider block and the environment; arguments come before the environment.
    pub(super) fn from_block(
        block: &Value,
        environment: &Environment,
        user_agent: Vec<(String, String)>,
    ) -> Self {
        let variable = |name: &str| environment.get(name).filter(|text| !text.is_empty()).cloned();
        let text = |name: &str| non_empty(block.get(name));
        let truth = |name: &str| block.get(name).as_bool().unwrap_or_default();
        // Several `endpoints` blocks are read as one; the last to name a service wins.
        let endpoints = block.get("endpoints").as_items().unwrap_or_default();
        let endpoint =
            |service: &str| endpoints.iter().rev().find_map(|block| non_empty(block.get(service)));
        let attempts = block.get("max_retries").as_number().and_then(|number| number.as_i64());
        let from_environment = || variable("AWS_MAX_ATTEMPTS")?.parse().ok();
        Self {
            settings: Settings {
                region: text("region"),
                access_key: text("access_key"),
                secret_key: text("secret_key").map(Secret::new),
                token: text("token").map(Secret::new),
                profile: text("profile")
                    .or_else(|| variable("AWS_PROFILE"))
                    .or_else(|| variable("AWS_DEFAULT_PROFILE")),
                profile_first: text("profile").is_some(),
                workspaces_endpoint: endpoint("workspaces"),
                sts_endpoint: endpoint("sts"),
                tagging_endpoint: endpoint("resourcegroupstaggingapi"),
                tag_reads: match text("tag_reads").as_deref() {
                    Some("tagging_api") => TagReads::TaggingApi,
                    _ => TagReads::WorkSpaces,
                },
                batching: batching(block),
                max_attempts: attempts
                    .and_then(|number| u32::try_from(number).ok())
                    .or_else(from_environment),
                adaptive_retries: text("retry_mode")
                    .or_else(|| variable("AWS_RETRY_MODE"))
                    .is_some_and(|mode| mode.eq_ignore_ascii_case("adaptive")),
                skip_requesting_account_id: truth("skip_requesting_account_id"),
                user_agent,
                http_client: None,
            },
            tags: tag_settings(block, environment),
            skip_credentials_validation: truth("skip_credentials_validation"),
            preflight: truth("preflight"),
            unknown: unknown_arguments(block),
        }
    }

    /// Whether everything that reaching AWS depends on is known.
    pub(super) fn is_complete(&self) -> bool {
        self.unknown.is_empty()
    }
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

/// Rules of the provider block that the schema cannot state.
pub(super) fn validate(block: &Value) -> Diagnostics {
    let mut diagnostics = Diagnostics::new();
    for (index, tags) in block.get("default_tags").as_items().unwrap_or_default().iter().enumerate()
    {
        let path = Path::attribute("default_tags").index(index).child("tags");
        for key in to_map(tags.get("tags")).keys().filter(|key| key.starts_with("aws:")) {
            let detail = format!(
                "The key {key:?} begins with \"aws:\", which is reserved for AWS. Choose another key."
            );
            diagnostics.push(Diagnostic::error("Invalid tag key", detail).at(path.key(key)));
        }
    }
    diagnostics
}

fn batching(block: &Value) -> Batching {
    let blocks = block.get("batching").as_items().unwrap_or_default();
    blocks.iter().fold(Batching::default(), |before, block| Batching {
        enabled: block.get("enable_batching").as_bool().unwrap_or(before.enabled),
        send_after: block
            .get("send_after")
            .as_str()
            .and_then(|text| duration::parse(text).ok())
            .unwrap_or(before.send_after),
    })
}

fn tag_settings(block: &Value, environment: &Environment) -> TagSettings {
    let mut defaults: BTreeMap<String, String> = with_prefix(environment, "TF_AWS_DEFAULT_TAGS_");
    let mut known = !block.get("default_tags").is_unknown();
    for tags in block.get("default_tags").as_items().unwrap_or_default() {
        known &= tags.is_wholly_known();
        defaults.extend(to_map(tags.get("tags")));
    }
    let mut ignored_keys: BTreeSet<String> = listed(environment, "TF_AWS_IGNORE_TAGS_KEYS");
    let mut ignored_prefixes: BTreeSet<String> =
        listed(environment, "TF_AWS_IGNORE_TAGS_KEY_PREFIXES");
    for ignored in block.get("ignore_tags").as_items().unwrap_or_default() {
        ignored_keys.extend(texts(ignored.get("keys")));
        ignored_prefixes.extend(texts(ignored.get("key_prefixes")));
    }
    TagSettings {
        defaults: known.then_some(defaults),
        ignored_keys,
        ignored_prefixes: ignored_prefixes.into_iter().collect(),
    }
}

/// The top-level arguments with an unknown value that decide how AWS is reached. Unknown tags do
/// not: they only make `tags_all` unknown.
fn unknown_arguments(block: &Value) -> Vec<&'static str> {
    let schema = &schema().block;
    let names = schema.attributes.iter().map(|attribute| attribute.name);
    let names = names.chain(schema.blocks.iter().map(|nested| nested.name));
    names
        .filter(|name| !matches!(*name, "default_tags" | "ignore_tags"))
        .filter(|name| !block.get(name).is_wholly_known())
        .collect()
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

fn texts(value: &Value) -> impl Iterator<Item = String> {
    value.as_items().unwrap_or_default().iter().filter_map(Value::as_str).map(str::to_owned)
}

/// The text of a known string that is not empty; like hashicorp/aws, an empty argument is none.
fn non_empty(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}
