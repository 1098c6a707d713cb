//! A real `terraform` in a folder of its own, with the built provider and a simulator in this
//! process.

pub(crate) mod path;
mod run;

use std::env;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use terraform_provider_aws_workspaces::sim::builtin::{
    PRIMARIES, PRIMARY_REGION, STANDBY_DIRECTORY_ID, STANDBY_REGION,
};
use terraform_provider_aws_workspaces::sim::{OperationStats, Settings, Simulator, Stats};

use super::program::PROGRAM;
use super::secrets::secret;
use super::served::Served;

use run::PATIENCE;
pub(crate) use run::{Run, Running};

/// The address of the provider, as configurations write it.
pub(crate) const SOURCE: &str = "workspaces-dr/aws-workspaces";

/// The resource that [`standby`] declares, as Terraform names it.
pub(crate) const ADDRESS: &str = "aws_workspaces_standby.desk";

/// Whether a real `terraform` is to be run: it is, unless `TF_ACC=0` says that it is to be left out,
/// which is then said.
///
/// # Panics
/// There is none, and none can be downloaded.
#[expect(clippy::print_stdout, reason = "a test that is left out must say so")]
pub(crate) fn is_wanted() -> bool {
    if env::var("TF_ACC").is_ok_and(|value| value == "0") {
        println!("left out: TF_ACC=0 is set");
        return false;
    }
    path::path();
    true
}

/// A simulator with times short enough for a test and long enough to be seen.
pub(crate) fn brisk() -> Settings {
    Settings {
        provisioning: Duration::from_secs(1),
        visible_after: Duration::from_millis(200),
        termination: Duration::from_millis(500),
        modification: Duration::from_millis(500),
        ..Settings::default()
    }
}

/// The same, with faults written as for `--fault`.
pub(crate) fn faulty(faults: &[&str]) -> Settings {
    let faults = faults.iter().map(|fault| fault.parse().expect("a fault")).collect();
    Settings { faults, ..brisk() }
}

/// The usual standby of the first primary, with more arguments and blocks.
pub(crate) fn standby(more: &str) -> String {
    standby_of(PRIMARIES[0], more)
}

/// The usual standby of another primary.
pub(crate) fn standby_of(primary: &str, more: &str) -> String {
    format!(
        r#"
resource "aws_workspaces_standby" "desk" {{
  primary_workspace_id = "{primary}"
  primary_region       = "{PRIMARY_REGION}"
  directory_id         = "{STANDBY_DIRECTORY_ID}"
  {more}
}}
"#
    )
}

/// The standbys of so many synthetic primaries, with more arguments and blocks.
pub(crate) fn fleet(size: u32, more: &str) -> String {
    format!(
        r#"
resource "aws_workspaces_standby" "desk" {{
  count                = {size}
  primary_workspace_id = format("ws-synthetic%05d", count.index + 1)
  primary_region       = "{PRIMARY_REGION}"
  directory_id         = "{STANDBY_DIRECTORY_ID}"
  {more}
}}
"#
    )
}

/// The same, and instead of each resource one data source waits until all of them are ready. It has
/// more arguments and blocks.
pub(crate) fn fleet_with_one_wait(size: u32, more: &str) -> String {
    let fleet = fleet(size, "wait_for_ready       = false");
    format!(
        r#"{fleet}
data "aws_workspaces_standbys" "ready" {{
  directory_id   = "{STANDBY_DIRECTORY_ID}"
  wait_for_ready = true
  depends_on     = [aws_workspaces_standby.desk]
  {more}
}}
"#
    )
}

/// A folder with a configuration, and the simulated AWS that its provider block points at.
pub(crate) struct Terraform {
    /// Home and working folder of every run; it goes with this.
    folder: tempfile::TempDir,
    variables: Vec<(String, String)>,
    cloud: Served,
}

