//! What a user reads when something goes wrong, one screen each, compared with
//! `tests/golden/messages.txt`. `UPDATE_EXPECT=1 cargo test messages` writes it anew, to be read as
//! prose before it is committed.

mod adopting;
mod aliases;
mod before;
mod creating;
mod data;
mod living;
mod settings;
mod wire;

use std::fmt::Write as _;
use std::time::Duration;

use expect_test::expect_file;
use terraform_provider_aws_workspaces::provider::Instance;
use terraform_provider_aws_workspaces::tf::{Diagnostic, Severity, Value};

use tokio_util::sync::CancellationToken;

use crate::support::in_process::{Applied, Desk};

/// A key in the standby Region.
const KEY: &str = "arn:aws:kms:us-west-2:123456789012:key/1a2b3c4d-0000-0000-0000-000000000000";

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

/// What the simulator says where AWS says something else.
const SIMULATED: [&str; 3] = [
    "The simulator was told to refuse this call (A fault of the simulator)",
    "The simulator was told to refuse this call",
    "The simulator was told to fail here",
];

/// Request IDs differ from run to run, and some texts of AWS are not known.
fn normalized(text: &str) -> String {
    let text = SIMULATED.iter().fold(text.to_owned(), |text, said| text.replace(said, "…"));
    let mut parts = text.split("request ID ");
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let id = part.find(|c: char| !c.is_ascii_hexdigit() && c != '-').unwrap_or(part.len());
        result.push_str("request ID 01234567");
        result.push_str(&part[id..]);
    }
    result
}

#[tokio::test(start_paused = true)]
async fn every_message_is_the_one_that_was_reviewed() {
    let mut messages = Messages::default();
    settings::provider_blocks(&mut messages).await;
    before::arguments(&mut messages).await;
    before::plans(&mut messages).await;
    creating::refusals(&mut messages).await;
    creating::lost_answers(&mut messages).await;
    creating::batches(&mut messages).await;
    creating::waits(&mut messages).await;
    adopting::adoptions(&mut messages).await;
    living::refreshes(&mut messages).await;
    living::updates(&mut messages).await;
    living::deletions(&mut messages).await;
    living::upgrades(&mut messages).await;
    living::imports(&mut messages).await;
    data::data_sources(&mut messages).await;
    data::actions(&mut messages).await;
    aliases::associations(&mut messages).await;
    aliases::permissions(&mut messages).await;
    aliases::imports(&mut messages).await;
    expect_file!["../golden/messages.txt"].assert_eq(&normalized(&messages.0));
}

/// What an apply gives that is stopped after so many seconds.
async fn stopped_after(desk: &Desk, prior: &Instance, config: &Value, seconds: u64) -> Applied {
    let stop = CancellationToken::new();
    let stopping = stop.clone();
    if seconds == 0 {
        stop.cancel();
    }
    let stopper = async move {
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        stopping.cancel();
    };
    tokio::join!(desk.apply(prior, config, &stop), stopper).0
}
