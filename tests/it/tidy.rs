//! The order of the rooms, kept by looking at the source: which module may know which, and where
//! the SDK, the protocol's messages, the environment and standard output may appear.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Which rooms a room may import from. `main`, `lib` and `demo` may know all of them.
const IMPORTS: [(&str, &[&str]); 8] = [
    ("generate", &["tf", "provider"]),
    ("install", &["provider"]),
    ("rpc", &["tf", "provider"]),
    ("provider", &["tf", "aws"]),
    ("plugin", &[]),
    ("tf", &[]),
    ("aws", &[]),
    ("sim", &[]),
];
const KNOW_ALL: [&str; 3] = ["main", "lib", "demo"];

/// The same for the rooms inside `aws`; `mod.rs` re-exports from all of them.
const AWS_IMPORTS: [(&str, &[&str]); 8] = [
    ("client", &["workspaces", "calls", "config", "error", "lock", "secrets"]),
    ("workspaces", &["calls", "error", "lock", "secrets"]),
    ("calls", &["operations", "error", "lock", "secrets"]),
    ("config", &["operations", "error", "lock", "secrets"]),
    ("operations", &[]),
    ("error", &["secrets"]),
    ("lock", &[]),
    ("secrets", &[]),
];

/// Circles of files that are known; each is to be removed.
const CIRCLES: [&[&str]; 0] = [];

/// Files that are longer than 400 lines, each with the reason.
const LONG: [(&str, &str); 0] = [];
const MOST_LINES: usize = 400;

/// Rooms that speak to people on standard output; the one line that Terraform reads is in the last.
const PRINTING: [&str; 4] = ["main", "demo", "generate", "plugin"];

/// A source file.
struct Source {
    /// Path from `src`.
    name: String,
    /// The room it is in.
    room: String,
    text: String,
    /// The text without comments and without what is only compiled for unit tests.
    code: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                sources.push(Source::read(&root, &path));
            }
        }
    }
    assert!(sources.len() > 50, "only {} source files were found", sources.len());
    sources.sort_by(|one, other| one.name.cmp(&other.name));
    sources
}

impl Source {
    fn read(root: &Path, path: &Path) -> Self {
        let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
        let room = name.split(['/', '.']).next().unwrap().to_owned();
        let text = fs::read_to_string(path).unwrap();
        let uncommented: Vec<&str> =
            text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        let code = uncommented.join("\n");
        // Unit tests are at the end of their file, or in a file of their own.
        let code = match code.find("#[cfg(test)]\nmod tests {") {
            Some(start) => code[..start].to_owned(),
            None => code,
        };
        Self { name, room, text, code }
    }

    fn is_test(&self) -> bool {
        self.name.ends_with("/tests.rs") || self.name.contains("/tests/")
    }

    /// What this file names of the crate after `crate::`: the rooms, whether one by one or in
    /// braces.
    fn imports(&self) -> Vec<String> {
        let mut found = Vec::new();
        for (start, prefix) in self.code.match_indices("crate::") {
            let before = self.code[..start].chars().next_back();
            if before.is_some_and(|letter| letter.is_alphanumeric() || "_$".contains(letter)) {
                continue;
            }
            let rest = &self.code[start + prefix.len()..];
            match rest.strip_prefix('{') {
                Some(list) => found.extend(top_level(list)),
                None => found.push(first_word(rest)),
            }
        }
        found.retain(|room| !room.is_empty());
        found
    }
}

