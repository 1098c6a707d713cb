//! The guide that lists every message of the provider.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use super::{Error, File, page, read};

/// Where the messages are stored: a test compares them with what the provider says.
const MESSAGES: &str = "tests/golden/messages.txt";

/// What precedes the messages.
const INTRODUCTION: &str = include_str!("text/troubleshooting.md");

/// A message as the golden file holds it.
struct Message<'a> {
    situation: &'a str,
    severity: &'a str,
    summary: &'a str,
    argument: Option<&'a str>,
    detail: &'a str,
}

/// The page `docs/guides/troubleshooting.md`.
pub(super) fn troubleshooting(root: &Path) -> Result<File, Error> {
    let golden = read(root, MESSAGES)?;
    let mut by_severity: BTreeMap<&str, BTreeMap<String, Vec<Message<'_>>>> = BTreeMap::new();
    for message in messages(&golden) {
        let summaries = by_severity.entry(message.severity).or_default();
        summaries.entry(general(message.summary)).or_default().push(message);
    }
    let mut text = page::front_matter(
        "Troubleshooting",
        None,
        "Every error and warning of the provider, with its cause and what to do.",
    );
    let _ = write!(text, "# Troubleshooting\n\n{}\n", INTRODUCTION.trim());
    for (severity, summaries) in by_severity {
        let _ = write!(text, "\n## {severity}s\n");
        for (summary, messages) in summaries {
            let _ = write!(text, "\n### {summary}\n");
            for message in messages {
                text.push_str(&message.render());
            }
        }
    }
    Ok(File { path: "docs/guides/troubleshooting.md".to_owned(), text })
}

impl Message<'_> {
    fn render(&self) -> String {
        let argument = self.argument.map(|path| format!(" (`{path}`)")).unwrap_or_default();
        format!(
            "\nSituation: {}{argument}.\n\n```text\n{}\n```\n",
            self.situation,
            self.detail.trim()
        )
    }
}

/// The messages of the golden file, in its order.
fn messages(golden: &str) -> impl Iterator<Item = Message<'_>> {
    golden.split("=== ").filter_map(|part| {
        let (situation, rest) = part.split_once('\n')?;
        let (heading, rest) = rest.split_once('\n')?;
        let (severity, summary) = heading.split_once(": ")?;
        let (argument, detail) = match rest.strip_prefix("  with ") {
            Some(rest) => {
                let (argument, detail) = rest.split_once('\n')?;
                (Some(argument), detail)
            }
            None => (None, rest),
        };
        Some(Message { situation, severity, summary, argument, detail })
    })
}

/// A summary without ids and counts, so that one heading serves all WorkSpaces.
fn general(summary: &str) -> String {
    let words = summary.split(' ').map(|word| {
        let core = word.trim_end_matches([',', ':', '.']);
        let rest = &word[core.len()..];
        let prefix = ["ws-", "wsca-"].into_iter().find(|prefix| core.starts_with(prefix));
        if let Some(prefix) = prefix {
            format!("{prefix}…{rest}")
        } else if !core.is_empty() && core.chars().all(|letter| letter.is_ascii_digit()) {
            format!("N{rest}")
        } else {
            word.to_owned()
        }
    });
    words.collect::<Vec<_>>().join(" ")
}
