//! A provider process, a simulator and the values that the tests share.

use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request};
use jiff::Timestamp;
use terraform_provider_aws_workspaces::sim::{self, Outcome, Settings, Simulator, builtin};
use terraform_provider_aws_workspaces::tf::{Type, Value};
use tokio::task::JoinHandle;

use crate::support::client::Terraform;
use crate::support::process::Environment;
use crate::support::requests::{Core, Stored, errors, no_errors, with};

/// The secret that sessions configure; it must show up nowhere.
pub(crate) const SECRET_KEY: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYSECRETKEY";
/// The session token that sessions configure; neither must it.
pub(crate) const TOKEN: &str = "FwoGZXIvYXdzEXAMPLESESSIONTOKEN";

/// A provider process and the simulator it talks to; both end with the session.
pub(crate) struct Session {
    pub(crate) core: Core,
    pub(crate) terraform: Terraform,
    pub(crate) simulator: Simulator,
    url: String,
    listener: JoinHandle<()>,
}

/// A process that was asked nothing yet.
pub(crate) struct Bare {
    pub(crate) terraform: Terraform,
}

impl Session {
    /// A configured provider and a simulator where everything happens at once.
    pub(crate) async fn start() -> Self {
        Self::with(Settings::default()).await
    }

    /// A configured provider and a simulator with these settings.
    pub(crate) async fn with(settings: Settings) -> Self {
        let session = Self::in_environment(settings, Environment::of_terraform()).await;
        session.configure().await;
        session
    }

    /// A configured provider and a simulator with these faults, written as for `simulate --fault`.
    pub(crate) async fn with_faults(faults: &[&str]) -> Self {
        let session = Self::start().await;
        session.break_with(faults);
        session
    }

    /// A provider that knows nothing of the simulator yet.
    pub(crate) async fn unconfigured() -> Self {
        Self::in_environment(Settings::default(), Environment::of_terraform()).await
    }

    /// The same with settings and an environment of its own.
    pub(crate) async fn in_environment(settings: Settings, environment: Environment) -> Self {
        let simulator = Simulator::new(settings).expect("the settings hold");
        let address = ([127, 0, 0, 1], 0).into();
        let listening =
            sim::listen(simulator.clone(), address, None).await.expect("a port is free");
        let url = listening.url();
        let listener = tokio::spawn(listening.serve(std::future::pending()));
        let terraform = Terraform::start(environment).await;
        let core = Core::meet(terraform.provider()).await;
        Self { core, terraform, simulator, url, listener }
    }

    /// Only a process.
    pub(crate) async fn bare() -> Bare {
        Bare { terraform: Terraform::start(Environment::of_terraform()).await }
    }

    /// Gives the provider block of [`Session::provider_config`].
    pub(crate) async fn configure(&self) {
        assert_eq!(errors(&self.core.configure(&self.provider_config()).await), no_errors());
    }

    /// A provider block that leads to the simulator.
    pub(crate) fn provider_config(&self) -> Value {
        self.provider_config_with(&self.url)
    }

    /// The same with another address of AWS.
    pub(crate) fn provider_config_with(&self, url: &str) -> Value {
        let endpoints = ["workspaces", "sts"].map(|service| (service, Value::from(url)));
        self.core.provider.config([
            ("region", builtin::STANDBY_REGION.into()),
            ("access_key", "AKIAIOSFODNN7EXAMPLE".into()),
            ("secret_key", SECRET_KEY.into()),
            ("token", TOKEN.into()),
            (
                "endpoints",
                Value::List(vec![self.block_of(
                    "endpoints",
                    &self.core.provider.object,
                    endpoints,
                )]),
            ),
        ])
    }

    /// The least configuration of a standby: for the first primary, in the usual directory.
    pub(crate) fn config(&self) -> Value {
        self.config_for(builtin::PRIMARIES[0])
    }

    /// The same for another primary.
    pub(crate) fn config_for(&self, primary: &str) -> Value {
        self.core.standby.config([
            ("primary_workspace_id", primary.into()),
            ("primary_region", builtin::PRIMARY_REGION.into()),
            ("directory_id", builtin::STANDBY_DIRECTORY_ID.into()),
        ])
    }

    /// A `timeouts` block.
    pub(crate) fn timeouts<const N: usize>(&self, set: [(&str, &str); N]) -> Value {
        let set = set.map(|(name, duration)| (name, Value::from(duration)));
        self.block_of("timeouts", &self.core.standby.object, set)
    }

    /// Creates a standby, which must succeed.
    pub(crate) async fn create(&self, config: &Value) -> Stored {
        self.core.change(&Stored::absent(), config).await.1.succeeded()
    }

    /// A stored standby with this id that the simulator may never have heard of.
    pub(crate) fn stored(&self, id: &str) -> Stored {
        let known = [("id", id.into()), ("region", builtin::STANDBY_REGION.into())];
        let state =
            with(&with(&self.config(), known), [("data_replication", "NO_REPLICATION".into())]);
        Stored {
            state: with(
                &state,
                [("wait_for_ready", Value::Bool(true)), ("adopt_existing", Value::Bool(false))],
            ),
            ..Stored::absent()
        }
    }

