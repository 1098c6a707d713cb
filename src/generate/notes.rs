//! What the schema declares of an attribute, in words, where its description does not say it.

use crate::tf::{Attribute, Validator, Value};

/// The description of an attribute, with its default, its limits and the effect of a change.
pub(super) fn described(attribute: &Attribute) -> String {
    let description = attribute.description.trim();
    let mut text = description.to_owned();
    let mut add = |note: String| {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&note);
    };
    for validator in &attribute.validators {
        if let Some(note) = limit(validator, description) {
            add(note);
        }
    }
    let lower = description.to_lowercase();
    if let Some(default) = &attribute.default
        && !lower.contains("default")
    {
        add(format!("The default is `{}`.", literal(default)));
    }
    if attribute.requires_replace && !lower.contains("replace") {
        add("Changing it forces replacement.".to_owned());
    }
    if let Some(instead) = attribute.deprecated {
        add(format!("Deprecated: {instead}"));
    }
    text
}

/// A rule for the value; none if the description states it, or if the rule only excludes mistakes
/// that nobody makes on purpose.
fn limit(validator: &Validator, description: &str) -> Option<String> {
    let says_all = |parts: &[&str]| parts.iter().all(|part| description.contains(part));
    let note = match validator {
        Validator::Pattern(_, expected) => format!("Format: {expected}."),
        Validator::OneOf(values) if says_all(values) => return None,
        Validator::OneOf(values) => format!("One of {}.", names(values)),
        Validator::Between(least, most) => format!("From {least} to {most}."),
        Validator::Duration(least) => {
            let unit = match least.as_secs() {
                0 => format!("{} ms", least.as_millis()),
                seconds if seconds % 60 == 0 => format!("{} minutes", seconds / 60),
                1 => "1 second".to_owned(),
                seconds => format!("{seconds} seconds"),
            };
            match least.is_zero() {
                true => "Format: a duration such as `50ms` or `1s`.".to_owned(),
                false => {
                    format!("Format: a duration such as `90m` or `1h30m`, not shorter than {unit}.")
                }
            }
        }
        Validator::Json => "Format: JSON.".to_owned(),
        Validator::KeyLengthBetween(least, most) => {
            format!("Keys have {least} to {most} characters.")
        }
        Validator::LengthAtMost(most) => format!("At most {most} characters."),
        Validator::ConflictsWith(_) if says_all(&["onflicts with"]) => return None,
        Validator::ConflictsWith(others) => format!("Conflicts with {}.", names(others)),
        Validator::AlsoRequires(others) if says_all(others) => return None,
        Validator::AlsoRequires(others) => format!("Requires {}.", names(others)),
    };
    Some(note)
}

fn names(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

/// A default as it is written in configuration.
fn literal(value: &Value) -> String {
    match (value.as_str(), value.as_bool()) {
        (Some(text), _) => text.to_owned(),
        (_, Some(truth)) => truth.to_string(),
        _ => format!("{value:?}"),
    }
}
