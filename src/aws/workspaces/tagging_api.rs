use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aws_sdk_resourcegroupstagging::Client;

use crate::aws::calls::answers::{batcher, distinct, flatten, in_order};
use crate::aws::calls::batch::{Batcher, Limits, Sent};
use crate::aws::calls::limiter::Priority;
use crate::aws::calls::send::Api;
use crate::aws::error::Error;
use crate::aws::workspaces::types::{Account, Tags, WorkSpaceArn};

/// Most ARNs in one GetResources call.
///
/// <https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html>
pub(in crate::aws) const MOST_ARNS: usize = 100;

const OPERATION: &str = "GetResources";

/// Tags through the Resource Groups Tagging API, a hundred WorkSpaces a call.
#[derive(Clone)]
pub(in crate::aws) struct TaggingApi {
    api: Api<Client>,
    by_arn: Batcher<(), String, Option<Tags>, Error>,
    /// Whether it refused a call; it is not called again then.
    refused: Arc<AtomicBool>,
}

/// Why tags were read with DescribeTags instead of the Resource Groups Tagging API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fallback {
    /// The call failed or was refused.
    Refused(Error),
    /// The call takes ARNs, which contain the account id, and that is not known.
    NoAccount,
    /// It did not show a WorkSpace that has tags.
    Missing,
}

impl TaggingApi {
    pub(in crate::aws) fn new(api: &Api<Client>, limits: Limits) -> Self {
        let send = |api, (), arns| async move { get_resources(&api, arns).await };
        Self {
            api: api.clone(),
            by_arn: batcher(api, limits, send).for_look_ups(),
            refused: Arc::default(),
        }
    }

    /// The tags of a WorkSpace, if the API shows it. `is_one_of_many` says that the caller asks for
    /// many at the same time.
    ///
    /// # Errors
    /// Why DescribeTags is needed, and what to report about it: the first time only.
    pub(in crate::aws) async fn find(
        &self,
        id: &str,
        account: Option<&Account>,
        is_one_of_many: bool,
    ) -> Result<Option<Tags>, Option<Fallback>> {
        if self.refused.load(Ordering::Relaxed) {
            return Err(None);
        }
        let once = |why| (!self.refused.swap(true, Ordering::Relaxed)).then_some(why);
        let Some(Account { id: account }) = account else {
            return Err(once(Fallback::NoAccount));
        };
        let arn = WorkSpaceArn { region: &self.api.region, account, id }.to_string();
        let answer = match is_one_of_many {
            true => self.by_arn.submit_now((), arn).await,
            false => self.by_arn.submit((), arn).await,
        };
        flatten(answer, OPERATION, &self.api).map_err(|error| once(Fallback::Refused(error)))
    }
}

/// GetResources for up to a hundred ARNs. The answer to an ARN that it does not show is `None`.
///
/// <https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html>
async fn get_resources(api: &Api<Client>, arns: Vec<String>) -> Sent<Option<Tags>, Error> {
    let wanted = distinct(&arns);
    let send = || api.client.get_resources().set_resource_arn_list(Some(wanted.clone())).send();
    let found = api.ask(OPERATION, Priority::Refresh, send).await.and_then(|answer| {
        let mappings = answer.resource_tag_mapping_list.unwrap_or_default().into_iter();
        let entries = mappings.map(|mapping| {
            let tags = mapping.tags.unwrap_or_default().into_iter();
            (mapping.resource_arn, tags.map(|tag| (tag.key, tag.value)).collect())
        });
        in_order(api, OPERATION, &arns, entries)
    });
    match found {
        Ok(found) => Sent::Each(found.into_iter().map(Ok).collect()),
        Err(error) => Sent::Each(arns.iter().map(|_| Err(error.clone())).collect()),
    }
}
