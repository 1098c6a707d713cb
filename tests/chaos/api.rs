//! Plain calls of the API, as anybody may make them who looks after what exists.

use std::thread;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Uri};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

/// How often a look is repeated that the API did not answer.
const TRIES: u32 = 20;

/// An address that speaks AWS JSON 1.1.
pub(crate) struct Api {
    url: String,
    client: Client<HttpConnector, Full<Bytes>>,
    runtime: Runtime,
}

impl Api {
    pub(crate) fn new(url: &str) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self { url: url.trim_end_matches('/').to_owned(), client, runtime }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Sends any request and gives its status and its body.
    pub(crate) fn send(&self, request: Request<Full<Bytes>>) -> Result<(u16, Value), String> {
        self.runtime.block_on(async {
            let answer = self.client.request(request).await.map_err(|error| error.to_string())?;
            let status = answer.status().as_u16();
            let body = answer.into_body().collect().await.map_err(|error| error.to_string())?;
            Ok((status, serde_json::from_slice(&body.to_bytes()).unwrap_or_default()))
        })
    }

    /// One call. One that was not answered is made again, so it must be one that may be repeated.
    ///
    /// # Panics
    /// It is refused.
    pub(crate) fn call(&self, region: &str, operation: &str, body: &Value) -> Value {
        let mut last = String::new();
        for _ in 0..TRIES {
            match self.send(signed(&self.url, region, operation, body)) {
                Ok((200, body)) => return body,
                Ok((status, body)) => last = format!("{status}: {body}"),
                Err(error) => last = error,
            }
            thread::sleep(Duration::from_millis(200));
        }
        panic!("{operation} in {region}: {last}");
    }

    /// The items of all pages.
    fn all(&self, region: &str, operation: &str, list: &str, body: &Value) -> Vec<Value> {
        let (mut items, mut body) = (Vec::new(), body.clone());
        loop {
            let mut page = self.call(region, operation, &body);
            items.extend(page[list].as_array_mut().into_iter().flat_map(|page| page.drain(..)));
            match page["NextToken"].take() {
                Value::Null => return items,
                token => body["NextToken"] = token,
            }
        }
    }

    /// The WorkSpaces of a Region, or of one directory.
    pub(crate) fn workspaces(&self, region: &str, directory: Option<&str>) -> Vec<Value> {
        let body = directory.map_or_else(|| json!({}), |id| json!({"DirectoryId": id}));
        self.all(region, "DescribeWorkspaces", "Workspaces", &body)
    }

    /// The directories of a Region.
    pub(crate) fn directories(&self, region: &str) -> Vec<Value> {
        self.all(region, "DescribeWorkspaceDirectories", "Directories", &json!({}))
    }
}

/// A request in the form that every SDK gives it. The signature itself is not one.
fn signed(url: &str, region: &str, operation: &str, body: &Value) -> Request<Full<Bytes>> {
    let now = Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
    let scope = format!("AKIACHAOS/{}/{region}/workspaces/aws4_request", &now[..8]);
    let signature =
        format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host;x-amz-date, Signature=0");
    Request::post(url.parse::<Uri>().unwrap())
        .header("x-amz-target", format!("WorkspacesService.{operation}"))
        .header("content-type", "application/x-amz-json-1.1")
        .header("x-amz-date", now)
        .header("authorization", signature)
        .body(Full::new(Bytes::from(body.to_string())))
        .unwrap()
}
