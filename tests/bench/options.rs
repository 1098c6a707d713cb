//! The command line: `cargo bench -- OPTIONS`.

use std::path::PathBuf;

use clap::Parser;
use clap::builder::PossibleValuesParser;

use super::rows::{ROWS, Row};

/// Measures the built provider: how soon it starts, its memory, and the time and the calls of a fleet.
///
/// AWS is simulated: each call is answered after 50 ms. Nothing here fails because something is slow;
/// the goals that are missed are listed at the end.
#[derive(Parser)]
#[command(name = "cargo bench --")]
pub(super) struct Options {
    /// What to measure, separated by commas. 100@10 is a fleet of 100 with -parallelism=10. `start`,
    /// `growth` and `large` need no Terraform. The default takes some minutes.
    #[arg(long, value_delimiter = ',', value_parser = PossibleValuesParser::new(names()), default_values_t = usual())]
    rows: Vec<String>,

    /// How often each row is run with Terraform. Figures are medians.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) runs: u32,

    /// A program of the provider hashicorp/aws to compare with. A row takes one to five minutes more.
    #[arg(long, value_name = "BINARY")]
    pub(super) peer: Option<PathBuf>,

    /// How often the peer is run, if not as often as the others.
    #[arg(long, value_name = "RUNS", requires = "peer", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) peer_runs: Option<u32>,

    /// Another build of this provider to compare with.
    #[arg(long, value_name = "BINARY")]
    pub(super) against: Option<PathBuf>,

    /// Writes a line of JSON for each command that Terraform has run.
    #[arg(long, value_name = "FILE")]
    pub(super) json: Option<PathBuf>,

    /// Draws the calls and the seconds by the size of the fleet.
    #[arg(long, value_name = "FILE")]
    pub(super) svg: Option<PathBuf>,

    /// Writes all figures as a page of Markdown, with the picture of --svg.
    #[arg(long, value_name = "FILE")]
    pub(super) report: Option<PathBuf>,

    /// Cargo sets it.
    #[arg(long, hide = true)]
    bench: bool,
}

/// A part of the measurement.
pub(super) enum Part {
    /// The start of the provider.
    Start,
    /// Fleets of these sizes over the protocol, without Terraform, and the name of the part.
    Growth(&'static str, &'static [u32]),
    /// A fleet with Terraform.
    Fleet(&'static Row),
}

/// What needs no Terraform.
const ALONE: [(&str, Part); 3] = [
    ("start", Part::Start),
    ("growth", Part::Growth("growth", &[1, 100, 1000])),
    ("large", Part::Growth("large", &[5000])),
];
/// What takes long.
const LONG: [&str; 2] = ["large", "1000@10"];

fn names() -> Vec<&'static str> {
    let rows = ROWS.iter().map(|row| row.name);
    ["all"].into_iter().chain(rows).chain(ALONE.iter().map(|(name, _)| *name)).collect()
}

fn usual() -> Vec<String> {
    let all = names().into_iter().skip(1).filter(|name| !LONG.contains(name));
    all.map(str::to_owned).collect()
}

impl Options {
    /// The parts, each once, in the order in which the help lists them.
    pub(super) fn parts(&self) -> impl Iterator<Item = Part> {
        let is_named = |name: &str| self.rows.iter().any(|row| row == name || row == "all");
        let alone = ALONE.into_iter().filter(move |(name, _)| is_named(name));
        let rows = ROWS.iter().filter(move |row| is_named(row.name));
        rows.map(Part::Fleet).chain(alone.map(|(_, part)| part))
    }

    /// The command as somebody else would write it: files of this machine have no folder, unless they
    /// are in that of the project.
    pub(super) fn command(&self) -> String {
        let mut words =
            vec!["cargo bench --".to_owned(), format!("--rows {}", self.rows.join(","))];
        words.push(format!("--runs {}", self.runs));
        words.extend(self.peer_runs.map(|runs| format!("--peer-runs {runs}")));
        let files = [
            ("peer", &self.peer),
            ("against", &self.against),
            ("json", &self.json),
            ("svg", &self.svg),
            ("report", &self.report),
        ];
        for (name, file) in files {
            let Some(file) = file else { continue };
            let shown = if file.is_absolute() { file.file_name().map(PathBuf::from) } else { None };
            words.push(format!("--{name} {}", shown.as_ref().unwrap_or(file).display()));
        }
        words.join(" ")
    }
}
