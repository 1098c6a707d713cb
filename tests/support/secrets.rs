//! Secrets that can be told from everything else, and the search for them where they must not be.

use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD;

/// What every secret of a test contains. Only characters that no encoding of a URL or of JSON
/// changes.
pub(crate) const MARK: &str = "xMARKEDxSECRETx";

/// A secret for a test, such as a key or a token.
pub(crate) fn secret(name: &str) -> String {
    format!("{MARK}{name}")
}

/// Asserts that a text has no secret in it, neither as it is nor in base64.
#[track_caller]
pub(crate) fn assert_none(place: &str, text: &[u8]) {
    for hidden in forms() {
        let needle = hidden.as_bytes();
        let found = text.windows(needle.len()).position(|window| window == needle);
        if let Some(at) = found {
            let around = &text[at.saturating_sub(200)..text.len().min(at + 100)];
            panic!("a secret is in {place}: …{}…", String::from_utf8_lossy(around));
        }
    }
}

/// The mark itself, and what is left of it in base64 wherever in a text it begins.
fn forms() -> Vec<String> {
    let encoded = (0..3).map(|shift| {
        let text = BASE64_STANDARD_NO_PAD.encode(format!("{}{MARK}", "-".repeat(shift)));
        // The first and the last group depend on what is beside the mark.
        text[4..text.len() - 4].to_owned()
    });
    std::iter::once(MARK.to_owned()).chain(encoded).collect()
}

#[test]
fn a_secret_is_found_as_it_is_and_in_base64_at_any_place() {
    let found =
        |text: String| std::panic::catch_unwind(|| assert_none("a text", text.as_bytes())).is_err();
    assert!(found(format!("key={}", secret("one"))));
    for before in ["", "a", "ab", "user:"] {
        let header = BASE64_STANDARD_NO_PAD.encode(format!("{before}{}", secret("two")));
        assert!(found(format!("Basic {header}")), "{before}");
    }
    assert!(!found("nothing to see".to_owned()));
}
