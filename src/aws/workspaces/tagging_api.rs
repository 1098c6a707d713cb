use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};

use aws_sdk_resourcegroupstagging::Client;

use crate::aws::calls::batch::{Batcher, Limits, Sent};
use crate::aws::calls::limiter::Priority;
use crate::aws::calls::send::Api;
use crate::aws::client::Account;
use crate::aws::error::{Error, Kind};
use crate::aws::workspaces::region::Region;
use crate::aws::workspaces::region::in_order;
use crate::aws::workspaces::tags::Tags;
use crate::aws::workspaces::types::partition;

/// Most ARNs in one GetResources call.
///
/// <https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html>
pub(in crate::aws) const MOST_ARNS: usize = 100;

const OPERATION: &str = "GetResources";

/// The tags of WorkSpaces, read a hundred at a time through the Resource Groups Tagging API.
pub(in crate::aws) struct Tagging {
    resources: Batcher<(), String, Option<Tags>, Error>,
    /// Whether it refused once; it is not asked again then.
    refused: AtomicBool,
}

/// The tags of one WorkSpace, and why they did not come from where they were asked of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagsRead {
    /// The tags, those of AWS itself (`aws:…`) included.
    pub tags: BTreeMap<String, String>,
    /// What is to be said about the way they were read, once for a Region.
    pub fallback: Option<Fallback>,
}

/// Why the tags were read with DescribeTags although the Resource Groups Tagging API was to be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fallback {
    /// It could not be asked, or refused.
    Refused(Error),
    /// ARNs, by which it is asked, need an account id, and that is not known.
    NoAccount,
    /// It did not show a WorkSpace that has tags.
    Missing,
}

impl Tagging {
    pub(in crate::aws) fn new(limits: Limits, api: Api<Client>) -> Self {
        let resources = Batcher::new(limits, move |(), arns| {
            let api = api.clone();
            async move { get_resources(&api, arns).await }
        });
        Self { resources, refused: AtomicBool::new(false) }
    }
}

impl Region {
    /// The tags of a WorkSpace, from the source that the settings name.
    ///
    /// The Resource Groups Tagging API leaves out what was never tagged. So one that it does not
    /// show has no tags if it had none before either (`had_tags`); otherwise DescribeTags decides.
    ///
    /// # Errors
    /// Whatever AWS, or the way to it, refused of DescribeTags.
    pub async fn read_tags(
        &self,
        id: &str,
        account: Option<&Account>,
        had_tags: bool,
    ) -> Result<TagsRead, Error> {
        let fallback = match self.tagging_api(id, account).await {
            Ok(Some(tags)) => return Ok(TagsRead { tags, fallback: None }),
            Ok(None) if !had_tags => return Ok(TagsRead { tags: Tags::new(), fallback: None }),
            Ok(None) => Some(Fallback::Missing),
            Err(fallback) => fallback,
        };
        let tags = self.tags(id).await?;
        let fallback = match fallback {
            // Both agree: somebody has removed them.
            Some(Fallback::Missing) if tags.is_empty() => None,
            other => other,
        };
        Ok(TagsRead { tags, fallback })
    }

    /// What the Resource Groups Tagging API shows; an error where it is not to be used, or cannot
    /// be, with what is to be said about it.
    async fn tagging_api(
        &self,
        id: &str,
        account: Option<&Account>,
    ) -> Result<Option<Tags>, Option<Fallback>> {
        let Some(tagging) = &self.0.tagging else { return Err(None) };
        if tagging.refused.load(Ordering::Relaxed) {
            return Err(None);
        }
        let once = |why| (!tagging.refused.swap(true, Ordering::Relaxed)).then_some(why);
        let Some(Account { id: account }) = account else {
            return Err(once(Fallback::NoAccount));
        };
        let region = &self.0.api.region;
        let arn = format!("arn:{}:workspaces:{region}:{account}:workspace/{id}", partition(region));
        match tagging.resources.submit((), arn).await {
            Ok(Ok(found)) => Ok(found),
            Ok(Err(error)) => Err(once(Fallback::Refused(error))),
            Err(lost) => {
                let error = Error::local(Kind::Lost, OPERATION, region, lost.to_string());
                Err(once(Fallback::Refused(error)))
            }
        }
    }
}

/// GetResources for up to a hundred ARNs. Those that it does not show are answered with nothing.
///
/// <https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html>
async fn get_resources(api: &Api<Client>, arns: Vec<String>) -> Sent<Option<Tags>, Error> {
    let distinct: BTreeSet<String> = arns.iter().cloned().collect();
    let distinct: Vec<String> = distinct.into_iter().collect();
    let send = || api.client.get_resources().set_resource_arn_list(Some(distinct.clone())).send();
    match api.ask(OPERATION, Priority::Refresh, send).await {
        Ok(answer) => {
            let found: HashMap<String, Tags> = answer
                .resource_tag_mapping_list
                .unwrap_or_default()
                .into_iter()
                .filter_map(|mapping| {
                    let tags = mapping.tags.unwrap_or_default();
                    let tags = tags.into_iter().map(|tag| (tag.key, tag.value)).collect();
                    Some((mapping.resource_arn?, tags))
                })
                .collect();
            Sent::Each(in_order(&arns, &found).into_iter().map(Ok).collect())
        }
        Err(error) => Sent::Each(arns.iter().map(|_| Err(error.clone())).collect()),
    }
}
