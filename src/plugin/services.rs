//! The gRPC services that the go-plugin client requires. Only Shutdown has an effect.

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

/// The messages of go-plugin, generated from `proto/plugin.proto`.
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

/// The service name in the health check of the go-plugin client.
const HEALTH_SERVICE: &str = "plugin";

/// Adds the services to those of the provider. `shutdown` is cancelled when the client calls
/// Shutdown, which ends the streams.
pub(super) async fn add(routes: Routes, shutdown: &CancellationToken) -> Routes {
    let health = HealthReporter::new();
    health.set_service_status(HEALTH_SERVICE, ServingStatus::Serving).await;
    routes
        .add_service(GrpcControllerServer::new(Controller(shutdown.clone())))
        .add_service(GrpcStdioServer::new(Stdio(shutdown.clone())))
        .add_service(GrpcBrokerServer::new(Broker(shutdown.clone())))
        .add_service(HealthServer::new(HealthService::from_health_reporter(health)))
}

/// Shuts the process down.
struct Controller(CancellationToken);

#[tonic::async_trait]
impl GrpcController for Controller {
    /// Responds at once. The process exits after the response is sent.
    async fn shutdown(&self, _request: Request<Empty>) -> Result<Response<Empty>, Status> {
        self.0.cancel();
        Ok(Response::new(Empty {}))
    }
}

/// Streams the output of the process, which has none: the stream stays open and empty.
struct Stdio(CancellationToken);

#[tonic::async_trait]
impl GrpcStdio for Stdio {
    async fn stream_stdio(
        &self,
        _request: Request<()>,
    ) -> Result<Response<BoxStream<StdioData>>, Status> {
        let empty = stream::pending().take_until(self.0.clone().cancelled_owned());
        Ok(Response::new(Box::pin(empty)))
    }
}

/// Opens further connections, which a provider does not need: the stream stays open and empty.
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
