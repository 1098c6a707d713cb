use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request};
use jiff::Timestamp;
use serde_json::Value;

use super::Error;
use crate::sim::{self, Outcome, Settings, Simulator, Stats};

/// Long enough to see Terraform wait.
const PROVISIONING: Duration = Duration::from_secs(2);
const VISIBLE_AFTER: Duration = Duration::from_millis(300);
const TERMINATION: Duration = Duration::from_secs(1);

/// The simulator, served in this process, with access to its control API.
pub(super) struct DemoSimulator {
    simulator: Simulator,
    url: String,
}

/// A standby in the simulator.
pub(super) struct Standby {
    pub(super) id: String,
    pub(super) region: String,
    pub(super) user: String,
    pub(super) data_replication: String,
}

impl DemoSimulator {
    /// Starts the simulator on a free port, with the built-in fleet. It runs until the process exits.
    pub(super) async fn start() -> Result<Self, Error> {
        let settings = Settings {
            provisioning: PROVISIONING,
            visible_after: VISIBLE_AFTER,
            termination: TERMINATION,
            ..Settings::default()
        };
        let simulator = Simulator::new(settings)?;
        let address = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
        let listening = sim::listen(simulator.clone(), address, None).await?;
        let url = listening.url();
        tokio::spawn(listening.serve(std::future::pending()));
        Ok(Self { simulator, url })
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// The API calls since the previous call of this function.
    pub(super) fn calls_since(&self) -> Stats {
        let stats = self.simulator.stats();
        self.simulator.reset_stats();
        stats
    }

    /// The standbys in all Regions.
    pub(super) fn standbys(&self) -> Vec<Standby> {
        let all = self.control(Method::GET, "workspaces");
        let all = all["Workspaces"].as_array().cloned().unwrap_or_default();
        all.iter().filter_map(standby).collect()
    }

    /// Terminates a WorkSpace, as in the console.
    pub(super) fn terminate(&self, standby: &Standby) {
        let Standby { id, region, .. } = standby;
        self.control(Method::DELETE, &format!("workspaces/{region}/{id}"));
    }

    fn control(&self, method: Method, path: &str) -> Value {
        let request = Request::builder()
            .method(method)
            .uri(format!("/_simulator/{path}"))
            .body(Bytes::new())
            .expect("IDs and Regions are valid in a URI");
        match self.simulator.respond(&request, Timestamp::now()).outcome {
            Outcome::Response(answer) => serde_json::from_slice(answer.body()).unwrap_or_default(),
            Outcome::Reset => Value::Null,
        }
    }
}

/// The WorkSpace if it is a standby, which has a related primary.
fn standby(workspace: &Value) -> Option<Standby> {
    let related = workspace["RelatedWorkspaces"].as_array()?;
    related.iter().find(|related| related["Type"] == "PRIMARY")?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Some(Standby {
        id: text(&workspace["WorkspaceId"]),
        region: text(&workspace["Region"]),
        user: text(&workspace["UserName"]),
        data_replication: text(&workspace["DataReplicationSettings"]["DataReplication"]),
    })
}
