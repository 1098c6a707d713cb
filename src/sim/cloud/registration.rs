use serde::Deserialize;
use serde_json::{Value, json};

use super::describe::{Answer, read};
use super::state::{Cloud, Context, DirectoryChange};
use super::tags::{self, Tag};
use super::workspace::later;
use crate::sim::refusal::Refusal;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Request {
    directory_id: Option<String>,
    #[serde(default)]
    tags: Vec<Tag>,
}

impl Cloud {
    /// `RegisterWorkspaceDirectory`: a directory that is there and not registered.
    pub(crate) fn register_workspace_directory(
        &mut self,
        context: Context<'_>,
        body: &Value,
    ) -> Answer {
        let request: Request = read(body)?;
        let tags = tags::collect(&request.tags)?;
        let Some(id) = request.directory_id else {
            let message = "The simulator registers personal directories, which have a DirectoryId.";
            return Err(Refusal::new("InvalidParameterValuesException", message));
        };
        let region = self.regions.get_mut(context.region);
        let directory = region.and_then(|region| region.directories.get_mut(&id));
        let directory = directory.ok_or_else(|| not_found(&id))?;
        match directory.state(context.now) {
            "DEREGISTERED" | "ERROR" => {}
            "REGISTERED" => {
                let message = format!("The directory {id} is already registered.");
                return Err(Refusal::new("ResourceAlreadyExistsException", &message));
            }
            state => return Err(in_state(&id, state)),
        }
        "REGISTERED".clone_into(&mut directory.state);
        directory.tags = tags;
        let until = later(context.now, context.pace.modification);
        directory.change = Some(DirectoryChange { through: "REGISTERING".to_owned(), until });
        Ok(json!({"DirectoryId": id, "State": "REGISTERING"}))
    }

    /// `DeregisterWorkspaceDirectory`: refused while WorkSpaces or a connection alias use it.
    pub(crate) fn deregister_workspace_directory(
        &mut self,
        context: Context<'_>,
        body: &Value,
    ) -> Answer {
        let request: Request = read(body)?;
        let id = request.directory_id.unwrap_or_default();
        let region = self.region(context.region).ok_or_else(|| not_found(&id))?;
        let directory = region.directories.get(&id).ok_or_else(|| not_found(&id))?;
        let state = directory.state(context.now).to_owned();
        if !["REGISTERED", "ERROR"].contains(&state.as_str()) {
            return Err(in_state(&id, &state));
        }
        let mut workspaces = region.workspaces.values();
        if workspaces.any(|it| it.directory_id == id && it.exists(context.now)) {
            let message = format!("The directory {id} has WorkSpaces.");
            return Err(Refusal::new("InvalidResourceStateException", &message));
        }
        let mut aliases = self.aliases(context).into_iter();
        if aliases.any(|it| it.association(context.now).is_some_and(|it| it.resource_id == id)) {
            let message = format!("The directory {id} has a connection alias.");
            return Err(Refusal::new("InvalidResourceStateException", &message));
        }
        let region = self.regions.get_mut(context.region);
        if let Some(directory) = region.and_then(|region| region.directories.get_mut(&id)) {
            "DEREGISTERED".clone_into(&mut directory.state);
            let until = later(context.now, context.pace.modification);
            directory.change = Some(DirectoryChange { through: "DEREGISTERING".to_owned(), until });
        }
        Ok(json!({}))
    }
}

fn not_found(id: &str) -> Refusal {
    let message = format!("The directory {id} was not found.");
    Refusal::new("ResourceNotFoundException", &message).with("ResourceId", id)
}

fn in_state(id: &str, state: &str) -> Refusal {
    let message = format!("The directory {id} is {state}, which does not allow this operation.");
    Refusal::new("InvalidResourceStateException", &message)
}
