//! The guide that lists every message of the provider.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use super::{Error, File, page, read};
use crate::provider::region::is_region;

/// Where the messages are stored: tests compare them with what the provider says.
const MESSAGES: [&str; 2] = ["tests/golden/messages.txt", "tests/golden/messages_of_a_process.txt"];

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
    let golden = MESSAGES.iter().map(|path| read(root, path)).collect::<Result<String, _>>()?;
    let mut by_severity: BTreeMap<&str, BTreeMap<String, Vec<Message<'_>>>> = BTreeMap::new();
    for message in messages(&golden) {
        let summaries = by_severity.entry(message.severity).or_default();
        summaries.entry(general(message.summary)).or_default().push(message);
    }
    let mut text = page::front_matter(
        "Troubleshooting",
        None,
        "Errors and warnings of the provider, with their causes and what to do.",
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

/// A summary with placeholders for what differs from case to case, so that one heading serves all.
fn general(summary: &str) -> String {
    let words: Vec<String> = summary.split(' ').map(placeholder).collect();
    words.join(" ").replace("N of N", "N of M")
}

/// A placeholder for an ID, a Region, an account or a count, or the word itself.
fn placeholder(word: &str) -> String {
    let core = word.trim_end_matches([',', ':', '.']);
    let rest = &word[core.len()..];
    let is_number = !core.is_empty() && core.chars().all(|letter| letter.is_ascii_digit());
    let prefix = ["ws-", "wsca-", "d-"].into_iter().find(|prefix| core.starts_with(prefix));
    match prefix {
        Some(prefix) => format!("{prefix}…{rest}"),
        None if core.starts_with("arn:") => format!("ARN{rest}"),
        None if is_number && core.len() == ACCOUNT_DIGITS => format!("ACCOUNT{rest}"),
        None if is_number => format!("N{rest}"),
        None if is_region(core) => format!("REGION{rest}"),
        None => word.to_owned(),
    }
}

/// The digits of an account ID.
const ACCOUNT_DIGITS: usize = 12;
