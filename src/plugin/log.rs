//! Logging in the format that Terraform reads from standard error: one JSON object per line, as
//! hclog writes it.
//!
//! Only events of this crate are logged, at any level. The HTTP, TLS and SDK crates log headers and
//! bodies at their debug and trace levels, which contain credentials. A log without their events
//! needs no redaction.

use std::{
    collections::BTreeMap,
    fmt::{self, Write as _},
    io::{self, Write},
};

use serde_json::{Map, Value};
use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};
use tracing_subscriber::{
    Layer, Registry,
    layer::{Context, SubscriberExt},
    registry::LookupSpan,
};

/// The variables that set the level, most specific first. Terraform filters the log by the last two
/// again, so the first can only reduce it.
const LEVEL_VARIABLES: [&str; 3] = ["TF_LOG_PROVIDER_AWS_WORKSPACES", "TF_LOG_PROVIDER", "TF_LOG"];

/// The maximum length of a string in a line, in bytes. Terraform reads lines of up to 64 KiB, and
/// JSON may encode a byte as six.
const LONGEST_TEXT: usize = 8 << 10;

/// The maximum length of a line, in bytes, below the 64 KiB of Terraform.
const LONGEST_LINE: usize = 60 << 10;

/// The timestamp format of hclog, which requires this number of digits.
const TIMESTAMP: &str = "%Y-%m-%dT%H:%M:%S%.6fZ";

/// Starts to log the events of this crate to standard error, at the level that the environment sets.
/// Without a level nothing is logged. `hide` replaces the secrets of a line. A second call has no
/// effect.
pub fn install(environment: &BTreeMap<String, String>, hide: fn(&str) -> String) {
    if let Some(level) = level(environment) {
        let write = move |line: &str| to_stderr(&hide(line));
        let layer = Hclog { level, now: jiff::Timestamp::now, write };
        // This fails if there is a subscriber already, which then stays.
        let _ = tracing::subscriber::set_global_default(Registry::default().with(layer));
    }
}

/// The configured level, or `None` to log nothing. As in Terraform, JSON and unknown levels mean
/// trace.
fn level(environment: &BTreeMap<String, String>) -> Option<Level> {
    let set = LEVEL_VARIABLES
        .iter()
        .find_map(|name| environment.get(*name).filter(|value| !value.is_empty()))?;
    match set.to_ascii_uppercase().as_str() {
        "OFF" => None,
        "ERROR" => Some(Level::ERROR),
        "WARN" => Some(Level::WARN),
        "INFO" => Some(Level::INFO),
        "DEBUG" => Some(Level::DEBUG),
        _ => Some(Level::TRACE),
    }
}

/// Writes a line with one call, so that lines of several threads do not mix. If standard error is
/// closed, the line is lost.
fn to_stderr(line: &str) {
    let _ = io::stderr().lock().write_all(line.as_bytes());
}

/// Formats events, with the fields of their spans, as lines.
struct Hclog<N, W> {
    level: Level,
    now: N,
    write: W,
}

impl<S, N, W> Layer<S> for Hclog<N, W>
where
    S: Subscriber + for<'lookup> LookupSpan<'lookup>,
    N: Fn() -> jiff::Timestamp + 'static,
    W: Fn(&str) + 'static,
{
    fn enabled(&self, metadata: &Metadata<'_>, _context: Context<'_, S>) -> bool {
        *metadata.level() <= self.level && is_own(metadata.target())
    }

    fn on_new_span(
        &self,
        attributes: &span::Attributes<'_>,
        id: &span::Id,
        context: Context<'_, S>,
    ) {
        if let Some(span) = context.span(id) {
            let mut fields = Fields::default();
            attributes.record(&mut fields);
            span.extensions_mut().insert(fields);
        }
    }

    fn on_record(&self, id: &span::Id, values: &span::Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(fields) = span.extensions_mut().get_mut::<Fields>()
        {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        for span in context.event_scope(event).into_iter().flat_map(|scope| scope.from_root()) {
            if let Some(outer) = span.extensions().get::<Fields>() {
                fields.0.extend(outer.0.clone());
            }
        }
        event.record(&mut fields);
        (self.write)(&line(fields.0, event.metadata(), (self.now)()));
    }
}

fn is_own(target: &str) -> bool {
    target
        .strip_prefix(env!("CARGO_CRATE_NAME"))
        .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// A JSON object and a line feed. The names with `@` belong to hclog. If one of them is not a string,
/// Terraform crashes.
fn line(mut fields: Map<String, Value>, metadata: &Metadata<'_>, now: jiff::Timestamp) -> String {
    let message = match fields.remove("message") {
        Some(Value::String(message)) => message,
        Some(other) => other.to_string(),
        None => String::new(),
    };
    fields.insert("@message".into(), message.into());
    fields.insert("@level".into(), metadata.level().as_str().to_ascii_lowercase().into());
    fields.insert("@module".into(), metadata.target().replace("::", ".").into());
    fields.insert("@timestamp".into(), now.strftime(TIMESTAMP).to_string().into());
    let mut line = Value::Object(fields.clone()).to_string();
    if line.len() > LONGEST_LINE {
        fields.retain(|name, _| name.starts_with('@'));
        fields.insert("fields_omitted".into(), true.into());
        line = Value::Object(fields).to_string();
    }
    line.push('\n');
    line
}

/// The fields of a span or event.
#[derive(Default)]
struct Fields(Map<String, Value>);

impl Fields {
    fn insert(&mut self, field: &Field, value: impl Into<Value>) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn insert_text(&mut self, field: &Field, text: impl fmt::Display) {
        let mut truncated = Truncated(String::new());
        // This fails if the text is too long, and keeps the start of it.
        if write!(truncated, "{text}").is_err() {
            truncated.0.push('…');
        }
        self.insert(field, truncated.0);
    }
}

impl Visit for Fields {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.insert(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.insert(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.insert(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.insert(field, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.insert_text(field, value);
    }

    /// Includes the causes, which `Display` omits.
    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        let causes = std::iter::successors(value.source(), |cause| cause.source());
        self.insert_text(
            field,
            causes.fold(value.to_string(), |text, cause| format!("{text}: {cause}")),
        );
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.insert_text(field, format_args!("{value:?}"));
    }
}

/// A string of at most [`LONGEST_TEXT`] bytes.
struct Truncated(String);

impl fmt::Write for Truncated {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let available = LONGEST_TEXT - self.0.len();
        let fitting = text.floor_char_boundary(available);
        self.0.push_str(&text[..fitting]);
        if fitting == text.len() { Ok(()) } else { Err(fmt::Error) }
    }
}

#[cfg(test)]
mod tests;
