use std::time::Duration;

use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;
use http::Uri;

use crate::aws::error::causes::innermost;

/// How a service near this machine is called: soon, or not at all.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    pub(super) connect: Duration,
    pub(super) read: Duration,
    pub(super) attempts: u32,
}

/// An HTTP status and a body.
pub(super) struct Fetched {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
}

/// A request that is not signed: to a container's endpoint, or the instance metadata.
#[derive(Clone, Debug)]
pub(super) struct Plain {
    pub(super) method: &'static str,
    pub(super) url: String,
    pub(super) headers: Vec<(&'static str, String)>,
}

/// Sends a request, and again while nothing or a server fault comes back.
///
/// # Errors
/// Why there is no answer.
pub(super) async fn fetch(
    sdk: &SdkConfig,
    request: &Plain,
    patience: Patience,
) -> Result<Fetched, String> {
    let mut attempt = 1;
    loop {
        let fetched = once(sdk, request.clone(), patience).await;
        let is_worth_another = fetched.as_ref().map_or(true, |answer| answer.status >= 500);
        if !is_worth_another || attempt >= patience.attempts {
            return fetched;
        }
        tokio::time::sleep(Duration::from_millis(100 << attempt.min(4))).await;
        attempt += 1;
    }
}

async fn once(sdk: &SdkConfig, request: Plain, patience: Patience) -> Result<Fetched, String> {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(patience.connect)
        .read_timeout(patience.read)
        .operation_attempt_timeout(patience.connect + patience.read)
        .build();
    let Some(http) = sdk.http_client() else { return Err("there is no HTTP client".to_owned()) };
    let uri =
        request.url.parse::<Uri>().map_err(|error| format!("its address is not a URL: {error}"))?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err("its address is not a URL".to_owned());
    };
    let endpoint = format!("{scheme}://{authority}");
    let path = uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
    let mut operation = Operation::builder()
        .service_name("credentials")
        .operation_name("fetch")
        .endpoint_url(&endpoint)
        .no_auth()
        .no_retry()
        .timeout_config(timeouts)
        .http_client(http);
    if let Some(sleep) = sdk.sleep_impl() {
        operation = operation.sleep_impl(sleep);
    }
    if let Some(time) = sdk.time_source() {
        operation = operation.time_source(time);
    }
    let operation = operation
        .serializer(move |plain: Plain| {
            let mut request = HttpRequest::new(SdkBody::empty());
            request.set_method(plain.method)?;
            request.set_uri(path.as_str())?;
            for (name, value) in plain.headers {
                request.headers_mut().try_insert(name, value)?;
            }
            Ok(request)
        })
        .deserializer(|answer: &HttpResponse| {
            let body = answer.body().bytes().unwrap_or_default().to_vec();
            Ok::<_, OrchestratorError<NoError>>((answer.status().as_u16(), body))
        })
        .build();
    match operation.invoke(request).await {
        Ok((status, body)) => Ok(Fetched { status, body }),
        Err(SdkError::TimeoutError(_)) => Err("it did not answer in time".to_owned()),
        Err(error) => Err(innermost(&error)),
    }
}

/// Every answer is one.
#[derive(Debug, thiserror::Error)]
#[error("no error")]
struct NoError;
