use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_workspaces::types::Tag;

use crate::aws::calls::batch::Sent;
use crate::aws::calls::limiter::Priority;
use crate::aws::calls::send::Api;
use crate::aws::error::{Error, Kind};
use crate::aws::workspaces::region::Region;

pub(in crate::aws) type Tags = BTreeMap<String, String>;

const DESCRIBE_TAGS: &str = "DescribeTags";

/// DescribeTags for several WorkSpaces, a call each, and all answered when the last one is.
///
/// They were looked up in one call, and go on together: otherwise those that follow them would come
/// one by one, and each be looked up alone.
///
/// <https://docs.aws.amazon.com/workspaces/latest/api/API_DescribeTags.html>
pub(in crate::aws) async fn describe(api: &Api, ids: Vec<String>) -> Sent<Tags, Error> {
    let asked = ids.iter().map(|id| async move {
        let send = || api.client.describe_tags().resource_id(id).send();
        let answer = api.ask(DESCRIBE_TAGS, Priority::Refresh, send).await?;
        let tags = answer.tag_list.unwrap_or_default();
        Ok(tags.into_iter().map(|tag| (tag.key, tag.value.unwrap_or_default())).collect())
    });
    Sent::Each(futures_util::future::join_all(asked).await)
}

impl Region {
    /// The tags of a WorkSpace, those of AWS itself (`aws:…`) included.
    ///
    /// # Errors
    /// Whatever AWS, or the way to it, refused.
    pub async fn tags(&self, id: &str) -> Result<BTreeMap<String, String>, Error> {
        let answer = self.0.tags.submit((), id.to_owned()).await;
        answer.unwrap_or_else(|lost| Err(self.lost(DESCRIBE_TAGS, lost)))
    }

    /// Sets tags, leaving all others as they are.
    ///
    /// <https://docs.aws.amazon.com/workspaces/latest/api/API_CreateTags.html>
    ///
    /// # Errors
    /// Whatever AWS, or the way to it, refused.
    pub async fn create_tags(
        &self,
        id: &str,
        tags: &BTreeMap<String, String>,
    ) -> Result<(), Error> {
        const OPERATION: &str = "CreateTags";
        let api = &self.0.api;
        let tags = sdk_tags(OPERATION, &api.region, tags)?;
        let send = || api.client.create_tags().resource_id(id).set_tags(Some(tags.clone())).send();
        api.ask(OPERATION, Priority::Change, send).await?;
        Ok(())
    }

    /// Removes tags by key.
    ///
    /// <https://docs.aws.amazon.com/workspaces/latest/api/API_DeleteTags.html>
    ///
    /// # Errors
    /// Whatever AWS, or the way to it, refused.
    pub async fn delete_tags(&self, id: &str, keys: &BTreeSet<String>) -> Result<(), Error> {
        let api = &self.0.api;
        let keys: Vec<String> = keys.iter().cloned().collect();
        let send =
            || api.client.delete_tags().resource_id(id).set_tag_keys(Some(keys.clone())).send();
        api.ask("DeleteTags", Priority::Change, send).await?;
        Ok(())
    }
}

/// Tags in the SDK's form.
pub(in crate::aws) fn sdk_tags(
    operation: &'static str,
    region: &str,
    tags: &BTreeMap<String, String>,
) -> Result<Vec<Tag>, Error> {
    tags.iter()
        .map(|(key, value)| {
            Tag::builder().key(key).value(value).build().map_err(|error| {
                Error::local(Kind::Configuration, operation, region, error.to_string())
            })
        })
        .collect()
}
