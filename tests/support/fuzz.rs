//! What is done with bytes that somebody else chose: one function for each place where they are read.
//!
//! An ordinary test runs each on the corpus in `fuzz/corpus` and on mutations of it; the programs in
//! `fuzz` run them for as long as they are let. A function panics if a rule is broken.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Write;
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use jiff::Timestamp;
use terraform_provider_aws_workspaces::aws::{Client, NewStandby, Secret, Settings};
use terraform_provider_aws_workspaces::provider::{Clock, ImportTarget, Provider};
use terraform_provider_aws_workspaces::sim::{self, Simulator};
use terraform_provider_aws_workspaces::tf::{
    Nesting, Number, Type, Value, duration, json, msgpack, upgrade,
};
use tokio::runtime::Builder;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// A function for bytes of one kind.
type Target = fn(&[u8]);

/// The functions, by the names of their folders in `fuzz/corpus`.
pub(crate) const TARGETS: [(&str, Target); 8] = [
    ("msgpack", messagepack),
    ("stored_json", stored_json),
    ("import_id", import_id),
    ("duration", a_duration),
    ("number", a_number),
    ("shared_file", shared_file),
    ("answer", answer),
    ("simulator", simulator),
];

/// Does what `name` does with these bytes.
pub(crate) fn run(name: &str, data: &[u8]) {
    let target = TARGETS.iter().find(|(known, _)| *known == name).expect("it is in the table");
    target.1(data);
}

/// When everything happens.
const NOW: Timestamp = Timestamp::constant(1_767_225_600, 0);

/// The types of all schemas, the longest first.
fn types() -> Vec<Type> {
    let provider = provider(None);
    let mut types = vec![provider.schema().block.value_type()];
    types.extend(provider.resources().iter().map(|of| of.schema.block.value_type()));
    types.extend(provider.data_sources().iter().map(|of| of.schema.block.value_type()));
    types.extend([
        Type::Number,
        Type::List(Box::new(Type::String)),
        Type::Map(Box::new(Type::Number)),
        Type::Bool,
    ]);
    types
}

/// The first byte chooses a type; the rest is to be a value of it.
fn of_a_type(data: &[u8]) -> Option<(Type, &[u8])> {
    let (first, rest) = data.split_first()?;
    let mut types = types();
    Some((types.swap_remove(usize::from(*first) % types.len()), rest))
}

fn messagepack(data: &[u8]) {
    let Some((of, bytes)) = of_a_type(data) else { return };
    let Ok(value) = msgpack::decode(bytes, &of) else { return };
    let again = msgpack::encode(&value, &of).expect("a value that was decoded by its type");
    assert_eq!(msgpack::decode(&again, &of).as_ref(), Ok(&value), "the value changed");
}

fn stored_json(data: &[u8]) {
    let Some((of, bytes)) = of_a_type(data) else { return };
    let Ok(value) = upgrade::upgrade(0, 0, bytes, &of) else { return };
    assert!(!value.is_null(), "a state was forgotten");
    let again = json::encode(&value).to_string();
    assert_eq!(json::decode(again.as_bytes(), &of).as_ref(), Ok(&value), "the value changed");
}

fn a_duration(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match duration::parse(text) {
        Ok(parsed) => {
            let nanoseconds = format!("{}ns", parsed.as_nanos());
            assert_eq!(duration::parse(&nanoseconds), Ok(parsed), "{text:?}");
        }
        Err(message) => assert!(message.starts_with("expected"), "{message}"),
    }
}

fn a_number(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(number) = Number::parse(text) else { return };
    assert_eq!(Number::parse(number.as_str()).as_ref(), Ok(&number), "{text:?}");
    if let Some(integer) = number.as_i64() {
        assert_eq!(Number::parse(&integer.to_string()), Ok(number.clone()), "{text:?}");
    }
    if let Some(float) = number.as_exact_f64() {
        assert_eq!(Number::from_f64(float), Ok(number), "{text:?}");
    }
}

