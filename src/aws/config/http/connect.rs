use std::future::Future;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use aws_smithy_runtime_api::box_error::BoxError;
use http::Uri;
use http::uri::Scheme;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::proxy::{SocksV5, Tunnel};
use hyper_util::client::legacy::connect::{Connected, Connection as ConnectionInfo, HttpConnector};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio_rustls::rustls::ClientConfig;
use tower::Service;

use crate::aws::config::http::proxy::Proxies;
use crate::aws::error::transport::ProxyFailed;

pub(super) type Boxed<T> = Pin<Box<dyn Future<Output = Result<T, BoxError>> + Send>>;

/// A connection to a service, to a proxy that forwards requests, or a tunnel through a proxy. TLS with
/// the service is added later.
pub(super) struct Connection {
    stream: MaybeHttpsStream<TokioIo<TcpStream>>,
    /// Whether it ends at a proxy that forwards requests. They contain the whole URL then.
    is_forwarded: bool,
}

/// Makes connections.
#[derive(Clone)]
pub(super) struct Connector {
    proxies: Arc<Proxies>,
    direct: HttpConnector,
    to_proxy: HttpsConnector<HttpConnector>,
}

impl Connector {
    pub(super) fn new(
        proxies: Arc<Proxies>,
        tls: Arc<ClientConfig>,
        limit: Option<Duration>,
    ) -> Self {
        let mut direct = HttpConnector::new();
        direct.enforce_http(false);
        direct.set_nodelay(true);
        // All addresses of one name share the timeout.
        direct.set_connect_timeout(limit);
        let to_proxy = HttpsConnector::from((direct.clone(), tls));
        Self { proxies, direct, to_proxy }
    }

    /// Makes a connection for an address.
    pub(super) async fn connect(mut self, to: Uri) -> Result<Connection, BoxError> {
        let Some(proxy) = self.proxies.proxy_for(&to) else {
            let stream = MaybeHttpsStream::Http(self.direct.call(to).await?);
            return Ok(Connection { stream, is_forwarded: false });
        };
        let address = proxy.uri().clone();
        let failed = |source| ProxyFailed { proxy: address.clone(), source };
        if proxy.uri().scheme_str().is_some_and(|scheme| scheme.starts_with("socks5")) {
            let mut socks = SocksV5::new(address.clone(), self.direct);
            if let Some((user, password)) = proxy.raw_auth() {
                socks = socks.with_auth(user.to_owned(), password.to_owned());
            }
            let stream = socks.call(with_port(to)?).await.map_err(|error| failed(error.into()))?;
            return Ok(Connection { stream: MaybeHttpsStream::Http(stream), is_forwarded: false });
        }
        if to.scheme() == Some(&Scheme::HTTPS) {
            let mut tunnel = Tunnel::new(address.clone(), self.to_proxy);
            if let Some(password) = proxy.basic_auth() {
                tunnel = tunnel.with_auth(password.clone());
            }
            let stream = tunnel.call(to).await.map_err(|error| failed(refused(error.into())))?;
            return Ok(Connection { stream, is_forwarded: false });
        }
        let stream = self.to_proxy.call(address.clone()).await.map_err(failed)?;
        Ok(Connection { stream, is_forwarded: true })
    }
}

/// What an HTTP status of 407 means.
pub(super) const ASKS_FOR_PASSWORD: &str = "it requires a user and a password, or does not accept \
                                            them; set them in its URL as \
                                            http://user:password@host:port";

/// A clearer message if a proxy refuses a tunnel; every other error stays.
fn refused(error: BoxError) -> BoxError {
    let text = error.to_string();
    match () {
        () if text.contains("authorization required") => ASKS_FOR_PASSWORD.into(),
        () if text.ends_with("unsuccessful") => {
            "it refused to connect to the endpoint; allow the endpoint in the proxy".into()
        }
        () => error,
    }
}

/// The address with the default port of its scheme: the SOCKS connector takes 443 for every scheme.
fn with_port(to: Uri) -> Result<Uri, BoxError> {
    let Some(host) = to.host().filter(|_| to.port().is_none()) else { return Ok(to) };
    let port = if to.scheme() == Some(&Scheme::HTTP) { 80 } else { 443 };
    let authority = format!("{host}:{port}");
    let mut parts = to.into_parts();
    parts.authority = Some(authority.parse()?);
    Ok(Uri::from_parts(parts)?)
}

impl ConnectionInfo for Connection {
    fn connected(&self) -> Connected {
        self.stream.connected().proxy(self.is_forwarded)
    }
}

impl Read for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl Write for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, parts)
    }
}
