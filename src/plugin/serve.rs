use std::{
    collections::BTreeMap,
    io::{self, Write},
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use tokio::{sync::watch, time};
use tokio_rustls::rustls::ServerConfig;
use tokio_util::sync::CancellationToken;
use tonic::{service::Routes, transport};

#[cfg(unix)]
use super::leftovers;
use super::{
    Error, connections,
    handshake::{ListenSettings, Negotiated},
    listen::{Listener, SocketDirectory},
    reattach, services,
    signals::Signals,
    tls::Tls,
};

/// How long to wait after Shutdown until the client has read the response and closed the connection.
/// The client kills the process after 2 s, and the user waits for each process of a run.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_millis(200);

/// How often to check whether Terraform still runs. An orphaned plugin uses almost no resources.
const PARENT_INTERVAL: Duration = Duration::from_secs(1);

/// A provider and its process.
pub struct Plugin<'a> {
    /// The full address of the provider, such as `registry.terraform.io/namespace/name`. Only
    /// [`serve_debug`] uses it.
    pub provider_address: &'a str,
    /// The environment of the process.
    pub environment: &'a BTreeMap<String, String>,
    /// The gRPC services of the provider, with their message size limits.
    pub routes: Routes,
    /// Stops the calls in flight and resolves when they have ended. It runs when a signal ends the
    /// process, so that Terraform can store what the calls have done.
    pub drain: Pin<Box<dyn Future<Output = ()> + Send>>,
}

/// Serves Terraform, which started this process, until Terraform calls Shutdown or exits.
///
/// SIGTERM or SIGHUP stops the calls in flight. Terraform does not know of the signal and calls on, so
/// the process answers each later call with an error until Terraform closes its connections. A second
/// signal ends the process at once.
///
/// Requests may still be in flight when this returns. The caller must then end the process with
/// [`std::process::exit`]: dropping the runtime would wait for blocked threads.
///
/// # Errors
/// The plugin cannot listen: see [`Error`]. Standard output is then empty.
pub async fn serve(plugin: Plugin<'_>) -> Result<(), Error> {
    let parent = parent();
    let mut signals = Signals::install()?;
    let negotiated = Negotiated::from_environment(plugin.environment)?;
    let tls = negotiated.client_certificate.clone().map(Tls::new).transpose()?;
    let listener = Listener::bind(&negotiated.listen, tls.is_some())?;

    let certificate = tls.as_ref().map(|tls| tls.certificate.as_ref()).unwrap_or_default();
    announce(&negotiated.line(listener.network, &listener.address, certificate))?;

    #[cfg(unix)]
    if let Some(directory) = &listener.directory {
        let parent = directory.parent();
        tokio::task::spawn_blocking(move || leftovers::remove(&parent));
    }
    let server = Server::start(plugin.routes, listener, tls.map(|tls| tls.config)).await;
    tokio::select! {
        () = server.shut_down() => tracing::debug!("Terraform has shut down the provider"),
        () = signals.terminated() => {
            tracing::debug!("a signal stops the provider");
            let unused = async {
                plugin.drain.await;
                server.unused().await;
            };
            tokio::select! {
                () = unused => {}
                () = server.shut_down() => {}
                () = server.orphaned(parent) => {}
                () = signals.terminated() => tracing::warn!("a second signal ends the provider"),
            }
        }
        () = server.orphaned(parent) => tracing::debug!("Terraform no longer runs, so the provider exits"),
    }
    Ok(())
}

/// Serves any number of Terraform runs until Ctrl-C, on a Unix socket that only this user can access:
/// Terraform does not use TLS here. Writes the variable for Terraform to standard output, and
/// instructions to standard error.
///
/// # Errors
/// As [`serve`]. The system has no Unix sockets, or no directory is private.
pub async fn serve_debug(plugin: Plugin<'_>) -> Result<(), Error> {
    let mut signals = Signals::install()?;
    let settings = ListenSettings::from_environment(plugin.environment)?;
    // Terraform does not use TLS with a provider that it attaches to.
    let listener = Listener::bind(&settings, false)?;
    let assignment =
        reattach::assignment(plugin.provider_address, listener.network, &listener.address);

    let server = Server::start(plugin.routes, listener, None).await;
    let hint = "Provider started. To attach Terraform, set the following environment variable. Press Ctrl-C to stop the provider.\n";
    // Standard error may be closed.
    let _ = io::stderr().lock().write_all(hint.as_bytes());
    announce(&assignment)?;
    tokio::select! {
        () = server.shut_down() => {}
        () = signals.interrupted() => {}
    }
    Ok(())
}

/// Writes the only line on standard output.
fn announce(line: &str) -> Result<(), Error> {
    let mut stdout = io::stdout().lock();
    stdout
        .write_all(format!("{line}\n").as_bytes())
        .and_then(|()| stdout.flush())
        .map_err(Error::Announce)
}

/// A running gRPC server. Dropping it removes its socket.
struct Server {
    shutdown: CancellationToken,
    open_connections: watch::Receiver<usize>,
    _socket: SocketDirectory,
}

impl Server {
    async fn start(routes: Routes, listener: Listener, tls: Option<Arc<ServerConfig>>) -> Self {
        let shutdown = CancellationToken::new();
        let routes = services::add(routes, &shutdown).await;
        let (connections, open_connections) = connections::accept(listener.acceptor, tls);
        let router = transport::Server::builder().add_routes(routes);
        tokio::spawn(router.serve_with_incoming(connections));
        Self { shutdown, open_connections, _socket: listener.directory }
    }

    /// Waits until the client has called Shutdown and closed its connections: it has then read the
    /// response.
    async fn shut_down(&self) {
        self.shutdown.cancelled().await;
        let mut open = self.open_connections.clone();
        // The process exits even if a connection is still open.
        let _elapsed = time::timeout(SHUTDOWN_TIMEOUT, open.wait_for(|open| *open == 0)).await;
    }

    /// Waits until the client has closed its connections.
    async fn unused(&self) {
        // This cannot fail while the server accepts connections.
        let _ = self.open_connections.clone().wait_for(|open| *open == 0).await;
    }

    /// Waits until there is no connection and the parent process has changed.
    async fn orphaned(&self, first_parent: u32) {
        let mut interval = time::interval(PARENT_INTERVAL);
        loop {
            interval.tick().await;
            if *self.open_connections.borrow() == 0 && parent() != first_parent {
                return;
            }
        }
    }
}

/// The parent process. On Windows, which does not reparent processes, it never changes.
fn parent() -> u32 {
    #[cfg(unix)]
    return std::os::unix::process::parent_id();
    #[cfg(not(unix))]
    return 0;
}
