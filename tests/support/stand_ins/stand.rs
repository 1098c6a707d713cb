use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};

use super::super::background::Background;

/// A listener on a loopback port, with a thread of its own until it is dropped.
pub(super) struct Listener {
    pub(super) address: SocketAddr,
    _server: Background,
}

impl Listener {
    /// Takes a free port and does this with every connection.
    pub(super) fn start<F>(connection: impl Fn(TcpStream) -> F + Send + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let (server, address) = Background::start(|told, mut stopped| async move {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            told.send(listener.local_addr().unwrap()).unwrap();
            loop {
                tokio::select! {
                    _ = &mut stopped => return,
                    accepted = listener.accept() => {
                        let (stream, _) = accepted.unwrap();
                        tokio::spawn(connection(stream));
                    }
                }
            }
        });
        Self { address, _server: server }
    }
}

/// A small web server that remembers what it was asked.
pub(super) struct Stand {
    pub(super) listener: Listener,
    heard: Arc<Mutex<Vec<Request<Bytes>>>>,
}

impl Stand {
    /// Answers every request with this.
    pub(super) fn start(
        answer: impl Fn(&Request<Bytes>) -> Response<Full<Bytes>> + Send + Sync + 'static,
    ) -> Self {
        let heard = Arc::<Mutex<Vec<Request<Bytes>>>>::default();
        let (answer, remembered) = (Arc::new(answer), heard.clone());
        let listener = Listener::start(move |stream| {
            let (answer, remembered) = (answer.clone(), remembered.clone());
            async move {
                let service = service_fn(|request: Request<Incoming>| {
                    let (answer, remembered) = (answer.clone(), remembered.clone());
                    async move {
                        let (head, body) = request.into_parts();
                        let body = body.collect().await.map(|body| body.to_bytes());
                        let request = Request::from_parts(head, body.unwrap_or_default());
                        let response = answer(&request);
                        remembered.lock().unwrap().push(request);
                        Ok::<_, Infallible>(response)
                    }
                });
                // A client that breaks off is nothing to a stand-in.
                let _ = hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
            }
        });
        Self { listener, heard }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.listener.address)
    }

    /// Method and path of everything that was asked.
    pub(super) fn heard(&self) -> Vec<String> {
        let heard = self.heard.lock().unwrap();
        heard
            .iter()
            .map(|request| format!("{} {}", request.method(), request.uri().path()))
            .collect()
    }
}

/// A header as text, empty where there is none.
pub(super) fn header<'a>(request: &'a Request<Bytes>, name: &str) -> &'a str {
    request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// An answer with a body.
pub(super) fn answer(status: StatusCode, body: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    response
}

/// An answer in JSON.
pub(super) fn json(body: &serde_json::Value) -> Response<Full<Bytes>> {
    let mut response = answer(StatusCode::OK, body.to_string());
    let kind = http::HeaderValue::from_static("application/json");
    response.headers_mut().insert("content-type", kind);
    response
}
