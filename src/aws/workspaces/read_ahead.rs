//! Reading ahead: a refresh of a fleet asks for a few WorkSpaces at a time, because Terraform works on a
//! few resources at a time. From the second call on, the pages of their directory are read, and what
//! they show answers the look-ups that follow.
//!
//! - Only a look-up that accepts it is answered from a page: one of a refresh, or of a primary. A page
//!   answers it once, for a limited time, and never with "there is none".
//! - Pages are read in proportion to the calls that were needed without them, and no more once they
//!   show none of many WorkSpaces in a row: a large directory of which Terraform manages a few
//!   WorkSpaces is not read to its end.
//! - A change that this process makes, in any Region, ends all answers from pages: data replication is
//!   switched in the Region of the primary.
//!
//! The tags of what the pages show are read in the same way, as many as a call takes.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::time::Instant;

use crate::aws::calls::send::Page;
use crate::aws::error::Error;
use crate::aws::lock::lock;
use crate::aws::workspaces::types::{Tags, WorkSpace};

/// How long a page answers the look-ups of a refresh.
const FRESH: Duration = Duration::from_secs(30);

/// How long a page answers the look-ups of primaries without a standby. Their users do not change, and AWS
/// refuses what has become impossible since.
const FRESH_PRIMARY: Duration = Duration::from_secs(10 * 60);

/// The batches for which the first pages are read: fewer are few WorkSpaces, more fill most of a call
/// anyway. Once pages answer, batches become smaller, and reading goes on for those too.
const BATCHES: std::ops::RangeInclusive<usize> = 5..=12;

/// Pages that may be read for each call that was needed without them.
const PAGES_A_CALL: usize = 8;

/// WorkSpaces in a row that are not on the pages that were read, after which no more are read.
const MOST_MISSES: usize = 20;

/// How long a batch waits for pages; a page that is under way is waited for. The look-up of a primary must
/// end within two seconds, with the call for what the pages do not show.
const LONGEST: Duration = Duration::from_millis(500);

/// Most WorkSpaces that are kept.
const MOST_KEPT: usize = 5_000;

/// The pages that were read ahead in one Region. Clones share them.
#[derive(Clone)]
pub(in crate::aws) struct ReadAhead {
    is_kept: fn(&WorkSpace) -> bool,
    fresh: Duration,
    /// Changes that this process made.
    changes: Arc<AtomicU64>,
    state: Arc<Mutex<State>>,
    /// Held while pages are read, so that batches of one moment do not read the same ones.
    reading: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Default)]
struct State {
    /// How many changes were counted when this was current.
    changes: u64,
    kept: HashMap<String, (WorkSpace, Instant)>,
    directories: HashMap<String, Directory>,
    /// The directory of most WorkSpaces of the latest call by ids.
    current: Option<String>,
    /// Kept WorkSpaces whose tags were not asked for.
    untagged: HashSet<String>,
    tags: HashMap<String, (Option<Tags>, Instant)>,
}

/// How far the pages of a directory were read.
#[derive(Default)]
struct Directory {
    /// Calls by ids that were needed.
    calls: usize,
    pages: usize,
    /// The token of the next page.
    next: Option<String>,
    has_ended: bool,
    misses: usize,
}

impl Directory {
    fn may_be_read(&self) -> bool {
        !self.has_ended && self.misses < MOST_MISSES && self.pages < PAGES_A_CALL * self.calls
    }

    fn is_begun(&self) -> bool {
        self.pages > 0 && !self.has_ended && self.misses < MOST_MISSES
    }
}

impl ReadAhead {
    /// For refreshes. Nothing is read yet; `changes` counts what this process changes.
    pub(in crate::aws) fn new(changes: &Arc<AtomicU64>) -> Self {
        Self::of(|_| true, FRESH, changes)
    }

    /// For primaries. Whether one has a standby is not taken from a page, because that changes.
    pub(in crate::aws) fn of_primaries() -> Self {
        Self::of(|workspace| workspace.standbys.is_empty(), FRESH_PRIMARY, &Arc::default())
    }

    fn of(is_kept: fn(&WorkSpace) -> bool, fresh: Duration, changes: &Arc<AtomicU64>) -> Self {
        let changes = Arc::clone(changes);
        Self { is_kept, fresh, changes, state: Arc::default(), reading: Arc::default() }
    }

    /// Counts a change.
    pub(in crate::aws) fn changed(&self) {
        self.changes.fetch_add(1, Ordering::Relaxed);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        let (mut state, changes) = (lock(&self.state), self.changes.load(Ordering::Relaxed));
        if state.changes != changes {
            state.forget();
            state.changes = changes;
        }
        state
    }

    /// The WorkSpaces that the pages show, of those that are asked for. Pages are read first, if that
    /// is worth it; `page` reads one of a directory, with the given token.
    pub(in crate::aws) async fn take<F>(
        &self,
        ids: &[&str],
        page: impl Fn(String, Option<String>) -> F,
    ) -> HashMap<String, WorkSpace>
    where
        F: Future<Output = Result<Page<WorkSpace>, Error>>,
    {
        let mut found = HashMap::new();
        let ids: &[&str] =
            &ids.iter().copied().collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>();
        let is_worth = {
            let mut state = self.state();
            state.move_to(&mut found, ids, self.fresh);
            state.is_worth(ids.len())
        };
        if found.len() == ids.len() || !is_worth {
            return found;
        }
        let _reading = self.reading.lock().await;
        self.state().move_to(&mut found, ids, self.fresh);
        self.state().note_hits(ids.len(), found.len());
        let begun = Instant::now();
        while found.len() < ids.len() && begun.elapsed() < LONGEST {
            let next = self.state().next_page();
            let Some((directory, token)) = next else { break };
            let read = page(directory.clone(), token).await;
            let mut state = self.state();
            state.keep(&directory, read, self);
            state.move_to(&mut found, ids, self.fresh);
        }
        found
    }

