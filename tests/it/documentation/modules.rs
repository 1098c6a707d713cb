//! The modules under `examples/modules`: the tables in their README are those of their files.

use std::fmt::Write as _;
use std::fs;

use expect_test::expect_file;

use super::root;

const START: &str = "<!-- The tables are generated from the files of the module. -->\n";
const END: &str = "<!-- The end of the tables. -->\n";

/// The blocks of a kind in a formatted file: the label and the lines inside.
fn blocks(text: &str, kind: &str) -> Vec<(String, String)> {
    let (text, opening) = (format!("\n{text}"), format!("\n{kind} \""));
    text.split(&opening)
        .skip(1)
        .map(|part| {
            let (label, rest) = part.split_once("\" {\n").expect("a formatted block");
            let (body, _) = rest.split_once("\n}").expect("a formatted block");
            (label.to_owned(), format!("{body}\n"))
        })
        .collect()
}

/// The expression of an argument, in one line.
fn argument(body: &str, name: &str) -> Option<String> {
    let mut lines = body.lines().skip_while(|line| {
        let rest = line.strip_prefix("  ").and_then(|line| line.strip_prefix(name));
        !rest.is_some_and(|rest| rest.trim_start().starts_with("= "))
    });
    let (_, first) = lines.next()?.split_once("= ")?;
    if !first.ends_with("({") {
        return Some(first.to_owned());
    }
    let members = lines
        .take_while(|line| *line != "  })")
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    Some(format!("{first} {} }})", members.collect::<Vec<_>>().join(", ")))
}

fn tables(variables: &str, outputs: &str) -> String {
    let text = |body: &str| {
        let quoted = argument(body, "description").expect("everything is described");
        quoted.trim_matches('"').to_owned()
    };
    let mut tables =
        "## Inputs\n\n| name | description | type | default |\n| --- | --- | --- | --- |\n"
            .to_owned();
    for (name, body) in blocks(variables, "variable") {
        let ty = argument(&body, "type").expect("every variable has a type");
        let default =
            argument(&body, "default").map_or("required".to_owned(), |it| format!("`{it}`"));
        let _ = writeln!(tables, "| `{name}` | {} | `{ty}` | {default} |", text(&body));
    }
    tables.push_str("\n## Outputs\n\n| name | description |\n| --- | --- |\n");
    for (name, body) in blocks(outputs, "output") {
        let _ = writeln!(tables, "| `{name}` | {} |", text(&body));
    }
    tables.push('\n');
    tables
}

#[test]
fn the_tables_of_a_module_are_those_of_its_files() {
    let mut count = 0;
    for entry in fs::read_dir(root().join("examples/modules")).unwrap() {
        let folder = entry.unwrap().path();
        let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
        let readme = read("README.md");
        let (before, rest) = readme.split_once(START).unwrap();
        let (_, after) = rest.split_once(END).unwrap();
        let tables = tables(&read("variables.tf"), &read("outputs.tf"));
        assert!(tables.lines().count() > 10, "{tables}");
        expect_file![folder.join("README.md")]
            .assert_eq(&format!("{before}{START}{tables}{END}{after}"));
        assert!(folder.join("versions.tf").exists() && folder.join("tests").exists());
        count += 1;
    }
    assert!(count > 0, "no module was found");
}
