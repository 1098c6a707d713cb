use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use http::{Request, Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, Limited, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use super::Error;
use super::reply::{Outcome, Reply};
use super::simulator::Simulator;
use super::tls::{self, CaFile};
use super::world::{Accepted, Arrival};

/// The largest body that is read, in bytes; the largest request of the API is far below it.
const MOST_BODY: usize = 1024 * 1024;

/// How to serve HTTPS.
#[derive(Clone, Debug, Default)]
pub struct Tls {
    /// Where to write the certificate of the private CA; a temporary file, deleted at the end, when
    /// absent.
    pub ca_certificate_file: Option<PathBuf>,
}

/// A simulator that is bound to its address and not served yet.
#[derive(Debug)]
pub struct Listening {
    simulator: Simulator,
    listener: TcpListener,
    address: SocketAddr,
    tls: Option<(Acceptor, CaFile)>,
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
    if !address.ip().is_loopback() {
        return Err(Error::NotLoopback(address));
    }
    let tls = tls.as_ref().map(tls::acceptor).transpose()?;
    let tls = tls.map(|(acceptor, file)| (Acceptor(acceptor), file));
    let unable = |source| Error::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(unable)?;
    let address = listener.local_addr().map_err(unable)?;
    Ok(Listening { simulator, listener, address, tls })
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

    /// Serves until `shutdown` is ready, then drops the connections that are still open.
    ///
    /// The only place of the simulator that reads the clock.
    pub async fn serve(self, shutdown: impl Future<Output = ()>) {
        let mut connections = JoinSet::new();
        let mut shutdown = std::pin::pin!(shutdown);
        loop {
            tokio::select! {
                () = &mut shutdown => return,
                accepted = self.listener.accept() => match accepted {
                    Ok((stream, _)) => {
                        self.simulator.count_connection();
                        let acceptor = self.tls.as_ref().map(|(acceptor, _)| acceptor.0.clone());
                        connections.spawn(connection(self.simulator.clone(), stream, acceptor));
                    }
                    // One that broke off before it was taken, or no file left for it: the next may
                    // do better.
                    Err(error) => tracing::debug!(%error, "a connection was not accepted"),
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

async fn connection(simulator: Simulator, stream: TcpStream, acceptor: Option<TlsAcceptor>) {
    // Answers are small, and a client that sends the next request at once should not wait for the
    // last.
    let _ = stream.set_nodelay(true);
    match acceptor {
        None => exchange(simulator, stream).await,
        Some(acceptor) => match acceptor.accept(stream).await {
            Ok(stream) => exchange(simulator, stream).await,
            Err(error) => tracing::debug!(%error, "a TLS handshake with the simulator failed"),
        },
    }
}

async fn exchange(simulator: Simulator, stream: impl AsyncRead + AsyncWrite + Unpin) {
    let service = service_fn(|request| answer(&simulator, request));
    let served = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
    if let Err(error) = served {
        tracing::debug!(%error, "a connection to the simulator ended early");
    }
}

/// Told to hyper to make it close the connection without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the simulator was told to reset this connection")]
struct ConnectionReset;

async fn answer(
    simulator: &Simulator,
    request: Request<Incoming>,
) -> Result<Response<Body>, ConnectionReset> {
    let (head, body) = request.into_parts();
    let Ok(body) = Limited::new(body, MOST_BODY).collect().await else {
        return Ok(too_large());
    };
    let request = Request::from_parts(head, body.to_bytes());
    let reply = match simulator.arrive(&request, Timestamp::now()) {
        Arrival::Answered(reply) => reply,
        Arrival::Accepted(accepted) if accepted.wait().is_zero() => {
            simulator.carry_out(accepted, Timestamp::now())
        }
        Arrival::Accepted(accepted) => carry_out_later(simulator.clone(), accepted).await?,
    };
    if !reply.after.is_zero() {
        tokio::time::sleep(reply.after).await;
    }
    match (reply.outcome, reply.drip) {
        (Outcome::Response(response), None) => Ok(response.map(whole)),
        (Outcome::Response(response), Some(pause)) => {
            Ok(response.map(|body| dripping(body, pause)))
        }
        (Outcome::Reset, _) => Err(ConnectionReset),
    }
}

/// Carries a call out after its wait, even if the client hangs up in the meantime, as a service
/// does.
async fn carry_out_later(
    simulator: Simulator,
    accepted: Accepted,
) -> Result<Reply, ConnectionReset> {
    let later = tokio::spawn(async move {
        tokio::time::sleep(accepted.wait()).await;
        simulator.carry_out(accepted, Timestamp::now())
    });
    later.await.map_err(|_| ConnectionReset)
}

/// The body of an answer, whole or in pieces.
type Body = UnsyncBoxBody<Bytes, Infallible>;

fn whole(body: Bytes) -> Body {
    Full::new(body).boxed_unsync()
}

/// A body of which each byte comes after a pause.
fn dripping(body: Bytes, pause: Duration) -> Body {
    let bytes = futures_util::stream::iter((0..body.len()).map(move |at| body.slice(at..=at)));
    let frames = bytes.then(move |byte| async move {
        tokio::time::sleep(pause).await;
        Ok(Frame::data(byte))
    });
    StreamBody::new(frames).boxed_unsync()
}

fn too_large() -> Response<Body> {
    let mut response = Response::new(whole(Bytes::new()));
    *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
    response
}
