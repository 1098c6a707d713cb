use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use jiff::Timestamp;
use tokio::sync::broadcast;

use super::calls::CallRecord;
use super::cloud::Cloud;
use super::reply::Reply;
use super::stats::Stats;
use super::world::{Accepted, Arrival, World};
use super::{Error, Settings, builtin, control, page, persist};

/// The simulated account. Clones share it.
///
/// Besides the AWS APIs it has a page at `/` and control endpoints under `/_simulator/`, which need
/// no signature; docs/simulator.md lists them, and so does the answer to any other `GET`.
#[derive(Clone, Debug)]
pub struct Simulator(Arc<Mutex<World>>);

impl Simulator {
    /// An account as the settings describe it, or as the state file left it.
    ///
    /// # Errors
    /// The fleet breaks the API's rules, or the state file cannot be read or written.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        let mut fleet = settings.fleet.clone();
        builtin::add_synthetic(&mut fleet, settings.synthetic_primaries);
        let kept = settings.state_file.as_deref().map(persist::load).transpose()?.flatten();
        let fleet = Cloud::new(&fleet, settings.seed)?;
        let restored = kept.is_some();
        let cloud = kept.unwrap_or_else(|| fleet.clone());
        if let Some(path) = &settings.state_file {
            persist::save(path, &cloud)?;
        }
        let mut world = World::new(settings, cloud, fleet);
        world.restored = restored;
        Ok(Self(Arc::new(Mutex::new(world))))
    }

    /// Answers one request at the given time. Times of later calls should not be earlier.
    ///
    /// Opens no socket and does not wait. The state file, if there is one, is written before the
    /// answer is given. A call that a fault delays is carried out at the later time, which
    /// [`Reply::after`] includes.
    #[must_use]
    pub fn respond(&self, request: &Request<Bytes>, now: Timestamp) -> Reply {
        match self.arrive(request, now) {
            Arrival::Answered(reply) => reply,
            Arrival::Accepted(accepted) => {
                let wait = accepted.wait();
                let reply = self.carry_out(&accepted, now.checked_add(wait).unwrap_or(now));
                Reply { after: wait + reply.after, ..reply }
            }
        }
    }

    /// The first half of [`Simulator::respond`], for a front that can wait.
    pub(super) fn arrive(&self, request: &Request<Bytes>, now: Timestamp) -> Arrival {
        let mut world = self.world();
        if !control::is_for(request) {
            return world.arrive(request, now);
        }
        Arrival::Answered(Reply::new(Duration::ZERO, control::respond(&mut world, request, now)))
    }

    /// The second half, after [`Accepted::wait`].
    pub(super) fn carry_out(&self, accepted: &Accepted, now: Timestamp) -> Reply {
        self.world().carry_out(accepted, now)
    }

    /// The counts of calls so far.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.world().stats.clone()
    }

    /// Sets the counts to zero.
    pub fn reset_stats(&self) {
        self.world().stats = Stats::default();
    }

    /// The content of the page as a server-sent event.
    pub(super) fn page_event(&self, now: Timestamp) -> String {
        page::event_text(&self.world(), now)
    }

    /// The calls from now on.
    pub(super) fn subscribe(&self) -> broadcast::Receiver<Arc<CallRecord>> {
        self.world().calls.subscribe()
    }

    pub(super) fn count_connection(&self) {
        self.world().stats.connections += 1;
    }

    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        // A panic in one answer must not break the others.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
