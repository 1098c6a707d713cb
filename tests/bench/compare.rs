//! All runs of a row, and how its columns compare.

use std::collections::BTreeMap;

use super::columns::{Column, Kind};
use super::rows::{Goal, Row, Step};
use super::run::{Figures, run};
use super::table::{Judged, Section};

/// The figures of a row.
pub(super) struct Measured<'a> {
    pub(super) row: &'static Row,
    columns: &'a [Column],
    figures: BTreeMap<(Step, Kind), Vec<Figures>>,
}

/// The least, the median and the most of a figure over all runs.
#[derive(Clone, Copy)]
pub(super) struct Spread([f64; 3]);

/// Runs a row, one column after the other and then all of them again, every second time in reverse,
/// so that a machine that gets slower does not favor one of them.
pub(super) fn measure<'a>(
    row: &'static Row,
    columns: &'a [Column],
    mut told: impl FnMut(&Column, u32, Step, &Figures),
) -> Measured<'a> {
    let mut figures: BTreeMap<(Step, Kind), Vec<Figures>> = BTreeMap::new();
    let runs = columns.iter().map(|column| column.runs).max().unwrap_or_default();
    for number in 1..=runs {
        let mut taken: Vec<&Column> =
            columns.iter().filter(|column| column.is_in(row) && number <= column.runs).collect();
        if number % 2 == 0 {
            taken.reverse();
        }
        for column in taken {
            for (step, one) in run(column, row) {
                told(column, number, step, &one);
                figures.entry((step, column.kind)).or_default().push(one);
            }
        }
    }
    Measured { row, columns, figures }
}

impl<'a> Measured<'a> {
    /// What it compares, in the order of the table.
    pub(super) fn columns(&self) -> &'a [Column] {
        self.columns
    }

    /// One of the figures of a step; none where the column was not measured.
    pub(super) fn figure(&self, step: Step, kind: Kind, of: fn(&Figures) -> f64) -> Option<Spread> {
        let mut all: Vec<f64> = self.figures.get(&(step, kind))?.iter().map(of).collect();
        all.sort_by(f64::total_cmp);
        let middle = f64::midpoint(all[(all.len() - 1) / 2], all[all.len() / 2]);
        Some(Spread([all[0], middle, all[all.len() - 1]]))
    }

    /// The table of the row: for each step a line for each column, the first with the goals.
    pub(super) fn section(&self) -> Section {
        let title = format!("{} ({})", self.row.name, self.row);
        let figures = ALL.map(|(name, ..)| name);
        let header = [&["step", "provider"], &figures[..], &["ratio", "goals"]].concat();
        let mut section = Section::new(&title, &header);
        for (step, goals) in self.row.steps {
            for column in self.columns.iter().filter(|column| column.is_in(self.row)) {
                let is_first = column.kind == Kind::Now;
                let step_name = if is_first { step.to_string() } else { String::new() };
                let mut cells = vec![step_name, column.name.clone()];
                cells.extend(ALL.iter().map(|(_, digits, of)| {
                    let spread = self.figure(*step, column.kind, *of);
                    spread.map_or_else(String::new, |spread| spread.shown(*digits))
                }));
                let ratio = self.ratio(*step, column.kind).filter(|_| !is_first);
                cells.push(ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}")));
                let goals = goals.iter().filter(|_| is_first);
                let goals = goals.map(|goal| self.judged(*step, goal)).collect();
                section.push(cells, goals);
            }
        }
        section
    }

    /// The seconds of this provider as a share of those of another column.
    fn ratio(&self, step: Step, other: Kind) -> Option<f64> {
        let seconds = |kind| self.figure(step, kind, SECONDS).map(Spread::median);
        Some(seconds(Kind::Now)? / seconds(other)?)
    }

    fn judged(&self, step: Step, goal: &Goal) -> Judged {
        let median = |kind, of| self.figure(step, kind, of).map(Spread::median);
        let now = |of| median(Kind::Now, of);
        let is_met = match *goal {
            Goal::OfPeer(share) => self.ratio(step, Kind::Peer).map(|ratio| ratio <= share),
            Goal::OfFloor(times, more) => now(SECONDS)
                .zip(median(Kind::Floor, SECONDS))
                .map(|(seconds, floor)| seconds <= times * floor + more),
            Goal::Seconds(most) => now(SECONDS).map(|seconds| seconds <= most),
            Goal::Calls(most) => now(CALLS).map(|calls| calls <= most as f64),
            Goal::Refused(most) => now(REFUSED).map(|refused| refused <= most as f64),
        };
        Judged { subject: format!("{} {step}", self.row.name), goal: goal.to_string(), is_met }
    }
}

impl Spread {
    pub(super) fn median(self) -> f64 {
        self.0[1]
    }

    /// The median, and the range where there is one at so many decimals.
    fn shown(self, digits: usize) -> String {
        let [least, median, most] = self.0.map(|figure| format!("{figure:.digits$}"));
        if least == most { median } else { format!("{median} ({least} to {most})") }
    }
}

/// A figure of a table: its name, its decimals, and where it is.
type Shown = (&'static str, usize, fn(&Figures) -> f64);

pub(super) const SECONDS: fn(&Figures) -> f64 = |figures| figures.seconds;
pub(super) const CALLS: fn(&Figures) -> f64 = |figures| figures.calls as f64;
const REFUSED: fn(&Figures) -> f64 = |figures| figures.refused as f64;
const ALL: [Shown; 4] = [
    ("seconds", 2, SECONDS),
    ("calls", 0, CALLS),
    ("throttled", 0, REFUSED),
    ("CPU seconds", 1, |figures| figures.cpu_seconds),
];
