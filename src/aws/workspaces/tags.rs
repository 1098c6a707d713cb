use std::collections::BTreeSet;

use aws_sdk_workspaces::Client;
use aws_sdk_workspaces::types::Tag;
use futures_util::future::join_all;
use tokio_util::sync::CancellationToken;

use crate::aws::calls::answers::{batcher, flatten};
use crate::aws::calls::batch::{Batcher, Limits, Sent};
use crate::aws::calls::limiter::Priority;
use crate::aws::calls::send::Api;
use crate::aws::error::{Error, Kind};
use crate::aws::workspaces::tagging_api::{Fallback, TaggingApi};
use crate::aws::workspaces::types::{Account, Tags};

const DESCRIBE_TAGS: &str = "DescribeTags";

/// Tags of WorkSpaces: reading, setting and removing them. Clones share the queues.
#[derive(Clone)]
pub(in crate::aws) struct TagCalls {
    api: Api<Client>,
    by_id: Batcher<(), String, Tags, Error>,
    tagging_api: Option<TaggingApi>,
}

/// Says whether the tags are those that the state has.
pub type AreStored<'a> = dyn Fn(&Tags) -> bool + Send + Sync + 'a;

/// The tags of one WorkSpace, and why they were not read from the preferred API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagsRead {
    /// The tags, those of AWS itself (`aws:…`) included.
    pub tags: Tags,
    /// What to report about the way they were read, once for each Region.
    pub fallback: Option<Fallback>,
}

impl TagCalls {
    pub(in crate::aws) fn new(
        api: &Api<Client>,
        limits: Limits,
        tagging_api: Option<TaggingApi>,
    ) -> Self {
        let by_id = batcher(api, limits, |api, (), ids| async move { describe(&api, ids).await });
        Self { api: api.clone(), by_id: by_id.for_look_ups(), tagging_api }
    }

    /// The tags from the API that the settings select.
    ///
    /// The Resource Groups Tagging API can be some minutes behind, and it omits what was never tagged. So
    /// unless the settings select it, its answer counts only if it agrees with the state; then what it
    /// does not show has no tags. Otherwise DescribeTags decides for this WorkSpace.
    pub(in crate::aws) async fn read(
        &self,
        id: &str,
        account: Option<&Account>,
        are_stored: Option<&AreStored<'_>>,
    ) -> Result<TagsRead, Error> {
        // Without a state to compare with, an answer that does not count would be one call more.
        let index = self.tagging_api.as_ref();
        let Some(index) = index.filter(|index| index.decides() || are_stored.is_some()) else {
            return Ok(TagsRead { tags: self.describe(id).await?, fallback: None });
        };
        let are_stored = |tags: &Tags| are_stored.is_some_and(|are_stored| are_stored(tags));
        let (fallback, is_answered) = match index.find(id, account, false).await {
            Ok(Some(tags)) if index.decides() || are_stored(&tags) => {
                return Ok(TagsRead { tags, fallback: None });
            }
            Ok(None) if are_stored(&Tags::new()) => {
                return Ok(TagsRead { tags: Tags::new(), fallback: None });
            }
            Ok(Some(_)) => (None, true),
            Ok(None) => (index.decides().then_some(Fallback::Missing), true),
            Err(fallback) => (fallback, false),
        };
        let tags = match is_answered {
            true => self.by_id.submit_now((), id.to_owned()).await,
            false => self.by_id.submit((), id.to_owned()).await,
        };
        let tags = flatten(tags, DESCRIBE_TAGS, &self.api)?;
        // Both APIs agree that there are no tags: they were removed outside of Terraform.
        let fallback = fallback.filter(|why| *why != Fallback::Missing || !tags.is_empty());
        Ok(TagsRead { tags, fallback })
    }

    /// The tags of many WorkSpaces in the order of their ids, for lists. There is no state to compare
    /// with, so the Resource Groups Tagging API counts wherever it may be called.
    pub(in crate::aws) async fn read_many(
        &self,
        ids: impl Iterator<Item = &str>,
        account: Option<&Account>,
    ) -> Vec<Result<TagsRead, Error>> {
        join_all(ids.map(|id| self.read_listed(id, account))).await
    }

    async fn read_listed(&self, id: &str, account: Option<&Account>) -> Result<TagsRead, Error> {
        let answer = match &self.tagging_api {
            Some(index) => index.find(id, account, true).await,
            None => Err(None),
        };
        match answer {
            Ok(tags) => Ok(TagsRead { tags: tags.unwrap_or_default(), fallback: None }),
            Err(fallback) => Ok(TagsRead { tags: self.describe(id).await?, fallback }),
        }
    }

    async fn describe(&self, id: &str) -> Result<Tags, Error> {
        flatten(self.by_id.submit((), id.to_owned()).await, DESCRIBE_TAGS, &self.api)
    }

    /// <https://docs.aws.amazon.com/workspaces/latest/api/API_CreateTags.html>
    pub(in crate::aws) async fn create(
        &self,
        id: &str,
        tags: &Tags,
        stop: &CancellationToken,
    ) -> Result<(), Error> {
        const OPERATION: &str = "CreateTags";
        let api = &self.api;
        let tags = sdk_tags(OPERATION, &api.region, tags)?;
        let send = |attempts| {
            let call = api.client.create_tags().resource_id(id).set_tags(Some(tags.clone()));
            call.customize().interceptor(attempts).send()
        };
        api.change(OPERATION, stop, send).await?;
        Ok(())
    }

    /// <https://docs.aws.amazon.com/workspaces/latest/api/API_DeleteTags.html>
    pub(in crate::aws) async fn delete(
        &self,
        id: &str,
        keys: &BTreeSet<String>,
        stop: &CancellationToken,
    ) -> Result<(), Error> {
        let api = &self.api;
        let keys: Vec<String> = keys.iter().cloned().collect();
        let send = |attempts| {
            let call = api.client.delete_tags().resource_id(id).set_tag_keys(Some(keys.clone()));
            call.customize().interceptor(attempts).send()
        };
        api.change("DeleteTags", stop, send).await?;
        Ok(())
    }
}

/// DescribeTags for several WorkSpaces: one call each, answered when the last one is.
///
/// WorkSpaces that were looked up in one call stay together this way. Otherwise the calls that
/// follow would come one by one, and could not be batched.
///
/// <https://docs.aws.amazon.com/workspaces/latest/api/API_DescribeTags.html>
async fn describe(api: &Api<Client>, ids: Vec<String>) -> Sent<Tags, Error> {
    let calls = ids.iter().map(|id| async move {
        let send = || api.client.describe_tags().resource_id(id).send();
        let answer = api.ask(DESCRIBE_TAGS, Priority::Refresh, send).await?;
        let tags = answer.tag_list.unwrap_or_default();
        Ok(tags.into_iter().map(|tag| (tag.key, tag.value.unwrap_or_default())).collect())
    });
    Sent::Each(join_all(calls).await)
}

/// Tags as the SDK takes them.
pub(in crate::aws) fn sdk_tags(
    operation: &'static str,
    region: &str,
    tags: &Tags,
) -> Result<Vec<Tag>, Error> {
    tags.iter()
        .map(|(key, value)| {
            Tag::builder().key(key).value(value).build().map_err(|error| {
                Error::local(Kind::Configuration, operation, region, error.to_string())
            })
        })
        .collect()
}
