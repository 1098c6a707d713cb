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
    let columns = columns::columns(&options);
    let mut lines = options.json.as_ref().map(|file| File::create(file).unwrap());
    let (mut sections, mut measured) = (Vec::new(), Vec::new());
    for part in options.parts() {
        let section = match part {
            Part::Start => wait_for(start::measure()),
            Part::Growth(sizes) => wait_for(growth::measure(sizes)),
            Part::Fleet(row) => {
                let one = compare::measure(row, &columns, |column, run, step, figures| {
                    let Some(file) = &mut lines else { return };
                    let (row, column, step) = (row.name, &column.name, step.to_string());
                    let line = json!({
                        "row": row, "column": column, "run": run, "step": step, "figures": figures,
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
    }
    tell_goals(&sections);

    let picture = svg::picture(&measured);
    if let (Some(file), Some(picture)) = (&options.svg, &picture) {
        fs::write(file, picture).unwrap();
    }
    if let Some(file) = &options.report {
        // The page names a picture that is next to it.
        let name =
            options.svg.as_ref().filter(|svg| picture.is_some() && svg.parent() == file.parent());
        let name = name.and_then(|svg| svg.file_name()?.to_str());
        let page = report::page(&options, &machine::described(), &quiet, &sections, name);
        fs::write(file, page).unwrap();
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
