//! The provider over the real AWS SDK and the simulated account, in one process and in virtual time.
//!
//! No socket is opened: the SDK's HTTP client is a connector that hands each request to the
//! simulator, with the time that tokio's paused clock shows, and waits as long as the answer takes.

mod network;
mod outcome;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use bytes::Bytes;
use futures_util::Stream;
use http::Request;
use serde_json::{Value as Json, json};
use terraform_provider_aws_workspaces::provider::{
    Checkpoint, Clock, Environment, ImportTarget, Instance, ListRequest, Listed, Outcome,
    PlannedChange, Provider, ResourceType,
};
use terraform_provider_aws_workspaces::sim::builtin::*;
use terraform_provider_aws_workspaces::sim::{self, Settings, Simulator};
use terraform_provider_aws_workspaces::tf::plan::Planned;
use terraform_provider_aws_workspaces::tf::{Block, Diagnostics, Nesting, Value, msgpack};
use tokio_util::sync::CancellationToken;

use super::api;
use super::core_rules::{plan_complaints, proposed_new, result_complaints};
pub(crate) use network::Call;
use network::{Inner, Network};
use outcome::Messages;
pub(crate) use outcome::{
    Applied, id, minutes, only_error, only_warning, says, seconds, texts, timeouts,
};

/// When every test begins.
const START: &str = "2026-01-01T00:00:00Z";

impl Network {
    fn new(settings: Settings) -> Self {
        Self(Arc::new(Inner {
            simulator: Simulator::new(settings).unwrap(),
            clock: Clock::starting_at(START.parse().unwrap()),
            start: tokio::time::Instant::now(),
            calls: Mutex::default(),
            rewrite: Mutex::default(),
            is_nameless: AtomicBool::default(),
        }))
    }
}

/// The simulated account, and one configured provider in front of it.
#[derive(Clone)]
pub(crate) struct Desk {
    network: Network,
    pub(crate) provider: Arc<Provider>,
    /// The resource type that the methods are about.
    type_name: &'static str,
}

impl Desk {
    /// A provider block with static keys and the simulator's address.
    pub(crate) async fn new(settings: Settings) -> Self {
        Self::with(settings, &[]).await
    }

    /// The same with arguments in addition to the usual ones, or in their place.
    pub(crate) async fn with(settings: Settings, arguments: &[(&str, Value)]) -> Self {
        Self::on(Network::new(settings), arguments).await
    }

    /// The same in an environment with these variables.
    pub(crate) async fn in_environment(
        settings: Settings,
        variables: &[(&str, &str)],
        arguments: &[(&str, Value)],
    ) -> Self {
        let variables =
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let (desk, diagnostics) =
            Self::configured(Network::new(settings), variables.collect(), arguments).await;
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        desk
    }

    /// The same provider, whose methods are about another resource type.
    pub(crate) fn of(&self, type_name: &'static str) -> Self {
        Self { type_name, ..self.clone() }
    }

    /// Another process of the same provider, with the same account.
    pub(crate) async fn another(&self, arguments: &[(&str, Value)]) -> Self {
        Self::on(self.network.clone(), arguments).await
    }

    async fn on(network: Network, arguments: &[(&str, Value)]) -> Self {
        let (desk, diagnostics) = Self::configured(network, Environment::new(), arguments).await;
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        desk
    }

    /// Another process, and what configuring it says.
    pub(crate) async fn configuring(&self, arguments: &[(&str, Value)]) -> Diagnostics {
        self.configuring_in(&[], arguments).await
    }

    /// The same in an environment with these variables.
    pub(crate) async fn configuring_in(
        &self,
        variables: &[(&str, &str)],
        arguments: &[(&str, Value)],
    ) -> Diagnostics {
        let variables =
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Self::configured(self.network.clone(), variables.collect(), arguments).await.1
    }