/// The whole paths in a `use` declaration, braces resolved: `a::{b, c::d}` is `a::b` and `a::c::d`.
fn use_paths(declaration: &str) -> Vec<Vec<String>> {
    let declaration = declaration.trim();
    let Some(open) = declaration.find('{') else {
        let path = declaration.split(" as ").next().unwrap_or_default();
        return vec![path.split("::").map(|part| part.trim().to_owned()).collect()];
    };
    let prefix: Vec<String> = declaration[..open]
        .split("::")
        .map(|part| part.trim().to_owned())
        .filter(|part| !part.is_empty())
        .collect();
    let inner = declaration[open + 1..].trim_end().trim_end_matches('}');
    let (mut depth, mut from, mut items) = (0, 0, Vec::new());
    for (at, letter) in declaration[open + 1..].char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => {
                items.push(&declaration[open + 1 + from..open + 1 + at]);
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                items.push(&inner[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    items
        .into_iter()
        .filter(|item| !item.trim().is_empty())
        .flat_map(use_paths)
        .map(|path| prefix.iter().cloned().chain(path).collect())
        .collect()
}

/// For each file the files that it imports from with `use crate::…` or `use super::…`.
fn imports_between_files(sources: &[Source]) -> BTreeMap<String, BTreeSet<String>> {
    let module = |name: &str| -> Vec<String> {
        let path = name.trim_end_matches(".rs").trim_end_matches("/mod");
        path.split('/').filter(|part| *part != "lib").map(str::to_owned).collect()
    };
    let files: BTreeMap<Vec<String>, &str> =
        sources.iter().map(|source| (module(&source.name), source.name.as_str())).collect();
    let mut imports = BTreeMap::new();
    for source in sources.iter().filter(|source| !source.is_test()) {
        let here = module(&source.name);
        let mut from = BTreeSet::new();
        for (start, keyword) in source.code.match_indices("use ") {
            let rest = &source.code[start + keyword.len()..];
            let declaration = &rest[..rest.find(';').unwrap_or(rest.len())];
            if !declaration.starts_with("crate::") && !declaration.starts_with("super::") {
                continue;
            }
            for path in use_paths(declaration) {
                let ups = path.iter().take_while(|part| *part == "super").count();
                let mut target = match ups {
                    0 => Vec::new(),
                    ups => here[..here.len() - ups].to_vec(),
                };
                target.extend(path.into_iter().skip(ups.max(1)));
                // The longest part of the path that is a file; the rest names items in it.
                let file = (1..=target.len()).rev().find_map(|end| files.get(&target[..end]));
                from.extend(file.filter(|file| **file != source.name).map(ToString::to_string));
            }
        }
        imports.insert(source.name.clone(), from);
    }
    imports
}

/// All files that a file imports from, directly or through others.
fn reachable(imports: &BTreeMap<String, BTreeSet<String>>, file: &str) -> BTreeSet<String> {
    let (mut found, mut open) = (BTreeSet::new(), vec![file.to_owned()]);
    while let Some(file) = open.pop() {
        for next in imports.get(&file).into_iter().flatten() {
            if found.insert(next.clone()) {
                open.push(next.clone());
            }
        }
    }
    found
}

fn first_word(text: &str) -> String {
    text.trim_start()
        .chars()
        .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
        .collect()
}

/// The first words of the items of a list in braces, the opening one of which is gone.
fn top_level(list: &str) -> Vec<String> {
    let (mut depth, mut from, mut items) = (0, 0, Vec::new());
    for (at, letter) in list.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => {
                items.push(first_word(&list[from..at]));
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                items.push(first_word(&list[from..at]));
                from = at + 1;
            }
            _ => {}
        }
    }
    items
}

/// Fails with all breaches of a rule, each with its file.
fn assert_kept(rule: &str, breaches: &[String]) {
    assert!(breaches.is_empty(), "{rule}\nBroken by:\n  {}", breaches.join("\n  "));
}

/// The files, tests aside, that contain one of these texts and are not allowed to.
fn elsewhere(texts: &[&str], allowed: impl Fn(&Source) -> bool) -> Vec<String> {
    let mut breaches = Vec::new();
    for source in sources().iter().filter(|source| !source.is_test() && !allowed(source)) {
        for text in texts.iter().filter(|text| source.code.contains(**text)) {
            breaches.push(format!("src/{}: {text}", source.name));
        }
    }
    breaches
}

#[test]
fn a_room_imports_only_from_the_rooms_it_may_know() {
    let table = BTreeMap::from(IMPORTS);
    let mut breaches = Vec::new();
    for source in sources().iter().filter(|source| !KNOW_ALL.contains(&source.room.as_str())) {
        let Some(allowed) = table.get(source.room.as_str()) else {
            breaches
                .push(format!("src/{}: the room {} is not in the table", source.name, source.room));
            continue;
        };
        for room in source.imports() {
            if room != source.room && !allowed.contains(&room.as_str()) {
                breaches.push(format!("src/{}: crate::{room}", source.name));
            }
        }
    }
    let rule = "A room of src/ imports only from the rooms that the table in tests/it/tidy.rs \
                allows. Move what is shared to where both may reach it, or pass it as an argument.";
    assert_kept(rule, &breaches);
}

#[test]
fn no_files_import_from_each_other_in_a_circle() {
    let imports = imports_between_files(&sources());
    let count: usize = imports.values().map(BTreeSet::len).sum();
    assert!(count > 300, "only {count} imports between files were found");
    let mut breaches = Vec::new();
    for (file, _) in imports.iter().filter(|(file, _)| reachable(&imports, file).contains(*file)) {
        let circle = reachable(&imports, file);
        let circle = circle.into_iter().filter(|other| reachable(&imports, other).contains(file));
        let circle: Vec<String> = circle.collect();
        if !CIRCLES.iter().any(|known| *known == circle) {
            breaches.push(format!("src/{file}: {}", circle.join(", ")));
        }
    }
    let rule = "Files of src/ do not import from each other in a circle. Move what both need to the \
                file that is imported, or to a file of its own.";
    assert_kept(rule, &breaches);
}

#[test]
fn a_room_inside_aws_imports_only_from_the_rooms_it_may_know() {
    let table = BTreeMap::from(AWS_IMPORTS);
    let room = |name: &str| {
        let inside = name.strip_prefix("aws/")?;
        Some(inside.split(['/', '.']).next().unwrap().to_owned()).filter(|room| room != "mod")
    };
    let mut breaches = Vec::new();
    for (file, imports) in imports_between_files(&sources()) {
        let Some(here) = room(&file) else { continue };
        let Some(allowed) = table.get(here.as_str()) else {
            breaches.push(format!("src/{file}: the room {here} is not in the table"));
            continue;
        };
        for import in imports {
            match room(&import) {
                Some(there) if there == here || allowed.contains(&there.as_str()) => {}
                _ => breaches.push(format!("src/{file}: src/{import}")),
            }
        }
    }
    let rule = "A room of src/aws/ imports only from the rooms that AWS_IMPORTS in tests/it/tidy.rs \
                allows, and from the file that defines an item, not through aws/mod.rs.";
    assert_kept(rule, &breaches);
}

#[test]
fn only_the_rooms_for_it_know_workspaces_and_send_calls() {
    let knows = elsewhere(&["WorkSpace", "aws_sdk_workspaces"], |source| {
        !source.name.starts_with("aws/calls/")
    });
    assert_kept("src/aws/calls knows no WorkSpace.", &knows);
    let sends = elsewhere(&[".send()"], |source| {
        !source.name.starts_with("aws/config/")
            || source.name.starts_with("aws/config/credentials/")
    });
    assert_kept("src/aws/config sends only what credentials need.", &sends);
}

#[test]
fn the_messages_of_the_protocol_stay_in_rpc() {
    let texts = ["tfplugin6", "include_proto!(\"tfplugin6"];
    let breaches = elsewhere(&texts, |source| source.room == "rpc");
    assert_kept("The messages of tfplugin6 are known to src/rpc only.", &breaches);
}

#[test]
fn the_aws_sdk_stays_in_aws() {
    let texts = ["aws_sdk_", "aws_config", "aws_smithy_", "aws_credential_types", "aws_types"];
    let breaches = elsewhere(&texts, |source| source.room == "aws");
    assert_kept("The AWS SDK is known to src/aws only.", &breaches);
}

#[test]
fn the_environment_is_read_only_where_the_process_starts() {
    let texts = [
        "env::var",
        "env::args",
        "env::set_var",
        "env::remove_var",
        "env::current_exe",
        "env::current_dir",
        "env::home_dir",
        "env::temp_dir",
    ];
    let breaches = elsewhere(&texts, |source| source.name == "main.rs");
    let rule = "The environment and the arguments of the process are read in src/main.rs only and \
                handed on as arguments.";
    assert_kept(rule, &breaches);
}

#[test]
fn nothing_prints_but_the_handshake_line_and_the_modes_for_people() {
    let texts = ["println!", "print!", "stdout()"];
    let breaches = elsewhere(&texts, |source| PRINTING.contains(&source.room.as_str()));
    let rule = "Terraform reads standard output, so only the handshake line (src/plugin) and the \
                modes for people write to it; logs go to standard error through tracing.";
    assert_kept(rule, &breaches);
    let printing: Vec<String> = sources()
        .iter()
        .filter(|source| source.room == "plugin" && !source.is_test())
        .filter(|source| source.code.contains("stdout()"))
        .map(|source| format!("src/{}", source.name))
        .collect();
    assert!(
        printing.len() <= 2,
        "Standard output is written in more places of src/plugin than the handshake and the line \
         for reattaching: {printing:?}"
    );
}

#[test]
fn files_stay_short() {
    let sources = sources();
    let mut breaches: Vec<String> = sources
        .iter()
        .map(|source| (source, source.text.lines().count()))
        .filter(|(source, lines)| {
            *lines > MOST_LINES && !LONG.iter().any(|(name, _)| *name == source.name)
        })
        .map(|(source, lines)| format!("src/{}: {lines} lines", source.name))
        .collect();
    for (name, _) in LONG {
        let long = sources.iter().find(|source| source.name == name);
        if long.is_none_or(|source| source.text.lines().count() <= MOST_LINES) {
            breaches.push(format!("src/{name}: listed as long, and is not"));
        }
    }
    let rule = "A source file has at most 400 lines; a longer one is listed in tests/it/tidy.rs \
                with the reason.";
    assert_kept(rule, &breaches);
}
