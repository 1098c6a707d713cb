use std::collections::HashSet;

use serde_json::Value;

use crate::sim::wire::Refusal;

use super::form::{list, parameter};

/// A pattern as AWS prints it, and whether a character is of it.
type Pattern = (&'static str, fn(char) -> bool);

/// What AWS says of one text parameter.
struct Text {
    name: &'static str,
    required: bool,
    /// Characters, both ends included.
    length: (usize, usize),
    pattern: Option<Pattern>,
}

const NAME: Option<Pattern> =
    Some(("[\\w+=,.@-]*", |letter| is_word(letter) || "+=,.@-".contains(letter)));

/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>
const TEXTS: [Text; 6] = [
    Text { name: "RoleArn", required: true, length: (20, 2048), pattern: None },
    Text { name: "RoleSessionName", required: true, length: (2, 64), pattern: NAME },
    Text { name: "Policy", required: false, length: (1, 2048), pattern: None },
    Text {
        name: "ExternalId",
        required: false,
        length: (2, 1224),
        pattern: Some(("[\\w+=,.@:\\/-]*", |letter| {
            is_word(letter) || "+=,.@:/-".contains(letter)
        })),
    },
    Text { name: "SourceIdentity", required: false, length: (2, 64), pattern: NAME },
    Text { name: "ProviderId", required: false, length: (4, 2048), pattern: None },
];

/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html>
const TOKEN: Text =
    Text { name: "WebIdentityToken", required: true, length: (4, 20_000), pattern: None };

const SECONDS: std::ops::RangeInclusive<u64> = 900..=43_200;
/// How long a role may be assumed by another assumed role, in seconds.
const MOST_CHAINED: u64 = 3600;
const MOST_POLICIES: usize = 10;
const MOST_TAGS: usize = 50;

/// Checks what is asked of a role, and gives the seconds its session is to last.
///
/// # Errors
/// `ValidationError` with all constraints that do not hold, `MalformedPolicyDocument`.
pub(super) fn role_request(
    body: &Value,
    is_web_identity: bool,
    is_chained: bool,
) -> Result<u64, Refusal> {
    let mut found = Vec::new();
    for text in TEXTS.iter().chain(is_web_identity.then_some(&TOKEN)) {
        check_text(text, body, &mut found);
    }
    let seconds = parameter(body, "DurationSeconds").unwrap_or("3600");
    match seconds.parse::<u64>() {
        Ok(number) if SECONDS.contains(&number) => {}
        Ok(number) if number > *SECONDS.end() => found.push(violation(
            seconds,
            "durationSeconds",
            "Member must have value less than or equal to 43200",
        )),
        _ => found.push(violation(
            seconds,
            "durationSeconds",
            "Member must have value greater than or equal to 900",
        )),
    }
    check_lists(body, &mut found);
    if !found.is_empty() {
        let (count, plural) = (found.len(), if found.len() == 1 { "error" } else { "errors" });
        let message = format!("{count} validation {plural} detected: {}", found.join("; "));
        return Err(invalid(&message));
    }
    let seconds = seconds.parse().unwrap_or(MOST_CHAINED);
    if is_chained && seconds > MOST_CHAINED {
        return Err(invalid(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by \
             role chaining",
        ));
    }
    check_meaning(body)?;
    Ok(seconds)
}

fn check_text(text: &Text, body: &Value, found: &mut Vec<String>) {
    let member = lower_camel(text.name);
    let Some(value) = parameter(body, text.name) else {
        if text.required {
            found.push(format!(
                "Value null at '{member}' failed to satisfy constraint: Member must not be null"
            ));
        }
        return;
    };
    // A token is not repeated in an error.
    let shown = if text.name == TOKEN.name { "(hidden)" } else { value };
    let (least, most) = text.length;
    let length = value.chars().count();
    if length < least {
        let rule = format!("Member must have length greater than or equal to {least}");
        found.push(violation(shown, &member, &rule));
    }
    if length > most {
        let rule = format!("Member must have length less than or equal to {most}");
        found.push(violation(shown, &member, &rule));
    }
    if let Some((pattern, is_of_it)) = text.pattern
        && !value.chars().all(is_of_it)
    {
        let rule = format!("Member must satisfy regular expression pattern: {pattern}");
        found.push(violation(shown, &member, &rule));
    }
}

fn check_lists(body: &Value, found: &mut Vec<String>) {
    let policies = list(body, "PolicyArns", "arn");
    if policies.len() > MOST_POLICIES {
        found.push(too_many("policyArns", MOST_POLICIES));
    }
    for arn in policies.iter().filter(|arn| !(20..=2048).contains(&arn.len())) {
        found.push(violation(
            arn,
            "policyArns",
            "Member must have length between 20 and 2048, inclusive",
        ));
    }
    let (keys, values) = (list(body, "Tags", "Key"), list(body, "Tags", "Value"));
    if keys.len() > MOST_TAGS {
        found.push(too_many("tags", MOST_TAGS));
    }
    for key in keys.iter().filter(|key| !(1..=128).contains(&key.chars().count())) {
        found.push(violation(
            key,
            "tags.key",
            "Member must have length between 1 and 128, inclusive",
        ));
    }
    for value in values.iter().filter(|value| value.chars().count() > 256) {
        found.push(violation(
            value,
            "tags.value",
            "Member must have length less than or equal to 256",
        ));
    }
    let is_of_tag = |letter: char| {
        letter.is_alphanumeric() || letter.is_whitespace() || "_.:/=+-@".contains(letter)
    };
    for text in keys.iter().chain(&values).filter(|text| !text.chars().all(is_of_tag)) {
        found.push(violation(
            text,
            "tags",
            "Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*",
        ));
    }
    if list(body, "TransitiveTagKeys", "").len() > MOST_TAGS {
        found.push(too_many("transitiveTagKeys", MOST_TAGS));
    }
}

/// What the parameters say beyond their form.
fn check_meaning(body: &Value) -> Result<(), Refusal> {
    let role = parameter(body, "RoleArn").unwrap_or_default();
    if role_parts(role).is_none() {
        return Err(invalid(&format!("{role} is invalid")));
    }
    for arn in list(body, "PolicyArns", "arn") {
        let of_policy = arn.starts_with("arn:") && arn.contains(":policy/");
        if !of_policy {
            return Err(invalid(&format!("ARN {arn} is not valid.")));
        }
    }
    if let Some(policy) = parameter(body, "Policy")
        && !serde_json::from_str::<Value>(policy).is_ok_and(|policy| policy.is_object())
    {
        return Err(Refusal::new("MalformedPolicyDocument", "This policy contains invalid Json"));
    }
    let keys = list(body, "Tags", "Key");
    let reserved = |text: &&str| text.to_lowercase().starts_with("aws:");
    if keys.iter().any(reserved) || parameter(body, "SourceIdentity").as_ref().is_some_and(reserved)
    {
        return Err(invalid("The prefix aws: is reserved for use by AWS."));
    }
    let distinct: HashSet<String> = keys.iter().map(|key| key.to_lowercase()).collect();
    if distinct.len() < keys.len() {
        return Err(invalid(
            "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
        ));
    }
    let transitive = list(body, "TransitiveTagKeys", "");
    if transitive.iter().any(|key| !keys.contains(key)) {
        return Err(invalid(
            "The specified transitive tag key must be included in the requested tags.",
        ));
    }
    Ok(())
}

/// The partition, the account and the name in the ARN of a role, without the role's path.
pub(super) fn role_parts(arn: &str) -> Option<(&str, &str, &str)> {
    match arn.split(':').collect::<Vec<_>>()[..] {
        ["arn", partition @ ("aws" | "aws-cn" | "aws-us-gov"), "iam", "", account, role]
            if account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            let name = role.strip_prefix("role/")?.rsplit('/').next()?;
            (!name.is_empty()).then_some((partition, account, name))
        }
        _ => None,
    }
}

fn invalid(message: &str) -> Refusal {
    Refusal::new("ValidationError", message)
}

fn violation(value: &str, member: &str, rule: &str) -> String {
    format!("Value '{value}' at '{member}' failed to satisfy constraint: {rule}")
}

fn too_many(member: &str, most: usize) -> String {
    let rule = format!("Member must have length less than or equal to {most}");
    format!("Value at '{member}' failed to satisfy constraint: {rule}")
}

fn is_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

fn lower_camel(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| {
        format!("{}{}", first.to_ascii_lowercase(), letters.as_str())
    })
}
