//! A simulator on a loopback port, for programs that reach it over a socket.

use http::Request;
use jiff::Timestamp;
use serde_json::Value;
use terraform_provider_aws_workspaces::sim::{Outcome, Settings, Simulator, Tls, listen_for};

use super::background::Background;

/// A simulator, served by a thread of its own until this is dropped.
pub(crate) struct Served {
    /// The account itself, to look at and to change behind the API's back.
    pub(crate) simulator: Simulator,
    /// What to give a client as its endpoint.
    pub(crate) url: String,
    _server: Background,
}

impl Served {
    /// Takes a free port, for HTTP.
    pub(crate) fn start(settings: Settings) -> Self {
        Self::start_with(settings, None)
    }

    /// Takes a free port, for HTTP or for HTTPS.
    pub(crate) fn start_with(settings: Settings, tls: Option<Tls>) -> Self {
        let simulator = Simulator::new(settings).expect("the settings are sound");
        let account = simulator.clone();
        let (server, url) = Background::start(|told, stopped| async move {
            let any_port = "127.0.0.1:0".parse().expect("an address");
            // The name that tests give it behind a proxy.
            let hosts = ["workspaces.example.test".to_owned()];
            let listening = listen_for(account, any_port, tls, &hosts).await.expect("a free port");
            told.send(listening.url()).expect("somebody waits for it");
            let stopped = async {
                let _ = stopped.await;
            };
            listening.serve(stopped).await;
        });
        Self { simulator, url, _server: server }
    }

    /// Asks the simulator something that AWS does not know, without its socket.
    #[track_caller]
    pub(crate) fn control(&self, method: &str, path: &str, body: &Value) -> Value {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}/_simulator/{path}", self.url))
            .body(body.to_string().into())
            .unwrap();
        match self.simulator.respond(&request, Timestamp::now()).outcome {
            Outcome::Response(response) => {
                let text = String::from_utf8_lossy(response.body());
                assert!(response.status().is_success(), "{method} {path}: {text}");
                serde_json::from_str(&text).unwrap()
            }
            Outcome::Reset => panic!("{method} {path} was reset"),
        }
    }
}