fn import_id(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let body = r#"{"Workspaces":[]}"#;
    paused(async {
        let provider = provider(Some(Canned::client(StatusCode::OK, body.as_bytes())));
        let mut block = nothing(&provider);
        for (name, value) in [("region", "us-west-2"), ("access_key", "A"), ("secret_key", "s")] {
            block.set(name, value.into());
        }
        for skipped in ["skip_requesting_account_id", "skip_credentials_validation"] {
            block.set(skipped, true.into());
        }
        provider.configure("1.9.0", &block).await;
        let of = &provider.resources()[0];
        let outcome = provider.import(of, ImportTarget::Id(text.to_owned())).await;
        assert!(outcome.instance.is_absent() && outcome.diagnostics.has_errors(), "{text:?}");
        let first = outcome.diagnostics.iter().next().expect("an error");
        let is_refused = first.summary == "Invalid import ID";
        let id = text.split('@').next().unwrap_or_default();
        assert!(is_refused || first.summary.contains(id), "{text:?}: {first:?}");
    });
}

/// A provider block in which nothing is set.
fn nothing(provider: &Provider) -> Value {
    let block = &provider.schema().block;
    let mut value = Value::object(block.attributes.iter().map(|each| (each.name, Value::Null)));
    for nested in &block.blocks {
        let none = match nested.nesting {
            Nesting::Single => Value::Null,
            Nesting::List { .. } => Value::List(Vec::new()),
        };
        value.set(nested.name, none);
    }
    value
}

/// A configuration file of AWS: whatever it says, there is a Region or there is none.
fn shared_file(data: &[u8]) {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(data).expect("a temporary file");
    let path = file.path().display().to_string();
    let settings = Settings {
        shared_config_files: vec![path.clone()],
        shared_credentials_files: vec![path],
        profile: Some("default".to_owned()),
        http_client: Some(Canned::client(StatusCode::NOT_FOUND, b"")),
        metadata: terraform_provider_aws_workspaces::aws::Metadata {
            disabled: Some(true),
            ..Default::default()
        },
        ..Settings::default()
    };
    paused(async {
        let region = Client::new(settings).default_region().await;
        assert!(region.is_none_or(|region| !region.is_empty()), "an empty Region");
    });
}

const ID: &str = "ws-0a1b2c3d4";

/// The first two bytes choose a status and an operation; the rest is the answer to it.
fn answer(data: &[u8]) {
    let [status, operation, body @ ..] = data else { return };
    let statuses = [200, 200, 200, 204, 301, 400, 403, 500];
    let status = StatusCode::from_u16(statuses[usize::from(*status) % statuses.len()]);
    let status = status.expect("they are statuses");
    let settings = Settings {
        region: Some("us-west-2".to_owned()),
        access_key: Some("AKIDEXAMPLE".to_owned()),
        secret_key: Some(Secret::new("secret")),
        max_attempts: Some(1),
        http_client: Some(Canned::client(status, body)),
        ..Settings::default()
    };
    let has = |text: &str| body.windows(text.len()).any(|part| part == text.as_bytes());
    paused(async {
        let client = Client::new(settings);
        let (region, stop) = (client.region("us-west-2").await, CancellationToken::new());
        match operation % 7 {
            0 => match region.find(ID).await {
                Ok(Some(found)) => assert_eq!(found.id, ID),
                Ok(None) => assert!(status.is_success() && has("\"Workspaces\""), "forgotten"),
                Err(_) => {}
            },
            1 => {
                let found = region.standbys(Some("d-92672f1b01")).await;
                assert!(found.is_err() || status.is_success() && has("\"Workspaces\""));
            }
            2 => {
                let ended = region.terminate(ID, &stop).await;
                assert!(ended.is_err() || status.is_success() && has("\"FailedRequests\""));
            }
            3 => {
                let read = region.read_tags(ID, None, None).await;
                assert!(read.is_err() || status.is_success() && has("\"TagList\""));
            }
            4 => {
                let found = region.directory("d-92672f1b01").await;
                assert!(found.is_err() || status.is_success() && has("\"Directories\""));
            }
            5 => {
                let new = NewStandby {
                    primary_id: "ws-0primary1".to_owned(),
                    primary_region: "us-east-1".to_owned(),
                    directory_id: "d-92672f1b01".to_owned(),
                    volume_encryption_key: None,
                    data_replication: None,
                    tags: BTreeMap::new(),
                };
                let primary = client.region("us-east-1").await;
                let deadline = Instant::now() + Duration::from_secs(60);
                let made = region.create(&new, &primary, deadline, &stop).await;
                assert!(made.is_err() || status.is_success() && has("\"PendingStandbyRequests\""));
            }
            _ => {
                let account = client.account().await;
                assert!(account.is_err() || status.is_success() && has("Account"));
            }
        }
    });
}

