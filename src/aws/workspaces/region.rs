use std::collections::HashMap;
use std::future::Future;
use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use crate::aws::calls::batch::{Batcher, Limits, Lost, Sent};
use crate::aws::calls::limiter::Priority;
use crate::aws::calls::poll::{Poll, Watch};
use crate::aws::calls::send::Api;
use crate::aws::config::settings::Batching;
use crate::aws::error::{Error, Kind};
use crate::aws::workspaces::create::{self, Baselines, Handed, MOST_STANDBYS, Order, Together};
use crate::aws::workspaces::describe::{self, Look};
use crate::aws::workspaces::directory::{self, Directory};
use crate::aws::workspaces::tagging_api::{MOST_ARNS, Tagging};
use crate::aws::workspaces::tags::{self, Tags};
use crate::aws::workspaces::types::{DataReplication, WorkSpace};

/// Most ids in one DescribeWorkspaces or TerminateWorkspaces call.
///
/// <https://docs.aws.amazon.com/workspaces/latest/api/API_DescribeWorkspaces.html>
const MOST_IDS: usize = 25;

/// How long those who were answered together may need to ask the next thing.
const MOMENT: Duration = Duration::from_millis(5);

/// Amazon WorkSpaces in one Region; cheap to clone, all clones share queues and connections.
#[derive(Clone)]
pub struct Region(pub(in crate::aws) Arc<Inner>);

pub(in crate::aws) struct Inner {
    pub(in crate::aws) api: Api,
    pub(in crate::aws) baselines: Baselines,
    pub(in crate::aws) tagging: Option<Tagging>,
    describe: Batcher<(), Look, Option<WorkSpace>, Error>,
    terminate: Batcher<(), String, (), Error>,
    directories: Batcher<(), String, Option<Directory>, Error>,
    pub(in crate::aws) tags: Batcher<(), String, Tags, Error>,
    pub(in crate::aws) creations: Batcher<Together, Order, Handed, Error>,
    /// The WorkSpaces of a directory, the key; all who ask at the same time share the listing.
    listings: Batcher<String, (), Arc<Vec<WorkSpace>>, Error>,
    poll: Poll<Error>,
}

impl Region {
    pub(in crate::aws) fn new(
        api: Api,
        tagging: Option<aws_sdk_resourcegroupstagging::Client>,
        batching: Batching,
    ) -> Self {
        let up_to = |most| Limits {
            window: batching.send_after,
            maximum: if batching.enabled { most } else { 1 },
        };
        let describe = batcher(&api, up_to(MOST_IDS), |api, (), looks| async move {
            describe::describe(&api, looks).await
        });
        let terminate = batcher(&api, up_to(MOST_IDS), |api, (), ids| async move {
            describe::terminate(&api, ids).await
        });
        let directories = batcher(&api, up_to(MOST_IDS), |api, (), ids| async move {
            directory::describe(&api, ids).await
        });
        // Those that were looked up together come at the same moment, or nearly.
        let moment = batching.send_after.min(MOMENT);
        let together = Limits { window: moment, ..up_to(MOST_IDS) };
        let tags =
            batcher(&api, together, |api, (), ids| async move { tags::describe(&api, ids).await });
        let creations = batcher(&api, up_to(MOST_STANDBYS), |api, together, orders| async move {
            create::send(&api, &together, orders).await
        });
        let listings =
            batcher(&api, up_to(usize::MAX), |api, directory: String, asked: Vec<()>| async move {
                let found = describe::of_directory(&api, &directory).await.map(Arc::new);
                Sent::Each(asked.iter().map(|()| found.clone()).collect())
            });
        let tagging = tagging.map(|client| {
            let Api { region, attempts, limiter, .. } = api.clone();
            Tagging::new(up_to(MOST_ARNS), Api { client, region, attempts, limiter })
        });
        let poll = {
            let (describe, name) = (describe.clone(), api.region.clone());
            Poll::new(move |id| {
                let (describe, name) = (describe.clone(), name.clone());
                let look = Look { id, priority: Priority::Change };
                async move {
                    describe
                        .submit((), look)
                        .await
                        .unwrap_or_else(|lost| Err(lost_error("DescribeWorkspaces", &name, lost)))
                }
            })
        };
        Self(Arc::new(Inner {
            api,
            baselines: Baselines::default(),
            describe,
            terminate,
            directories,
            tags,
            creations,
            listings,
            tagging,
            poll,
        }))
    }

