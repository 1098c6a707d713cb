use std::time::Duration;

use regex::Regex;

use crate::tf::{Attribute, Diagnostic, Diagnostics, Path, Validator, Value, duration};

/// The validators that need only the configured value, which is neither null nor unknown.
pub(super) fn check_value(
    attribute: &Attribute,
    value: &Value,
    path: &Path,
    found: &mut Diagnostics,
) {
    let mut report = Report { sensitive: attribute.sensitive, attribute: path, found };
    check_elements(value, path, &mut report);
    for validator in &attribute.validators {
        match validator {
            Validator::Pattern(pattern, expected) => {
                check_pattern(pattern, expected, value, path, &mut report);
            }
            Validator::OneOf(allowed) => each_text(value, path, &mut |text, path| {
                if !allowed.contains(&text) {
                    report.invalid(path, &one_of(allowed), text);
                }
            }),
            Validator::Duration(least) => each_text(value, path, &mut |text, path| {
                if let Err(expected) = check_duration(text, *least) {
                    report.invalid(path, &expected, text);
                }
            }),
            Validator::Json => each_text(value, path, &mut |text, path| {
                if let Err(problem) = serde_json::from_str::<serde_json::Value>(text) {
                    // The document may be long, so the message has only the position of the error.
                    report.error(path, format!("Expected JSON, but parsing failed: {problem}."));
                }
            }),
            Validator::LengthAtMost(most) => each_text(value, path, &mut |text, path| {
                check_length(text, *most, path, &mut report);
            }),
            Validator::KeyLengthBetween(least, most) => {
                check_key_lengths(value, *least, *most, path, &mut report);
            }
            Validator::Between(least, most) => {
                if let Value::Number(number) = value
                    && !number.as_i64().is_some_and(|whole| (*least..=*most).contains(&whole))
                {
                    let expected = format!("a whole number from {least} to {most}");
                    report.unexpected(path, &expected, &number.to_string());
                }
            }
            Validator::ConflictsWith(_) | Validator::AlsoRequires(_) => {}
        }
    }
}

fn check_pattern(
    pattern: &str,
    expected: &str,
    value: &Value,
    path: &Path,
    report: &mut Report<'_>,
) {
    let Ok(regex) = Regex::new(pattern) else {
        // The pattern is a constant of the schema.
        let detail = "The provider's pattern for this argument is not a valid regular expression. \
                      This is a bug in the provider. Please report it.";
        report.found.push(Diagnostic::error(format!("Cannot validate {path}"), detail));
        return;
    };
    each_text(value, path, &mut |text, path| {
        if !regex.is_match(text) {
            report.invalid(path, expected, text);
        }
    });
}

/// The error says what is expected.
fn check_duration(text: &str, least: Duration) -> Result<(), String> {
    match duration::parse(text) {
        Ok(duration) if duration >= least => Ok(()),
        Ok(_) => Err(format!("a duration of at least {least:?}")),
        Err(problem) => Err(problem.trim_start_matches("expected ").to_owned()),
    }
}

fn check_length(text: &str, most: usize, path: &Path, report: &mut Report<'_>) {
    let length = text.chars().count();
    if length > most {
        let detail =
            format!("Expected at most {most} characters, but the value has {length}. Shorten it.");
        report.error(path, detail);
    }
}

fn check_key_lengths(
    value: &Value,
    least: usize,
    most: usize,
    path: &Path,
    report: &mut Report<'_>,
) {
    let Value::Map(entries) = value else { return };
    for key in entries.keys() {
        let length = key.chars().count();
        if !(least..=most).contains(&length) {
            let detail = format!(
                "Expected a key of {least} to {most} characters, but this one has {length}."
            );
            report.error(&path.key(key), detail);
        }
    }
}

/// Reports null elements of lists and sets. A null entry of a map, such as a tag, is not set.
fn check_elements(value: &Value, path: &Path, report: &mut Report<'_>) {
    let is_map = matches!(value, Value::Map(_));
    each_element(value, path, &mut |element, path| {
        if element.is_null() && is_map {
            return;
        }
        if element.is_null() {
            let detail = "The value is null. Set a value, or remove the element.";
            report.error(path, detail.to_owned());
        } else {
            check_elements(element, path, report);
        }
    });
}

fn each_text(value: &Value, path: &Path, visit: &mut dyn FnMut(&str, &Path)) {
    match value {
        Value::String(text) => visit(text, path),
        value => each_element(value, path, &mut |element, path| each_text(element, path, visit)),
    }
}

fn each_element(value: &Value, path: &Path, visit: &mut dyn FnMut(&Value, &Path)) {
    match value {
        Value::List(items) => {
            items.iter().enumerate().for_each(|(index, item)| visit(item, &path.index(index)));
        }
        // Terraform has no paths to elements of a set.
        Value::Set(items) => items.iter().for_each(|item| visit(item, path)),
        Value::Map(entries) => {
            entries.iter().for_each(|(key, entry)| visit(entry, &path.key(key)));
        }
        _ => {}
    }
}

fn one_of(allowed: &[&str]) -> String {
    let quoted: Vec<_> = allowed.iter().map(|text| format!("{text:?}")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => quoted.join(""),
    }
}

/// Collects the errors of one attribute. For a sensitive attribute, neither values nor map keys are
/// shown.
struct Report<'a> {
    sensitive: bool,
    attribute: &'a Path,
    found: &'a mut Diagnostics,
}

impl Report<'_> {
    fn invalid(&mut self, path: &Path, expected: &str, text: &str) {
        const LONGEST_SHOWN: usize = 100;
        let mut shown: String = text.chars().take(LONGEST_SHOWN).collect();
        if shown.len() < text.len() {
            shown.push('…');
        }
        self.unexpected(path, expected, &format!("{shown:?}"));
    }

    fn unexpected(&mut self, path: &Path, expected: &str, given: &str) {
        let given = if self.sensitive { "another value (sensitive, not shown)" } else { given };
        self.error(path, format!("Expected {expected}, but got {given}."));
    }

    fn error(&mut self, path: &Path, detail: String) {
        let path = if self.sensitive { self.attribute } else { path };
        self.found.push(Diagnostic::error(format!("Invalid {path}"), detail).at(path.clone()));
    }
}
