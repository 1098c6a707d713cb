//! Figures of the built program: how soon it starts, its memory, and how many calls and seconds a
//! fleet costs, next to other builds and providers. It tells which goals are met and fails for none.
//!
//! `cargo bench -- --help` lists the options.

#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on is to fail there")]
#![expect(clippy::print_stdout, reason = "the figures are for whoever runs this")]

// What is measured, and what is compared.
mod columns;
mod options;
mod rows;

// The measurements.
mod compare;
mod floor;
mod growth;
mod process;
mod quiet;
mod run;
mod start;

// The results.
mod machine;
mod report;
mod svg;
mod table;

#[expect(dead_code, unused_imports, reason = "the tests use all of it")]
mod support;

use std::fs::{self, File};
use std::io::Write;

use clap::Parser;
use serde_json::json;
use terraform_provider_aws_workspaces::sim::Stats;

use options::{Options, Part};

fn main() {
    let options = Options::parse();
    let quiet = quiet::check().to_string();
    println!("{quiet}\n");
    let machine = machine::described();
    let columns = columns::columns(&options);
    let mut lines = options.json.as_ref().map(|file| File::create(file).unwrap());
    let (mut sections, mut measured) = (Vec::new(), Vec::new());
    for part in options.parts() {
        let section = match part {
            Part::Start => wait_for(start::measure()),
            Part::Growth(name, sizes) => wait_for(growth::measure(name, sizes)),
            Part::Fleet(row) => {
                let one = compare::measure(row, &columns, |column, run, step, figures| {
                    let Some(file) = &mut lines else { return };
                    let line = json!({
                        "row": row.name, "column": column.name, "run": run,
                        "step": step.to_string(), "seconds": figures.seconds,
                        "cpu_seconds": figures.cpu_seconds, "calls": figures.calls,
                        "refused": figures.refused,
                    });
                    writeln!(file, "{line}").unwrap();
                });
                let section = one.section();
                measured.push(one);
                section
            }
        };
        println!("{section}");
        sections.push(section);
        // After each part, so that a measurement that is interrupted leaves what it has.
        write_results(&options, &machine, &quiet, &sections, &measured);
    }
    tell_goals(&sections);
}

fn write_results(
    options: &Options,
    machine: &[(&str, String)],
    quiet: &str,
    sections: &[table::Section],
    measured: &[compare::Measured<'_>],
) {
    let picture = svg::picture(measured);
    if let (Some(file), Some(picture)) = (&options.svg, &picture) {
        fs::write(file, picture).unwrap();
    }
    if let Some(file) = &options.report {
        // The page names a picture that is next to it.
        let svg = options.svg.as_ref().filter(|svg| svg.parent() == file.parent());
        let name = svg.filter(|_| picture.is_some()).and_then(|svg| svg.file_name()?.to_str());
        fs::write(file, report::page(options, machine, quiet, sections, name)).unwrap();
    }
}

fn wait_for<T>(measuring: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(measuring)
}

/// All calls, and how many of them were throttled.
fn counted(stats: &Stats) -> (u64, u64) {
    let all = stats.operations.values();
    all.fold((0, 0), |(calls, refused), of| (calls + of.calls, refused + of.throttles))
}

fn tell_goals(sections: &[table::Section]) {
    let goals = || sections.iter().flat_map(|section| &section.goals);
    let count = |is_met| goals().filter(|goal| goal.is_met == is_met).count();
    println!(
        "Goals: {} met, {} missed, {} not measured.",
        count(Some(true)),
        count(Some(false)),
        count(None)
    );
    for goal in goals().filter(|goal| goal.is_met == Some(false)) {
        println!("  missed: {}: {}", goal.subject, goal.goal);
    }
}
