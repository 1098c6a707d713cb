//! A simulator, a home and an environment, and one run of the provider between them.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};
use terraform_provider_aws_workspaces::rpc::proto;
use terraform_provider_aws_workspaces::sim::{Settings, builtin};
use terraform_provider_aws_workspaces::tf::{self, Value};

use crate::support::client::Terraform;
use crate::support::process::Environment;
use crate::support::requests::{Core, Stored, errors, warnings};
use crate::support::secrets::{assert_none, secret};
use crate::support::served::Served;

/// What an argument is set to in a block of [`Stage::run`] that is not known yet.
pub(super) const UNKNOWN: &str = "(known after apply)";

/// Everything that one run of the provider needs. Nothing of the machine's own settings gets in.
pub(super) struct Stage {
    pub(super) cloud: Served,
    environment: Environment,
}

/// What came of a run.
pub(super) struct Ran {
    /// The diagnostics of ValidateProviderConfig and, where it found no error, of
    /// ConfigureProvider.
    pub(super) configured: Vec<proto::Diagnostic>,
    /// The diagnostics of everything after it; empty where that was not reached.
    pub(super) then: Vec<proto::Diagnostic>,
    /// What the process wrote to its log, at TRACE.
    pub(super) log: String,
}

/// A provider that was configured.
pub(super) struct Running {
    pub(super) core: Core,
    terraform: Terraform,
    configured: Vec<proto::Diagnostic>,
}

impl Stage {
    /// An account where everything happens at once, known to the environment as `AWS_ENDPOINT_URL`.
    pub(super) fn new() -> Self {
        Self::with_cloud(Served::start(Settings::default()))
    }

    /// The same with an account of its own.
    pub(super) fn with_cloud(cloud: Served) -> Self {
        let environment = Environment::of_terraform();
        let home = environment.folder().to_str().unwrap().to_owned();
        let url = cloud.url.clone();
        let environment = environment
            .with("HOME", &home)
            .with("AWS_EC2_METADATA_DISABLED", "true")
            .with("AWS_ENDPOINT_URL", &url)
            .with("TF_LOG", "TRACE");
        Self { cloud, environment }
    }

    /// Sets an environment variable.
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.environment = self.environment.with(name, value);
        self
    }

    /// Unsets an environment variable.
    pub(super) fn without(mut self, name: &str) -> Self {
        self.environment = self.environment.without(name);
        self
    }

    /// The home of the user who runs the provider.
    pub(super) fn home(&self) -> &Path {
        self.environment.folder()
    }

    /// Writes a file below the home, and says where it is.
    pub(super) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.home().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    /// The same for a path that goes into a block or a variable.
    pub(super) fn written(&self, name: &str, text: &str) -> String {
        self.file(name, text).to_str().unwrap().to_owned()
    }

    /// Starts the provider and gives it this block, to which the usual Region is added where it
    /// names none. Validating must make no call.
    pub(super) async fn start(&self, block: Json) -> Running {
        let terraform = Terraform::start(self.environment.clone()).await;
        let core = Core::meet(terraform.provider()).await;
        let mut block = block;
        if block.get("region").is_none() {
            block["region"] = json!(builtin::STANDBY_REGION);
        }
        let block = value(&core, &block);
        let calls = self.cloud.all_calls();
        let mut configured = core.validate_provider(&block).await;
        assert_eq!(self.cloud.all_calls(), calls, "validating makes no call");
        if errors(&configured).is_empty() {
            configured.extend(core.configure(&block).await);
        }
        Running { core, terraform, configured }
    }

    /// Begins to configure a provider, and ends it once this has happened.
    pub(super) async fn end_early<T>(&self, block: Json, happens: impl Future<Output = T>) -> T {
        let terraform = Terraform::start(self.environment.clone()).await;
        let core = Core::meet(terraform.provider()).await;
        let block = value(&core, &block);
        let happened = tokio::select! {
            happened = happens => happened,
            said = core.configure(&block) => panic!("nothing happened: {said:?}"),
        };
        terraform.shutdown().await;
        happened
    }

    /// Configures a provider with this block and, where that goes well, reads a standby that is not
    /// there: one call to Amazon WorkSpaces with the credentials that were found.
    pub(super) async fn run(&self, block: Json) -> Ran {
        let running = self.start(block).await;
        let mut then = Vec::new();
        if errors(&running.configured).is_empty() {
            then = running.core.read(&absent_standby(&running.core)).await.diagnostics;
        }
        running.end(then).await
    }

    /// Runs as [`Stage::run`], which must go well, and gives the access key that signed the call to
    /// Amazon WorkSpaces.
    #[track_caller]
    pub(super) fn signer(&self) -> String {
        let signed = self.cloud.simulator.stats().operation("DescribeWorkspaces").access_keys;
        let keys: Vec<&String> = signed.keys().collect();
        let [only] = keys[..] else { panic!("one key signs every call: {keys:?}") };
        only.clone()
    }
}

impl Running {
    /// The diagnostics of ConfigureProvider must have no error.
    #[track_caller]
    pub(super) fn configured(self) -> Self {
        assert_eq!(errors(&self.configured), [], "{:?}", self.configured);
        self
    }

