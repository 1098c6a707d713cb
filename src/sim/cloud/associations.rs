use serde::Deserialize;
use serde_json::{Value, json};

use super::alias::Association;
use super::describe::{Answer, read};
use super::state::{Cloud, Context};
use super::workspace::later;
use crate::sim::refusal::Refusal;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Request {
    alias_id: String,
    #[serde(default)]
    resource_id: String,
}

impl Cloud {
    /// `AssociateConnectionAlias`: one alias for a directory, one directory for an alias.
    pub(crate) fn associate_connection_alias(
        &mut self,
        context: Context<'_>,
        body: &Value,
    ) -> Answer {
        let Request { alias_id, resource_id } = read(body)?;
        let alias = self.alias(context, &alias_id)?;
        alias.check_created(context.now)?;
        if alias.association(context.now).is_some() {
            let message = format!("The connection alias {alias_id} is already associated.");
            return Err(Refusal::new("ResourceAssociatedException", &message));
        }
        let region = self.region(context.region);
        let directory = region.and_then(|region| region.directories.get(&resource_id));
        let Some(directory) = directory else {
            let message = format!("The directory {resource_id} was not found.");
            let refusal = Refusal::new("ResourceNotFoundException", &message);
            return Err(refusal.with("ResourceId", &resource_id));
        };
        if directory.state(context.now) != "REGISTERED" {
            let message = format!("The directory {resource_id} is not registered.");
            return Err(Refusal::new("InvalidResourceStateException", &message));
        }
        let has_one = self.aliases(context).into_iter().any(|alias| {
            alias.association(context.now).is_some_and(|it| it.resource_id == resource_id)
        });
        if has_one {
            let message = format!("The directory {resource_id} already has a connection alias.");
            return Err(Refusal::new("ResourceAssociatedException", &message));
        }
        let connection_identifier = self.ids.letters(12);
        self.alias_mut(context, &alias_id)?.association = Some(Association {
            resource_id,
            account_id: None,
            connection_identifier: connection_identifier.clone(),
            complete_at: later(context.now, context.pace.modification),
            ends_at: None,
        });
        Ok(json!({"ConnectionIdentifier": connection_identifier}))
    }

    /// `DisassociateConnectionAlias`.
    pub(crate) fn disassociate_connection_alias(
        &mut self,
        context: Context<'_>,
        body: &Value,
    ) -> Answer {
        let Request { alias_id, .. } = read(body)?;
        let alias = self.alias_mut(context, &alias_id)?;
        let association = alias.association(context.now);
        if association.is_some_and(|association| association.account_id.is_some()) {
            let message =
                format!("Another account has associated the connection alias {alias_id}.");
            return Err(Refusal::new("AccessDeniedException", &message));
        }
        let is_associated = alias.association(context.now).is_some_and(|it| it.ends_at.is_none());
        match &mut alias.association {
            Some(association) if is_associated => {
                association.ends_at = Some(later(context.now, context.pace.modification));
                Ok(json!({}))
            }
            _ => {
                let message = format!("The connection alias {alias_id} is not associated.");
                Err(Refusal::new("InvalidResourceStateException", &message))
            }
        }
    }
}
