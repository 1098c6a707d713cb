//! Providers that this process serves to Terraform.

use terraform_provider_aws_workspaces::plugin;
use terraform_provider_aws_workspaces::rpc::proto::provider_server::{Provider, ProviderServer};
use tokio::net::UnixListener;
use tokio_stream::wrappers::UnixListenerStream;
use tonic::transport::Server;

use super::background::Background;

/// A provider that is served by a thread of its own until this is dropped.
pub(crate) struct Reattached {
    /// The value of `TF_REATTACH_PROVIDERS`.
    pub(crate) variable: String,
    _server: Background,
    _folder: tempfile::TempDir,
}

impl Reattached {
    /// Serves the provider at this address of a registry.
    pub(crate) fn start(address: &str, provider: impl Provider) -> Self {
        // Short, because a path of a socket must fit into 108 bytes.
        let folder = tempfile::Builder::new().prefix("re").tempdir_in("/tmp").unwrap();
        let socket = folder.path().join("socket");
        let variable = plugin::reattach(address, "unix", socket.to_str().unwrap());
        let (server, ()) = Background::start(|told, stopped| async move {
            let listener = UnixListener::bind(&socket).expect("a new socket");
            told.send(()).expect("somebody waits for it");
            let stopped = async {
                let _ = stopped.await;
            };
            let server = Server::builder().add_service(ProviderServer::new(provider));
            let served =
                server.serve_with_incoming_shutdown(UnixListenerStream::new(listener), stopped);
            served.await.expect("the socket accepts connections");
        });
        Self { variable, _server: server, _folder: folder }
    }
}