    async fn configured(
        network: Network,
        environment: Environment,
        arguments: &[(&str, Value)],
    ) -> (Self, Diagnostics) {
        let client = SharedHttpClient::new(network.clone());
        let provider = Provider::new(environment, network.0.clock, Some(client));
        let mut block = empty(&provider.schema().block);
        let address = Value::from("http://simulator.invalid");
        let endpoints = ["workspaces", "sts", "resourcegroupstaggingapi"];
        let endpoints = Value::object(endpoints.map(|service| (service, address.clone())));
        block.set("region", STANDBY_REGION.into());
        block.set("access_key", "AKIDEXAMPLE".into());
        block.set("secret_key", "secret".into());
        block.set("endpoints", Value::List(vec![endpoints]));
        for (name, value) in arguments {
            block.set(name, value.clone());
        }
        let diagnostics = provider.configure("1.9.0", &block).await;
        let desk =
            Self { network, provider: Arc::new(provider), type_name: "aws_workspaces_standby" };
        (desk, diagnostics)
    }

    /// From now on answers come without the id that AWS gives each request.
    pub(crate) fn answers_without_request_ids(&self) {
        self.network.0.is_nameless.store(true, Ordering::Relaxed);
    }

    /// Asks the simulator's endpoints for tests.
    #[track_caller]
    pub(crate) fn control(&self, method: &str, path: &str, body: &Json) -> Json {
        let request = Request::builder().method(method).uri(format!("/_simulator/{path}"));
        let request = request.body(Bytes::from(body.to_string())).unwrap();
        self.ask(&request, path)
    }

    /// Calls the API as somebody else would. Not counted among the provider's calls.
    #[track_caller]
    pub(crate) fn api(&self, region: &str, operation: &str, body: &Json) -> Json {
        self.ask(&api::request(region, operation, body), operation)
    }

    #[track_caller]
    fn ask(&self, request: &Request<Bytes>, what: &str) -> Json {
        let Network(inner) = &self.network;
        match inner.simulator.respond(request, inner.clock.now()).outcome {
            sim::Outcome::Response(response) => {
                let body: Json = serde_json::from_slice(response.body()).unwrap();
                assert!(response.status().is_success(), "{what}: {body}");
                body
            }
            sim::Outcome::Reset => panic!("{what} was reset"),
        }
    }

    /// Replaces the faults in force.
    #[track_caller]
    pub(crate) fn faults(&self, faults: &[&str]) {
        self.control("POST", "faults", &json!({"Faults": faults}));
    }

    /// Puts a WorkSpace of the standby Region in a state.
    #[track_caller]
    pub(crate) fn force(&self, id: &str, state: &str) {
        let body = match state {
            "ERROR" | "UNHEALTHY" | "IMPAIRED" => json!({
                "State": state, "ErrorCode": "Broken.Code", "ErrorMessage": "It is broken",
            }),
            _ => json!({"State": state}),
        };
        self.control("POST", &format!("workspaces/{STANDBY_REGION}/{id}"), &body);
    }

    /// Makes a WorkSpace of the standby Region vanish.
    #[track_caller]
    pub(crate) fn vanish(&self, id: &str) {
        self.control("DELETE", &format!("workspaces/{STANDBY_REGION}/{id}"), &json!({}));
    }

    /// Every standby of a primary that exists, visible or not, with its Region.
    #[track_caller]
    pub(crate) fn standbys_of(&self, primary: &str) -> Vec<String> {
        let all = self.control("GET", "workspaces", &json!({}));
        let all = all["Workspaces"].as_array().unwrap().clone();
        let of_primary = all.into_iter().filter(|workspace| {
            let related = &workspace["RelatedWorkspaces"][0];
            related["Type"] == "PRIMARY" && related["WorkspaceId"] == primary
        });
        of_primary.map(|workspace| workspace["WorkspaceId"].as_str().unwrap().to_owned()).collect()
    }

    /// Changes the answers on their way to the provider.
    pub(crate) fn rewrite(
        &self,
        with: impl Fn(&Call, &str) -> Option<String> + Send + Sync + 'static,
    ) {
        *self.network.0.rewrite.lock().unwrap() = Some(Box::new(with));
    }

    /// The provider's calls of one operation so far.
    pub(crate) fn calls(&self, operation: &str) -> Vec<Call> {
        let calls = self.network.0.calls.lock().unwrap();
        calls.iter().filter(|call| call.operation == operation).cloned().collect()
    }

