//! What the trials run against: a simulator of their own, or the API that `CHAOS_ENDPOINT` names.

use std::collections::BTreeSet;
use std::env;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use serde_json::{Value, json};

use crate::api::Api;
use crate::support::program::PROGRAM;

/// An account with primaries and a directory.
pub(crate) struct Cloud {
    pub(crate) api: Api,
    pub(crate) primary_region: String,
    pub(crate) standby_region: String,
    pub(crate) directory: String,
    /// Primaries that have no standby and can have one.
    pub(crate) primaries: Vec<String>,
    simulator: Option<Child>,
}

/// A standby that exists.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Live {
    pub(crate) primary: String,
    pub(crate) id: String,
}

impl Cloud {
    /// Whether the API is not a simulator of our own.
    pub(crate) fn is_given() -> bool {
        env::var_os("CHAOS_ENDPOINT").is_some()
    }

    /// Starts a simulator, or looks at the API that is given.
    pub(crate) fn start(seed: u64, primaries: usize) -> Self {
        let (url, simulator) = match env::var("CHAOS_ENDPOINT") {
            Ok(url) => (url, None),
            Err(_) => {
                let (url, simulator) = simulate(seed, primaries);
                (url, Some(simulator))
            }
        };
        let region = |name, usual: &str| env::var(name).unwrap_or_else(|_| usual.to_owned());
        let primary_region = region("CHAOS_PRIMARY_REGION", "us-east-1");
        let standby_region = region("CHAOS_STANDBY_REGION", "us-west-2");
        let api = Api::new(&url);
        let directories = api.directories(&standby_region);
        let directory = directories.iter().find(|directory| {
            directory["State"] == "REGISTERED" && directory["DirectoryType"] != "SIMPLE_AD"
        });
        let directory = directory.expect("a directory is registered")["DirectoryId"].as_str();
        let directory = directory.expect("it has an id").to_owned();
        let there = api.workspaces(&standby_region, Some(&directory));
        let users: BTreeSet<&str> = there.iter().filter_map(|w| w["UserName"].as_str()).collect();
        let found = api.workspaces(&primary_region, None);
        let usable = found.iter().filter(|workspace| {
            is_supported(workspace) && !users.contains(workspace["UserName"].as_str().unwrap())
        });
        let ids = usable.filter_map(|workspace| workspace["WorkspaceId"].as_str());
        let primaries: Vec<String> = ids.take(primaries).map(str::to_owned).collect();
        Self { api, primary_region, standby_region, directory, primaries, simulator }
    }

    /// Replaces the faults of the simulator; another API has none that we know of.
    pub(crate) fn inject(&self, faults: &[String]) {
        if self.simulator.is_none() {
            return;
        }
        let body = json!({ "Faults": faults }).to_string();
        let request = Request::post(format!("{}/_simulator/faults", self.api.url()))
            .body(Full::new(Bytes::from(body)))
            .unwrap();
        let (status, answer) = self.api.send(request).unwrap();
        assert_eq!(status, 200, "{faults:?}: {answer}");
    }

    /// The standbys of our primaries that exist and do not end, by primary.
    pub(crate) fn live(&self) -> Vec<Live> {
        let mut live: Vec<Live> = self.standbys().collect();
        live.sort_unstable();
        live
    }

    fn standbys(&self) -> impl Iterator<Item = Live> {
        let found = self.api.workspaces(&self.standby_region, Some(&self.directory));
        found.into_iter().filter_map(|workspace| {
            let related = workspace["RelatedWorkspaces"].as_array()?;
            let primary = related.iter().find(|related| related["Type"] == "PRIMARY")?;
            let primary = primary["WorkspaceId"].as_str()?.to_owned();
            let ends = ["TERMINATING", "TERMINATED"].contains(&workspace["State"].as_str()?);
            let id = workspace["WorkspaceId"].as_str()?.to_owned();
            (!ends && self.primaries.contains(&primary)).then_some(Live { primary, id })
        })
    }

    /// The standbys once nothing has changed for so long: longer than the slowest request and the
    /// time in which a new standby is not shown.
    pub(crate) fn settled(&self, quiet: Duration) -> Vec<Live> {
        let (mut last, mut since) = (self.live(), Instant::now());
        while since.elapsed() < quiet {
            thread::sleep(Duration::from_millis(250));
            let live = self.live();
            if live != last {
                (last, since) = (live, Instant::now());
            }
        }
        last
    }

    /// Ends whatever a trial has left.
    pub(crate) fn clear(&self) {
        for Live { id, .. } in self.live() {
            let body = json!({"TerminateWorkspaceRequests": [{"WorkspaceId": id}]});
            self.api.call(&self.standby_region, "TerminateWorkspaces", &body);
        }
    }
}

impl Drop for Cloud {
    fn drop(&mut self) {
        if let Some(simulator) = &mut self.simulator {
            // An error says that it has ended.
            let _ = simulator.kill();
            let _ = simulator.wait();
        }
    }
}

fn simulate(seed: u64, primaries: usize) -> (String, Child) {
    let mut simulator = Command::new(PROGRAM)
        .args(["simulate", "--listen", "127.0.0.1:0", "--provisioning", "1500ms"])
        .args(["--visible-after", "500ms", "--termination", "500ms", "--latency", "20ms"])
        .args(["--primaries", &primaries.to_string(), "--seed", &seed.to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let stdout = simulator.stdout.as_mut().unwrap();
    let url = BufReader::new(stdout).lines().map_while(Result::ok).find_map(|line| {
        line.split_whitespace().find(|word| word.starts_with("http://")).map(str::to_owned)
    });
    (url.expect("the simulator says where it is"), simulator)
}

/// Whether a primary can have a standby, and has none.
fn is_supported(workspace: &Value) -> bool {
    let properties = &workspace["WorkspaceProperties"];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let system = text(&properties["OperatingSystemName"]);
    let compute = text(&properties["ComputeTypeName"]);
    let is_free = |list: &Value| list.as_array().is_none_or(Vec::is_empty);
    system.starts_with("WINDOWS")
        && !["GRAPHICS", "GENERALPURPOSE"].iter().any(|kind| compute.starts_with(kind))
        && is_free(&workspace["StandbyWorkspacesProperties"])
        && is_free(&workspace["RelatedWorkspaces"])
        && ["AVAILABLE", "STOPPED"].contains(&&*text(&workspace["State"]))
}
