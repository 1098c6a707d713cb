//! `aws_workspaces_connection_aliases`: the connection aliases of a Region, and where each leads.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::aws::ConnectionAlias;
use crate::provider::attr::{Attr, Field, Tags, model};
use crate::provider::chosen_region::chosen_region;
use crate::provider::managed::arguments::{directory, region};
use crate::provider::resource::{DataSource, ReadResult, no_more_rules};
use crate::provider::session::Session;
use crate::provider::tags::from_map;
use crate::tf::{Attribute, Block, Diagnostics, Schema, Type, Value};

use super::advice::explain_alias;

model! {
    /// The attributes of the data source, as `schema` declares them.
    struct Aliases {
        region: String,
        directory_id: String,
        connection_aliases: Vec<Value>,
        by_connection_string: Tags,
    }
}

/// The data source.
pub(in crate::provider) fn data_source() -> DataSource {
    DataSource {
        name: "aws_workspaces_connection_aliases",
        schema: schema(),
        validate: no_more_rules,
        read: |session, configuration| Box::pin(read(session, configuration)),
    }
}

async fn read(session: &Session, configuration: &Value) -> ReadResult {
    let wanted = Aliases::decode(configuration).unwrap_or_default();
    let region = chosen_region(session, "data source", &wanted.region).await?;
    let found = region.connection_aliases().all(wanted.directory_id.as_str()).await;
    let mut found = found.map_err(|error| {
        explain_alias(&format!("list the connection aliases in {}", region.name()), &error)
    })?;
    found.sort_by(|one, other| one.id.cmp(&other.id));
    let name =
        |alias: &ConnectionAlias| alias.connection_string.clone().zip(Some(alias.id.clone()));
    let by_name: BTreeMap<String, String> = found.iter().filter_map(name).collect();
    let state = Aliases {
        region: region.name().into(),
        connection_aliases: Attr::Known(found.iter().map(shown).collect()),
        by_connection_string: Attr::Known(from_map(&by_name)),
        ..wanted
    };
    Ok((state.encode(), Diagnostics::new()))
}

fn shown(alias: &ConnectionAlias) -> Value {
    let text = |text: Option<&String>| Value::optional_string(text.map(String::as_str));
    let association = alias.associations.first();
    Value::object([
        ("alias_id", alias.id.as_str().into()),
        ("connection_string", text(alias.connection_string.as_ref())),
        ("state", text(alias.state.as_ref())),
        ("owner_account_id", text(alias.owner_account_id.as_ref())),
        ("association_status", alias.status().into()),
        ("directory_id", text(association.and_then(|one| one.directory_id.as_ref()))),
        ("associated_account_id", text(association.and_then(|one| one.account_id.as_ref()))),
        (
            "connection_identifier",
            text(association.and_then(|one| one.connection_identifier.as_ref())),
        ),
    ])
}

/// The one declaration of the data source.
fn schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(|| Schema { version: 0, block: block() });
    &SCHEMA
}

fn block() -> Block {
    const NAMES: [&str; 8] = [
        "alias_id",
        "connection_string",
        "state",
        "owner_account_id",
        "association_status",
        "directory_id",
        "associated_account_id",
        "connection_identifier",
    ];
    let alias =
        Type::Object(NAMES.into_iter().map(|name| (name.to_owned(), Type::String)).collect());
    Block {
        description: "The connection aliases of a Region, their associations with directories \
                      and their connection identifiers. The list may be empty. Use `depends_on` \
                      to read the aliases after their associations are created.",
        attributes: vec![
            region(Attribute::optional_computed(
                "region",
                Type::String,
                "Region of the aliases. The default is the provider's Region.",
            )),
            directory(Attribute::optional(
                "directory_id",
                Type::String,
                "Only the alias that is associated with this directory.",
            )),
            Attribute::computed(
                "connection_aliases",
                Type::list(alias),
                "The connection aliases, sorted by `alias_id`. Each has `alias_id`, \
                 `connection_string` (the domain name that users enter), `state`, \
                 `owner_account_id`, `association_status` (`NOT_ASSOCIATED` if the alias has no \
                 association), and with an association `directory_id`, `associated_account_id` \
                 and `connection_identifier` (the value of the DNS TXT record).",
            ),
            Attribute::computed(
                "by_connection_string",
                Type::map(Type::String),
                "Alias IDs by connection string.",
            ),
        ],
        blocks: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::attr::tests::assert_fits;

    #[test]
    fn the_model_holds_what_the_schema_declares() {
        assert_fits::<Aliases>(&schema().block);
    }
}
