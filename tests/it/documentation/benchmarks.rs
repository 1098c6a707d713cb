//! The page of the benchmarks has every figure, tells how to measure it again, and nothing of the
//! machine but what it is.

use std::fs;

use super::root;

#[expect(dead_code, reason = "the benchmarks use all of it")]
#[path = "../../bench/rows.rs"]
mod rows;

use rows::ROWS;

fn page() -> String {
    fs::read_to_string(root().join("docs/benchmarks.md")).unwrap()
}

#[test]
fn the_benchmarks_name_the_command_that_wrote_them() {
    let page = page();
    let command = page.split("```sh\n").nth(1).and_then(|rest| rest.split("\n```").next()).unwrap();
    for part in ["cargo bench -- --rows ", " --runs ", " --report docs/benchmarks.md"] {
        assert!(command.contains(part), "{part:?} is not in {command}");
    }
    assert!(!page.contains("without optimization"), "the release build is to be measured");
}

#[test]
fn the_benchmarks_have_every_row_and_every_step() {
    let page = page();
    let sections: Vec<&str> = page.split("\n## ").collect();
    for name in ["Machine\n", "start (", "growth ("] {
        assert!(sections.iter().any(|section| section.starts_with(name)), "{name}");
    }
    for row in &ROWS {
        let heading = format!("{} ({row})\n", row.name);
        let section = sections.iter().find(|section| section.starts_with(&heading));
        let section = section.unwrap_or_else(|| panic!("{heading:?} is not a heading"));
        for (step, goals) in row.steps {
            let line = section.lines().find(|line| line.starts_with(&format!("| {step} |")));
            let line = line.unwrap_or_else(|| panic!("{heading}{step} is not there"));
            for goal in *goals {
                assert!(line.contains(&goal.to_string()), "{goal} is not in {line}");
            }
        }
    }
}

#[test]
fn the_benchmarks_name_no_place_of_the_machine_that_measured_them() {
    let page = page();
    let is_between = |letter: char| letter.is_whitespace() || "`'\"()|=,".contains(letter);
    let places: Vec<&str> =
        page.split(is_between).filter(|word| word.starts_with(['/', '~'])).collect();
    assert!(places.is_empty(), "{places:?}");
}

#[test]
fn the_benchmarks_show_a_picture_of_the_same_measurement() {
    let page = page();
    let picture = page.split("](").filter_map(|rest| rest.split(')').next());
    let picture = picture.into_iter().find(|link| link.ends_with(".svg")).expect("a picture");
    let picture = fs::read_to_string(root().join("docs").join(picture)).unwrap();
    assert!(picture.starts_with("<svg "), "{picture}");
    assert!(picture.contains("prefers-color-scheme: dark"), "it is not readable on a dark page");
}
