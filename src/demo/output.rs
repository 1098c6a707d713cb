use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Write};

use super::Error;

/// Writes to standard output, in color if it is a terminal.
pub(super) struct Output {
    color: bool,
}

impl Output {
    /// Uses color on a terminal, unless `NO_COLOR` is set (<https://no-color.org>).
    pub(super) fn new(environment: &BTreeMap<String, String>) -> Self {
        let no_color = environment.get("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { color: io::stdout().is_terminal() && !no_color }
    }

    pub(super) fn has_color(&self) -> bool {
        self.color
    }

    /// The heading of a step.
    pub(super) fn heading(&self, text: &str) -> Result<(), Error> {
        self.line("")?;
        self.line(&self.painted("1", text))
    }

    /// One or more lines of text.
    pub(super) fn text(&self, text: &str) -> Result<(), Error> {
        text.lines().try_for_each(|line| self.line(line))
    }

    /// A line of a file or of the output of Terraform.
    pub(super) fn quote(&self, line: &str) -> Result<(), Error> {
        let bar = self.painted("2", "│");
        self.line(format!("  {bar} {line}").trim_end())
    }

    /// The result of a check.
    pub(super) fn check(&self, passed: bool, what: &str) -> Result<(), Error> {
        let mark =
            if passed { self.painted("32", "✓") } else { self.painted("31", "✗ failed:") };
        self.line(&format!("  {mark} {what}"))
    }

    fn painted(&self, code: &str, text: &str) -> String {
        if self.color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    fn line(&self, text: &str) -> Result<(), Error> {
        let mut stdout = io::stdout().lock();
        writeln!(stdout, "{text}").and_then(|()| stdout.flush()).map_err(Error::Output)
    }
}
