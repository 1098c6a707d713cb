//! Answers that AWS does not give, as bytes on a connection: they cost little memory, keep the state,
//! and are read once.

use terraform_provider_aws_workspaces::tf::Value;

use super::session::Session;
use crate::support::requests::{errors, no_errors, with};
use crate::support::stand_ins::Impostor;

/// The most memory that one answer may take, in KiB. A process that has answered nothing has about
/// 30 MiB; an answer of AWS takes less than 1 MiB.
const MOST: u64 = 48 * 1024;

/// The most memory that the process has ever had, in KiB; zero where the system does not say.
fn peak(session: &Session) -> u64 {
    let file = format!("/proc/{}/status", session.terraform.process.id());
    let status = std::fs::read_to_string(file).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0");
    line.split_whitespace().next().unwrap().parse().unwrap()
}

/// Refreshes a standby while this answers in place of AWS. Gives the error, and the memory it took.
async fn refresh(impostor: &Impostor) -> (String, u64) {
    let session = Session::unconfigured().await;
    let skipped = ["skip_credentials_validation", "skip_requesting_account_id"];
    let skipped = skipped.map(|name| (name, Value::Bool(true)));
    let block = with(&session.provider_config_with(&impostor.url()), skipped);
    assert_eq!(errors(&session.core.configure(&block).await), no_errors());
    let before = peak(&session);
    let stored = session.stored("ws-0kept12345");
    let read = session.core.read(&stored).await;
    assert_eq!(read.stored, stored, "nothing is lost");
    assert_eq!(errors(&read.diagnostics).len(), 1, "{:?}", read.diagnostics);
    (read.diagnostics[0].detail.clone(), peak(&session) - before)
}

#[tokio::test]
#[expect(clippy::print_stdout, reason = "the figures are for whoever wants to see them")]
async fn an_answer_takes_no_more_memory_than_one_of_aws() {
    let list = |entry: &str, times: usize| {
        format!("{{\"Workspaces\":[{entry}{}]}}", format!(",{entry}").repeat(times))
    };
    let error = |message: &str| format!("{{\"__type\":\"Odd\",\"message\":\"{message}\"}}");
    for (what, status, body) in [
        ("6 MB of empty objects", 200, list("{}", 2_000_000)),
        ("6 MB of empty lists", 200, list("[]", 2_000_000)),
        ("60 MB of one text", 200, list(&format!("\"{}\"", "x".repeat(60_000_000)), 0)),
        ("a page of short texts", 200, list("\"\"", 130_000)),
        ("deep lists", 200, "[".repeat(1_000_000)),
        ("an error of 20 MB", 400, error(&"x".repeat(20_000_000))),
        ("an error of empty objects", 400, list("{}", 2_000_000)),
    ] {
        let impostor = Impostor::start(status, body);
        let (detail, took) = refresh(&impostor).await;
        println!("{what}: {took} KiB");
        assert!(took < MOST, "{what} took {took} KiB");
        assert!(detail.len() < 10_000, "{what}: {} bytes", detail.len());
        // The look, and the tags at the same time; neither is tried again.
        assert!((1..=2).contains(&impostor.calls()), "{what}");
    }
}

#[tokio::test]
async fn an_answer_without_a_body_says_nothing() {
    for status in [200, 202, 204, 205] {
        let (detail, _) = refresh(&Impostor::start(status, String::new())).await;
        assert!(detail.contains("has no Workspaces"), "{status}: {detail}");
    }
}

#[tokio::test]
async fn a_text_of_others_is_cut_and_has_no_control_characters() {
    let letters = "\\u001b]0;title\\u0007\\r".repeat(10_000);
    let body = format!("{{\"__type\":\"Odd\",\"message\":\"{letters}\"}}");
    let (detail, _) = refresh(&Impostor::start(400, body)).await;
    assert!(detail.contains("\\u{1b}]0;title\\u{7}\\r"), "{detail:.500}");
    assert!(
        !detail.contains(|letter: char| letter.is_control() && letter != '\n'),
        "{detail:.500}"
    );
    assert!(detail.len() < 20_000, "{}", detail.len());
}
