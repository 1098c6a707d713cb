//! What only a whole process says: where Region and credentials come from, what a connection meets,
//! what becomes of calls that are out of order.

use expect_test::expect_file;
use terraform_provider_aws_workspaces::rpc::proto;
use terraform_provider_aws_workspaces::sim::Settings;
use terraform_provider_aws_workspaces::tf::Value;

use super::normalized;
use crate::rpc::session::Session;
use crate::support::process::Environment;
use crate::support::requests::{shown, with};

/// The messages so far.
#[derive(Default)]
struct Told(String);

impl Told {
    fn add(&mut self, met: &str, diagnostics: &[proto::Diagnostic]) {
        assert!(!diagnostics.is_empty(), "{met}: there is a message");
        for diagnostic in diagnostics {
            let severity = match diagnostic.severity() {
                proto::diagnostic::Severity::Warning => "Warning",
                _ => "Error",
            };
            let path =
                diagnostic.attribute.as_ref().map(|path| format!("  with {}\n", shown(path)));
            self.0.push_str(&format!(
                "=== {met}\n{severity}: {}\n{}\n{}\n\n",
                diagnostic.summary,
                path.unwrap_or_default(),
                diagnostic.detail.trim_end()
            ));
        }
    }
}

#[tokio::test]
async fn every_message_of_a_process_is_the_one_that_was_reviewed() {
    let mut told = Told::default();
    let session = Session::unconfigured().await;
    let stored = session.stored("ws-0a1b2c3d4");
    let read = session.core.read(&stored).await;
    told.add("the provider is not configured", &read.diagnostics);

    let environment = Environment::of_terraform()
        .with("AWS_EC2_METADATA_DISABLED", "true")
        .with("HOME", "/home/ana");
    let nobody = Session::in_environment(Settings::default(), environment.clone()).await;
    let sound = nobody.provider_config();
    let nowhere = with(&sound, [("region", Value::Null)]);
    told.add("no Region is configured", &nobody.core.configure(&nowhere).await);
    let none = [("access_key", Value::Null), ("secret_key", Value::Null), ("token", Value::Null)];
    let unsigned = with(&sound, none.clone());
    told.add("no credentials are configured", &nobody.core.configure(&unsigned).await);
    let named = with(&unsigned, [("profile", "desktops".into())]);
    told.add("the profile does not exist", &nobody.core.configure(&named).await);
    for (met, argument) in [
        ("the URL of the proxy is not valid", ("https_proxy", "ftp://proxy".into())),
        ("the CA bundle does not exist", ("custom_ca_bundle", "/home/ana/ca.pem".into())),
    ] {
        told.add(met, &nobody.core.configure(&with(&sound, [argument])).await);
    }
    let unknown = with(&sound, [("region", Value::Unknown)]);
    assert_eq!(nobody.core.configure(&unknown).await, []);
    let read = nobody.core.read(&stored).await;
    told.add("the provider block has unknown values", &read.diagnostics);

    // Nobody listens on the port of tcpmux any more.
    let refused = nobody.provider_config_with("http://127.0.0.1:1");
    told.add("the provider cannot connect to AWS STS", &nobody.core.configure(&refused).await);
    let unchecked =
        [("skip_credentials_validation", true.into()), ("skip_requesting_account_id", true.into())];
    assert_eq!(nobody.core.configure(&with(&refused, unchecked)).await, []);
    let read = nobody.core.read(&stored).await;
    told.add("the provider cannot connect to Amazon WorkSpaces", &read.diagnostics);

    let broken = environment.with("AWS_ACCESS_KEY_ID", "AKIA\r").with("AWS_SECRET_ACCESS_KEY", "x");
    let session = Session::in_environment(Settings::default(), broken).await;
    let from_environment = with(&session.provider_config(), none);
    told.add(
        "an environment variable contains a line break",
        &session.core.configure(&from_environment).await,
    );

    let golden = "../../golden/messages_of_a_process.txt";
    expect_file![golden].assert_eq(&normalized(&told.0));
}
