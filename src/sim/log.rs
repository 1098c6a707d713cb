use std::io::Write;

use tokio::sync::broadcast::error::RecvError;

use super::calls::CallRecord;
use super::simulator::Simulator;

/// The form of the log of calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// A line of text for each call.
    #[default]
    Text,
    /// A JSON object a line for each call.
    Json,
    /// No log.
    Off,
}

/// Writes a line for each call until the simulator ends or `target` is closed. Calls that come before the
/// future is first polled are written too: what starts with this function misses nothing.
///
/// A line has the time, the operation, the Region, the caller, the identifiers, the outcome and the
/// milliseconds until the answer.
pub fn write_log<W: Write>(
    simulator: &Simulator,
    format: LogFormat,
    mut target: W,
) -> impl Future<Output = ()> + use<W> {
    let calls = (format != LogFormat::Off).then(|| simulator.subscribe());
    async move {
        let Some(mut calls) = calls else { return };
        loop {
            let line = match calls.recv().await {
                Ok(call) if format == LogFormat::Json => json(&call),
                Ok(call) => text(&call),
                Err(RecvError::Lagged(missed)) => format!("{missed} calls are missing here"),
                Err(RecvError::Closed) => return,
            };
            if writeln!(target, "{line}").is_err() {
                return;
            }
        }
    }
}

fn json(call: &CallRecord) -> String {
    serde_json::to_string(call).unwrap_or_default()
}

fn text(call: &CallRecord) -> String {
    const MOST: usize = 5;
    let mut identifiers = call.identifiers.iter().take(MOST).cloned().collect::<Vec<_>>().join(",");
    match call.identifiers.len() {
        0 => identifiers.push('-'),
        count if count > MOST => identifiers += &format!(",+{}", count - MOST),
        _ => {}
    }
    format!(
        "{:.3} {} {} {} {identifiers} {} {} ms",
        call.time,
        call.operation,
        call.region,
        call.short_caller(),
        call.outcome,
        call.milliseconds,
    )
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::Request;
    use jiff::Timestamp;

    use super::*;
    use crate::sim::{Outcome, Settings};

    /// Who waits for a line must not wait because the call came before the log was first polled.
    #[tokio::test]
    async fn a_call_that_comes_before_the_first_poll_is_logged() {
        let simulator = Simulator::new(Settings::default()).unwrap();
        let mut lines = Vec::new();
        let log = write_log(&simulator, LogFormat::Text, &mut lines);
        let request = Request::post("/")
            .header("x-amz-target", "WorkspacesService.DescribeWorkspaces")
            .body(Bytes::from_static(b"{}"))
            .unwrap();
        let refused = simulator.respond(&request, Timestamp::UNIX_EPOCH).outcome;
        assert!(matches!(refused, Outcome::Response(_)));
        drop(simulator);
        log.await;
        let lines = String::from_utf8(lines).unwrap();
        assert!(lines.contains("MissingAuthenticationTokenException"), "{lines}");
        assert_eq!(lines.lines().count(), 1, "{lines}");
    }

    #[test]
    fn a_line_has_all_that_is_promised_and_not_every_identifier() {
        let call = CallRecord {
            time: "2026-01-01T00:00:00.5Z".parse().unwrap(),
            operation: "DescribeWorkspaces".to_owned(),
            region: "us-west-2".to_owned(),
            caller: "arn:aws:iam::123456789012:user/AKID".to_owned(),
            protocol: "json",
            identifiers: (0..7).map(|number| format!("ws-{number}")).collect(),
            outcome: "ok".to_owned(),
            milliseconds: 12,
            request_id: "r".to_owned(),
        };
        assert_eq!(
            text(&call),
            "2026-01-01T00:00:00.500Z DescribeWorkspaces us-west-2 user/AKID \
             ws-0,ws-1,ws-2,ws-3,ws-4,+2 ok 12 ms"
        );
        let read: serde_json::Value = serde_json::from_str(&json(&call)).unwrap();
        assert_eq!(
            (&read["Operation"], &read["Milliseconds"]),
            (&"DescribeWorkspaces".into(), &12.into())
        );
    }
}
