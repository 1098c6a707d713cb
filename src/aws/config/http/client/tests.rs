use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::time::{Instant, sleep};

use super::*;
use crate::aws::config::clients::tests::sdk;
use crate::aws::config::clients::{sso, sso_oidc, sts, tagging, workspaces};
use crate::aws::config::settings::Settings;
use crate::aws::error::causes::innermost;

/// Answers every request with a body that comes a byte a second and has no end within an hour.
async fn drip(listener: TcpListener) {
    loop {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        tokio::spawn(async move {
            let _request = stream.read(&mut [0; 4096]).await;
            let head = "HTTP/1.1 200 OK\r\nx-amzn-requestid: 1\r\ncontent-length: 4000\r\n\r\n";
            let mut text = head.as_bytes();
            while stream.write_all(text).await.is_ok() {
                text = b" ";
                sleep(Duration::from_secs(1)).await;
            }
        });
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_drips_ends_at_the_time_limit_of_its_call_in_every_service() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(drip(listener));
    let settings = Settings {
        environment: [("AWS_ENDPOINT_URL".to_owned(), url)].into(),
        max_attempts: Some(1),
        ..Settings::default()
    };
    let connection = Connections { insecure: true, ..Connections::default() };
    let (http, _) = client(&connection, &Endpoints::default()).await.expect("a client");
    let sdk = &sdk(settings, http);
    let region = "us-west-2";
    let complete = "was not complete within 60 seconds";
    for (service, seconds, part) in [
        ("workspaces", 60, complete),
        ("sts", 60, complete),
        // Tags can be read elsewhere.
        ("tagging", 5, "timeout"),
        ("sso", 60, complete),
        ("sso_oidc", 60, complete),
    ] {
        let start = Instant::now();
        let text = match service {
            "workspaces" => text(workspaces(sdk, region).describe_workspaces().send().await),
            "sts" => text(sts(sdk, region).get_caller_identity().send().await),
            "tagging" => text(tagging(sdk, region).expect("a client").get_resources().send().await),
            "sso" => {
                let asked = sso(sdk, region).get_role_credentials().role_name("a");
                text(asked.account_id("1").access_token("t").send().await)
            }
            _ => {
                let asked = sso_oidc(sdk, region).create_token().grant_type("refresh_token");
                text(asked.client_id("a").client_secret("b").send().await)
            }
        };
        assert!(text.contains(part), "{service}: {text}");
        assert_eq!(start.elapsed().as_secs(), seconds, "{service}");
    }
}

fn text<T, E: std::error::Error + 'static>(result: Result<T, E>) -> String {
    result.err().map(|error| innermost(&error)).unwrap_or_default()
}
