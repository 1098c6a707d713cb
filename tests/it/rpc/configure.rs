//! ConfigureProvider, and calls before it.

use terraform_provider_aws_workspaces::sim::{Settings, builtin};
use terraform_provider_aws_workspaces::tf::Value;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

use super::session::Session;
use crate::support::process::Environment;
use crate::support::requests::{Stored, errors, no_errors, with};

#[tokio::test]
async fn a_provider_block_that_leads_to_aws_is_taken() {
    let session = Session::unconfigured().await;
    session.configure().await;
    session.create(&session.config()).await;
}

#[tokio::test]
async fn a_region_is_needed_and_may_come_from_the_environment() {
    let session = Session::unconfigured().await;
    let nowhere = with(&session.provider_config(), [("region", Value::Null)]);
    let found = session.core.configure(&nowhere).await;
    assert!(!errors(&found).is_empty(), "there is no Region anywhere");
    assert!(found.iter().any(|diagnostic| diagnostic.detail.contains("AWS_REGION")), "{found:?}");

    for variable in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
        let environment = Environment::of_terraform().with(variable, "eu-west-1");
        let session = Session::in_environment(Settings::default(), environment).await;
        let config = with(&session.provider_config(), [("region", Value::Null)]);
        assert_eq!(errors(&session.core.configure(&config).await), no_errors(), "{variable}");
    }
}

#[tokio::test]
async fn credentials_are_needed_and_the_error_names_where_they_were_sought() {
    let environment = Environment::of_terraform().with("AWS_EC2_METADATA_DISABLED", "true");
    let session = Session::in_environment(Settings::default(), environment).await;
    let unset = [("access_key", Value::Null), ("secret_key", Value::Null), ("token", Value::Null)];
    let config = with(&session.provider_config(), unset);
    let found = session.core.configure(&config).await;
    assert!(!errors(&found).is_empty(), "there are no credentials anywhere");
    assert!(
        found.iter().any(|diagnostic| diagnostic.detail.contains("AWS_ACCESS_KEY_ID")),
        "{found:?}"
    );
}

/// AWS support asks for it, and so do bills by client.
#[tokio::test]
async fn calls_tell_the_versions_of_terraform_and_of_the_provider() {
    let session = Session::unconfigured().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let url = format!("http://{}", listener.local_addr().expect("it is bound"));
    let config = session.provider_config_with(&url);
    let (core, heard) = (session.core.clone(), async {
        let (mut stream, _) = listener.accept().await.expect("the provider calls");
        let mut head = Vec::new();
        while !head.windows(4).any(|end| end == b"\r\n\r\n") {
            assert_ne!(stream.read_buf(&mut head).await.expect("it sends a request"), 0);
        }
        String::from_utf8_lossy(&head).into_owned()
    });
    let asking = tokio::spawn(async move { core.configure(&config).await });
    let head = heard.await;
    asking.abort();
    for part in [
        "Terraform/1.99.0",
        &format!("terraform-provider-aws-workspaces/{}", env!("CARGO_PKG_VERSION")),
    ] {
        assert!(head.contains(part), "{part} in {head}");
    }
}

#[tokio::test]
async fn what_is_not_known_yet_is_put_off() {
    let session = Session::unconfigured().await;
    for argument in ["region", "access_key", "secret_key", "token", "profile", "max_retries"] {
        let config = with(&session.provider_config(), [(argument, Value::Unknown)]);
        assert_eq!(errors(&session.core.configure(&config).await), no_errors(), "{argument}");
    }
    let config = with(&session.provider_config(), [("region", Value::Unknown)]);
    assert_eq!(errors(&session.core.configure(&config).await), no_errors());
    assert!(
        !errors(&session.core.read(&session.stored("ws-0standby1")).await.diagnostics).is_empty()
    );
    session.configure().await;
    assert_eq!(
        errors(&session.core.read(&session.stored("ws-0standby1")).await.diagnostics),
        no_errors()
    );
}

#[tokio::test]
async fn a_second_configuration_replaces_the_first() {
    let session = Session::unconfigured().await;
    let ireland = with(&session.provider_config(), [("region", builtin::IRELAND.into())]);
    assert_eq!(errors(&session.core.configure(&ireland).await), no_errors());
    let planned =
        |planned: Option<_>| session.core.standby.value(planned.as_ref()).get("region").clone();
    let first = session.core.plan(&Stored::absent(), &session.config()).await;
    assert_eq!(planned(first.planned_state), Value::from(builtin::IRELAND));

    session.configure().await;
    let second = session.core.plan(&Stored::absent(), &session.config()).await;
    assert_eq!(planned(second.planned_state), Value::from(builtin::STANDBY_REGION));
    let standby = session.create(&session.config()).await;
    session.shown(standby.state.get("id").as_str().expect("it has an id"));
}

#[tokio::test]
async fn a_call_before_configuring_is_an_error_and_loses_nothing() {
    let session = Session::unconfigured().await;
    let stored = Stored { private: b"kept".to_vec(), ..session.stored("ws-0standby1") };
    let read = session.core.read(&stored).await;
    assert!(!errors(&read.diagnostics).is_empty());
    assert_eq!(read.stored, stored);

    let planned = session.core.plan(&stored, &Value::Null).await;
    let deleted = session.core.apply(&stored, &planned, &Value::Null).await;
    assert!(!errors(&deleted.diagnostics).is_empty());
    assert_eq!(deleted.stored.state, stored.state);

    let imported = session.core.import("ws-0standby1").await;
    assert!(!errors(&imported.diagnostics).is_empty() || imported.imported_resources.len() == 1);
    assert_eq!(session.calls(), 0);
}

/// Nothing may be done in an account that the block rules out, and the account is named.
#[tokio::test]
async fn an_account_that_is_not_allowed_is_refused() {
    let session = Session::unconfigured().await;
    let other = || Value::Set(vec!["999999999999".into()]);
    let own = || Value::Set(vec![builtin::ACCOUNT_ID.into()]);
    for (argument, accounts, is_taken) in [
        ("allowed_account_ids", own(), true),
        ("allowed_account_ids", other(), false),
        ("forbidden_account_ids", other(), true),
        ("forbidden_account_ids", own(), false),
    ] {
        let config = with(&session.provider_config(), [(argument, accounts.clone())]);
        let found = session.core.configure(&config).await;
        assert_eq!(errors(&found).is_empty(), is_taken, "{argument} {accounts:?}: {found:?}");
        let named = found.iter().any(|one| one.detail.contains(builtin::ACCOUNT_ID));
        assert_eq!(named, !is_taken, "{found:?}");
    }
}

#[tokio::test]
async fn a_region_that_does_not_exist_is_refused_unless_that_is_not_to_be_checked() {
    let session = Session::unconfigured().await;
    let nowhere = with(&session.provider_config(), [("region", "us-nowhere-1".into())]);
    assert_eq!(errors(&session.core.configure(&nowhere).await)[0].0, "region");
    let skipped = with(&nowhere, [("skip_region_validation", Value::Bool(true))]);
    assert_eq!(errors(&session.core.configure(&skipped).await), no_errors());
}

#[tokio::test]
async fn a_machine_without_root_certificates_is_told_what_is_missing() {
    let environment = Environment::of_terraform().with("SSL_CERT_FILE", "/nonexistent");
    let session = Session::in_environment(Settings::default(), environment).await;
    let found = session.core.configure(&session.provider_config()).await;
    assert_eq!(errors(&found).len(), 1, "{found:?}");
    assert!(found[0].detail.contains("root certificates"), "{found:?}");
    assert!(found[0].detail.contains("SSL_CERT_FILE"), "{found:?}");
}
