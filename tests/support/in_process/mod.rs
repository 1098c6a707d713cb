//! The provider over the real AWS SDK and the simulated account, in one process and in virtual time.
//!
//! No socket is opened: the SDK's HTTP client is a connector that hands each request to the
//! simulator, with the time that tokio's paused clock shows, and waits as long as the answer takes.

mod network;
mod outcome;
mod steps;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use bytes::Bytes;
use http::Request;
use serde_json::{Value as Json, json};
use terraform_provider_aws_workspaces::provider::{Clock, Environment, Provider};
use terraform_provider_aws_workspaces::sim::builtin::*;
use terraform_provider_aws_workspaces::sim::{self, Settings, Simulator};
use terraform_provider_aws_workspaces::tf::{Diagnostics, Value};

use super::api;
pub(crate) use network::Call;
use network::{Inner, Network};
pub(crate) use outcome::{
    Applied, id, minutes, only_error, only_warning, says, seconds, texts, timeouts,
};
use steps::empty;

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
}