    /// The Region's name, such as `eu-west-1`.
    pub fn name(&self) -> &str {
        &self.0.api.region
    }

    /// Looks one WorkSpace up; nothing where AWS does not show it, which is so for a while after it
    /// was created and for good after it was terminated.
    ///
    /// # Errors
    /// Whatever AWS, or the way to it, refused.
    pub async fn find(&self, id: &str) -> Result<Option<WorkSpace>, Error> {
        let look = Look { id: id.to_owned(), priority: Priority::Refresh };
        let answer = self.0.describe.submit((), look).await;
        answer.unwrap_or_else(|lost| Err(self.lost("DescribeWorkspaces", lost)))
    }

    /// Looks one directory up; nothing where WorkSpaces does not know it in this Region.
    ///
    /// # Errors
    /// Whatever AWS, or the way to it, refused.
    pub async fn directory(&self, id: &str) -> Result<Option<Directory>, Error> {
        let answer = self.0.directories.submit((), id.to_owned()).await;
        answer.unwrap_or_else(|lost| Err(self.lost("DescribeWorkspaceDirectories", lost)))
    }

    /// Starts watching one WorkSpace, through the poll that all who wait in this Region share.
    pub fn watch(&self, id: &str) -> Watch<Error> {
        self.0.poll.watch(id)
    }

    /// All WorkSpaces of a directory.
    ///
    /// # Errors
    /// Whatever AWS, or the way to it, refused.
    pub async fn of_directory(&self, directory_id: &str) -> Result<Vec<WorkSpace>, Error> {
        let answer = self.0.listings.submit(directory_id.to_owned(), ()).await;
        let found = answer.unwrap_or_else(|lost| Err(self.lost("DescribeWorkspaces", lost)))?;
        Ok(Arc::unwrap_or_clone(found))
    }

    /// Terminates a WorkSpace; it goes on existing as TERMINATING for some minutes.
    ///
    /// # Errors
    /// The entry of FailedRequests, or whatever AWS refused of the call as a whole.
    pub async fn terminate(&self, id: &str) -> Result<(), Error> {
        let answer = self.0.terminate.submit((), id.to_owned()).await;
        answer.unwrap_or_else(|lost| Err(self.lost("TerminateWorkspaces", lost)))
    }

    /// Asks for data replication to be switched, on the WorkSpace that is named.
    ///
    /// # Errors
    /// Whatever AWS, or the way to it, refused.
    pub async fn modify_data_replication(
        &self,
        id: &str,
        setting: DataReplication,
    ) -> Result<(), Error> {
        describe::modify_data_replication(&self.0.api, id, setting).await
    }

    pub(in crate::aws) fn lost(&self, operation: &'static str, lost: Lost) -> Error {
        lost_error(operation, &self.0.api.region, lost)
    }
}

/// A batcher that sends its calls with a copy of the way to AWS.
fn batcher<K, I, O, F>(
    api: &Api,
    limits: Limits,
    send: impl Fn(Api, K, Vec<I>) -> F + Send + Sync + 'static,
) -> Batcher<K, I, O, Error>
where
    K: Clone + Eq + Hash + Send + 'static,
    I: Clone + Send + 'static,
    O: Send + 'static,
    F: Future<Output = Sent<O, Error>> + Send + 'static,
{
    let api = api.clone();
    Batcher::new(limits, move |key, items| send(api.clone(), key, items))
}

fn lost_error(operation: &'static str, region: &str, lost: Lost) -> Error {
    Error::local(Kind::Lost, operation, region, lost.to_string())
}

/// Puts answers in the order of the ids that were asked, each id once in the answers but possibly
/// several times among the asked.
pub(in crate::aws) fn in_order<T: Clone>(
    ids: &[String],
    found: &HashMap<String, T>,
) -> Vec<Option<T>> {
    ids.iter().map(|id| found.get(id).cloned()).collect()
}
