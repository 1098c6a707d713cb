//! What the SDK takes for its HTTP client.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http::{Request, Response};
use serde_json::Value as Json;
use terraform_provider_aws_workspaces::provider::Clock;
use terraform_provider_aws_workspaces::sim::{self, Simulator};

/// One request as it left the provider.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) operation: String,
    pub(crate) region: String,
    /// Scheme, host and port.
    pub(crate) address: String,
    /// Time since the desk was made.
    pub(crate) at: Duration,
    /// The JSON body; null for STS.
    pub(crate) body: Json,
}

impl Call {
    fn of(request: &Request<Bytes>, at: Duration) -> Self {
        let header = |name: &str| {
            request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
        };
        let target = header("x-amz-target");
        let operation = target.rsplit('.').next().filter(|name| !name.is_empty());
        let region = header("authorization").split('/').nth(2).unwrap_or_default().to_owned();
        Self {
            operation: operation.unwrap_or("STS").to_owned(),
            region,
            address: format!(
                "{}://{}",
                request.uri().scheme_str().unwrap_or_default(),
                request.uri().authority().map_or("", |authority| authority.as_str())
            ),
            at,
            body: serde_json::from_slice(request.body()).unwrap_or_default(),
        }
    }

    /// The ids asked for, where a list of ids was.
    pub(crate) fn ids(&self) -> Vec<&str> {
        let ids = self.body["WorkspaceIds"].as_array();
        ids.into_iter().flatten().filter_map(Json::as_str).collect()
    }
}

/// Changes an answer of the simulator on its way, or leaves it.
pub(super) type Rewrite = dyn Fn(&Call, &str) -> Option<String> + Send + Sync;

/// What stands in for the network.
#[derive(Clone)]
pub(super) struct Network(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub(super) simulator: Simulator,
    pub(super) clock: Clock,
    pub(super) start: tokio::time::Instant,
    pub(super) calls: Mutex<Vec<Call>>,
    pub(super) rewrite: Mutex<Option<Box<Rewrite>>>,
    /// Whether answers come without the id that AWS gives each request.
    pub(super) is_nameless: AtomicBool,
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Network")
    }
}

impl HttpClient for Network {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        _components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let network = self.clone();
        SharedHttpConnector::new(Connector { network, read_timeout: settings.read_timeout() })
    }
}

#[derive(Debug)]
struct Connector {
    network: Network,
    read_timeout: Option<Duration>,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (network, read_timeout) = (self.network.clone(), self.read_timeout);
        HttpConnectorFuture::new(async move { network.carry(request, read_timeout).await })
    }
}

impl Network {
    async fn carry(
        &self,
        request: HttpRequest,
        read_timeout: Option<Duration>,
    ) -> Result<HttpResponse, ConnectorError> {
        let request = request.try_into_http1x().expect("a request that HTTP can carry");
        let request =
            request.map(|body| Bytes::copy_from_slice(body.bytes().expect("a body in memory")));
        let call = Call::of(&request, self.0.start.elapsed());
        self.0.calls.lock().unwrap().push(call.clone());
        let reply = self.0.simulator.respond(&request, self.0.clock.now());
        if let Some(limit) = read_timeout.filter(|limit| *limit < reply.after) {
            tokio::time::sleep(limit).await;
            return Err(ConnectorError::timeout("no answer within the read timeout".into()));
        }
        if !reply.after.is_zero() {
            tokio::time::sleep(reply.after).await;
        }
        match reply.outcome {
            sim::Outcome::Response(response) => Ok(self.deliver(&call, response)),
            sim::Outcome::Reset => {
                let reset = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
                Err(ConnectorError::io(reset.into()))
            }
        }
    }

    fn deliver(&self, call: &Call, response: Response<Bytes>) -> HttpResponse {
        let rewrite = self.0.rewrite.lock().unwrap();
        let response = response.map(|body| {
            let text = std::str::from_utf8(&body).expect("answers are text");
            let changed = rewrite.as_ref().and_then(|rewrite| rewrite(call, text));
            SdkBody::from(changed.unwrap_or_else(|| text.to_owned()))
        });
        let mut response = response;
        if self.0.is_nameless.load(Ordering::Relaxed) {
            response.headers_mut().remove("x-amzn-requestid");
        }
        HttpResponse::try_from(response).expect("an answer that HTTP can carry")
    }
}
