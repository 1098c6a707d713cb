//! A working folder, and Terraform in it.

use std::fs;
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal as Number, kill_process, kill_process_group};
use serde_json::Value;

use crate::cloud::Cloud;
use crate::plan::{MANY, Signal};
use crate::support::path;
use crate::support::program::PROGRAM;

/// The longest that a run may take; one that takes longer hangs.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);
/// How soon the provider ends when Terraform has ended.
const AFTERWARDS: Duration = Duration::from_secs(20);

/// What the configuration says, as far as it differs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    pub(crate) batching: bool,
    pub(crate) adopt_existing: bool,
    pub(crate) updated: bool,
    pub(crate) wait: bool,
}

/// A folder that is Terraform's home too.
pub(crate) struct Folder(tempfile::TempDir);

/// An instance in the state.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    pub(crate) id: String,
    pub(crate) is_tainted: bool,
}

impl Folder {
    pub(crate) fn new() -> Self {
        // Short, because the path of the provider's socket must fit into 108 bytes.
        let folder = tempfile::Builder::new().prefix("ch").tempdir_in("/tmp").unwrap();
        let built = Path::new(PROGRAM).parent().unwrap().display();
        let settings = format!(
            "provider_installation {{\n  dev_overrides {{\n    \
             \"registry.terraform.io/workspaces-dr/aws-workspaces\" = \"{built}\"\n  }}\n  direct \
             {{}}\n}}\n"
        );
        fs::write(folder.path().join("terraform.rc"), settings).unwrap();
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn configure(&self, cloud: &Cloud, wanted: Wanted) {
        let Wanted { batching, adopt_existing, updated, wait } = wanted;
        let Cloud { primary_region, standby_region, directory, .. } = cloud;
        let primaries = serde_json::to_string(&cloud.primaries[..MANY]).unwrap();
        let url = cloud.api.url();
        let adopt = if adopt_existing { "adopt_existing = true" } else { "" };
        let update = if updated { "data_replication = \"PRIMARY_AS_SOURCE\"" } else { "" };
        let configuration = format!(
            r#"
terraform {{
  required_providers {{
    aws = {{ source = "workspaces-dr/aws-workspaces" }}
  }}
}}

provider "aws" {{
  region     = "{standby_region}"
  access_key = "AKIACHAOS"
  secret_key = "chaos"
  endpoints {{
    workspaces               = "{url}"
    sts                      = "{url}"
    resourcegroupstaggingapi = "{url}"
  }}
  batching {{
    enable_batching = {batching}
  }}
}}

resource "aws_workspaces_standby" "desk" {{
  for_each             = toset({primaries})
  primary_workspace_id = each.key
  primary_region       = "{primary_region}"
  directory_id         = "{directory}"
  wait_for_ready       = {wait}
  tags                 = {{ Round = "{updated}", Primary = each.key }}
  {adopt}
  {update}
}}
"#
        );
        fs::write(self.path("main.tf"), configuration).unwrap();
    }

    /// Whether the provider takes over what exists.
    pub(crate) fn can_adopt(&self) -> bool {
        let shown = self.run(&["providers", "schema", "-json"]);
        shown.output.contains("\"adopt_existing\"")
    }

    pub(crate) fn apply(&self) -> Run {
        self.run(&["apply", "-auto-approve", "-input=false", "-no-color", "-parallelism=10"])
    }

    pub(crate) fn destroy(&self) -> Run {
        self.run(&["destroy", "-auto-approve", "-input=false", "-no-color", "-parallelism=10"])
    }

    /// 0 for no changes, 2 for changes, 1 for an error.
    pub(crate) fn plan(&self) -> Run {
        self.run(&["plan", "-detailed-exitcode", "-input=false", "-no-color"])
    }

    fn run(&self, arguments: &[&str]) -> Run {
        self.begin(arguments).finish()
    }

    /// Starts Terraform in a process group of its own.
    pub(crate) fn begin(&self, arguments: &[&str]) -> Running {
        let mut child = Command::new("terraform")
            .args(arguments)
            .current_dir(self.0.path())
            .env_clear()
            .env("PATH", path::path())
            .env("HOME", self.0.path())
            .env("TMPDIR", self.0.path())
            .env("TF_CLI_CONFIG_FILE", self.path("terraform.rc"))
            .env("CHECKPOINT_DISABLE", "1")
            .env("GOGC", "off")
            .env("GOMEMLIMIT", "512MiB")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .expect("terraform is on PATH");
        let output: Arc<Mutex<String>> = Arc::default();
        let readers = [
            read(child.stdout.take().unwrap(), Arc::clone(&output)),
            read(child.stderr.take().unwrap(), Arc::clone(&output)),
        ];
        Running { child, output, readers }
    }

    /// The instances in the state.
    pub(crate) fn stored(&self) -> Vec<Stored> {
        let Ok(text) = fs::read(self.path("terraform.tfstate")) else { return Vec::new() };
        // Where Terraform was killed before it wrote anything.
        if text.is_empty() {
            return Vec::new();
        }
        let state: Value = serde_json::from_slice(&text).expect("the state is JSON");
        let resources = state["resources"].as_array().into_iter().flatten();
        let instances = resources.flat_map(|resource| resource["instances"].as_array().unwrap());
        let stored = instances.map(|instance| Stored {
            id: instance["attributes"]["id"].as_str().unwrap_or_default().to_owned(),
            is_tainted: instance["status"] == "tainted",
        });
        stored.collect()
    }
}

/// Terraform while it runs. Its group is ended when this is dropped.
pub(crate) struct Running {
    child: Child,
    output: Arc<Mutex<String>>,
    readers: [JoinHandle<()>; 2],
}

/// How a run ended.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) output: String,
    /// It did not end by itself, or the provider did not.
    pub(crate) hung: bool,
}

