//! What never left the machine never makes a creation uncertain: it is refused, and nothing is looked
//! for. Real connections, to nothing.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::time::Duration;

use terraform_provider_aws_workspaces::aws::{
    Client, Connection, CreateFailure, Error, Kind, NewStandby, Secret, Settings,
};
use terraform_provider_aws_workspaces::sim::builtin::*;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// What a creation ends with under these settings.
async fn refused(settings: Settings) -> Error {
    let new = NewStandby {
        primary_id: PRIMARIES[0].to_owned(),
        primary_region: PRIMARY_REGION.to_owned(),
        directory_id: STANDBY_DIRECTORY_ID.to_owned(),
        volume_encryption_key: None,
        data_replication: None,
        tags: BTreeMap::new(),
    };
    let client = Client::new(settings);
    let (standby, primary) =
        (client.region(STANDBY_REGION).await, client.region(PRIMARY_REGION).await);
    let (begun, stop) = (Instant::now(), CancellationToken::new());
    let deadline = begun + Duration::from_secs(20);
    let failure = standby.create(&new, &primary, deadline, &stop).await.unwrap_err();
    let took = begun.elapsed();
    match failure {
        CreateFailure::Refused(error) if took > Duration::from_secs(15) => {
            panic!("{error} after {took:?}")
        }
        CreateFailure::Refused(error) => error,
        other => panic!("{other:?}"),
    }
}

fn settings(endpoint: &str) -> Settings {
    Settings {
        region: Some(STANDBY_REGION.to_owned()),
        access_key: Some("AKIAEXAMPLE".to_owned()),
        secret_key: Some(Secret::new("example")),
        workspaces_endpoint: Some(endpoint.to_owned()),
        max_attempts: Some(1),
        ..Settings::default()
    }
}

/// A server that ends every connection after the first bytes.
fn no_tls() -> String {
    use std::io::Read;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let _ = stream.unwrap().read(&mut [0; 64]);
        }
    });
    format!("https://{address}")
}

#[tokio::test]
async fn without_a_connection_a_creation_is_refused() {
    for endpoint in
        ["http://127.0.0.1:1", "https://127.0.0.1:1", "http://no-such-host.invalid", &no_tls()]
    {
        let error = refused(settings(endpoint)).await;
        assert_eq!(error.kind, Kind::Unreachable, "{endpoint}: {error}");
    }
    let proxied = Settings {
        connection: Connection {
            http_proxy: Some(Secret::new("http://127.0.0.1:1")),
            ..Connection::default()
        },
        ..settings("http://aws.invalid")
    };
    assert_eq!(refused(proxied).await.kind, Kind::Unreachable);
}

#[tokio::test]
async fn without_a_valid_request_a_creation_is_refused() {
    for endpoint in ["http://", "not an address", "ftp://127.0.0.1:1", "http://a b"] {
        let error = refused(settings(endpoint)).await;
        assert_ne!(error.kind, Kind::Ambiguous, "{endpoint}: {error}");
    }
    for key in ["AKIA\nEXAMPLE", "AKIA\u{e9}", "AKIA EXAMPLE"] {
        let keyed = Settings {
            access_key: Some(key.to_owned()),
            token: Some(Secret::new(format!("{key}\n"))),
            ..settings("http://127.0.0.1:1")
        };
        let error = refused(keyed).await;
        assert_ne!(error.kind, Kind::Ambiguous, "{key:?}: {error}");
    }
}
