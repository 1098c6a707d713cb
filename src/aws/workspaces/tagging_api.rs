use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aws_sdk_resourcegroupstagging::Client;

use crate::aws::calls::answers::{batcher, distinct, flatten, in_order};
use crate::aws::calls::batch::{Batcher, Limits, Sent};
use crate::aws::calls::limiter::Priority;
use crate::aws::calls::send::Api;
use crate::aws::error::Error;
use crate::aws::workspaces::read_ahead::ReadAhead;
use crate::aws::workspaces::types::{Account, Tags, WorkSpaceArn};

/// Most ARNs in one GetResources call.
///
/// <https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html>
const MOST_ARNS: usize = 100;

const OPERATION: &str = "GetResources";

/// Tags through the Resource Groups Tagging API, a hundred WorkSpaces a call.
#[derive(Clone)]
pub(in crate::aws) struct TaggingApi {
    api: Api<Client>,
    by_arn: Batcher<(), String, Option<Tags>, Error>,
    decides: bool,
    /// Whether a call failed; it is not called again then.
    failed: Arc<AtomicBool>,
    /// Whether it was reported that tags are read with DescribeTags.
    reported: Arc<AtomicBool>,
}

/// Why tags were read with DescribeTags instead of the Resource Groups Tagging API.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fallback {
    /// The call failed or was refused.
    #[error(transparent)]
    Refused(Error),
    /// The call takes ARNs, which contain the account id, and that is not known.
    #[error("the account ID is not known")]
    NoAccount,
    /// It did not show a WorkSpace that has tags.
    #[error("the Resource Groups Tagging API does not show a WorkSpace that has tags")]
    Missing,
}

impl TaggingApi {
    /// `decides` says that the settings select this API, so that its answers count in any case.
    pub(in crate::aws) fn new(
        api: &Api<Client>,
        limits: Limits,
        decides: bool,
        ahead: &ReadAhead,
    ) -> Self {
        let limits = Limits { maximum: limits.maximum.min(MOST_ARNS), ..limits };
        let send = {
            let ahead = ahead.clone();
            move |api, (), arns: Vec<String>| {
                let ahead = ahead.clone();
                async move { find_or_get(&api, &ahead, &arns).await }
            }
        };
        Self {
            api: api.clone(),
            by_arn: batcher(api, limits, send).for_look_ups(),
            decides,
            failed: Arc::default(),
            reported: Arc::default(),
        }
    }

    /// Whether its answers count in any case.
    pub(in crate::aws) fn decides(&self) -> bool {
        self.decides
    }

    /// The tags of a WorkSpace of this account, if the API shows it. `is_one_of_many` says that the
    /// caller asks for many at the same time.
    ///
    /// # Errors
    /// DescribeTags is needed. If the settings select this API, the first error says why.
    pub(in crate::aws) async fn find(
        &self,
        id: &str,
        account: Option<&Account>,
        is_one_of_many: bool,
    ) -> Result<Option<Tags>, Option<Fallback>> {
        if self.failed.load(Ordering::Relaxed) {
            return Err(None);
        }
        let Some(Account { id: account }) = account else {
            return Err(self.report(Fallback::NoAccount));
        };
        let arn = WorkSpaceArn { region: &self.api.region, account, id }.to_string();
        let answer = match is_one_of_many {
            true => self.by_arn.submit_now((), arn).await,
            false => self.by_arn.submit((), arn).await,
        };
        flatten(answer, OPERATION, &self.api).map_err(|error| {
            self.failed.store(true, Ordering::Relaxed);
            self.report(Fallback::Refused(error))
        })
    }

    /// Reports once why DescribeTags is used: as a warning if the settings select this API, else in the
    /// log.
    fn report(&self, why: Fallback) -> Option<Fallback> {
        let is_first = !self.reported.swap(true, Ordering::Relaxed);
        if is_first && !self.decides {
            let region = &self.api.region;
            tracing::info!(region, %why, "tags are read with DescribeTags, one WorkSpace a call");
        }
        (is_first && self.decides).then_some(why)
    }
}

/// The tags that were read ahead, and those of GetResources for the rest. The call takes along the
/// WorkSpaces that will be asked for.
async fn find_or_get(
    api: &Api<Client>,
    ahead: &ReadAhead,
    arns: &[String],
) -> Sent<Option<Tags>, Error> {
    let mut found: HashMap<String, Option<Tags>> = HashMap::new();
    let mut wanted = Vec::new();
    for arn in distinct(arns) {
        match WorkSpaceArn::parse(&arn).and_then(|arn| ahead.take_tags(arn.id)) {
            Some(tags) => drop(found.insert(arn, tags)),
            None => wanted.push(arn),
        }
    }
    if let Some(first) = wanted.first().cloned() {
        let asked = wanted.len();
        let untagged = ahead.untagged(MOST_ARNS.saturating_sub(asked));
        if let Some(of) = WorkSpaceArn::parse(&first) {
            wanted.extend(untagged.ids.iter().map(|id| WorkSpaceArn { id, ..of }.to_string()));
        }
        match get_resources(api, &wanted).await {
            Ok(answers) => {
                let mut answers = answers.into_iter();
                found.extend(wanted.into_iter().take(asked).zip(answers.by_ref()));
                ahead.keep_tags(untagged, answers);
            }
            Err(error) => return Sent::Each(arns.iter().map(|_| Err(error.clone())).collect()),
        }
    }
    Sent::Each(arns.iter().map(|arn| Ok(found.get(arn).cloned().flatten())).collect())
}

/// GetResources for up to a hundred ARNs. The answer to an ARN that it does not show is `None`.
///
/// <https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html>
async fn get_resources(api: &Api<Client>, arns: &[String]) -> Result<Vec<Option<Tags>>, Error> {
    let wanted = distinct(arns);
    let send = || api.client.get_resources().set_resource_arn_list(Some(wanted.clone())).send();
    let answer = api.ask(OPERATION, Priority::Refresh, send).await?;
    let mappings = answer.resource_tag_mapping_list.unwrap_or_default().into_iter();
    let entries = mappings.map(|mapping| {
        let tags = mapping.tags.unwrap_or_default().into_iter();
        (mapping.resource_arn, tags.map(|tag| (tag.key, tag.value)).collect())
    });
    in_order(api, OPERATION, arns, entries)
}
