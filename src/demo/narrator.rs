use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Write};

use super::Error;

/// Writes to standard output, with colour only where somebody looks at it on a terminal.
pub(super) struct Narrator {
    colour: bool,
}

impl Narrator {
    /// Colour follows the terminal and `NO_COLOR` (<https://no-color.org>).
    pub(super) fn new(environment: &BTreeMap<String, String>) -> Self {
        let refused = environment.get("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { colour: io::stdout().is_terminal() && !refused }
    }

    pub(super) fn has_colour(&self) -> bool {
        self.colour
    }

    /// The heading of a step.
    pub(super) fn heading(&self, text: &str) -> Result<(), Error> {
        self.line("")?;
        self.line(&self.painted("1", text))
    }

    /// One line, or several, of the narration.
    pub(super) fn say(&self, text: &str) -> Result<(), Error> {
        text.lines().try_for_each(|line| self.line(line))
    }

    /// A line of somebody else: of a file, or of Terraform.
    pub(super) fn quote(&self, line: &str) -> Result<(), Error> {
        let bar = self.painted("2", "│");
        self.line(format!("  {bar} {line}").trim_end())
    }

    /// Whether something that had to hold did.
    pub(super) fn verdict(&self, held: bool, what: &str) -> Result<(), Error> {
        let mark = if held { self.painted("32", "✓") } else { self.painted("31", "✗ not so:") };
        self.line(&format!("  {mark} {what}"))
    }

    fn painted(&self, code: &str, text: &str) -> String {
        if self.colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    fn line(&self, text: &str) -> Result<(), Error> {
        let mut stdout = io::stdout().lock();
        writeln!(stdout, "{text}").and_then(|()| stdout.flush()).map_err(Error::Output)
    }
}
