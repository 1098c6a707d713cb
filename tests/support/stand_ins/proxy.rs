use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;

use super::stand::{Listener, answer};

/// A forward proxy: takes requests in absolute form for `http` and CONNECT for `https`, and counts
/// what passes.
///
/// <https://www.rfc-editor.org/rfc/rfc9110#section-7.7>
pub(crate) struct Proxy {
    listener: Listener,
    passed: Arc<Mutex<Vec<Passed>>>,
}

/// What came by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Passed {
    /// Whether it was CONNECT.
    pub(crate) is_tunnel: bool,
    /// Host and port, as they were asked for.
    pub(crate) to: String,
    /// `Proxy-Authorization`.
    pub(crate) authorization: Option<String>,
}

/// What every connection of the proxy shares.
#[derive(Clone)]
struct Desk {
    passed: Arc<Mutex<Vec<Passed>>>,
    route: SocketAddr,
    client: Client<HttpConnector, Full<Bytes>>,
}

impl Proxy {
    /// One that leads everything to one address, whatever name is asked for.
    pub(crate) fn to(url: &str) -> Self {
        let address = url.rsplit('/').next().expect("a part behind the slashes");
        let route: SocketAddr = address.parse().expect("an address of a socket");
        let passed = Arc::<Mutex<Vec<Passed>>>::default();
        let remembered = passed.clone();
        let listener = Listener::start(move |stream| {
            let client = Client::builder(TokioExecutor::new()).build_http();
            let desk = Desk { passed: remembered.clone(), route, client };
            async move {
                let service = service_fn(|request| {
                    let desk = desk.clone();
                    async move { Ok::<_, Infallible>(desk.pass(request).await) }
                });
                // A client that breaks off is nothing to a proxy.
                let _ = hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service)
                    .with_upgrades()
                    .await;
            }
        });
        Self { listener, passed }
    }

    /// What to set as the proxy.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.listener.address)
    }

    /// Everything that came by, in order.
    pub(crate) fn passed(&self) -> Vec<Passed> {
        self.passed.lock().unwrap().clone()
    }
}

impl Desk {
    async fn pass(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let is_tunnel = request.method() == Method::CONNECT;
        let Some(authority) = request.uri().authority().cloned() else {
            return answer(StatusCode::BAD_REQUEST, "neither absolute form nor CONNECT");
        };
        let authorization = request.headers().get("proxy-authorization");
        self.passed.lock().unwrap().push(Passed {
            is_tunnel,
            to: authority.to_string(),
            authorization: authorization.map(|value| value.to_str().unwrap().to_owned()),
        });
        let to = self.route.to_string();
        if is_tunnel { tunnel(request, to).await } else { self.forward(request, &to).await }
    }

    async fn forward(&self, request: Request<Incoming>, to: &str) -> Response<Full<Bytes>> {
        let (mut head, body) = request.into_parts();
        let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
        head.uri = format!("http://{to}{path}").parse().unwrap();
        head.headers.remove("proxy-authorization");
        head.headers.remove("proxy-connection");
        let body = body.collect().await.unwrap().to_bytes();
        match self.client.request(Request::from_parts(head, Full::new(body))).await {
            Err(error) => answer(StatusCode::BAD_GATEWAY, error.to_string()),
            Ok(response) => {
                let (head, body) = response.into_parts();
                let body = body.collect().await.unwrap().to_bytes();
                Response::from_parts(head, Full::new(body))
            }
        }
    }
}

async fn tunnel(request: Request<Incoming>, to: String) -> Response<Full<Bytes>> {
    let Ok(mut there) = TcpStream::connect(&to).await else {
        return answer(StatusCode::BAD_GATEWAY, "nobody listens there");
    };
    tokio::spawn(async move {
        if let Ok(upgraded) = hyper::upgrade::on(request).await {
            // Either end may close the tunnel.
            let _ = tokio::io::copy_bidirectional(&mut TokioIo::new(upgraded), &mut there).await;
        }
    });
    answer(StatusCode::OK, "")
}
