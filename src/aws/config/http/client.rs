//! One HTTP client for every service.
//!
//! It is hyper's client with rustls. The SDK's own client does not do what the provider block
//! promises: it uses one proxy for all addresses, always checks certificates, and panics on a machine
//! without root certificates. All services share the connection pool.

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::connection::{CaptureSmithyConnection, ConnectionMetadata};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use http::Uri;
use http::header::PROXY_AUTHORIZATION;
use http::uri::Scheme;
use http_body_util::{BodyExt, Either};
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::{CaptureConnection, HttpInfo, capture_connection};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio_rustls::rustls::ClientConfig;
use tower::Service;
use tower::util::{BoxCloneSyncService, service_fn};

use crate::aws::config::access::endpoints::Endpoints;
use crate::aws::config::access::resolve::Connections;
use crate::aws::config::settings::HttpClient as OurClient;
use crate::aws::error::causes::{find, is_not_tls, is_untrusted};
use crate::aws::error::transport::{
    BadConnection, NoAnswer, NoConnection, ProxyFailed, WrongProtocol,
};
use crate::aws::lock::lock;
use crate::aws::operations::LARGEST;

use crate::aws::config::bounds::{bounded, cut};
use crate::aws::config::http::connect::{ASKS_FOR_PASSWORD, Boxed, Connection, Connector};
use crate::aws::config::http::names::Names;
use crate::aws::config::http::proxy::Proxies;
use crate::aws::config::http::tls;

/// How long the body of an answer may take if the caller sets no limit.
const BODY_TIMEOUT: Duration = Duration::from_secs(60);

type Connect = BoxCloneSyncService<Uri, MaybeHttpsStream<Connection>, BoxError>;
type Client = legacy::Client<Connect, SdkBody>;

/// The client for these settings, and what is wrong with certificates of the bundle that are left
/// out. Reads the certificates that it is to trust, and makes no call.
///
/// # Errors
/// What is wrong with the settings.
pub(in crate::aws) async fn client(
    connection: &Connections,
    endpoints: &Endpoints,
) -> Result<(OurClient, Vec<String>), BadConnection> {
    let proxies = Proxies::new(connection)?;
    let (bundle, unusable) = match &connection.ca_bundle {
        Some(path) if !connection.insecure => {
            let (roots, unusable) = tls::read_bundle(path).await?;
            (Some(roots), unusable)
        }
        _ => (None, Vec::new()),
    };
    let insecure = connection.insecure;
    // Some hundred small files of the system: not on a thread that serves calls.
    let read = tokio::task::spawn_blocking(move || tls::tls(insecure, bundle));
    let tls = read.await.map_err(|lost| BadConnection::NoTls(lost.to_string()))??;
    let client = SharedHttpClient::new(Transport {
        proxies: Arc::new(proxies),
        tls: Arc::new(tls),
        names: Arc::new(Names::new(endpoints)),
        clients: Mutex::default(),
    });
    Ok((client, unusable))
}

/// A client that fails each call with this error.
pub(in crate::aws) fn unusable(error: BadConnection) -> OurClient {
    SharedHttpClient::new(Unusable(error))
}

#[derive(Clone, Debug)]
struct Unusable(BadConnection);

impl HttpClient for Unusable {
    fn http_connector(
        &self,
        _settings: &HttpConnectorSettings,
        _components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Unusable {
    fn call(&self, _request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::ready(Err(ConnectorError::user(self.0.clone().into())))
    }
}

/// Makes an HTTP sender for each client of the SDK.
struct Transport {
    proxies: Arc<Proxies>,
    tls: Arc<ClientConfig>,
    names: Arc<Names>,
    /// One connection pool for each connect timeout: the instance metadata has a short one.
    clients: Mutex<HashMap<Option<Duration>, Client>>,
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Transport")
    }
}

impl HttpClient for Transport {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        _components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let limit = settings.connect_timeout();
        let mut clients = lock(&self.clients);
        let client = clients.entry(limit).or_insert_with(|| self.client(limit)).clone();
        let (proxies, names) = (Arc::clone(&self.proxies), Arc::clone(&self.names));
        let read_timeout = settings.read_timeout();
        SharedHttpConnector::new(Sender { client, proxies, names, read_timeout })
    }
}

impl Transport {
    /// A client with this connect timeout, proxy and TLS included.
    fn client(&self, limit: Option<Duration>) -> Client {
        let connector = Connector::new(Arc::clone(&self.proxies), Arc::clone(&self.tls), limit);
        let route = service_fn(move |to: Uri| -> Boxed<Connection> {
            Box::pin(connector.clone().connect(to))
        });
        let mut secured = HttpsConnector::from((route, Arc::clone(&self.tls)));
        let names = Arc::clone(&self.names);
        let in_time = service_fn(move |to: Uri| -> Boxed<MaybeHttpsStream<Connection>> {
            let connecting = secured.call(to.clone());
            let endpoint = names.of(&to);
            Box::pin(async move {
                let made = match limit {
                    None => connecting.await,
                    Some(limit) => {
                        tokio::time::timeout(limit, connecting).await.unwrap_or_else(|_elapsed| {
                            let message = format!("it took more than {} ms", limit.as_millis());
                            Err(io::Error::new(io::ErrorKind::TimedOut, message).into())
                        })
                    }
                };
                made.map_err(|source| match is_not_tls(source.as_ref()) {
                    true => WrongProtocol::NotTls(endpoint).into(),
                    false => NoConnection { endpoint, source }.into(),
                })
            })
        });
        legacy::Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .build(BoxCloneSyncService::new(in_time))
    }
}

