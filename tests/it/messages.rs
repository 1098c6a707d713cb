//! What a user reads when something goes wrong, one screen each, compared with
//! `tests/golden/messages.txt`. `UPDATE_EXPECT=1 cargo test messages` writes it anew, to be read as
//! prose before it is committed.

use std::fmt::Write as _;

use expect_test::expect_file;
use serde_json::json;
use terraform_provider_aws_workspaces::provider::ImportTarget;
use terraform_provider_aws_workspaces::sim::Settings;
use terraform_provider_aws_workspaces::sim::builtin::*;
use terraform_provider_aws_workspaces::tf::{Diagnostic, Severity, Value};

use crate::support::in_process::{Desk, id};

/// The messages so far, each under a heading that says how to meet it.
#[derive(Default)]
struct Messages(String);

impl Messages {
    fn add<'a>(&mut self, met: &str, diagnostics: impl IntoIterator<Item = &'a Diagnostic>) {
        let mut some = false;
        for diagnostic in diagnostics {
            let severity = match diagnostic.severity {
                Severity::Error => "Error",
                Severity::Warning => "Warning",
            };
            let path = diagnostic.path.as_ref().map(|path| format!("  with {path}\n"));
            let (summary, detail) = (&diagnostic.summary, diagnostic.detail.trim_end());
            let path = path.unwrap_or_default();
            writeln!(self.0, "=== {met}\n{severity}: {summary}\n{path}\n{detail}\n").unwrap();
            some = true;
        }
        assert!(some, "{met}: there is a message");
    }
}

/// Request ids differ from run to run.
fn without_request_ids(text: &str) -> String {
    let mut parts = text.split("request id ");
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let id = part.find(|c: char| !c.is_ascii_hexdigit() && c != '-').unwrap_or(part.len());
        result.push_str("request id 01234567");
        result.push_str(&part[id..]);
    }
    result
}

#[tokio::test(start_paused = true)]
async fn every_message_is_the_one_that_was_reviewed() {
    let mut messages = Messages::default();
    arguments(&mut messages).await;
    refusals(&mut messages).await;
    waits(&mut messages).await;
    later(&mut messages).await;
    imports(&mut messages).await;
    expect_file!["../golden/messages.txt"].assert_eq(&without_request_ids(&messages.0));
}

async fn arguments(messages: &mut Messages) {
    let desk = Desk::new(Settings::default()).await;
    let of = &desk.provider.resources()[0];
    let key = |region: &str| format!("arn:aws:kms:{region}:123456789012:key/0a1b");
    for (met, argument) in [
        ("a primary's id is malformed", ("primary_workspace_id", Value::from("i-0a1b2c3d"))),
        ("a Region is none", ("primary_region", "us-est".into())),
        ("the primary is in the standby Region", ("primary_region", "us-west-2".into())),
        ("the primary is in another partition", ("primary_region", "cn-north-1".into())),
        ("the Region is not documented", ("primary_region", "ap-southeast-2".into())),
        ("the key is in another Region", ("volume_encryption_key", key("eu-west-1").into())),
        ("the data replication is unknown", ("data_replication", "BOTH_WAYS".into())),
        ("a tag is AWS's own", ("tags", Value::map([("aws:owner", Value::from("me"))]))),
        ("a computed attribute is set", ("ip_address", "10.0.0.1".into())),
        ("a required attribute is missing", ("directory_id", Value::Null)),
    ] {
        let mut config = desk.standby(PRIMARIES[0], &[("region", "us-west-2".into())]);
        config.set(argument.0, argument.1);
        messages.add(met, &desk.provider.validate_resource(of, &config));
    }
}