    /// Every call of the provider so far, by operation and Region, STS left out.
    pub(crate) fn all_calls(&self) -> Vec<(String, String)> {
        let calls = self.network.0.calls.lock().unwrap();
        let calls = calls.iter().filter(|call| call.operation != "STS");
        calls.map(|call| (call.operation.clone(), call.region.clone())).collect()
    }

    /// Starts the record of calls again from nothing.
    pub(crate) fn forget_calls(&self) {
        self.network.0.calls.lock().unwrap().clear();
    }

    /// A configuration with everything absent but the arguments given.
    pub(crate) fn config(&self, arguments: &[(&str, Value)]) -> Value {
        configured(self.block(), arguments)
    }

    /// The configuration of an ordinary standby of this primary, with more arguments.
    pub(crate) fn standby(&self, primary: &str, more: &[(&str, Value)]) -> Value {
        let mut config = self.config(&[
            ("primary_workspace_id", primary.into()),
            ("primary_region", PRIMARY_REGION.into()),
            ("directory_id", STANDBY_DIRECTORY_ID.into()),
        ]);
        for (name, value) in more {
            config.set(name, value.clone());
        }
        config
    }

    fn resource(&self) -> &ResourceType {
        let mut all = self.provider.resources().iter();
        all.find(|of| of.name == self.type_name).unwrap()
    }

