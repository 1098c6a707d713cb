//! What came of an operation, and what a test expects of it.

use std::sync::Mutex;
use std::time::Duration;

use futures_util::future::BoxFuture;
use terraform_provider_aws_workspaces::provider::{Instance, Outcome, Progress};
use terraform_provider_aws_workspaces::tf::{Diagnostic, Value};

/// What an apply gave, and what it had left in the checkpoint.
#[derive(Clone, Debug)]
pub(crate) struct Applied {
    pub(crate) outcome: Outcome,
    pub(crate) checkpoint: Option<Instance>,
    /// How long it took, in virtual time.
    pub(crate) took: Duration,
}

impl Applied {
    /// The instance of an apply that must have gone well without a word.
    #[track_caller]
    pub(crate) fn succeeded(self) -> Instance {
        assert!(self.outcome.diagnostics.is_empty(), "{:#?}", self.outcome.diagnostics);
        self.outcome.instance
    }

    /// The one error of an apply that must have failed.
    #[track_caller]
    pub(crate) fn error(&self) -> &Diagnostic {
        only_error(&self.outcome)
    }

    /// The id in the state, empty where there is none.
    pub(crate) fn id(&self) -> &str {
        id(&self.outcome.instance)
    }
}

/// The one diagnostic of an operation that must have failed.
#[track_caller]
pub(crate) fn only_error(outcome: &Outcome) -> &Diagnostic {
    let all: Vec<_> = outcome.diagnostics.iter().collect();
    match all[..] {
        [only] if only.is_error() => only,
        _ => panic!("not one error: {outcome:#?}"),
    }
}

/// The one diagnostic of an operation that must have warned.
#[track_caller]
pub(crate) fn only_warning(outcome: &Outcome) -> &Diagnostic {
    let all: Vec<_> = outcome.diagnostics.iter().collect();
    match all[..] {
        [only] if !only.is_error() => only,
        _ => panic!("not one warning: {outcome:#?}"),
    }
}

/// Every text must be in the diagnostic's summary or detail.
#[track_caller]
pub(crate) fn says(diagnostic: &Diagnostic, texts: &[&str]) {
    let whole = format!("{}\n{}", diagnostic.summary, diagnostic.detail);
    for text in texts {
        assert!(whole.contains(text), "{text:?} is not in:\n{whole}");
    }
}

/// The id in an instance's state, empty where there is none.
pub(crate) fn id(instance: &Instance) -> &str {
    instance.state.get("id").as_str().unwrap_or_default()
}

/// A map of strings.
pub(crate) fn texts(pairs: &[(&str, &str)]) -> Value {
    Value::map(pairs.iter().map(|(key, value)| (*key, Value::from(*value))))
}

/// A `timeouts` block with one timeout.
pub(crate) fn timeouts(name: &str, text: &str) -> Value {
    let mut block = Value::object(["create", "update", "delete"].map(|name| (name, Value::Null)));
    block.set(name, text.into());
    block
}

/// Minutes of virtual time.
pub(crate) fn minutes(number: u64) -> Duration {
    Duration::from_secs(60 * number)
}

/// Seconds of virtual time.
pub(crate) fn seconds(number: u64) -> Duration {
    Duration::from_secs(number)
}

/// The messages of an action.
#[derive(Default)]
pub(super) struct Messages(pub(super) Mutex<Vec<String>>);

impl Progress for Messages {
    fn report(&self, message: String) -> BoxFuture<'_, ()> {
        self.0.lock().unwrap().push(message);
        Box::pin(async {})
    }
}
