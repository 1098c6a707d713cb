use std::sync::LazyLock;

use regex::Regex;

/// The form of a Region's name.
pub(in crate::provider) const REGION: &str = "^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$";

/// Whether a text has the form of a Region's name.
pub(crate) fn is_region(text: &str) -> bool {
    static FORM: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(REGION).expect("the expression is a constant"));
    FORM.is_match(text)
}
