use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use jiff::Timestamp;

use super::cloud::Cloud;
use super::reply::Reply;
use super::stats::Stats;
use super::world::{Accepted, Arrival, World};
use super::{Error, Settings, builtin, control, persist};

/// The simulated account. Clones share it.
///
/// Besides the AWS APIs it answers, unsigned:
///
/// | request | does |
/// | --- | --- |
/// | `GET /_simulator/stats` | [`Stats`] |
/// | `GET /_simulator/sts` | what STS was sent, call by call |
/// | `POST /_simulator/reset` | clears both |
/// | `GET /_simulator/workspaces` | every WorkSpace of every Region, those not yet visible too |
/// | `GET /_simulator/workspaces/REGION/ID` | one WorkSpace |
/// | `POST /_simulator/workspaces/REGION/ID` | puts it in a state until told otherwise |
/// | `DELETE /_simulator/workspaces/REGION/ID` | makes it vanish at once |
/// | `POST /_simulator/faults` | replaces the faults in force |
///
/// The body for a state is `{"State": "ERROR", "ErrorCode": "...", "ErrorMessage": "..."}`, with
/// any state of the API, or `{"State": null}` to let go. That for faults is `{"Faults":
/// ["*@us-east-1:5xx-before:1"]}`; see [`Fault`](super::Fault).
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
        let cloud = kept.unwrap_or_else(|| fleet.clone());
        if let Some(path) = &settings.state_file {
            persist::save(path, &cloud)?;
        }
        Ok(Self(Arc::new(Mutex::new(World::new(settings, cloud, fleet)))))
    }

    /// Answers one request at the given time. Times of later calls should not be earlier.
    ///
    /// Opens no socket and does not wait; where a state file is kept it is written before the
    /// answer is given. A call that a fault delays is carried out at the later time, which
    /// [`Reply::after`] includes.
    #[must_use]
    pub fn respond(&self, request: &Request<Bytes>, now: Timestamp) -> Reply {
        match self.arrive(request, now) {
            Arrival::Answered(reply) => reply,
            Arrival::Accepted(accepted) => {
                let wait = accepted.wait();
                let reply = self.carry_out(accepted, now.checked_add(wait).unwrap_or(now));
                Reply { after: wait + reply.after, ..reply }
            }
        }
    }

    /// The first half of [`Simulator::respond`], for a front that can wait.
    pub(super) fn arrive(&self, request: &Request<Bytes>, now: Timestamp) -> Arrival {
        let mut world = self.world();
        match request.uri().path().strip_prefix("/_simulator/") {
            Some(path) => {
                let response = control::respond(&mut world, request, path, now);
                Arrival::Answered(Reply::new(Duration::ZERO, response))
            }
            None => world.arrive(request, now),
        }
    }

    /// The second half, after [`Accepted::wait`].
    pub(super) fn carry_out(&self, accepted: Accepted, now: Timestamp) -> Reply {
        self.world().carry_out(&accepted, now)
    }

    /// What was asked so far.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.world().stats.clone()
    }

    /// Starts the statistics again from zero.
    pub fn reset_stats(&self) {
        self.world().stats = Stats::default();
    }

    pub(super) fn count_connection(&self) {
        self.world().stats.connections += 1;
    }

    fn world(&self) -> MutexGuard<'_, World> {
        // A panic in one answer must not take the others down with it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
