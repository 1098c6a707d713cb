//! What the primary Region says about a primary before its standby is created.
//!
//! The primary Region may be down: that is what standbys are for. So a creation waits for it a moment
//! at most, and a Region that did not answer is not waited for until it answers again.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tracing::Instrument;

use crate::aws::calls::limiter::Priority;
use crate::aws::error::{Error, Kind};
use crate::aws::lock::lock;
use crate::aws::workspaces::describe::LookUps;
use crate::aws::workspaces::types::WorkSpace;

/// The longest wait for the primary Region. A look-up takes well under a second, the first one with
/// its TLS handshake and credentials included.
const PATIENCE: Duration = Duration::from_secs(2);

/// The end of a look-up that no creation waits for any more.
const LONGEST: Duration = Duration::from_secs(60);

/// Look-ups of primaries. Clones share the queue and what is known.
#[derive(Clone)]
pub(in crate::aws) struct Primaries(Arc<Inner>);

struct Inner {
    look_ups: LookUps,
    /// The user of each primary that was ever seen: it does not change.
    users: Mutex<HashMap<String, String>>,
    /// Whether the latest look-up failed or did not end in time.
    is_silent: AtomicBool,
    /// Whether a look-up is under way that finds out whether the Region answers again.
    is_probed: AtomicBool,
}

/// What is known about a primary.
#[derive(Debug)]
pub(in crate::aws) enum Primary {
    /// DescribeWorkspaces shows it.
    Shown(Box<WorkSpace>),
    /// DescribeWorkspaces does not show it.
    Absent,
    /// The Region did not answer; the user, if it is known from before.
    Unknown(Option<String>),
}

impl Primary {
    /// The user of the primary, who is also the user of its standby.
    pub(in crate::aws) fn user(&self) -> Option<&str> {
        match self {
            Self::Shown(workspace) => workspace.user_name.as_deref(),
            Self::Absent => None,
            Self::Unknown(user) => user.as_deref(),
        }
    }
}

impl Primaries {
    pub(in crate::aws) fn new(look_ups: LookUps) -> Self {
        Self(Arc::new(Inner {
            look_ups,
            users: Mutex::default(),
            is_silent: AtomicBool::new(false),
            is_probed: AtomicBool::new(false),
        }))
    }

    /// The Region of these primaries.
    pub(in crate::aws) fn region(&self) -> &str {
        self.0.look_ups.region()
    }

    /// Looks up a primary, for [`PATIENCE`] at most.
    pub(in crate::aws) async fn find(&self, id: &str) -> Primary {
        let inner = &self.0;
        let patience = if inner.is_silent.load(Ordering::Relaxed) {
            if inner.is_probed.swap(true, Ordering::Relaxed) {
                return self.unknown(id);
            }
            Duration::ZERO
        } else {
            PATIENCE
        };
        // A task of its own: an answer that comes later counts for the next creation.
        let look_up = tokio::spawn(Arc::clone(inner).look_up(id.to_owned()).in_current_span());
        match tokio::time::timeout(patience, look_up).await {
            Ok(Ok(Ok(Some(workspace)))) => Primary::Shown(Box::new(workspace)),
            Ok(Ok(Ok(None))) => Primary::Absent,
            Ok(Ok(Err(_)) | Err(_)) => self.unknown(id),
            Err(_elapsed) => {
                inner.is_silent.store(true, Ordering::Relaxed);
                self.unknown(id)
            }
        }
    }

    fn unknown(&self, id: &str) -> Primary {
        Primary::Unknown(lock(&self.0.users).get(id).cloned())
    }
}

impl Inner {
    async fn look_up(self: Arc<Self>, id: String) -> Result<Option<WorkSpace>, Error> {
        let looking =
            tokio::time::timeout(LONGEST, self.look_ups.find_ahead(&id, Priority::Change));
        let found = looking.await.unwrap_or_else(|_elapsed| {
            let message = format!("no answer within {} seconds", LONGEST.as_secs());
            Err(self.look_ups.error(Kind::Ambiguous, &message))
        });
        self.is_silent.store(found.is_err(), Ordering::Relaxed);
        self.is_probed.store(false, Ordering::Relaxed);
        match &found {
            Ok(Some(WorkSpace { user_name: Some(user), .. })) => {
                lock(&self.users).insert(id, user.clone());
            }
            Ok(_) => {}
            Err(error) => tracing::debug!(%error, "the primary Region does not answer"),
        }
        found
    }
}