    /// The least configuration of a standby: for one of the primaries, in the usual directory.
    pub(super) fn standby(&self, primary: usize) -> Value {
        self.core.standby.config([
            ("primary_workspace_id", builtin::PRIMARIES[primary].into()),
            ("primary_region", builtin::PRIMARY_REGION.into()),
            ("directory_id", builtin::STANDBY_DIRECTORY_ID.into()),
        ])
    }

    /// Creates a standby, which must succeed.
    pub(super) async fn create(&self, primary: usize) -> Stored {
        self.core.change(&Stored::absent(), &self.standby(primary)).await.1.succeeded()
    }

    /// Ends the process, and searches everything that came out of it for secrets.
    pub(super) async fn end(self, then: Vec<proto::Diagnostic>) -> Ran {
        let report = self.terraform.shutdown().await;
        let ran = Ran { configured: self.configured, then, log: report.stderr };
        assert_none("standard output", report.stdout.as_bytes());
        assert_none("the log", ran.log.as_bytes());
        assert_none("the diagnostics", format!("{:?}{:?}", ran.configured, ran.then).as_bytes());
        assert!(ran.log.contains("ValidateProviderConfig"), "the log is at TRACE: {}", ran.log);
        ran
    }
}

impl Ran {
    /// All went well; the standby that was looked for is the only thing to warn of.
    #[track_caller]
    pub(super) fn succeeded(self) -> Self {
        let none: [(String, String); 0] = [];
        assert_eq!(errors(&self.configured), none, "{:?}", self.configured);
        assert_eq!(errors(&self.then), none, "{:?}", self.then);
        self
    }

    /// Configuring must have failed with one error, at this argument if one is to blame, that says
    /// all of this.
    #[track_caller]
    pub(super) fn refused(self, path: &str, parts: &[&str]) -> Self {
        let found = errors(&self.configured);
        assert_eq!(found.len(), 1, "one error: {:?}", self.configured);
        assert_eq!(found[0].0, path, "{:?}", self.configured);
        self.says(proto::diagnostic::Severity::Error, parts)
    }

    /// Configuring must have gone well with one warning, at this argument if one is to blame, that
    /// says all of this.
    #[track_caller]
    pub(super) fn warned(self, path: &str, parts: &[&str]) -> Self {
        let found = warnings(&self.configured);
        assert_eq!(found.len(), 1, "one warning: {:?}", self.configured);
        assert_eq!(found[0].0, path, "{:?}", self.configured);
        self.says(proto::diagnostic::Severity::Warning, parts)
    }

    #[track_caller]
    fn says(self, severity: proto::diagnostic::Severity, parts: &[&str]) -> Self {
        let said = self.configured.iter().filter(|diagnostic| diagnostic.severity() == severity);
        let said: String = said.map(|one| format!("{}\n{}\n", one.summary, one.detail)).collect();
        for part in parts {
            assert!(said.contains(part), "{part:?} is not in:\n{said}");
        }
        self
    }
}

/// A block with static keys, and what is given.
pub(super) fn keyed(more: Json) -> Json {
    let mut block = json!({ "access_key": "AKIABLOCK", "secret_key": secret("block") });
    let Json::Object(more) = more else { panic!("a block is an object: {more}") };
    block.as_object_mut().unwrap().extend(more);
    block
}

/// A stored standby that the simulator has never heard of.
pub(super) fn absent_standby(core: &Core) -> Stored {
    let state = core.standby.config([
        ("id", "ws-0gone00001".into()),
        ("region", builtin::STANDBY_REGION.into()),
        ("primary_workspace_id", builtin::PRIMARIES[0].into()),
        ("primary_region", builtin::PRIMARY_REGION.into()),
        ("directory_id", builtin::STANDBY_DIRECTORY_ID.into()),
        ("data_replication", "NO_REPLICATION".into()),
        ("wait_for_ready", true.into()),
    ]);
    Stored { state, ..Stored::absent() }
}

/// A provider block from JSON; every name in it must be one of the schema.
fn value(core: &Core, block: &Json) -> Value {
    let of = &core.provider.object;
    assert_known(block, of, "");
    let mut known = block.clone();
    known.as_object_mut().unwrap().retain(|_, given| *given != json!(UNKNOWN));
    let read = tf::json::decode(known.to_string().as_bytes(), of).expect("it fits the schema");
    let mut whole = core.provider.nothing();
    for (name, given) in block.as_object().unwrap() {
        let value = if *given == json!(UNKNOWN) { Value::Unknown } else { read.get(name).clone() };
        whole.set(name, value);
    }
    whole
}

fn assert_known(given: &Json, of: &tf::Type, path: &str) {
    match (given, of) {
        (Json::Object(given), tf::Type::Object(attributes)) => {
            for (name, given) in given {
                let path = format!("{path}.{name}");
                let of = attributes.get(name);
                assert_known(given, of.unwrap_or_else(|| panic!("there is no {path}")), &path);
            }
        }
        (Json::Array(items), tf::Type::List(of) | tf::Type::Set(of)) => {
            items.iter().for_each(|item| assert_known(item, of, path));
        }
        _ => {}
    }
}
