use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use jiff::Timestamp;

use super::cloud::Cloud;
use super::stats::Stats;
use super::world::World;
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

/// What the front has to do with a request.
#[derive(Debug)]
pub struct Reply {
    /// How long the front must let pass before it acts.
    pub after: Duration,
    /// What it must do then.
    pub outcome: Outcome,
}

/// How a request ends.
#[derive(Debug)]
pub enum Outcome {
    /// With this answer.
    Response(Response<Bytes>),
    /// With the connection closed and no answer.
    Reset,
}

impl Simulator {
    /// An account as the settings describe it, or as the state file left it.
    ///
    /// # Errors
    /// The fleet breaks the API's rules, or the state file cannot be read or written.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        let mut fleet = settings.fleet.clone();
        builtin::add_synthetic(&mut fleet, settings.synthetic_primaries);
        let kept = settings.state_file.as_deref().map(persist::load).transpose()?.flatten();
        let cloud = match kept {
            Some(cloud) => cloud,
            None => Cloud::new(&fleet, settings.seed)?,
        };
        if let Some(path) = &settings.state_file {
            persist::save(path, &cloud)?;
        }
        Ok(Self(Arc::new(Mutex::new(World::new(settings, cloud)))))
    }

    /// Answers one request at the given time. Times of later calls should not be earlier.
    ///
    /// Opens no socket and does not wait; where a state file is kept it is written before the
    /// answer is given.
    #[must_use]
    pub fn respond(&self, request: &Request<Bytes>, now: Timestamp) -> Reply {
        let mut world = self.world();
        match request.uri().path().strip_prefix("/_simulator/") {
            Some(path) => Reply::at_once(control::respond(&mut world, request, path, now)),
            None => world.respond(request, now),
        }
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

impl Reply {
    fn at_once(response: Response<Bytes>) -> Self {
        Self { after: Duration::ZERO, outcome: Outcome::Response(response) }
    }
}