    /// Notes a call by ids, which the pages could not answer, and what it showed.
    pub(in crate::aws) fn note_call(&self, shown: &[WorkSpace]) {
        let mut counts = HashMap::<&str, usize>::new();
        for directory in shown.iter().filter_map(|workspace| workspace.directory_id.as_deref()) {
            *counts.entry(directory).or_default() += 1;
        }
        let most = counts.into_iter().max_by_key(|(_, count)| *count);
        let mut state = self.state();
        let Some((directory, _)) = most.filter(|(_, count)| state.is_worth(*count)) else {
            return;
        };
        state.directories.entry(directory.to_owned()).or_default().calls += 1;
        state.current = Some(directory.to_owned());
    }

    /// The tags that were read ahead of a WorkSpace: `Some(None)` if the index does not show it.
    pub(in crate::aws) fn take_tags(&self, id: &str) -> Option<Option<Tags>> {
        let mut state = self.state();
        // Whoever asks now does not ask again.
        state.untagged.remove(id);
        let (tags, read) = state.tags.remove(id)?;
        (read.elapsed() < self.fresh).then_some(tags)
    }

    /// WorkSpaces whose tags can be read in a call that is needed for others, at most this many.
    pub(in crate::aws) fn untagged(&self, most: usize) -> Untagged {
        let mut state = self.state();
        let ids: Vec<String> = state.untagged.iter().take(most).cloned().collect();
        for id in &ids {
            state.untagged.remove(id);
        }
        Untagged { ids, changes: state.changes }
    }

    /// Keeps the tags that were read ahead, unless something was changed in the meantime.
    pub(in crate::aws) fn keep_tags(
        &self,
        untagged: Untagged,
        read: impl Iterator<Item = Option<Tags>>,
    ) {
        let now = Instant::now();
        let mut state = self.state();
        if state.changes != untagged.changes {
            return;
        }
        state.tags.retain(|_, (_, read)| now - *read < self.fresh);
        state.tags.extend(untagged.ids.into_iter().zip(read.map(|tags| (tags, now))));
    }
}

/// WorkSpaces whose tags are read ahead.
pub(in crate::aws) struct Untagged {
    pub(in crate::aws) ids: Vec<String>,
    /// How many changes were counted before.
    changes: u64,
}

impl State {
    /// Ends all answers from pages.
    fn forget(&mut self) {
        self.kept.clear();
        self.untagged.clear();
        self.tags.clear();
        self.directories.values_mut().for_each(|directory| directory.has_ended = true);
    }

    fn move_to(&mut self, found: &mut HashMap<String, WorkSpace>, ids: &[&str], fresh: Duration) {
        for id in ids {
            if let Some((workspace, read)) = self.kept.remove(*id)
                && read.elapsed() < fresh
            {
                found.insert((*id).to_owned(), workspace);
            }
        }
    }

    /// Whether pages may be read for a batch of this size.
    fn is_worth(&self, asked: usize) -> bool {
        let current = self.current.as_ref().and_then(|name| self.directories.get(name));
        let is_small = asked <= *BATCHES.end();
        BATCHES.contains(&asked) || is_small && current.is_some_and(Directory::is_begun)
    }

    fn note_hits(&mut self, asked: usize, hits: usize) {
        let current = self.current.as_ref().and_then(|name| self.directories.get_mut(name));
        if let Some(directory) = current.filter(|directory| directory.pages > 0) {
            directory.misses = if hits == 0 { directory.misses + asked } else { 0 };
        }
    }

    /// The directory and the token of the next page to read.
    fn next_page(&mut self) -> Option<(String, Option<String>)> {
        let name = self.current.clone()?;
        let directory = self.directories.get_mut(&name)?;
        if !directory.may_be_read() || self.kept.len() >= MOST_KEPT {
            return None;
        }
        directory.pages += 1;
        Some((name, directory.next.take()))
    }

    /// Keeps what a page shows. A page that fails is the last.
    fn keep(&mut self, name: &str, read: Result<Page<WorkSpace>, Error>, of: &ReadAhead) {
        let now = Instant::now();
        self.kept.retain(|_, (_, read)| now - *read < of.fresh);
        let page = match read {
            Ok(page) => page,
            Err(error) => {
                tracing::debug!(%error, "no pages are read ahead");
                Page { items: Vec::new(), next_token: None }
            }
        };
        let Some(directory) = self.directories.get_mut(name) else { return };
        // Something was changed while the page was read.
        if directory.has_ended {
            return;
        }
        directory.next = page.next_token.filter(|token| !token.is_empty());
        directory.has_ended = directory.next.is_none();
        for workspace in page.items.into_iter().filter(of.is_kept) {
            self.untagged.insert(workspace.id.clone());
            self.kept.insert(workspace.id.clone(), (workspace, now));
        }
    }
}

#[cfg(test)]
mod tests;