impl Terraform {
    /// A folder without a configuration; none where such tests are left out.
    pub(crate) fn start(settings: Settings) -> Option<Self> {
        if !is_wanted() {
            return None;
        }
        // Short, because the path of the provider's socket must fit into 108 bytes.
        let folder = tempfile::Builder::new().prefix("tf").tempdir_in("/tmp").unwrap();
        let terraform = Self { variables: Vec::new(), cloud: Served::start(settings), folder };
        terraform.take_provider(SOURCE, Path::new(PROGRAM).parent().unwrap());
        let path = |name| terraform.path(name).to_str().unwrap().to_owned();
        let (settings_file, log) = (path("terraform.rc"), path(run::LOG));
        let terraform = terraform
            .with("TF_CLI_CONFIG_FILE", &settings_file)
            // What the provider logs is searched for secrets after every run.
            .with("TF_LOG_PROVIDER", "TRACE")
            .with("TF_LOG_PATH", &log)
            .with("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
            .with("AWS_SECRET_ACCESS_KEY", &secret("key"))
            .with("AWS_SESSION_TOKEN", &secret("token"));
        Some(terraform)
    }

    /// Makes Terraform start the provider that is in this folder, without an installation.
    pub(crate) fn take_provider(&self, source: &str, folder: &Path) {
        let overrides = ["registry.terraform.io", "registry.opentofu.org"]
            .map(|host| format!("    \"{host}/{source}\" = \"{}\"\n", folder.display()));
        let settings = format!(
            "provider_installation {{\n  dev_overrides {{\n{}  }}\n  direct {{}}\n}}\n",
            overrides.concat()
        );
        fs::write(self.path("terraform.rc"), settings).unwrap();
    }

    /// Unsets an environment variable.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.variables.retain(|(set, _)| set != name);
        self
    }

    /// Sets an environment variable for every run.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Writes the usual configuration: the provider under the local name `aws`, pointed at the
    /// simulator, and what is given.
    pub(crate) fn configure(&self, resources: &str) {
        self.configure_with("", resources);
    }

    /// The same, with more in the provider block.
    pub(crate) fn configure_with(&self, provider: &str, resources: &str) {
        self.configure_other(SOURCE, provider, resources);
    }

    /// The same for another provider that has these arguments.
    pub(crate) fn configure_other(&self, source: &str, provider: &str, resources: &str) {
        let required = format!("aws = {{ source = \"{source}\" }}");
        let provider = self.provider("aws", provider);
        self.write(&format!(
            "terraform {{\n  required_providers {{\n    {required}\n  }}\n}}\n{provider}\n{resources}"
        ));
    }

    /// A provider block that reaches the simulator, in the usual standby Region. The keys are in
    /// the environment, so that nothing of Terraform's own has a reason to show them.
    pub(crate) fn provider(&self, local_name: &str, more: &str) -> String {
        let url = self.url();
        format!(
            r#"
provider "{local_name}" {{
  region     = "{STANDBY_REGION}"
  endpoints {{
    workspaces = "{url}"
    sts        = "{url}"
    resourcegroupstaggingapi = "{url}"
  }}
  {more}
}}
"#
        )
    }

    /// Writes the whole configuration as it is given.
    pub(crate) fn write(&self, configuration: &str) {
        fs::write(self.path("main.tf"), configuration).unwrap();
    }

    /// A file of the working folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The simulated account.
    pub(crate) fn simulator(&self) -> &Simulator {
        &self.cloud.simulator
    }

    /// The address of the simulator.
    pub(crate) fn url(&self) -> &str {
        &self.cloud.url
    }

    /// Starts a run and does not wait for its end.
    pub(crate) fn begin(&self, arguments: &[&str]) -> Running {
        Running::start(self.folder.path(), &self.variables, arguments)
    }