impl Running {
    /// Waits until the output has a text, or the run ends.
    pub(crate) fn until(&mut self, text: &str) {
        let started = Instant::now();
        while !self.output.lock().unwrap().contains(text)
            && self.child.try_wait().unwrap().is_none()
            && started.elapsed() < PATIENCE
        {
            thread::sleep(Duration::from_millis(5));
        }
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let group = self.group();
        // An error says that it has ended.
        let _ = match signal {
            Signal::CtrlC => kill_process_group(group, Number::INT),
            Signal::TerminateAll => kill_process_group(group, Number::TERM),
            Signal::KillAll => kill_process_group(group, Number::KILL),
            Signal::InterruptTerraform => kill_process(group, Number::INT),
            Signal::TerminateTerraform => kill_process(group, Number::TERM),
            Signal::KillTerraform => kill_process(group, Number::KILL),
            Signal::TerminateProvider => self.to_provider(Number::TERM),
            Signal::KillProvider => self.to_provider(Number::KILL),
        };
    }

    fn to_provider(&self, number: Number) -> rustix::io::Result<()> {
        self.others().into_iter().try_for_each(|process| kill_process(process, number))
    }

    fn group(&self) -> Pid {
        Pid::from_raw(self.child.id().cast_signed()).unwrap()
    }

    /// The processes of the group but Terraform itself.
    fn others(&self) -> Vec<Pid> {
        let group = self.child.id().to_string();
        let processes = fs::read_dir("/proc").into_iter().flatten().filter_map(|entry| {
            let name = entry.ok()?.file_name().into_string().ok()?;
            let stat = fs::read_to_string(format!("/proc/{name}/stat")).ok()?;
            // After the name in parentheses: state, parent, group.
            let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
            let is_other = fields[2] == group && name != group && fields[0] != "Z";
            is_other.then(|| Pid::from_raw(name.parse().ok()?)).flatten()
        });
        processes.collect()
    }

    /// Waits for Terraform's end and then for the provider's.
    pub(crate) fn finish(mut self) -> Run {
        let ended = within(PATIENCE, || self.child.try_wait().unwrap().is_some());
        let gone = ended && within(AFTERWARDS, || self.others().is_empty());
        let _ = kill_process_group(self.group(), Number::KILL);
        let status = self.child.wait().unwrap();
        for reader in self.readers {
            reader.join().unwrap();
        }
        let output = self.output.lock().unwrap().clone();
        Run { code: status.code(), output, hung: !gone }
    }
}

impl Run {
    /// Asserts that it went well.
    #[track_caller]
    pub(crate) fn succeeded(self) -> Self {
        assert_eq!((self.code, self.hung), (Some(0), false), "{}", self.output);
        self
    }
}

fn within(patience: Duration, mut holds: impl FnMut() -> bool) -> bool {
    let started = Instant::now();
    loop {
        if holds() {
            return true;
        }
        if started.elapsed() > patience {
            return false;
        }
        thread::sleep(Duration::from_millis(10));
    }
}

fn read(mut stream: impl Read + Send + 'static, output: Arc<Mutex<String>>) -> JoinHandle<()> {
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(length @ 1..) = stream.read(&mut buffer) {
            output.lock().unwrap().push_str(&String::from_utf8_lossy(&buffer[..length]));
        }
    })
}
