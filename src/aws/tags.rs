use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_workspaces::types::Tag;

use super::{Error, Kind, Region};

impl Region {
    /// The tags of a WorkSpace, those of AWS itself (`aws:…`) included.
    ///
    /// <https://docs.aws.amazon.com/workspaces/latest/api/API_DescribeTags.html>
    ///
    /// # Errors
    /// Whatever AWS, or the way to it, refused.
    pub async fn tags(&self, id: &str) -> Result<BTreeMap<String, String>, Error> {
        let answer = self.0.client.describe_tags().resource_id(id).send().await;
        let answer = answer.map_err(|error| {
            Error::from_sdk("DescribeTags", &self.0.name, self.0.attempts, &error)
        })?;
        let tags = answer.tag_list.unwrap_or_default();
        Ok(tags.into_iter().map(|tag| (tag.key, tag.value.unwrap_or_default())).collect())
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
        let tags = sdk_tags(OPERATION, &self.0.name, tags)?;
        let answer = self.0.client.create_tags().resource_id(id).set_tags(Some(tags)).send().await;
        answer
            .map_err(|error| Error::from_sdk(OPERATION, &self.0.name, self.0.attempts, &error))?;
        Ok(())
    }

    /// Removes tags by key.
    ///
    /// <https://docs.aws.amazon.com/workspaces/latest/api/API_DeleteTags.html>
    ///
    /// # Errors
    /// Whatever AWS, or the way to it, refused.
    pub async fn delete_tags(&self, id: &str, keys: &BTreeSet<String>) -> Result<(), Error> {
        let keys = keys.iter().cloned().collect();
        let answer =
            self.0.client.delete_tags().resource_id(id).set_tag_keys(Some(keys)).send().await;
        answer.map_err(|error| {
            Error::from_sdk("DeleteTags", &self.0.name, self.0.attempts, &error)
        })?;
        Ok(())
    }
}

/// Tags in the SDK's form.
pub(super) fn sdk_tags(
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
