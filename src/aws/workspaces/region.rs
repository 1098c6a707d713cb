use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_workspaces::Client;
use futures_util::Stream;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::aws::calls::batch::Limits;
use crate::aws::calls::limiter::Priority;
use crate::aws::calls::poll::Watch;
use crate::aws::calls::send::Api;
use crate::aws::error::Error;
use crate::aws::workspaces::change::Changes;
use crate::aws::workspaces::connection_alias::ConnectionAliases;
use crate::aws::workspaces::create::Creations;
use crate::aws::workspaces::create::request::MOST_STANDBYS;
use crate::aws::workspaces::create::types::{Accepted, CreateFailure, NewStandby};
use crate::aws::workspaces::describe::{LookUps, MOST_IDS};
use crate::aws::workspaces::directory::{Directories, Directory};
use crate::aws::workspaces::power::{Power, PowerChange};
use crate::aws::workspaces::primary::Primaries;
use crate::aws::workspaces::read_ahead::ReadAhead;
use crate::aws::workspaces::tagging_api::TaggingApi;
use crate::aws::workspaces::tags::{AreStored, TagCalls, TagsRead};
use crate::aws::workspaces::types::{Account, DataReplication, Tags, WorkSpace};

/// How long look-ups of primaries are collected at most: creations wait for them.
const QUICK: Duration = Duration::from_millis(50);

/// Amazon WorkSpaces in one Region. Clones share queues and connections.
#[derive(Clone)]
pub struct Region(Arc<Inner>);

struct Inner {
    name: String,
    look_ups: LookUps,
    directories: Directories,
    tags: TagCalls,
    changes: Changes,
    power: Power,
    primaries: Primaries,
    connection_aliases: ConnectionAliases,
    creations: Creations,
}

impl Region {
    /// A Region. `once` sends calls that must not be carried out twice; `tagging` is absent if the
    /// Resource Groups Tagging API is not called.
    pub(in crate::aws) fn new(
        api: &Api<Client>,
        once: &Api<Client>,
        tagging: Option<TaggingApi>,
        limits: Limits,
        ahead: &ReadAhead,
    ) -> Self {
        let up_to = |most| Limits { maximum: limits.maximum.min(most), ..limits };
        let ids = up_to(MOST_IDS.into());
        let look_ups = LookUps::new(api, ids, ahead);
        let primaries = ReadAhead::of_primaries();
        let quick = Limits { window: limits.window.min(QUICK), ..ids };
        let tags = TagCalls::new(api, ids, tagging);
        let creations = Creations::new(once, up_to(MOST_STANDBYS), look_ups.clone());
        Self(Arc::new(Inner {
            name: api.region.clone(),
            directories: Directories::new(api, ids),
            changes: Changes::new(api, ids),
            power: Power::new(api, limits.maximum),
            connection_aliases: ConnectionAliases::new(api, once, ids),
            primaries: Primaries::new(LookUps::new(api, quick, &primaries)),
            look_ups,
            tags,
            creations,
        }))
    }

    /// The Region's name, such as `eu-west-1`.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Its connection aliases.
    pub fn connection_aliases(&self) -> &ConnectionAliases {
        &self.0.connection_aliases
    }

    /// Looks up one WorkSpace. `None` if AWS does not show it: for a while after it was created, and
    /// always after it was terminated.
    ///
    /// # Errors
    /// The error of DescribeWorkspaces.
    pub async fn find(&self, id: &str) -> Result<Option<WorkSpace>, Error> {
        self.0.look_ups.find(id).await
    }

    /// The same for a refresh of many: the answer can be half a minute old, but not older than the
    /// latest change that this process made in the Region.
    ///
    /// # Errors
    /// The error of DescribeWorkspaces.
    pub async fn find_for_refresh(&self, id: &str) -> Result<Option<WorkSpace>, Error> {
        self.0.look_ups.find_ahead(id, Priority::Refresh).await
    }

    /// Starts watching one WorkSpace, through the poll that all waiting callers of the Region share.
    pub fn watch(&self, id: &str) -> Watch<WorkSpace, Error> {
        self.0.look_ups.watch(id)
    }

    /// All standbys of the Region, or of one of its directories.
    ///
    /// # Caveats
    /// AWS may not show a standby that was created moments ago, or not show its primary; then it is
    /// missing here.
    ///
    /// # Errors
    /// The error of DescribeWorkspaces.
    pub async fn standbys(&self, directory_id: Option<&str>) -> Result<Vec<WorkSpace>, Error> {
        self.0.look_ups.standbys(directory_id).await
    }

    /// The same, page by page, as it is asked for.
    ///
    /// # Errors
    /// The error of DescribeWorkspaces, as the last item.
    pub fn standby_pages(
        &self,
        directory_id: Option<&str>,
    ) -> impl Stream<Item = Result<Vec<WorkSpace>, Error>> + Send + use<> {
        self.0.look_ups.standby_pages(directory_id)
    }

    /// All WorkSpaces that are not standbys, and so may be primaries: of the Region, of one of its
    /// directories, or of a user in a directory.
    ///
    /// # Errors
    /// The error of DescribeWorkspaces.
    pub async fn primaries(
        &self,
        directory_id: Option<&str>,
        user_name: Option<&str>,
    ) -> Result<Vec<WorkSpace>, Error> {
        self.0.look_ups.primaries(directory_id, user_name).await
    }