async fn refusals(messages: &mut Messages) {
    for (met, primary, fault) in [
        ("the primary is not there", "ws-0unknown1", None),
        ("the primary runs Linux", LINUX_PRIMARY, None),
        ("the user has a WorkSpace already", OCCUPIED_PRIMARY, None),
        ("a permission is missing", PRIMARIES[0], Some("error=AccessDeniedException:1")),
        ("a quota is used up", PRIMARIES[0], Some("error=ResourceLimitExceededException:1")),
        ("AWS refuses the operation", PRIMARIES[0], Some("error=OperationNotSupportedException:1")),
        ("AWS throttles for good", PRIMARIES[0], Some("error=ThrottlingException:1")),
        ("AWS says neither yes nor no", PRIMARIES[0], Some("neither:1")),
        ("no answer comes back", PRIMARIES[0], Some("reset-before:1")),
    ] {
        let desk = Desk::new(Settings::default()).await;
        if let Some(fault) = fault {
            desk.faults(&[&format!("CreateStandbyWorkspaces:{fault}")]);
        }
        let applied = desk.create(&desk.standby(primary, &[])).await;
        messages.add(met, &applied.outcome.diagnostics);
    }
    let desk = Desk::new(Settings::default()).await;
    desk.created(&desk.standby(PRIMARIES[0], &[])).await;
    let again = desk.create(&desk.standby(PRIMARIES[0], &[])).await;
    messages.add("the primary has a standby already", &again.outcome.diagnostics);
}

async fn waits(messages: &mut Messages) {
    let slow =
        Settings { provisioning: std::time::Duration::from_secs(36_000), ..Settings::default() };
    let desk = Desk::new(slow).await;
    let applied = desk.create(&desk.standby(PRIMARIES[0], &[])).await;
    messages.add("a standby takes too long", &applied.outcome.diagnostics);

    let desk = Desk::new(Settings::default()).await;
    desk.faults(&["CreateStandbyWorkspaces:fails-provisioning:1"]);
    let applied = desk.create(&desk.standby(PRIMARIES[0], &[])).await;
    messages.add("a standby turns out bad", &applied.outcome.diagnostics);
}

async fn later(messages: &mut Messages) {
    let desk = Desk::new(Settings::default()).await;
    let of = &desk.provider.resources()[0];
    let config = desk.standby(PRIMARIES[0], &[]);
    let created = desk.created(&config).await;
    desk.force(id(&created), "UNHEALTHY");
    let read = desk.provider.read(of, created.clone()).await;
    messages.add("a refreshed standby is unwell", &read.diagnostics);

    desk.force(id(&created), "SUSPENDED");
    let deleted = desk.delete(&created).await;
    messages.add("a suspended standby is to be destroyed", &deleted.outcome.diagnostics);
    desk.control(
        "POST",
        &format!("workspaces/{STANDBY_REGION}/{}", id(&created)),
        &json!({"State": null}),
    );

    desk.faults(&["ModifyWorkspaceProperties@us-east-1:reset-before:1"]);
    let on = desk.standby(PRIMARIES[0], &[("data_replication", "PRIMARY_AS_SOURCE".into())]);
    let updated = desk.update(&created, &on).await;
    messages.add(
        "replication is switched while the primary Region is down",
        &updated.outcome.diagnostics,
    );
    desk.faults(&["DescribeWorkspaces:error=AccessDeniedException:1"]);
    let read = desk.provider.read(of, created.clone()).await;
    messages.add("a refresh is not allowed", &read.diagnostics);
    desk.faults(&[]);

    desk.vanish(id(&created));
    let read = desk.provider.read(of, created).await;
    messages.add("a standby was terminated elsewhere", &read.diagnostics);
    let (_, diagnostics) = desk.provider.upgrade_state(of, 9, b"{}");
    messages.add("the state is of a newer provider", &diagnostics);
}

async fn imports(messages: &mut Messages) {
    let desk = Desk::new(Settings::default()).await;
    let of = &desk.provider.resources()[0];
    let identity = |account: &str| {
        let account = Value::from(account);
        Value::object([
            ("account_id", account),
            ("region", Value::Null),
            ("id", "ws-0a1b2c3d4".into()),
        ])
    };
    for (met, target) in [
        ("an import id is malformed", ImportTarget::Id("i-0a1b2c3d".to_owned())),
        ("an import finds nothing", ImportTarget::Id("ws-0a1b2c3d4".to_owned())),
        ("an ordinary WorkSpace is imported", ImportTarget::Id(ORDINARY_WORKSPACE.to_owned())),
        ("an identity is of another account", ImportTarget::Identity(identity("999999999999"))),
        ("an identity is malformed", ImportTarget::Identity(identity("mine"))),
    ] {
        messages.add(met, &desk.provider.import(of, target).await.diagnostics);
    }
}
