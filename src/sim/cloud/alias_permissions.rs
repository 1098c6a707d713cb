use serde::Deserialize;
use serde_json::{Value, json};

use super::describe::{Answer, read};
use super::paging::page;
use super::state::{Cloud, Context};
use crate::sim::refusal::Refusal;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Update {
    alias_id: String,
    connection_alias_permission: Permission,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Permission {
    shared_account_id: String,
    allow_association: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Description {
    alias_id: String,
    max_results: Option<usize>,
    next_token: Option<String>,
}

impl Cloud {
    /// `UpdateConnectionAliasPermission`: shares an alias with an account, or no longer.
    pub(crate) fn update_connection_alias_permission(
        &mut self,
        context: Context<'_>,
        body: &Value,
    ) -> Answer {
        let Update { alias_id, connection_alias_permission: wanted } = read(body)?;
        let account = wanted.shared_account_id;
        if account == self.account_id {
            let message = "SharedAccountId must be another account than that of the owner.";
            return Err(Refusal::new("InvalidParameterValuesException", message));
        }
        let alias = self.alias_mut(context, &alias_id)?;
        alias.check_owner()?;
        alias.check_created(context.now)?;
        let association = alias.association(context.now);
        let uses_it = association.is_some_and(|it| it.account_id.as_ref() == Some(&account));
        if uses_it && !wanted.allow_association {
            let message = format!("The account {account} has associated the connection alias.");
            return Err(Refusal::new("ResourceAssociatedException", &message));
        }
        let shared_with = &mut alias.shared_with;
        shared_with.retain(|other| *other != account);
        if wanted.allow_association {
            shared_with.push(account);
            shared_with.sort_unstable();
        }
        Ok(json!({}))
    }

    /// `DescribeConnectionAliasPermissions`. An empty list is left out, because the API's list has
    /// a minimum of one.
    pub(crate) fn describe_connection_alias_permissions(
        &self,
        context: Context<'_>,
        body: &Value,
    ) -> Answer {
        let request: Description = read(body)?;
        let alias = self.alias(context, &request.alias_id)?;
        let items = alias.shared_with.iter().map(|account| (account.as_str(), account));
        let question = format!("{}/{}", context.region, alias.id);
        let page = page(items, &question, request.max_results, request.next_token.as_deref())?;
        let shown = page
            .items
            .into_iter()
            .map(|account| json!({"SharedAccountId": account, "AllowAssociation": true}));
        let shown: Vec<Value> = shown.collect();
        let mut answer = json!({"AliasId": alias.id});
        if !shown.is_empty() {
            answer["ConnectionAliasPermissions"] = Value::Array(shown);
        }
        if let Some(token) = page.next_token {
            answer["NextToken"] = json!(token);
        }
        Ok(answer)
    }
}