    /// The WorkSpaces of a user in a directory. AWS allows one.
    ///
    /// # Errors
    /// The error of DescribeWorkspaces.
    pub async fn of_user(
        &self,
        directory_id: &str,
        user_name: &str,
    ) -> Result<Vec<WorkSpace>, Error> {
        self.0.look_ups.of_user(directory_id, user_name).await
    }

    /// The standbys of a primary in a directory that are not being terminated.
    ///
    /// # Errors
    /// The error of DescribeWorkspaces.
    pub async fn standbys_of(
        &self,
        primary_id: &str,
        directory_id: &str,
    ) -> Result<Vec<WorkSpace>, Error> {
        self.0.look_ups.standbys_of(primary_id, directory_id).await
    }

    /// Looks up one directory. `None` if WorkSpaces does not know it in this Region.
    ///
    /// # Errors
    /// The error of DescribeWorkspaceDirectories.
    pub async fn directory(&self, id: &str) -> Result<Option<Directory>, Error> {
        self.0.directories.find(id).await
    }

    /// Creates a standby in this Region and returns as soon as its id is known. `primary_region` is
    /// the Region of its primary: it is asked for a moment, and may be down.
    ///
    /// A stop does not abandon a request that was sent: its answer is waited for.
    ///
    /// # Errors
    /// See [`CreateFailure`].
    pub async fn create(
        &self,
        new: &NewStandby,
        primary_region: &Self,
        deadline: Instant,
        stop: &CancellationToken,
    ) -> Result<Accepted, CreateFailure> {
        let created = self.0.creations.create(new, &primary_region.0.primaries, deadline, stop);
        self.changing(created).await
    }

    /// Terminates a WorkSpace. It stays TERMINATING for some minutes.
    ///
    /// A stop prevents the call. It does not abandon a call that was sent: its answer is waited for.
    /// So it is with every change.
    ///
    /// # Errors
    /// The entry of FailedRequests, or the error of the whole call; `Kind::Stopped` if a stop
    /// prevented it.
    pub async fn terminate(&self, id: &str, stop: &CancellationToken) -> Result<(), Error> {
        self.changing(self.0.changes.terminate(id, stop)).await?;
        self.0.creations.forget(id);
        Ok(())
    }

    /// Starts, stops or reboots WorkSpaces, 25 a call. Returns one answer for each id, in their
    /// order. AWS carries accepted changes out in the minutes that follow.
    ///
    /// A WorkSpace's answer is the entry of FailedRequests, or the error of its call; `Kind::Stopped`
    /// if a stop prevented it.
    pub async fn change_power(
        &self,
        change: PowerChange,
        ids: &[String],
        stop: &CancellationToken,
    ) -> Vec<Result<(), Error>> {
        self.changing(self.0.power.change(change, ids, stop)).await
    }

    /// Changes the data replication of the WorkSpace with this id.
    ///
    /// # Errors
    /// The error of ModifyWorkspaceProperties; `Kind::Stopped` if a stop prevented it.
    pub async fn modify_data_replication(
        &self,
        id: &str,
        setting: DataReplication,
        stop: &CancellationToken,
    ) -> Result<(), Error> {
        self.changing(self.0.changes.modify_data_replication(id, setting, stop)).await
    }

    /// The tags of a WorkSpace, from the API that the settings select. `account` is the account of the
    /// WorkSpace; `are_stored` compares tags with the state, if there is one.
    ///
    /// # Errors
    /// The error of DescribeTags.
    pub async fn read_tags(
        &self,
        id: &str,
        account: Option<&Account>,
        are_stored: Option<&AreStored<'_>>,
    ) -> Result<TagsRead, Error> {
        self.0.tags.read(id, account, are_stored).await
    }

    /// The tags of many WorkSpaces that one caller asks for, in the order of their ids. A WorkSpace
    /// that the Resource Groups Tagging API does not show was never tagged.
    ///
    /// # Errors
    /// The error of DescribeTags, for each WorkSpace.
    pub async fn read_tags_of(
        &self,
        ids: impl Iterator<Item = &str>,
        account: Option<&Account>,
    ) -> Vec<Result<TagsRead, Error>> {
        self.0.tags.read_many(ids, account).await
    }

    /// Sets tags. All other tags stay.
    ///
    /// # Errors
    /// The error of CreateTags; `Kind::Stopped` if a stop prevented it.
    pub async fn create_tags(
        &self,
        id: &str,
        tags: &Tags,
        stop: &CancellationToken,
    ) -> Result<(), Error> {
        self.changing(self.0.tags.create(id, tags, stop)).await
    }

    /// Removes tags by key.
    ///
    /// # Errors
    /// The error of DeleteTags; `Kind::Stopped` if a stop prevented it.
    pub async fn delete_tags(
        &self,
        id: &str,
        keys: &BTreeSet<String>,
        stop: &CancellationToken,
    ) -> Result<(), Error> {
        self.changing(self.0.tags.delete(id, keys, stop)).await
    }

    /// A change, after which no answer is older than the change.
    async fn changing<T>(&self, change: impl Future<Output = T>) -> T {
        let changed = change.await;
        self.0.look_ups.changed();
        changed
    }
}
