//! The secrets that this process has used, so that they can be replaced wherever they come back:
//! services quote requests in error messages, and programs print what they were given.

use std::sync::{PoisonError, RwLock};

use base64::Engine;
use base64::prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD};

/// What stands in for a secret.
const HIDDEN: &str = "(hidden)";

/// The shortest text that is replaced, in bytes. Shorter ones are not secrets of AWS, and are parts
/// of ordinary words.
const SHORTEST: usize = 8;

/// Every form of every secret, the longest first: one can be the beginning of another.
static KNOWN: RwLock<Vec<String>> = RwLock::new(Vec::new());

/// Remembers a secret until the process ends.
pub(in crate::aws) fn remember(secret: &str) {
    if secret.len() < SHORTEST {
        return;
    }
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    for form in forms(secret) {
        if form.len() >= SHORTEST && !known.contains(&form) {
            known.push(form);
        }
    }
    known.sort_by_key(|form| std::cmp::Reverse(form.len()));
}

/// Remembers an external id, unless it is a plain word or number: AWS does not regard external ids
/// as secrets, and some users choose names that are part of every message.
pub(in crate::aws) fn remember_external_id(id: &str) {
    let is_plain = |of: fn(&char) -> bool| id.chars().all(|c| of(&c));
    if !is_plain(char::is_ascii_lowercase) && !is_plain(char::is_ascii_digit) {
        remember(id);
    }
}

/// The text with every known secret replaced, in whatever form it comes back.
pub fn hide(text: &str) -> String {
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
    let mut hidden = text.to_owned();
    for secret in known.iter() {
        if hidden.contains(secret.as_str()) {
            hidden = hidden.replace(secret.as_str(), HIDDEN);
        }
    }
    hidden
}

/// A secret as it is, in JSON, in a URL, and in base64 at any place of a longer text.
fn forms(secret: &str) -> Vec<String> {
    let json = serde_json::Value::from(secret).to_string();
    let mut forms = vec![
        secret.to_owned(),
        json[1..json.len() - 1].to_owned(),
        percent_encoded(secret),
        percent_encoded(secret).to_ascii_lowercase(),
    ];
    for shift in 0..3 {
        let shifted = [&b"---"[..shift], secret.as_bytes()].concat();
        // The first and the last digit depend on what is next to the secret.
        let from = [0, 2, 3][shift];
        let to = usize::from(shifted.len() % 3 != 0);
        for text in
            [BASE64_STANDARD_NO_PAD.encode(&shifted), BASE64_URL_SAFE_NO_PAD.encode(&shifted)]
        {
            forms.push(text[from..text.len() - to].to_owned());
        }
    }
    forms
}

fn percent_encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_secret_is_replaced_in_every_form() {
        remember("test/secret+\"one\"");
        remember("test/secret+\"one\"/longer");
        remember("short");
        for (text, hidden) in [
            ("a test/secret+\"one\" b", "a (hidden) b"),
            ("a test/secret+\"one\"/longer b", "a (hidden) b"),
            (r#"{"a":"test/secret+\"one\""}"#, r#"{"a":"(hidden)"}"#),
            ("a=test%2Fsecret%2B%22one%22", "a=(hidden)"),
            ("short", "short"),
        ] {
            assert_eq!(hide(text), hidden);
        }
        for before in ["", "a", "ab", "user:"] {
            let text = BASE64_STANDARD_NO_PAD.encode(format!("{before}test/secret+\"one\""));
            let shown = hide(&text);
            assert!(shown.contains(HIDDEN) && shown.len() < HIDDEN.len() + 12, "{before}: {shown}");
        }
    }

    #[test]
    fn an_external_id_that_is_a_plain_word_is_not_replaced() {
        for (id, text, hidden) in [
            ("workspaces", "the workspaces of", "the workspaces of"),
            ("123456789012", "account 123456789012", "account 123456789012"),
            ("Desks-4711-trust", "id Desks-4711-trust", "id (hidden)"),
        ] {
            remember_external_id(id);
            assert_eq!(hide(text), hidden);
        }
    }
}
