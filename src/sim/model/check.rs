use serde_json::{Map, Value};

use super::table::{Kind, Limits, Member, Model};
use crate::sim::refusal::Refusal;

impl Model {
    /// Checks a request body against a shape, as AWS does before an operation sees it.
    ///
    /// # Errors
    /// `SerializationException` where a type is wrong or a member is unknown, else
    /// `ValidationException` with all constraints that do not hold.
    pub(crate) fn check(&self, shape: &str, body: &Value) -> Result<(), Refusal> {
        let mut found = Findings::default();
        self.structure(shape, body, "", &mut found);
        if let Some(problem) = found.malformed.first() {
            return Err(Refusal::new("SerializationException", problem));
        }
        let count = found.violations.len();
        let plural = if count == 1 { "error" } else { "errors" };
        match count {
            0 => Ok(()),
            _ => Err(Refusal::new(
                "ValidationException",
                &format!("{count} validation {plural} detected: {}", found.violations.join("; ")),
            )),
        }
    }

    fn structure(&self, shape: &str, value: &Value, path: &str, found: &mut Findings) {
        let Value::Object(object) = value else {
            return found.malformed("a structure", path, value);
        };
        let members = self.members(shape).expect("a test holds that every named shape exists");
        for name in
            object.keys().filter(|name| members.iter().all(|member| member.name != name.as_str()))
        {
            found
                .malformed
                .push(format!("Unknown member {name} at '{}'", path.trim_end_matches('.')));
        }
        for member in members {
            self.member(member, object, path, found);
        }
    }

    fn member(
        &self,
        member: &Member,
        object: &Map<String, Value>,
        path: &str,
        found: &mut Findings,
    ) {
        let path = format!("{path}{}", lower_camel(member.name));
        match object.get(member.name) {
            None if member.required => found.violate("null", &path, "Member must not be null"),
            None => {}
            Some(value) => self.value(member.kind, &member.limits, value, &path, found),
        }
    }

    fn value(&self, kind: Kind, limits: &Limits, value: &Value, path: &str, found: &mut Findings) {
        match (kind, value) {
            (Kind::String, Value::String(text)) => check_text(limits, text, path, found),
            (Kind::Integer, Value::Number(number)) if number.as_i64().is_some() => {
                check_range(
                    limits,
                    number.as_i64().unwrap_or_default(),
                    &number.to_string(),
                    path,
                    "value",
                    found,
                );
            }
            (Kind::Boolean, Value::Bool(_)) | (Kind::Timestamp, Value::Number(_)) => {}
            (Kind::List(element), Value::Array(items)) => {
                check_range(limits, length(items.len()), &shown(value), path, "length", found);
                for (index, item) in items.iter().enumerate() {
                    let path = format!("{path}.{}.member", index + 1);
                    match self.element(element) {
                        Some(member) => self.value(member.kind, &member.limits, item, &path, found),
                        None => self.structure(element, item, &format!("{path}."), found),
                    }
                }
            }
            (Kind::Structure(shape), Value::Object(_)) => {
                self.structure(shape, value, &format!("{path}."), found);
            }
            (Kind::String, _) => found.malformed("a string", path, value),
            (Kind::Integer, _) => found.malformed("an integer", path, value),
            (Kind::Boolean, _) => found.malformed("a boolean", path, value),
            (Kind::Timestamp, _) => found.malformed("a timestamp", path, value),
            (Kind::List(_), _) => found.malformed("a list", path, value),
            (Kind::Structure(_), _) => found.malformed("a structure", path, value),
        }
    }
}

/// What is wrong with a body: first of all its form, then its values.
#[derive(Default)]
struct Findings {
    malformed: Vec<String>,
    violations: Vec<String>,
}

impl Findings {
    fn malformed(&mut self, expected: &str, path: &str, value: &Value) {
        let path = path.trim_end_matches('.');
        self.malformed.push(format!("Expected {expected} at '{path}', found {}", shown(value)));
    }

    fn violate(&mut self, value: &str, path: &str, constraint: &str) {
        let value = if value == "null" { "null".to_owned() } else { format!("'{value}'") };
        self.violations
            .push(format!("Value {value} at '{path}' failed to satisfy constraint: {constraint}"));
    }
}

