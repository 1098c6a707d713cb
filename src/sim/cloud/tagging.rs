use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Value, json};

use super::describe::{Answer, read};
use super::paging::page;
use super::state::{Cloud, Context, partition};
use crate::sim::refusal::Refusal;

/// The most resources on one page, and how many there are when the request does not say.
const PAGE: i64 = 100;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Request {
    #[serde(rename = "ResourceARNList")]
    arns: Option<Vec<String>>,
    tag_filters: Vec<Filter>,
    resource_type_filters: Vec<String>,
    resources_per_page: Option<i64>,
    tags_per_page: Option<i64>,
    pagination_token: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Filter {
    key: String,
    #[serde(default)]
    values: Vec<String>,
}

impl Cloud {
    /// `GetResources` of the Resource Groups Tagging API: the tags of WorkSpaces, directories and aliases,
    /// by ARN or by filters. What was never tagged is left out, as is what does not exist.
    pub(crate) fn get_resources(&self, context: Context<'_>, body: &Value) -> Answer {
        let request: Request = read(body)?;
        request.check()?;
        let wanted: Option<BTreeSet<&str>> =
            request.arns.as_ref().map(|arns| arns.iter().map(String::as_str).collect());
        let all = self.tagged(context);
        let found = all.iter().filter(|(arn, (kind, tags))| match &wanted {
            Some(wanted) => wanted.contains(arn.as_str()),
            None => request.selects(kind, tags),
        });
        let items = found.map(|(arn, (_, tags))| (arn.as_str(), (arn, *tags)));
        let limit = match &wanted {
            Some(wanted) => wanted.len(),
            None => usize::try_from(request.resources_per_page.unwrap_or(PAGE)).unwrap_or(1),
        };
        let question = format!("{}/{:?}", context.region, request.resource_type_filters);
        let token = request.pagination_token.as_deref().filter(|token| !token.is_empty());
        let page = page(items, &question, Some(limit), token)
            .map_err(|_| invalid("The PaginationToken is not valid for this request."))?;
        let mappings: Vec<Value> = page
            .items
            .into_iter()
            .map(|(arn, tags)| {
                let tags: Vec<Value> =
                    tags.iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect();
                json!({"ResourceARN": arn, "Tags": tags})
            })
            .collect();
        let token = page.next_token.unwrap_or_default();
        Ok(json!({"ResourceTagMappingList": mappings, "PaginationToken": token}))
    }

    /// Everything of a Region that has, or once had, a tag: its resource type and tags by ARN.
    fn tagged(
        &self,
        context: Context<'_>,
    ) -> BTreeMap<String, (&'static str, &BTreeMap<String, String>)> {
        let arn = |kind: &str, id: &str| {
            let (partition, account) = (partition(context.region), &self.account_id);
            format!("arn:{partition}:workspaces:{}:{account}:{kind}/{id}", context.region)
        };
        let mut tagged = BTreeMap::new();
        let Some(region) = self.region(context.region) else { return tagged };
        for (id, workspace) in &region.workspaces {
            if workspace.exists(context.now) && (workspace.was_tagged || !workspace.tags.is_empty())
            {
                tagged.insert(arn("workspace", id), ("workspace", &workspace.tags));
            }
        }
        for (id, directory) in &region.directories {
            if !directory.tags.is_empty() {
                tagged.insert(arn("directory", id), ("directory", &directory.tags));
            }
        }
        for (id, alias) in &region.aliases {
            if alias.exists(context.now) && !alias.tags.is_empty() {
                tagged.insert(arn("connectionalias", id), ("connectionalias", &alias.tags));
            }
        }
        tagged
    }
}

impl Request {
    /// The rules between members, which the API states in words.
    fn check(&self) -> Result<(), Refusal> {
        let pages = self.resources_per_page.is_some()
            || self.tags_per_page.is_some()
            || self.pagination_token.as_deref().is_some_and(|token| !token.is_empty());
        let filters = !self.tag_filters.is_empty() || !self.resource_type_filters.is_empty();
        if self.arns.is_some() && (pages || filters) {
            return Err(invalid(
                "ResourceARNList cannot be combined with filters or with pagination.",
            ));
        }
        if self.resources_per_page.is_some_and(|number| !(1..=PAGE).contains(&number)) {
            return Err(invalid("ResourcesPerPage must be between 1 and 100."));
        }
        Ok(())
    }

    fn selects(&self, kind: &str, tags: &BTreeMap<String, String>) -> bool {
        let of_type = self.resource_type_filters.is_empty()
            || self.resource_type_filters.iter().any(|filter| {
                filter == "workspaces" || filter.strip_prefix("workspaces:") == Some(kind)
            });
        of_type
            && self.tag_filters.iter().all(|filter| {
                tags.get(&filter.key)
                    .is_some_and(|value| filter.values.is_empty() || filter.values.contains(value))
            })
    }
}

fn invalid(message: &str) -> Refusal {
    Refusal::new("InvalidParameterException", message)
}
