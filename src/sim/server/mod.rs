//! The listener: connections, their limits, and what may ask.

mod body;
mod events;
mod guard;

use std::future::Future;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use jiff::Timestamp;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use super::Error;
use super::reply::{Outcome, Reply};
use super::simulator::Simulator;
use super::tls::{self, CaFile, Tls};
use super::world::{Accepted, Arrival};
use body::Body;
use guard::Guard;

/// How long no connection is accepted after one could not be.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// The largest body that is read, in bytes; the largest request of the API is far below it.
const MOST_BODY: usize = 1024 * 1024;

/// How many connections are served at a time, and how long one may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Open connections; more wait until one of these is closed.
    pub connections: usize,
    /// The longest that a client may take for a TLS handshake, for the body of a request, and for
    /// the head of the next one, idle time included.
    pub read: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        // Clients keep an idle connection for 90 seconds and should be the ones that close it.
        Self { connections: 512, read: Duration::from_secs(100) }
    }
}

/// A simulator that is bound to its address and not served yet.
#[derive(Debug)]
pub struct Listening {
    simulator: Simulator,
    listener: TcpListener,
    address: SocketAddr,
    tls: Option<(Acceptor, CaFile)>,
    guard: Guard,
    limits: Limits,
}

/// Binds the simulator to a loopback address; port 0 takes a free one.
///
/// # Errors
/// The address is not a loopback address or is taken, or the certificates cannot be made or
/// written.
pub async fn listen(
    simulator: Simulator,
    address: SocketAddr,
    tls: Option<Tls>,
) -> Result<Listening, Error> {
    listen_for(simulator, address, tls, &[]).await
}

/// As [`listen`], for clients that use these host names too. With one, any address is allowed, for
/// example in a container; the simulator then answers everyone who can reach the address.
///
/// # Errors
/// As [`listen`].
pub async fn listen_for(
    simulator: Simulator,
    address: SocketAddr,
    tls: Option<Tls>,
    hosts: &[String],
) -> Result<Listening, Error> {
    if hosts.is_empty() && !address.ip().is_loopback() {
        return Err(Error::NotLoopback(address));
    }
    let tls = tls.as_ref().map(tls::acceptor).transpose()?;
    let tls = tls.map(|(acceptor, file)| (Acceptor(acceptor), file));
    let unable = |source: std::io::Error| match source.kind() {
        std::io::ErrorKind::AddrInUse => Error::InUse(address),
        _ => Error::Listen { address, source },
    };
    let listener = TcpListener::bind(address).await.map_err(unable)?;
    let address = listener.local_addr().map_err(unable)?;
    let guard = Guard::new(hosts);
    Ok(Listening { simulator, listener, address, tls, guard, limits: Limits::default() })
}

impl Listening {
    /// The address that was bound, with its real port.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What to give a client as its endpoint, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// The PEM file of the private CA, when HTTPS is served. A temporary one lasts until
    /// [`Listening::serve`] ends.
    #[must_use]
    pub fn ca_certificate_path(&self) -> Option<&Path> {
        match &self.tls.as_ref()?.1 {
            CaFile::Temporary(path) => Some(path),
            CaFile::Kept(path) => Some(path),
        }
    }

    /// Serves within these limits instead of the default ones.
    #[must_use]
    pub fn within(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Serves until `shutdown` is ready, then drops the connections that are still open.
    ///
    /// The only place of the simulator that reads the clock.
    pub async fn serve(self, shutdown: impl Future<Output = ()>) {
        let mut connections = JoinSet::new();
        let mut shutdown = std::pin::pin!(shutdown);
        let acceptor = self.tls.as_ref().map(|(acceptor, _)| acceptor.0.clone());
        let front =
            Front { simulator: self.simulator, guard: self.guard.into(), limits: self.limits };
        loop {
            let has_room = connections.len() < self.limits.connections;
            tokio::select! {
                () = &mut shutdown => return,
                accepted = self.listener.accept(), if has_room => match accepted {
                    Ok((stream, _)) => {
                        front.simulator.count_connection();
                        connections.spawn(front.clone().connection(stream, acceptor.clone()));
                    }
                    Err(error) => {
                        tracing::debug!(%error, "a connection was not accepted");
                        // Without a free descriptor the next attempt fails at once, too.
                        tokio::time::sleep(ACCEPT_PAUSE).await;
                    }
                },
                Some(_) = connections.join_next() => {},
            }
        }
    }
}

/// A TLS acceptor, which has no `Debug` of its own.
struct Acceptor(TlsAcceptor);

impl std::fmt::Debug for Acceptor {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Acceptor")
    }
}