fn check_text(limits: &Limits, value: &str, path: &str, found: &mut Findings) {
    let text = if limits.sensitive { "(hidden)" } else { value };
    check_range(limits, length(value.chars().count()), text, path, "length", found);
    if let Some(pattern) = &limits.pattern
        && !pattern.is_match(value)
    {
        found.violate(
            text,
            path,
            &format!("Member must satisfy regular expression pattern: {}", pattern.text),
        );
    }
    if let Some(values) = &limits.values
        && !values.iter().any(|allowed| allowed == value)
    {
        found.violate(
            text,
            path,
            &format!("Member must satisfy enum value set: [{}]", values.join(", ")),
        );
    }
}

fn check_range(
    limits: &Limits,
    measure: i64,
    value: &str,
    path: &str,
    what: &str,
    found: &mut Findings,
) {
    if let Some(max) = limits.max.filter(|max| measure > *max) {
        found.violate(value, path, &format!("Member must have {what} less than or equal to {max}"));
    }
    if let Some(min) = limits.min.filter(|min| measure < *min) {
        found.violate(
            value,
            path,
            &format!("Member must have {what} greater than or equal to {min}"),
        );
    }
}

fn length(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A value in a message: short, because a list may hold thousands of items.
fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(120) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

/// Paths in AWS's messages start each name with a small letter.
fn lower_camel(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// Everything wrong with a value of a shape; for tests that hold the simulator's own answers to the
/// model.
#[cfg(test)]
pub(crate) fn violations(shape: &str, value: &Value) -> Vec<String> {
    let mut found = Findings::default();
    super::MODEL.structure(shape, value, "", &mut found);
    found.malformed.into_iter().chain(found.violations).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::MODEL;
    use super::*;

    #[track_caller]
    fn check(shape: &str, body: &Value, code: &str, part: &str) {
        let refusal = MODEL.check(shape, body).expect_err("the body is wrong");
        assert_eq!(refusal.code, code);
        assert!(refusal.message.contains(part), "{}", refusal.message);
    }

    #[test]
    fn constraints_hold_in_order_of_depth() {
        let request = "DescribeWorkspacesRequest";
        assert!(MODEL.check(request, &json!({})).is_ok());
        assert!(
            MODEL.check(request, &json!({"WorkspaceIds": ["ws-abcd12345"], "Limit": 25})).is_ok()
        );
        let ids = vec!["ws-abcd12345"; 26];
        for (body, code, part) in [
            (
                json!({"WorkspaceIds": []}),
                "ValidationException",
                "length greater than or equal to 1",
            ),
            (
                json!({"WorkspaceIds": ids}),
                "ValidationException",
                "length less than or equal to 25",
            ),
            (json!({"WorkspaceIds": ["i-1"]}), "ValidationException", "'workspaceIds.1.member'"),
            (json!({"Limit": 26}), "ValidationException", "value less than or equal to 25"),
            (json!({"Limit": 1.5}), "SerializationException", "an integer"),
            (json!({"Limit": "3"}), "SerializationException", "an integer at 'limit'"),
            (json!({"WorkspaceID": ["x"]}), "SerializationException", "WorkspaceID"),
            (json!([]), "SerializationException", "a structure"),
        ] {
            check(request, &body, code, part);
        }
    }

    #[test]
    fn required_members_and_enumerations_hold_inside_lists() {
        let item = json!({"PrimaryWorkspaceId": "ws-abcd12345", "DataReplication": "ALWAYS"});
        let body = json!({"PrimaryRegion": "us-east-1", "StandbyWorkspaces": [item]});
        let shape = "CreateStandbyWorkspacesRequest";
        check(shape, &body, "ValidationException", "2 validation errors");
        check(shape, &body, "ValidationException", "'standbyWorkspaces.1.member.directoryId'");
        check(
            shape,
            &body,
            "ValidationException",
            "enum value set: [NO_REPLICATION, PRIMARY_AS_SOURCE]",
        );
    }
}