    /// Runs Terraform to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        self.begin(arguments).finish()
    }

    /// Applies without asking. After every apply that succeeds, a plan has nothing to do.
    #[track_caller]
    pub(crate) fn apply(&self) -> Run {
        let run = self.apply_alone();
        if run.code == Some(0) {
            self.holds();
        }
        run
    }

    /// Applies without asking, and plans nothing after it: where the calls of the apply alone are
    /// counted, or where a fault that is in force would be met.
    pub(crate) fn apply_alone(&self) -> Run {
        self.run(&["apply", "-auto-approve", "-input=false", "-no-color"])
    }

    /// Destroys without asking.
    pub(crate) fn destroy(&self) -> Run {
        self.run(&["destroy", "-auto-approve", "-input=false", "-no-color"])
    }

    /// Plans; the exit code is 0 for no changes, 2 for changes, 1 for an error.
    pub(crate) fn plan(&self) -> Run {
        self.run(&["plan", "-detailed-exitcode", "-input=false", "-no-color", "-out=plan.out"])
    }

    /// The last plan as JSON.
    pub(crate) fn planned(&self) -> Value {
        self.run(&["show", "-json", "plan.out"]).json()
    }

    /// The change that the last plan has for an address.
    #[track_caller]
    pub(crate) fn change(&self, address: &str) -> Value {
        let planned = self.planned();
        let changes = planned["resource_changes"].as_array().cloned().unwrap_or_default();
        let found = changes.into_iter().find(|change| change["address"] == address);
        found.unwrap_or_else(|| panic!("{address} is not in the plan: {planned:#}"))["change"]
            .take()
    }

    /// Asserts that a plan has nothing to do.
    #[track_caller]
    pub(crate) fn holds(&self) {
        let plan = self.plan();
        assert_eq!(plan.code, Some(0), "a plan right after is not empty:\n{}", plan.output);
    }

    /// The instance at an address as the state has it, `status` and private state included; null
    /// where there is none.
    pub(crate) fn instance(&self, address: &str) -> Value {
        let Ok(text) = fs::read(self.path("terraform.tfstate")) else { return Value::Null };
        let state: Value = serde_json::from_slice(&text).unwrap();
        let resources = state["resources"].as_array().cloned().unwrap_or_default();
        let resource = resources.iter().find(|resource| {
            let parts = [&resource["type"], &resource["name"]].map(|part| part.as_str().unwrap());
            parts.join(".") == address
        });
        resource.map_or(Value::Null, |resource| resource["instances"][0].clone())
    }

    /// The attributes of the instance at an address; null where there is none.
    pub(crate) fn attributes(&self, address: &str) -> Value {
        self.instance(address)["attributes"].take()
    }

    /// The counts of one operation.
    pub(crate) fn stats(&self, operation: &str) -> OperationStats {
        self.cloud.simulator.stats().operation(operation)
    }

    /// The counts of all operations.
    pub(crate) fn all_stats(&self) -> Stats {
        self.cloud.simulator.stats()
    }

    /// Starts counting again from zero.
    pub(crate) fn reset_stats(&self) {
        self.cloud.simulator.reset_stats();
    }

    /// Everything in the standby Region that is a standby, even where AWS would not show it yet.
    pub(crate) fn standbys(&self) -> Vec<Value> {
        let all = self.control("GET", "workspaces", &Value::Null)["Workspaces"].take();
        let all = all.as_array().cloned().unwrap_or_default();
        let is_standby = |workspace: &Value| {
            workspace["RelatedWorkspaces"]
                .as_array()
                .is_some_and(|related| related.iter().any(|other| other["Type"] == "PRIMARY"))
        };
        all.into_iter().filter(is_standby).collect()
    }

    /// Makes a WorkSpace vanish, as if somebody else had terminated it long ago.
    pub(crate) fn vanish(&self, region: &str, id: &str) {
        self.control("DELETE", &format!("workspaces/{region}/{id}"), &Value::Null);
    }

    /// One WorkSpace as the simulator keeps it, with its tags.
    pub(crate) fn workspace(&self, region: &str, id: &str) -> Value {
        self.control("GET", &format!("workspaces/{region}/{id}"), &Value::Null)
    }

    /// Replaces the faults in force.
    pub(crate) fn arm(&self, faults: &[&str]) {
        self.control("POST", "faults", &json!({ "Faults": faults }));
    }

    /// Asks the simulator something that AWS does not know, without its socket.
    #[track_caller]
    pub(crate) fn control(&self, method: &str, path: &str, body: &Value) -> Value {
        self.cloud.control(method, path, body)
    }
}

/// An address on this machine where nobody listens.
pub(crate) fn nobodys_url() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

/// Waits until something holds, however busy the machine is.
///
/// # Panics
/// It does not come to hold.
#[track_caller]
pub(crate) fn until(what: &str, holds: impl Fn() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < PATIENCE, "it never comes to hold: {what}");
        thread::sleep(Duration::from_millis(10));
    }
}
