use serde::Deserialize;
use serde_json::{Value, json};

use super::alias::Alias;
use super::describe::{Answer, read};
use super::paging::page;
use super::state::{Cloud, Context};
use super::tags::{self, Tag};
use super::workspace::later;
use crate::sim::refusal::Refusal;

/// The quota of connection aliases of a Region in a new account.
const MOST_ALIASES: usize = 20;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Creation {
    connection_string: String,
    #[serde(default)]
    tags: Vec<Tag>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Description {
    alias_ids: Option<Vec<String>>,
    resource_id: Option<String>,
    limit: Option<usize>,
    next_token: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AliasId {
    alias_id: String,
}

impl Cloud {
    /// `CreateConnectionAlias`.
    pub(crate) fn create_connection_alias(&mut self, context: Context<'_>, body: &Value) -> Answer {
        let request: Creation = read(body)?;
        let tags = tags::collect(&request.tags)?;
        let aliases = self.aliases(context);
        if aliases.iter().any(|alias| alias.connection_string == request.connection_string) {
            let message =
                format!("The connection string {} already exists.", request.connection_string);
            return Err(Refusal::new("ResourceAlreadyExistsException", &message));
        }
        if aliases.len() >= MOST_ALIASES {
            let message = format!("A Region can have at most {MOST_ALIASES} connection aliases.");
            return Err(Refusal::new("ResourceLimitExceededException", &message));
        }
        let id = format!("wsca-{}", self.ids.letters(9));
        let alias = Alias {
            id: id.clone(),
            connection_string: request.connection_string,
            owner: None,
            created_at: later(context.now, context.pace.modification),
            deleted_at: None,
            association: None,
            shared_with: Vec::new(),
            tags,
        };
        self.regions
            .entry(context.region.to_owned())
            .or_default()
            .aliases
            .insert(id.clone(), alias);
        Ok(json!({"AliasId": id}))
    }

    /// `DescribeConnectionAliases`: by ids, by the associated resource, or all. Ids that are
    /// unknown are left out. An empty list is left out too, because the API's list has a minimum
    /// of one.
    pub(crate) fn describe_connection_aliases(&self, context: Context<'_>, body: &Value) -> Answer {
        let request: Description = read(body)?;
        let found = self.aliases(context).into_iter().filter(|alias| {
            let association = alias.association(context.now);
            request.alias_ids.as_ref().is_none_or(|ids| ids.contains(&alias.id))
                && request.resource_id.as_ref().is_none_or(|id| {
                    association.is_some_and(|association| association.resource_id == *id)
                })
        });
        let question =
            format!("{}/{:?}/{:?}", context.region, request.alias_ids, request.resource_id);
        let items = found.map(|alias| (alias.id.as_str(), alias));
        let page = page(items, &question, request.limit, request.next_token.as_deref())?;
        let shown: Vec<Value> =
            page.items.iter().map(|alias| alias.render(&self.account_id, context.now)).collect();
        let mut answer = json!({});
        if !shown.is_empty() {
            answer["ConnectionAliases"] = Value::Array(shown);
        }
        if let Some(token) = page.next_token {
            answer["NextToken"] = json!(token);
        }
        Ok(answer)
    }

    /// `DeleteConnectionAlias`: refused while a directory or another account has the alias.
    pub(crate) fn delete_connection_alias(&mut self, context: Context<'_>, body: &Value) -> Answer {
        let AliasId { alias_id } = read(body)?;
        let alias = self.alias_mut(context, &alias_id)?;
        alias.check_owner()?;
        if alias.association(context.now).is_some() {
            let message =
                format!("The connection alias {alias_id} is associated with a directory.");
            return Err(Refusal::new("ResourceAssociatedException", &message));
        }
        if !alias.shared_with.is_empty() {
            let message =
                format!("The connection alias {alias_id} is shared with another account.");
            return Err(Refusal::new("InvalidResourceStateException", &message));
        }
        let deleted_at = later(context.now, context.pace.modification);
        alias.deleted_at = Some(deleted_at.min(alias.deleted_at.unwrap_or(deleted_at)));
        Ok(json!({}))
    }

    /// The connection aliases of a Region, in order of their ids.
    pub(super) fn aliases(&self, context: Context<'_>) -> Vec<&Alias> {
        let region = self.region(context.region).into_iter();
        region
            .flat_map(|region| region.aliases.values())
            .filter(|alias| alias.exists(context.now))
            .collect()
    }

    pub(super) fn alias(&self, context: Context<'_>, id: &str) -> Result<&Alias, Refusal> {
        let region = self.region(context.region);
        let alias = region.and_then(|region| region.aliases.get(id));
        alias.filter(|alias| alias.exists(context.now)).ok_or_else(|| not_found(id))
    }

    pub(super) fn alias_mut(
        &mut self,
        context: Context<'_>,
        id: &str,
    ) -> Result<&mut Alias, Refusal> {
        let region = self.regions.get_mut(context.region);
        let alias = region.and_then(|region| region.aliases.get_mut(id));
        alias.filter(|alias| alias.exists(context.now)).ok_or_else(|| not_found(id))
    }
}

fn not_found(id: &str) -> Refusal {
    let message = format!("The connection alias {id} was not found.");
    Refusal::new("ResourceNotFoundException", &message).with("ResourceId", id)
}