    fn block(&self) -> &'static Block {
        &self.resource().schema.block
    }

    /// Plans as Terraform core does, and holds the plan to core's rules.
    pub(crate) async fn plan(&self, prior: &Instance, config: &Value) -> PlannedChange {
        let of = self.resource();
        let proposed = proposed_new(self.block(), &prior.state, config);
        let planned = self.provider.plan(of, prior.clone(), proposed, config.clone()).await;
        if !planned.diagnostics.has_errors() && !config.is_null() {
            let state = planned.instance.state.clone();
            let requires_replace = planned.requires_replace.clone();
            let plain = Planned { state, requires_replace };
            let complaints = plan_complaints(self.block(), &prior.state, config, &plain);
            assert!(complaints.is_empty(), "core would refuse the plan: {complaints:?}");
        }
        planned
    }

    /// Plans and applies; what comes of it must be what was planned. A null configuration destroys.
    pub(crate) async fn apply(
        &self,
        prior: &Instance,
        config: &Value,
        stop: &CancellationToken,
    ) -> Applied {
        let checkpoint = Checkpoint::new();
        self.apply_with(prior, config, &checkpoint, stop).await
    }

    /// The same with a checkpoint that the test looks into.
    pub(crate) async fn apply_with(
        &self,
        prior: &Instance,
        config: &Value,
        checkpoint: &Checkpoint,
        stop: &CancellationToken,
    ) -> Applied {
        let planned = self.plan(prior, config).await;
        assert!(!planned.diagnostics.has_errors(), "{:?}", planned.diagnostics);
        assert!(planned.requires_replace.is_empty(), "{:?}", planned.requires_replace);
        let started = tokio::time::Instant::now();
        let of = self.resource();
        let state = planned.instance.state.clone();
        let outcome = self
            .provider
            .apply(of, prior.state.clone(), planned.instance, config.clone(), checkpoint, stop)
            .await;
        let took = started.elapsed();
        assert!(outcome.instance.state.is_wholly_known(), "{:?}", outcome.instance.state);
        if !outcome.diagnostics.has_errors() {
            let complaints = result_complaints(self.block(), &state, &outcome.instance.state);
            assert!(complaints.is_empty(), "core would refuse the result: {complaints:?}");
        }
        Applied { outcome, checkpoint: checkpoint.take(), took }
    }

    /// Creates, with nobody asking to stop.
    pub(crate) async fn create(&self, config: &Value) -> Applied {
        self.apply(&Instance::absent(), config, &CancellationToken::new()).await
    }

    /// Creates, which must succeed.
    pub(crate) async fn created(&self, config: &Value) -> Instance {
        self.create(config).await.succeeded()
    }

    /// Updates, with nobody asking to stop.
    pub(crate) async fn update(&self, prior: &Instance, config: &Value) -> Applied {
        self.apply(prior, config, &CancellationToken::new()).await
    }

    /// Destroys, with nobody asking to stop.
    pub(crate) async fn delete(&self, prior: &Instance) -> Applied {
        self.apply(prior, &Value::Null, &CancellationToken::new()).await
    }

    /// Reads a data source whose configuration sets these arguments and no other, and checks that
    /// its answer holds what was configured.
    pub(crate) async fn data(
        &self,
        name: &str,
        arguments: &[(&str, Value)],
    ) -> Result<Value, Diagnostics> {
        let (state, warnings) = self.data_and_warnings(name, arguments).await?;
        assert!(warnings.is_empty(), "{warnings:?}");
        Ok(state)
    }

    /// The same for a read that may warn.
    pub(crate) async fn data_and_warnings(
        &self,
        name: &str,
        arguments: &[(&str, Value)],
    ) -> Result<(Value, Diagnostics), Diagnostics> {
        let of = self.provider.data_sources().iter().find(|of| of.name == name).unwrap();
        let config = configured(&of.schema.block, arguments);
        let found = self.provider.validate_data_source(of, &config);
        assert!(found.is_empty(), "{found:?}");
        let (state, warnings) = self.provider.read_data_source(of, &config).await?;
        assert!(state.is_wholly_known(), "{state:?}");
        assert!(msgpack::encode(&state, &of.schema.value_type()).is_ok(), "{state:?}");
        for (name, value) in arguments {
            assert_eq!(state.get(name), value, "{name}");
        }
        Ok((state, warnings))
    }

    /// Lists with these arguments in the `config` block, at most `limit`.
    pub(crate) fn list(
        &self,
        arguments: &[(&str, Value)],
        include_resource: bool,
        limit: usize,
    ) -> impl Stream<Item = Result<Listed, Diagnostics>> + Send {
        let of =
            self.provider.list_resources().iter().find(|of| of.name == self.type_name).unwrap();
        let configuration = configured(&of.schema.block, arguments);
        assert!(self.provider.validate_list_resource(of, &configuration).is_empty());
        self.provider.list(of, ListRequest { configuration, include_resource, limit })
    }

    /// Invokes an action with these arguments: its messages, and what it says at the end.
    pub(crate) async fn invoke(
        &self,
        name: &str,
        arguments: &[(&str, Value)],
    ) -> (Vec<String>, Diagnostics) {
        let of = self.provider.actions().iter().find(|of| of.name == name).unwrap();
        let config = configured(&of.schema.block, arguments);
        let found = self.provider.validate_action(of, &config);
        assert!(found.is_empty(), "{found:?}");
        let messages = Messages::default();
        let diagnostics = self.provider.invoke(of, &config, &messages).await;
        (messages.0.into_inner().unwrap(), diagnostics)
    }

    /// Imports, and reads as Terraform does right after.
    pub(crate) async fn imported(&self, id: &str) -> Instance {
        let of = self.resource();
        let found = self.provider.import(of, ImportTarget::Id(id.to_owned())).await;
        assert!(found.diagnostics.is_empty(), "{:?}", found.diagnostics);
        let read = self.read(&found.instance).await;
        assert!(read.diagnostics.is_empty(), "{:?}", read.diagnostics);
        read.instance
    }

    /// Reads.
    pub(crate) async fn read(&self, prior: &Instance) -> Outcome {
        self.provider.read(self.resource(), prior.clone()).await
    }
}

/// A block in which these arguments are set and no other.
fn configured(block: &Block, arguments: &[(&str, Value)]) -> Value {
    let mut config = empty(block);
    for (name, value) in arguments {
        assert!(config.as_entries().unwrap().contains_key(*name), "{name}");
        config.set(name, value.clone());
    }
    config
}

/// A block in which nothing is set.
fn empty(block: &Block) -> Value {
    let mut value =
        Value::object(block.attributes.iter().map(|attribute| (attribute.name, Value::Null)));
    for nested in &block.blocks {
        let none = match nested.nesting {
            Nesting::Single => Value::Null,
            Nesting::List { .. } => Value::List(Vec::new()),
        };
        value.set(nested.name, none);
    }
    value
}