/// The first two bytes choose an operation and a protocol; the rest is the body of the request.
fn simulator(data: &[u8]) {
    let [operation, protocol, body @ ..] = data else { return };
    let operations = [
        "DescribeWorkspaces",
        "CreateStandbyWorkspaces",
        "TerminateWorkspaces",
        "CreateTags",
        "DescribeTags",
        "DeleteTags",
        "ModifyWorkspaceProperties",
        "DescribeWorkspaceDirectories",
        "DescribeWorkspaceBundles",
        "CreateWorkspaces",
        "DescribeConnectionAliases",
        "StartWorkspaces",
        "Unknown",
    ];
    let operation = operations[usize::from(*operation) % operations.len()];
    let credential = "Credential=A/20260101/us-west-2/workspaces/aws4_request";
    let signature = format!("AWS4-HMAC-SHA256 {credential}, SignedHeaders=host, Signature=0");
    let request =
        Request::builder().header("host", "localhost").header("x-amz-date", "20260101T000000Z");
    let request = match protocol % 5 {
        0 | 1 => request
            .method(Method::POST)
            .uri("/")
            .header("x-amz-target", format!("WorkspacesService.{operation}"))
            .header("content-type", "application/x-amz-json-1.1")
            .header("authorization", signature),
        2 => request
            .method(Method::POST)
            .uri(format!("/service/WorkspacesService/operation/{operation}"))
            .header("smithy-protocol", "rpc-v2-cbor")
            .header("content-type", "application/cbor")
            .header("authorization", signature),
        3 => request
            .method(Method::POST)
            .uri("/")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("authorization", signature.replace("workspaces", "sts")),
        _ => request.method(Method::POST).uri("/_simulator/faults"),
    };
    let request = request.body(Bytes::copy_from_slice(body)).expect("a request");
    let simulator = Simulator::new(sim::Settings::default()).expect("the default is sound");
    match simulator.respond(&request, NOW).outcome {
        sim::Outcome::Response(response) => {
            assert!(!response.status().is_server_error() || protocol % 5 == 4, "{response:?}");
        }
        sim::Outcome::Reset => panic!("a reset without a fault"),
    }
}

fn provider(http_client: Option<SharedHttpClient>) -> Provider {
    Provider::new(BTreeMap::new(), Clock::starting_at(NOW), http_client)
}

/// Runs in virtual time.
fn paused<T>(future: impl Future<Output = T>) -> T {
    let runtime = Builder::new_current_thread().enable_all().start_paused(true).build();
    runtime.expect("a runtime").block_on(future)
}

/// An HTTP client that answers every request with the same.
#[derive(Clone)]
struct Canned(StatusCode, Bytes);

impl Canned {
    fn client(status: StatusCode, body: &[u8]) -> SharedHttpClient {
        SharedHttpClient::new(Self(status, Bytes::copy_from_slice(body)))
    }
}

impl fmt::Debug for Canned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Canned")
    }
}

impl HttpClient for Canned {
    fn http_connector(
        &self,
        _settings: &HttpConnectorSettings,
        _components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Canned {
    fn call(&self, _request: HttpRequest) -> HttpConnectorFuture {
        let response = Response::builder()
            .status(self.0)
            .header("x-amzn-requestid", "0a1b2c3d")
            .header("content-type", "application/x-amz-json-1.1")
            .body(SdkBody::from(self.1.clone()))
            .expect("a response");
        HttpConnectorFuture::ready(Ok(HttpResponse::try_from(response).expect("a response")))
    }
}
