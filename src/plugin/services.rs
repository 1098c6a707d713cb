//! The services go-plugin's client expects beside the provider's own. Only Shutdown does anything.

use futures_util::{StreamExt, future, stream};
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status, Streaming, codegen::BoxStream, service::Routes};
use tonic_health::{
    ServingStatus,
    pb::health_server::HealthServer,
    server::{HealthReporter, HealthService},
};

use proto::{
    ConnInfo, Empty, StdioData,
    grpc_broker_server::{GrpcBroker, GrpcBrokerServer},
    grpc_controller_server::{GrpcController, GrpcControllerServer},
    grpc_stdio_server::{GrpcStdio, GrpcStdioServer},
};

/// go-plugin's own messages, generated from `proto/plugin.proto`.
#[expect(
    missing_docs,
    unused_qualifications,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    reason = "generated code"
)]
pub mod proto {
    tonic::include_proto!("plugin");
}

/// The name under which go-plugin's client asks for the plugin's health.
const HEALTH_SERVICE: &str = "plugin";

/// Adds the services to the provider's own. `shutdown` is cancelled when the client calls Shutdown,
/// and ends the streams.
pub(super) async fn beside(routes: Routes, shutdown: &CancellationToken) -> Routes {
    let health = HealthReporter::new();
    health.set_service_status(HEALTH_SERVICE, ServingStatus::Serving).await;
    routes
        .add_service(GrpcControllerServer::new(Controller(shutdown.clone())))
        .add_service(GrpcStdioServer::new(Stdio(shutdown.clone())))
        .add_service(GrpcBrokerServer::new(Broker(shutdown.clone())))
        .add_service(HealthServer::new(HealthService::from_health_reporter(health)))
}

/// Ends the process.
struct Controller(CancellationToken);

#[tonic::async_trait]
impl GrpcController for Controller {
    /// Replies at once; the process ends when the reply is out.
    async fn shutdown(&self, _request: Request<Empty>) -> Result<Response<Empty>, Status> {
        self.0.cancel();
        Ok(Response::new(Empty {}))
    }
}

/// Would carry what the process prints. It prints nothing, so the stream is open and silent.
struct Stdio(CancellationToken);

#[tonic::async_trait]
impl GrpcStdio for Stdio {
    async fn stream_stdio(
        &self,
        _request: Request<()>,
    ) -> Result<Response<BoxStream<StdioData>>, Status> {
        let silence = stream::pending().take_until(self.0.clone().cancelled_owned());
        Ok(Response::new(Box::pin(silence)))
    }
}

/// Would open further connections. A provider needs none, so the stream is open and silent.
struct Broker(CancellationToken);

#[tonic::async_trait]
impl GrpcBroker for Broker {
    async fn start_stream(
        &self,
        request: Request<Streaming<ConnInfo>>,
    ) -> Result<Response<BoxStream<ConnInfo>>, Status> {
        let offers = request.into_inner().take_until(self.0.clone().cancelled_owned());
        Ok(Response::new(Box::pin(offers.filter_map(|_unused| future::ready(None)))))
    }
}
