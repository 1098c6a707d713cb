use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;

use super::*;
use crate::aws::config::clients::tests::sdk;
use crate::aws::config::clients::workspaces;
use crate::aws::config::settings::Settings;
use crate::aws::error::transport::NoConnection;
use crate::aws::error::{Error, Kind};

/// An endpoint that answers the first attempts and then does the same each time.
#[derive(Clone, Debug)]
struct Endpoint {
    attempts: Arc<AtomicU32>,
    answered: u32,
    fails: fn() -> ConnectorError,
}

impl HttpConnector for Endpoint {
    fn call(&self, _request: HttpRequest) -> HttpConnectorFuture {
        let attempt = self.attempts.fetch_add(1, Ordering::Relaxed) + 1;
        HttpConnectorFuture::ready(match attempt <= self.answered {
            true => Ok(HttpResponse::new(
                StatusCode::try_from(200).expect("a status"),
                SdkBody::from("{}"),
            )),
            false => Err((self.fails)()),
        })
    }
}

fn silent() -> ConnectorError {
    let endpoint = "https://a".to_owned();
    ConnectorError::timeout(NoAnswer::Silent { endpoint, seconds: 60 }.into())
}

fn refused() -> ConnectorError {
    let source = "refused".into();
    ConnectorError::io(NoConnection { endpoint: "https://a".to_owned(), source }.into())
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_that_never_answered_is_given_up_soon() {
    for (fails, answered, attempts, kind) in [
        (silent as fn() -> ConnectorError, 0, SILENT_ATTEMPTS, Kind::Ambiguous),
        (silent, 1, 25, Kind::Ambiguous),
        (refused, 0, CONNECTION_ATTEMPTS, Kind::Unreachable),
        (refused, 1, CONNECTION_ATTEMPTS, Kind::Unreachable),
    ] {
        let endpoint = Endpoint { attempts: Arc::default(), answered, fails };
        let counted = Arc::clone(&endpoint.attempts);
        let http = http_client_fn(move |_, _| SharedHttpConnector::new(endpoint.clone()));
        let client = workspaces(&sdk(Settings::default(), http), "us-west-2");
        for _ in 0..answered {
            client.describe_workspaces().send().await.expect("an answer");
        }
        let error = client.describe_workspaces().send().await.expect_err("no answer");
        assert_eq!(counted.load(Ordering::Relaxed) - answered, attempts, "{error:?}");
        assert_eq!(Error::from_sdk("x", "y", 25, &error).kind, kind, "{error:?}");
    }
}
