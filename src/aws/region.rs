use std::collections::HashMap;
use std::sync::Arc;

use aws_sdk_workspaces::Client;

use super::batch::{Batcher, Limits, Lost, Sent};
use super::create::{self, Baselines, Handed, MOST_STANDBYS, Order, Together};
use super::directory::{self, Directory};
use super::standby;
use super::tagging::{MOST_ARNS, Tagging};
use super::watch::{Poll, Watch};
use super::{Batching, DataReplication, Error, Kind, WorkSpace};

/// Most ids in one DescribeWorkspaces or TerminateWorkspaces call.
///
/// <https://docs.aws.amazon.com/workspaces/latest/api/API_DescribeWorkspaces.html>
const MOST_IDS: usize = 25;

/// Amazon WorkSpaces in one Region; cheap to clone, all clones share queues and connections.
#[derive(Clone)]
pub struct Region(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub(super) name: String,
    pub(super) client: Client,
    pub(super) attempts: u32,
    pub(super) baselines: Baselines,
    pub(super) tagging: Option<Tagging>,
    describe: Batcher<(), String, Option<WorkSpace>, Error>,
    terminate: Batcher<(), String, (), Error>,
    directories: Batcher<(), String, Option<Directory>, Error>,
    pub(super) creations: Batcher<Together, Order, Handed, Error>,
    /// The WorkSpaces of a directory, the key; all who ask at the same time share the listing.
    listings: Batcher<String, (), Arc<Vec<WorkSpace>>, Error>,
    poll: Poll<Error>,
}

impl Region {
    pub(super) fn new(
        name: &str,
        client: Client,
        tagging: Option<aws_sdk_resourcegroupstagging::Client>,
        attempts: u32,
        batching: Batching,
    ) -> Self {
        let up_to = |most| Limits {
            window: batching.send_after,
            maximum: if batching.enabled { most } else { 1 },
        };
        let limits = up_to(MOST_IDS);
        let describe = {
            let (client, name) = (client.clone(), name.to_owned());
            Batcher::new(limits, move |(), ids| {
                let (client, name) = (client.clone(), name.clone());
                async move { standby::describe(&client, &name, attempts, ids).await }
            })
        };
        let terminate = {
            let (client, name) = (client.clone(), name.to_owned());
            Batcher::new(limits, move |(), ids| {
                let (client, name) = (client.clone(), name.clone());
                async move { standby::terminate(&client, &name, attempts, ids).await }
            })
        };
        let directories = {
            let (client, name) = (client.clone(), name.to_owned());
            Batcher::new(limits, move |(), ids| {
                let (client, name) = (client.clone(), name.clone());
                async move { directory::describe(&client, &name, attempts, ids).await }
            })
        };
        let creations = {
            let (client, name) = (client.clone(), name.to_owned());
            Batcher::new(up_to(MOST_STANDBYS), move |together, orders| {
                let (client, name) = (client.clone(), name.clone());
                async move { create::send(&client, &name, attempts, together, orders).await }
            })
        };
        let listings = {
            let (client, name) = (client.clone(), name.to_owned());
            Batcher::new(up_to(usize::MAX), move |directory: String, asked: Vec<()>| {
                let (client, name) = (client.clone(), name.clone());
                async move {
                    let found = standby::of_directory(&client, &name, attempts, &directory).await;
                    let found = found.map(Arc::new);
                    Sent::Each(asked.iter().map(|()| found.clone()).collect())
                }
            })
        };
        let tagging = tagging.map(|client| Tagging::new(up_to(MOST_ARNS), name, client, attempts));
        let poll = {
            let (describe, name) = (describe.clone(), name.to_owned());
            Poll::new(move |id| {
                let (describe, name) = (describe.clone(), name.clone());
                async move {
                    describe
                        .submit((), id)
                        .await
                        .unwrap_or_else(|lost| Err(lost_error("DescribeWorkspaces", &name, lost)))
                }
            })
        };
        let name = name.to_owned();
        let baselines = Baselines::default();
        Self(Arc::new(Inner {
            name,
            client,
            attempts,
            baselines,
            describe,
            terminate,
            directories,
            creations,
            listings,
            tagging,
            poll,
        }))
    }

    /// The Region's name, such as `eu-west-1`.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Looks one WorkSpace up; nothing where AWS does not show it, which is so for a while after it
    /// was created and for good after it was terminated.
    ///
    /// # Errors
    /// Whatever AWS, or the way to it, refused.
    pub async fn find(&self, id: &str) -> Result<Option<WorkSpace>, Error> {
        let answer = self.0.describe.submit((), id.to_owned()).await;
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
        let Inner { client, name, attempts, .. } = &*self.0;
        standby::modify_data_replication(client, name, *attempts, id, setting).await
    }

    pub(super) fn lost(&self, operation: &'static str, lost: Lost) -> Error {
        lost_error(operation, &self.0.name, lost)
    }
}

fn lost_error(operation: &'static str, region: &str, lost: Lost) -> Error {
    Error::local(Kind::Lost, operation, region, lost.to_string())
}

/// Puts answers in the order of the ids that were asked, each id once in the answers but possibly
/// several times among the asked.
pub(super) fn in_order<T: Clone>(ids: &[String], found: &HashMap<String, T>) -> Vec<Option<T>> {
    ids.iter().map(|id| found.get(id).cloned()).collect()
}
