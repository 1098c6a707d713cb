//! What a simulator on a loopback port has heard, and one that is reached over HTTPS.

use std::path::Path;

use serde_json::Value;
use terraform_provider_aws_workspaces::sim::{Settings, Tls};

use super::served::Served;

impl Served {
    /// Takes a free port, for HTTPS with a private authority, and says where its certificate is.
    pub(crate) fn start_tls(settings: Settings, folder: &Path) -> (Self, String) {
        let file = folder.join("authority.pem");
        let tls = Tls { ca_certificate_file: Some(file.clone()) };
        (Self::start_with(settings, Some(tls)), file.to_str().expect("a path in text").to_owned())
    }

    /// How often an operation was called.
    pub(crate) fn calls(&self, operation: &str) -> u64 {
        self.simulator.stats().operation(operation).calls
    }

    /// How often any operation was called.
    pub(crate) fn all_calls(&self) -> u64 {
        self.simulator.stats().operations.values().map(|operation| operation.calls).sum()
    }

    /// What STS was sent, call by call.
    pub(crate) fn sts(&self) -> Vec<Value> {
        match self.control("GET", "sts", &Value::Null)["Calls"].take() {
            Value::Array(calls) => calls,
            other => panic!("no list: {other}"),
        }
    }

    /// What STS was sent for one operation: the parameters alone.
    pub(crate) fn sent(&self, operation: &str) -> Vec<Value> {
        let calls = self.sts().into_iter().filter(|call| call["Operation"] == operation);
        calls.map(|mut call| call["Parameters"].take()).collect()
    }
}