/// What every connection needs.
#[derive(Clone)]
struct Front {
    simulator: Simulator,
    guard: Arc<Guard>,
    limits: Limits,
}

impl Front {
    async fn connection(self, stream: TcpStream, acceptor: Option<TlsAcceptor>) {
        // Answers are small, and a client that sends the next request at once should not wait for
        // the last.
        let _ = stream.set_nodelay(true);
        let Some(acceptor) = acceptor else { return self.exchange(stream).await };
        match timeout(self.limits.read, acceptor.accept(stream)).await {
            Ok(Ok(stream)) => self.exchange(stream).await,
            Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake with the simulator failed"),
            Err(_) => tracing::debug!("a TLS handshake with the simulator took too long"),
        }
    }

    async fn exchange(self, stream: impl AsyncRead + AsyncWrite + Unpin) {
        let service = service_fn(|request| self.answer(request));
        let served = hyper::server::conn::http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.read)
            .serve_connection(TokioIo::new(stream), service)
            .await;
        if let Err(error) = served {
            tracing::debug!(%error, "a connection to the simulator ended early");
        }
    }

    async fn answer(&self, request: Request<Incoming>) -> Result<Response<Body>, ConnectionReset> {
        let (head, body) = request.into_parts();
        if let Some(objection) = self.guard.objection(&head.headers) {
            return Ok(plain(StatusCode::FORBIDDEN, objection));
        }
        let read = timeout(self.limits.read, Limited::new(body, MOST_BODY).collect()).await;
        let body = match read {
            Ok(Ok(body)) => body.to_bytes(),
            Ok(Err(_)) => {
                return Ok(plain(StatusCode::PAYLOAD_TOO_LARGE, "The body is too large."));
            }
            Err(_) => return Ok(plain(StatusCode::REQUEST_TIMEOUT, "The body took too long.")),
        };
        let request = Request::from_parts(head, body);
        if request.method() == Method::GET && request.uri().path() == "/_simulator/events" {
            return Ok(events::response(self.simulator.clone()));
        }
        let reply = match self.simulator.arrive(&request, Timestamp::now()) {
            Arrival::Answered(reply) => reply,
            Arrival::Accepted(accepted) if accepted.wait().is_zero() => {
                self.simulator.carry_out(&accepted, Timestamp::now())
            }
            Arrival::Accepted(accepted) => {
                carry_out_later(self.simulator.clone(), accepted).await?
            }
        };
        if !reply.after.is_zero() {
            tokio::time::sleep(reply.after).await;
        }
        match (reply.outcome, reply.drip) {
            (Outcome::Response(response), None) => Ok(response.map(body::whole)),
            (Outcome::Response(response), Some(pause)) => {
                Ok(response.map(|bytes| body::dripping(bytes, pause)))
            }
            (Outcome::Reset, _) => Err(ConnectionReset),
        }
    }
}

/// Makes hyper close the connection without an answer.
#[derive(Debug, thiserror::Error)]
#[error("an injected fault resets this connection")]
struct ConnectionReset;

/// Carries a call out after its wait, even if the client hangs up in the meantime, as a service
/// does.
async fn carry_out_later(
    simulator: Simulator,
    accepted: Accepted,
) -> Result<Reply, ConnectionReset> {
    let later = tokio::spawn(async move {
        tokio::time::sleep(accepted.wait()).await;
        simulator.carry_out(&accepted, Timestamp::now())
    });
    later.await.map_err(|_| ConnectionReset)
}

fn plain(status: StatusCode, message: impl Into<String>) -> Response<Body> {
    let mut response = Response::new(body::whole((message.into() + "\n").into()));
    *response.status_mut() = status;
    response
}
