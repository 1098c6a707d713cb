use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::describe::{Answer, read};
use super::state::{Cloud, Context};
use crate::sim::refusal::Refusal;

/// The most tags of one resource.
const MOST_TAGS: usize = 50;

/// One tag of a request. The value may be left out.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Tag {
    key: String,
    #[serde(default)]
    value: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Request {
    resource_id: String,
    #[serde(default)]
    tags: Vec<Tag>,
    #[serde(default)]
    tag_keys: Vec<String>,
}

impl Cloud {
    /// `DescribeTags`, in order of the keys.
    pub(crate) fn describe_tags(&self, context: Context<'_>, body: &Value) -> Answer {
        let request: Request = read(body)?;
        let tags = self.tags_of(context, &request.resource_id)?;
        let list: Vec<Value> =
            tags.iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect();
        Ok(json!({"TagList": list}))
    }

    /// `CreateTags`: adds tags, or changes the value of those that exist.
    pub(crate) fn create_tags(&mut self, context: Context<'_>, body: &Value) -> Answer {
        let request: Request = read(body)?;
        let new = collect(&request.tags)?;
        if new.is_empty() {
            return Err(Refusal::new(
                "InvalidParameterValuesException",
                "Specify at least one tag.",
            ));
        }
        let tags = self.tags_of_mut(context, &request.resource_id)?;
        let added = new.keys().filter(|key| !tags.contains_key(*key)).count();
        if tags.len() + added > MOST_TAGS {
            return Err(too_many());
        }
        tags.extend(new);
        Ok(json!({}))
    }

    /// `DeleteTags`: absent keys are ignored.
    pub(crate) fn delete_tags(&mut self, context: Context<'_>, body: &Value) -> Answer {
        let request: Request = read(body)?;
        if request.tag_keys.iter().any(|key| is_reserved(key)) {
            return Err(reserved());
        }
        let tags = self.tags_of_mut(context, &request.resource_id)?;
        let before = tags.len();
        tags.retain(|key, _| !request.tag_keys.contains(key));
        let removed = tags.len() < before;
        if let Some(workspace) =
            self.workspace_mut(context.region, &request.resource_id, context.now)
        {
            workspace.was_tagged |= removed;
        }
        Ok(json!({}))
    }

    /// The tags of a WorkSpace, a directory or a connection alias.
    fn tags_of(
        &self,
        context: Context<'_>,
        id: &str,
    ) -> Result<&BTreeMap<String, String>, Refusal> {
        let region = self.region(context.region).ok_or_else(|| not_found(id))?;
        if let Some(directory) = region.directories.get(id) {
            return Ok(&directory.tags);
        }
        if let Some(alias) = region.aliases.get(id).filter(|alias| alias.exists(context.now)) {
            return Ok(&alias.tags);
        }
        let workspace = self.workspace(context.region, id, context.now);
        workspace.map(|workspace| &workspace.tags).ok_or_else(|| not_found(id))
    }

    fn tags_of_mut(
        &mut self,
        context: Context<'_>,
        id: &str,
    ) -> Result<&mut BTreeMap<String, String>, Refusal> {
        let region = self.regions.get_mut(context.region).ok_or_else(|| not_found(id))?;
        if let Some(directory) = region.directories.get_mut(id) {
            return Ok(&mut directory.tags);
        }
        if let Some(alias) = region.aliases.get_mut(id).filter(|alias| alias.exists(context.now)) {
            return Ok(&mut alias.tags);
        }
        let workspace = region.workspaces.get_mut(id).filter(|found| found.exists(context.now));
        workspace.map(|workspace| &mut workspace.tags).ok_or_else(|| not_found(id))
    }
}

fn not_found(id: &str) -> Refusal {
    let message = format!("The resource {id} was not found.");
    Refusal::new("ResourceNotFoundException", &message).with("ResourceId", id)
}

/// The tags of a request as a map.
///
/// # Errors
/// A key that is reserved or occurs twice, or more than 50 tags.
pub(crate) fn collect(tags: &[Tag]) -> Result<BTreeMap<String, String>, Refusal> {
    let mut collected = BTreeMap::new();
    for tag in tags {
        if is_reserved(&tag.key) {
            return Err(reserved());
        }
        if collected.insert(tag.key.clone(), tag.value.clone()).is_some() {
            let message = format!("The tag key {} occurs more than once.", tag.key);
            return Err(Refusal::new("InvalidParameterValuesException", &message));
        }
    }
    if collected.len() > MOST_TAGS { Err(too_many()) } else { Ok(collected) }
}

fn is_reserved(key: &str) -> bool {
    key.get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case("aws:"))
}

fn reserved() -> Refusal {
    Refusal::new("InvalidParameterValuesException", "Tag keys that begin with aws: are reserved.")
}

fn too_many() -> Refusal {
    Refusal::new("ResourceLimitExceededException", "A resource can have at most 50 tags.")
}
