//! The secrets that this process has used, so that they can be replaced wherever they come back:
//! services quote requests in error messages, and programs print what they were given.

use std::collections::BTreeSet;
use std::sync::{PoisonError, RwLock};

/// What stands in for a secret.
const HIDDEN: &str = "(hidden)";

/// The shortest text that is replaced, in bytes. Shorter ones are not secrets of AWS, and are parts
/// of ordinary words.
const SHORTEST: usize = 8;

static KNOWN: RwLock<BTreeSet<String>> = RwLock::new(BTreeSet::new());

/// Remembers a secret until the process ends.
pub(in crate::aws) fn remember(secret: &str) {
    if secret.len() < SHORTEST {
        return;
    }
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    known.insert(secret.to_owned());
    known.insert(percent_encoded(secret));
}

/// The text with every known secret replaced, whether it is as it was or encoded for a URL.
pub(in crate::aws) fn hide(text: &str) -> String {
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
    let mut hidden = text.to_owned();
    for secret in known.iter() {
        if hidden.contains(secret.as_str()) {
            hidden = hidden.replace(secret.as_str(), HIDDEN);
        }
    }
    hidden
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
    fn a_known_secret_is_replaced_as_it_is_and_in_a_url() {
        remember("test/secret+one");
        remember("short");
        let text = "a test/secret+one b test%2Fsecret%2Bone short";
        assert_eq!(hide(text), "a (hidden) b (hidden) short");
    }
}
