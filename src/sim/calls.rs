use std::collections::VecDeque;
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::broadcast;

/// How many calls are remembered; the oldest are forgotten first.
const REMEMBERED: usize = 500;
/// How many calls a reader of the log may fall behind before it loses some.
const BACKLOG: usize = 4096;
/// The members of requests and answers that hold identifiers.
const ID_MEMBERS: [&str; 10] = [
    "WorkspaceId",
    "WorkspaceIds",
    "PrimaryWorkspaceId",
    "DirectoryId",
    "DirectoryIds",
    "BundleIds",
    "AliasId",
    "AliasIds",
    "ResourceId",
    "ResourceARNList",
];

/// One call as the log, the page and `GET /_simulator/calls` show it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CallRecord {
    /// When it arrived.
    pub time: Timestamp,
    /// The operation; a dash when it could not be told.
    pub operation: String,
    /// The Region that it was signed for.
    pub region: String,
    /// The ARN of the user or role session that signed it.
    pub caller: String,
    /// The wire protocol, as the service models name it.
    pub protocol: &'static str,
    /// The identifiers of the request, and those of what it made.
    pub identifiers: Vec<String>,
    /// `ok`, an error code, `reset`, or how many items failed.
    pub outcome: String,
    /// From its arrival to its answer.
    pub milliseconds: i64,
    /// The id that the answer carries.
    pub request_id: String,
}

/// The last calls, and those who want to hear of the next.
#[derive(Debug)]
pub(super) struct Calls {
    recent: VecDeque<Arc<CallRecord>>,
    sender: broadcast::Sender<Arc<CallRecord>>,
}

impl Default for Calls {
    fn default() -> Self {
        Self { recent: VecDeque::new(), sender: broadcast::Sender::new(BACKLOG) }
    }
}

impl Calls {
    pub(super) fn push(&mut self, record: CallRecord) {
        if self.recent.len() == REMEMBERED {
            self.recent.pop_front();
        }
        let record = Arc::new(record);
        self.recent.push_back(Arc::clone(&record));
        // An error says that nothing listens.
        let _ = self.sender.send(record);
    }

    pub(super) fn forget(&mut self) {
        self.recent.clear();
    }

    /// The last calls, the newest first.
    pub(super) fn recent(&self) -> impl Iterator<Item = &CallRecord> {
        self.recent.iter().rev().map(|record| &**record)
    }

    pub(super) fn subscribe(&self) -> broadcast::Receiver<Arc<CallRecord>> {
        self.sender.subscribe()
    }
}

impl CallRecord {
    /// The caller without what is the same for all callers of an account.
    pub(super) fn short_caller(&self) -> &str {
        self.caller.rsplit(':').next().unwrap_or_default()
    }
}

/// The identifiers in a request or an answer, in order, each once.
pub(super) fn identifiers(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| identifiers(item, found)),
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(id) if ID_MEMBERS.contains(&name.as_str()) => add(id, found),
                    Value::Array(ids) if ID_MEMBERS.contains(&name.as_str()) => {
                        ids.iter().filter_map(Value::as_str).for_each(|id| add(id, found));
                    }
                    other => identifiers(other, found),
                }
            }
        }
        _ => {}
    }
}

fn add(id: &str, found: &mut Vec<String>) {
    if !found.iter().any(|other| other == id) {
        found.push(id.to_owned());
    }
}

/// `ok`, or how many items of an answer failed and the first one's code.
pub(super) fn outcome(output: &Value) -> String {
    let lists = output.as_object().into_iter().flatten();
    let mut failed = lists
        .filter(|(name, _)| name.starts_with("Failed"))
        .filter_map(|(_, items)| items.as_array())
        .flatten();
    match failed.next() {
        None => "ok".to_owned(),
        Some(first) => {
            let code = first["ErrorCode"].as_str().unwrap_or_default();
            format!("{} failed: {code}", failed.count() + 1)
        }
    }
}
