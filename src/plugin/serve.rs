use std::{
    collections::BTreeMap,
    io::{self, Write},
    pin::Pin,
    process,
    sync::Arc,
    time::Duration,
};

use tokio::{sync::watch, time};
use tokio_rustls::rustls::ServerConfig;
use tokio_util::sync::CancellationToken;
use tonic::{service::Routes, transport};

use super::{
    Error, connections,
    handshake::{Negotiated, Placement},
    listen::{Listener, SocketFolder},
    reattach, services,
    signals::Signals,
    tls::Tls,
};

/// How long after Shutdown the client may take to read the reply and close the connection. It kills
/// the process after 2 s, and a user waits for every process of a run.
const SHUTDOWN_GRACE: Duration = Duration::from_millis(200);

/// How long calls in flight may take to end after a signal: they are to end within 2 s.
const WIND_DOWN_GRACE: Duration = Duration::from_secs(3);

/// How long the answers of those calls may take to be written.
const REPLY_GRACE: Duration = Duration::from_millis(100);

/// How often to look whether Terraform has died. A plugin nobody uses costs nothing but a line in
/// `ps`.
const PARENT_INTERVAL: Duration = Duration::from_secs(1);

/// A provider to serve, and the process it is to be served in.
pub struct Plugin<'a> {
    /// The provider's full address, such as `registry.terraform.io/namespace/name`. Only
    /// [`serve_debug`] tells it.
    pub provider_address: &'a str,
    /// The environment Terraform gave the process.
    pub environment: &'a BTreeMap<String, String>,
    /// The provider's gRPC services, with their message size limits.
    pub routes: Routes,
    /// Asks the calls in flight to end, and is ready when they have; run when a signal ends the
    /// process, so that what they have done so far reaches Terraform's state.
    pub wind_down: Pin<Box<dyn Future<Output = ()> + Send>>,
}

/// Serves Terraform, which started this process: from the handshake until it calls Shutdown,
/// SIGTERM or SIGHUP arrives, or Terraform has died.
///
/// Requests may still be in flight when this returns. The caller is to end the process at once,
/// with [`std::process::exit`] rather than by dropping the runtime, which would wait for blocked
/// threads.
///
/// # Errors
/// Whatever keeps the plugin from listening: see [`Error`]. Nothing is on standard output then.
pub async fn serve(plugin: Plugin<'_>) -> Result<(), Error> {
    let parent = parent();
    let mut signals = Signals::take()?;
    let negotiated = Negotiated::from_environment(plugin.environment)?;
    let tls = negotiated.client_certificate.clone().map(Tls::new).transpose()?;
    let listener = Listener::bind(&negotiated.placement)?;

    let certificate = tls.as_ref().map(|tls| tls.certificate.as_ref()).unwrap_or_default();
    announce(&negotiated.line(listener.network, &listener.address, certificate))?;

    let server = Server::start(plugin.routes, listener, tls.map(|tls| tls.config)).await;
    tokio::select! {
        () = server.shut_down() => tracing::debug!("Terraform has ended the provider"),
        () = signals.terminated() => {
            tracing::debug!("a signal ends the provider");
            // Elapsed or not, the process ends now.
            let _elapsed = time::timeout(WIND_DOWN_GRACE, plugin.wind_down).await;
            time::sleep(REPLY_GRACE).await;
        }
        () = server.abandoned(parent) => tracing::debug!("Terraform has gone, so the provider ends"),
    }
    Ok(())
}

/// Serves any number of Terraform runs, without TLS, until Ctrl-C. What to tell Terraform is
/// written to standard output, what to do with it to standard error.
///
/// # Errors
/// As [`serve`].
pub async fn serve_debug(plugin: Plugin<'_>) -> Result<(), Error> {
    let mut signals = Signals::take()?;
    let listener = Listener::bind(&Placement::from_environment(plugin.environment)?)?;
    let assignment = reattach::assignment(
        plugin.provider_address,
        process::id(),
        listener.network,
        &listener.address,
    );

    let server = Server::start(plugin.routes, listener, None).await;
    let hint = "The provider is running. Set the following variable where you run Terraform; Ctrl-C ends the provider.\n";
    // Whoever closed standard error does not want the hint.
    let _ = io::stderr().lock().write_all(hint.as_bytes());
    announce(&assignment)?;
    tokio::select! {
        () = server.shut_down() => {}
        () = signals.interrupted() => {}
    }
    Ok(())
}

/// Writes the only line there ever is on standard output.
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
    open: watch::Receiver<usize>,
    _socket: SocketFolder,
}

impl Server {
    async fn start(routes: Routes, listener: Listener, tls: Option<Arc<ServerConfig>>) -> Self {
        let shutdown = CancellationToken::new();
        let routes = services::beside(routes, &shutdown).await;
        let (connections, open) = connections::accept(listener.acceptor, tls);
        let router = transport::Server::builder().add_routes(routes);
        tokio::spawn(router.serve_with_incoming(connections));
        Self { shutdown, open, _socket: listener.folder }
    }

    /// Waits for the client to call Shutdown, and then until it has closed its connections: the
    /// reply is out then.
    async fn shut_down(&self) {
        self.shutdown.cancelled().await;
        let mut open = self.open.clone();
        // Late or not, the end is the same.
        let _ = time::timeout(SHUTDOWN_GRACE, open.wait_for(|open| *open == 0)).await;
    }

    /// Waits until there is no connection and the process has another parent than at the start.
    async fn abandoned(&self, first_parent: u32) {
        let mut interval = time::interval(PARENT_INTERVAL);
        loop {
            interval.tick().await;
            if *self.open.borrow() == 0 && parent() != first_parent {
                return;
            }
        }
    }
}

/// The process that started this one, or that adopted it. Windows adopts nothing, so there it never
/// changes.
fn parent() -> u32 {
    #[cfg(unix)]
    return std::os::unix::process::parent_id();
    #[cfg(not(unix))]
    return 0;
}