/// Sends requests.
#[derive(Clone)]
struct Sender {
    client: Client,
    proxies: Arc<Proxies>,
    names: Arc<Names>,
    /// How long an answer can take to start.
    read_timeout: Option<Duration>,
}

impl fmt::Debug for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sender")
    }
}

impl HttpConnector for Sender {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let sender = self.clone();
        HttpConnectorFuture::new(async move { sender.send(request).await })
    }
}

impl Sender {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let mut request =
            request.try_into_http1x().map_err(|error| ConnectorError::user(error.into()))?;
        // All endpoints were checked before; nothing is sent to what is left.
        if request.uri().scheme().is_none() || request.uri().host().is_none() {
            return Err(ConnectorError::user(BadConnection::NoAddress.into()));
        }
        let endpoint = self.names.of(request.uri());
        let is_plain = request.uri().scheme() == Some(&Scheme::HTTP);
        // In a tunnel the proxy is told its password when the tunnel is made.
        let proxy = self.proxies.proxy_for(request.uri()).filter(|proxy| {
            is_plain && !proxy.uri().scheme_str().is_some_and(|scheme| scheme.starts_with("socks"))
        });
        if let Some(password) = proxy.as_ref().and_then(|proxy| proxy.basic_auth()) {
            request.headers_mut().insert(PROXY_AUTHORIZATION, password.clone());
        }
        let captured = capture_connection(&mut request);
        if let Some(wanted) = request.extensions().get::<CaptureSmithyConnection>() {
            wanted.set_connection_retriever(move || used(&captured));
        }
        let answering = self.client.request(request);
        let answer = match self.read_timeout {
            None => answering.await,
            Some(limit) => tokio::time::timeout(limit, answering).await.map_err(|_elapsed| {
                let (endpoint, seconds) = (endpoint.clone(), limit.as_secs());
                ConnectorError::timeout(NoAnswer::Silent { endpoint, seconds }.into())
            })?,
        };
        let answer = answer.map_err(|error| match is_not_http(&error) && is_plain {
            true => ConnectorError::other(WrongProtocol::NotHttp(endpoint.clone()).into(), None),
            false => failed(error),
        })?;
        if let Some(refused) = proxy.and_then(|proxy| refused_by(proxy.uri(), &answer)) {
            return Err(ConnectorError::other(refused.into(), None).never_connected());
        }
        let (head, body) = answer.into_parts();
        // All answers are small. Reading the body here gives it a time limit too: a service that sends
        // a byte a second is not AWS.
        let limit = self.read_timeout.unwrap_or(BODY_TIMEOUT);
        let body = match head.status.is_success() {
            true => Either::Left(bounded(body, LARGEST)),
            false => Either::Right(cut(body)),
        };
        // Boxed, because a stream cannot be moved while it is read.
        let reading = Box::pin(body).collect();
        let body = tokio::time::timeout(limit, reading).await.map_err(|_elapsed| {
            let seconds = limit.as_secs();
            ConnectorError::timeout(NoAnswer::Incomplete { endpoint, seconds }.into())
        })?;
        let body = body.map_err(ConnectorError::io)?.to_bytes();
        let answer = http::Response::from_parts(head, SdkBody::from(body));
        // Not `other`: that means that nothing was sent.
        HttpResponse::try_from(answer).map_err(|error| ConnectorError::io(error.into()))
    }
}

/// Whether what came back does not begin as an answer of HTTP does.
fn is_not_http(error: &legacy::Error) -> bool {
    // hyper tells by its text alone which part cannot be read.
    find::<hyper::Error>(error)
        .is_some_and(|error| error.is_parse() && error.to_string().contains("HTTP version"))
}

/// The error of a proxy that refuses to forward a request. An answer of AWS has a request id.
fn refused_by<B>(proxy: &Uri, answer: &http::Response<B>) -> Option<ProxyFailed> {
    let source = match answer.status().as_u16() {
        407 => ASKS_FOR_PASSWORD.to_owned(),
        status @ 403 => format!("it refused to forward the request (HTTP status {status})"),
        _ => return None,
    };
    let is_from_aws = answer.headers().contains_key("x-amzn-requestid");
    (!is_from_aws).then(|| ProxyFailed { proxy: proxy.clone(), source: source.into() })
}

/// The connection that a request used, so that the SDK can close it after a failure.
fn used(captured: &CaptureConnection) -> Option<ConnectionMetadata> {
    let mut extras = http::Extensions::new();
    let is_proxied = {
        let connected = captured.connection_metadata();
        let connected = connected.as_ref()?;
        connected.get_extras(&mut extras);
        connected.is_proxied()
    };
    let ends = extras.get::<HttpInfo>();
    let captured = captured.clone();
    let mut used = ConnectionMetadata::builder().proxied(is_proxied).poison_fn(move || {
        if let Some(connected) = captured.connection_metadata().as_ref() {
            connected.poison();
        }
    });
    used.set_local_addr(ends.map(HttpInfo::local_addr))
        .set_remote_addr(ends.map(HttpInfo::remote_addr));
    Some(used.build())
}

/// The failure as an SDK error, which decides whether the call is retried.
fn failed(error: legacy::Error) -> ConnectorError {
    let is_connect = error.is_connect();
    if is_untrusted(&error) || find::<WrongProtocol>(&error).is_some() {
        // The endpoint would answer in the same way again.
        return ConnectorError::other(error.into(), None).never_connected();
    }
    let of_hyper = find::<hyper::Error>(&error);
    if of_hyper.is_some_and(hyper::Error::is_user) {
        return ConnectorError::user(error.into());
    }
    let failed = ConnectorError::io(error.into());
    if is_connect { failed.never_connected() } else { failed }
}

#[cfg(test)]
mod tests;
