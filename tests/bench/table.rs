//! A table of figures with its goals, for a terminal and for a page.

use std::fmt::{self, Write};

/// A part of the results.
pub(super) struct Section {
    pub(super) title: String,
    pub(super) header: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
    pub(super) goals: Vec<Judged>,
}

/// A goal, and what came of it.
#[derive(Clone)]
pub(super) struct Judged {
    /// What it is about.
    pub(super) subject: String,
    pub(super) goal: String,
    /// None where it was not measured.
    pub(super) is_met: Option<bool>,
}

impl Section {
    pub(super) fn new(title: &str, header: &[&str]) -> Self {
        let header = header.iter().map(|name| (*name).to_owned()).collect();
        Self { title: title.to_owned(), header, rows: Vec::new(), goals: Vec::new() }
    }

    /// Adds a line, whose last cell tells its goals.
    pub(super) fn push(&mut self, mut cells: Vec<String>, goals: Vec<Judged>) {
        cells.push(goals.iter().map(Judged::to_string).collect::<Vec<_>>().join(", "));
        self.rows.push(cells);
        self.goals.extend(goals);
    }

    /// Whether a column has words, which are to the left, and no numbers.
    fn is_text(&self, column: usize) -> bool {
        matches!(self.header[column].as_str(), "step" | "provider" | "figure" | "goals")
    }

    /// A table of Markdown.
    pub(super) fn markdown(&self) -> String {
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        let rule: Vec<String> = (0..self.header.len())
            .map(|column| if self.is_text(column) { "---" } else { "---:" }.to_owned())
            .collect();
        let mut text = line(&self.header) + &line(&rule);
        text.extend(self.rows.iter().map(|cells| line(cells)));
        text
    }
}

/// A table for a terminal.
impl fmt::Display for Section {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = || [&self.header].into_iter().chain(&self.rows);
        let width = |column: usize| {
            lines().map(|cells| cells[column].chars().count()).max().unwrap_or_default()
        };
        writeln!(formatter, "{}:", self.title)?;
        for cells in lines() {
            let mut line = String::new();
            for (column, cell) in cells.iter().enumerate() {
                let width = width(column);
                match self.is_text(column) {
                    true => write!(line, "  {cell:<width$}")?,
                    false => write!(line, "  {cell:>width$}")?,
                }
            }
            writeln!(formatter, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

impl Judged {
    /// A figure that is to be at most so much.
    pub(super) fn at_most(subject: &str, figure: f64, most: f64, unit: &str) -> Self {
        Self {
            subject: subject.to_owned(),
            goal: format!("≤ {most} {unit}"),
            is_met: Some(figure <= most),
        }
    }
}

impl fmt::Display for Judged {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self.is_met {
            Some(true) => "✓",
            Some(false) => "✗",
            None => "–",
        };
        write!(formatter, "{mark} {}", self.goal)
    }
}
