use std::collections::HashSet;

use serde_json::Value;

use super::request::RoleRequest;
use crate::sim::refusal::Refusal;

/// How long a role may be assumed by another assumed role, in seconds.
const MOST_CHAINED: u64 = 3600;
const MOST_POLICIES: usize = 10;

/// Checks what the shapes of the model do not say, and gives the seconds the session is to last.
///
/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>
///
/// # Errors
/// `ValidationError`, `MalformedPolicyDocument`.
pub(super) fn check(request: &RoleRequest, is_chained: bool) -> Result<u64, Refusal> {
    let seconds = request.duration_seconds.unwrap_or(MOST_CHAINED);
    if is_chained && seconds > MOST_CHAINED {
        return Err(invalid(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by \
             role chaining",
        ));
    }
    let role = &request.role_arn;
    if role_parts(role).is_none() {
        return Err(invalid(&format!("{role} is invalid")));
    }
    if request.policy_arns.len() > MOST_POLICIES {
        return Err(invalid(
            "1 validation error detected: Value at 'policyArns' failed to satisfy constraint: \
             Member must have length less than or equal to 10",
        ));
    }
    let arns = request.policy_arns.iter().filter_map(|policy| policy.arn.as_deref());
    for arn in arns {
        if !(arn.starts_with("arn:") && arn.contains(":policy/")) {
            return Err(invalid(&format!("ARN {arn} is not valid.")));
        }
    }
    if let Some(policy) = &request.policy
        && !serde_json::from_str::<Value>(policy).is_ok_and(|policy| policy.is_object())
    {
        return Err(Refusal::new("MalformedPolicyDocument", "This policy contains invalid Json"));
    }
    check_tags(request)?;
    Ok(seconds)
}

fn check_tags(request: &RoleRequest) -> Result<(), Refusal> {
    let reserved = |text: &str| text.to_lowercase().starts_with("aws:");
    if request.tags.iter().any(|tag| reserved(&tag.key))
        || request.source_identity.as_deref().is_some_and(reserved)
    {
        return Err(invalid("The prefix aws: is reserved for use by AWS."));
    }
    let distinct: HashSet<String> = request.tags.iter().map(|tag| tag.key.to_lowercase()).collect();
    if distinct.len() < request.tags.len() {
        return Err(invalid(
            "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
        ));
    }
    let is_sent = |key: &String| request.tags.iter().any(|tag| tag.key == *key);
    if !request.transitive_tag_keys.iter().all(is_sent) {
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