    /// How many API calls the simulator has had.
    pub(crate) fn calls(&self) -> u64 {
        self.simulator.stats().operations.values().map(|operation| operation.calls).sum()
    }

    /// How many of them were meant to change something.
    pub(crate) fn changes(&self) -> u64 {
        let all = self.simulator.stats().operations;
        let changing = all
            .iter()
            .filter(|(name, _)| !name.starts_with("Describe") && !name.starts_with("Get"));
        changing.map(|(_, operation)| operation.calls).sum()
    }

    /// Replaces the faults in force.
    pub(crate) fn break_with(&self, faults: &[&str]) {
        self.control(Method::POST, "faults", &serde_json::json!({ "Faults": faults }));
    }

    /// Puts a WorkSpace of the standby Region in a state.
    pub(crate) fn force(&self, id: &str, state: &str, code: &str, message: &str) {
        let path = format!("workspaces/{}/{id}", builtin::STANDBY_REGION);
        let condition =
            serde_json::json!({ "State": state, "ErrorCode": code, "ErrorMessage": message });
        self.control(Method::POST, &path, &condition);
    }

    /// Makes a WorkSpace of the standby Region vanish, as somebody else's termination does.
    pub(crate) fn vanish(&self, id: &str) {
        let path = format!("workspaces/{}/{id}", builtin::STANDBY_REGION);
        self.control(Method::DELETE, &path, &serde_json::Value::Null);
    }

    /// What the simulator has of a standby.
    pub(crate) fn shown(&self, id: &str) -> serde_json::Value {
        self.control(
            Method::GET,
            &format!("workspaces/{}/{id}", builtin::STANDBY_REGION),
            &serde_json::Value::Null,
        )
    }

    /// The ids of the standbys that exist, the ones not yet visible too.
    pub(crate) fn standbys(&self) -> Vec<String> {
        let all = self.control(Method::GET, "workspaces", &serde_json::Value::Null);
        let all = all["Workspaces"].as_array().expect("it is a list");
        let of_a_primary = |workspace: &&serde_json::Value| {
            let related = workspace["RelatedWorkspaces"].as_array().into_iter().flatten();
            related.into_iter().any(|related| related["Type"] == "PRIMARY")
        };
        let id =
            |workspace: &serde_json::Value| workspace["WorkspaceId"].as_str().map(str::to_owned);
        all.iter().filter(of_a_primary).filter_map(id).collect()
    }

    /// Waits until there is a standby and gives its id.
    pub(crate) async fn standby_made(&self) -> String {
        let made = async {
            loop {
                if let Some(id) = self.standbys().pop() {
                    return id;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), made).await.expect("a standby is made soon")
    }

    fn control(&self, method: Method, path: &str, body: &serde_json::Value) -> serde_json::Value {
        let uri = format!("http://simulator/_simulator/{path}");
        let request =
            Request::builder().method(method).uri(uri).body(Bytes::from(body.to_string()));
        let reply =
            self.simulator.respond(&request.expect("the request is well-formed"), Timestamp::now());
        let Outcome::Response(response) = reply.outcome else {
            panic!("control requests are answered")
        };
        assert!(response.status().is_success(), "{path}: {response:?}");
        serde_json::from_slice(response.body()).expect("the answer is JSON")
    }

    /// One nested block of a block with that type.
    pub(crate) fn block_of<const N: usize>(
        &self,
        name: &str,
        root: &Type,
        set: [(&str, Value); N],
    ) -> Value {
        let Type::Object(root) = root else { panic!("a block is an object") };
        let of = match &root[name] {
            Type::List(of) => of,
            of => of,
        };
        let Type::Object(attributes) = of else { panic!("{name} is a block") };
        with(&Value::object(attributes.keys().map(|name| (name.as_str(), Value::Null))), set)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

/// A map of strings.
pub(crate) fn map<const N: usize>(entries: [(&str, &str); N]) -> Value {
    Value::map(entries.map(|(key, value)| (key, Value::from(value))))
}

/// How an object departs from the plan for it: paths at which a known value is another one now.
pub(crate) fn departures(planned: &Value, actual: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare(planned, actual, "", &mut found);
    found
}

fn compare(planned: &Value, actual: &Value, path: &str, found: &mut Vec<String>) {
    match (planned, actual) {
        (Value::Unknown, _) => {}
        (Value::Object(planned), Value::Object(actual))
        | (Value::Map(planned), Value::Map(actual))
            if planned.keys().eq(actual.keys()) =>
        {
            for (name, planned) in planned {
                compare(planned, &actual[name], &format!("{path}.{name}"), found);
            }
        }
        (planned, actual) if planned == actual => {}
        _ => found.push(format!("{path}: was {planned:?}, but now {actual:?}")),
    }
}
