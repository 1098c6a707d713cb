//! Roles to assume, in order.

use std::time::Duration;

use crate::aws::{Role, Secret, WebIdentity, WebIdentityToken};
use crate::tf::{
    Attribute, Diagnostic, Diagnostics, NestedBlock, Path, Type, Validator, Value, duration,
};

use super::{Input, nested, non_empty, text, text_map, texts};

/// The form of a role's ARN.
const ROLE: Validator =
    Validator::Pattern("^(arn:[a-z-]+:iam::[0-9]{12}:role/.+)?$", "the ARN of an IAM role");

/// The form of a session's name.
const SESSION: Validator = Validator::Pattern(
    "^[A-Za-z0-9_+=,.@-]{2,64}$",
    "2 to 64 letters, digits and characters of _+=,.@-",
);

/// The shortest session that STS allows.
const SHORTEST: Duration = Duration::from_secs(15 * 60);

pub(super) fn assume_role() -> NestedBlock {
    let mut attributes = vec![
        text("role_arn", "ARN of the role. If `role_arn` is omitted, no role is assumed.")
            .validator(ROLE),
    ];
    attributes.push(
        text("external_id", "External ID that the trust policy of the role requires.")
            .validator(Validator::Pattern(
                "^[A-Za-z0-9_+=,.@:/-]{2,}$",
                "two or more letters, digits and characters of _+=,.@:/-",
            ))
            .validator(Validator::LengthAtMost(1224)),
    );
    attributes.extend(session());
    attributes.push(
        text("source_identity", "Source identity of the session, which AWS CloudTrail logs.")
            .validator(SESSION),
    );
    attributes.push(Attribute::optional("tags", Type::map(Type::String), "Tags of the session."));
    attributes.push(Attribute::optional(
        "transitive_tag_keys",
        Type::set(Type::String),
        "Keys of tags that the session of the next role inherits.",
    ));
    nested(
        "assume_role",
        "A role to assume. With several blocks the roles are assumed in order, each with the \
         credentials of the previous one.",
        attributes,
        0,
    )
}

pub(super) fn assume_role_with_web_identity() -> NestedBlock {
    let mut attributes = vec![
        text("role_arn", "ARN of the role. Also set by `AWS_ROLE_ARN`.").validator(ROLE),
        text("web_identity_token", "Web identity token. Conflicts with `web_identity_token_file`.")
            .sensitive()
            .validator(Validator::Pattern("^[!-~]*$", "a token without spaces or line breaks")),
        text(
            "web_identity_token_file",
            "File with the web identity token, read each time the role is assumed. Also set by \
             `AWS_WEB_IDENTITY_TOKEN_FILE`. Conflicts with `web_identity_token`.",
        ),
    ];
    attributes.extend(session());
    nested(
        "assume_role_with_web_identity",
        "A role to assume with a token of an identity provider, such as that of a CI pipeline. Roles \
         of `assume_role` are assumed after it.",
        attributes,
        1,
    )
}

/// The arguments that both blocks have.
fn session() -> Vec<Attribute> {
    vec![
        text(
            "session_name",
            "Name of the session, which AWS CloudTrail logs. The default is \
             `terraform-provider-aws-workspaces`. With a web identity also set by \
             `AWS_ROLE_SESSION_NAME`.",
        )
        .validator(SESSION),
        text(
            "duration",
            "Duration of the session, from `15m` to `12h`. The default is one hour. The provider \
             renews the session before it expires.",
        )
        .validator(Validator::Duration(SHORTEST)),
        text("policy", "IAM policy in JSON that further restricts the session.")
            .validator(Validator::Json),
        Attribute::optional(
            "policy_arns",
            Type::set(Type::String),
            "ARNs of managed IAM policies that further restrict the session.",
        )
        .validator(Validator::Pattern("^arn:", "the ARN of an IAM policy")),
    ]
}

pub(super) fn validate(block: &Value) -> Diagnostics {
    let mut diagnostics = Diagnostics::new();
    let mut report = |path: Path, detail: &str| {
        diagnostics.push(Diagnostic::error(format!("Invalid {path}"), detail).at(path));
    };
    let roles = |name: &str| {
        let blocks = block.get(name).as_items().unwrap_or_default().to_vec();
        let path = Path::attribute(name);
        blocks.into_iter().enumerate().map(move |(index, role)| (path.index(index), role))
    };
    // A single block without a role is ignored, as in hashicorp/aws; see `warnings`.
    let several = roles("assume_role").count() > 1;
    for (path, role) in roles("assume_role").filter(|_| several) {
        if is_missing(role.get("role_arn")) {
            report(path.child("role_arn"), "role_arn is not set. Set it, or remove the block.");
        }
    }
    for (path, role) in roles("assume_role").chain(roles("assume_role_with_web_identity")) {
        let longest = Duration::from_secs(12 * 60 * 60);
        let given = role.get("duration").as_str().and_then(|text| duration::parse(text).ok());
        if given.is_some_and(|given| given > longest) {
            report(path.child("duration"), "Expected a duration of at most 12h.");
        }
    }
    for (path, role) in roles("assume_role_with_web_identity") {
        let [token, file] = ["web_identity_token", "web_identity_token_file"]
            .map(|name| !role.get(name).is_null() && role.get(name).as_str() != Some(""));
        if token && file {
            report(
                path.child("web_identity_token"),
                "web_identity_token and web_identity_token_file are both set. Remove one of them.",
            );
        }
    }
    diagnostics
}

/// A single block without a role assumes no role: modules pass on a role that may be empty.
pub(super) fn warnings(block: &Value) -> Diagnostics {
    let mut diagnostics = Diagnostics::new();
    if let Some([only]) = block.get("assume_role").as_items()
        && is_missing(only.get("role_arn"))
    {
        let detail = "No role is assumed because role_arn is not set. Set it, or remove the block.";
        let path = Path::attribute("assume_role").index(0).child("role_arn");
        diagnostics.push(Diagnostic::warning("assume_role has no role_arn", detail).at(path));
    }
    diagnostics
}

fn is_missing(role_arn: &Value) -> bool {
    role_arn.is_null() || role_arn.as_str() == Some("")
}

pub(super) fn read(input: &Input<'_>) -> Vec<Role> {
    let role = |block: &Value| {
        Some(Role {
            arn: non_empty(block.get("role_arn"))?,
            session_name: non_empty(block.get("session_name")),
            external_id: non_empty(block.get("external_id")),
            duration: length(block),
            policy: non_empty(block.get("policy")),
            policy_arns: texts(block.get("policy_arns")).collect(),
            source_identity: non_empty(block.get("source_identity")),
            tags: text_map(block.get("tags")),
            transitive_tag_keys: texts(block.get("transitive_tag_keys")).collect(),
        })
    };
    input.blocks("assume_role").iter().filter_map(role).collect()
}

pub(super) fn read_web_identity(input: &Input<'_>) -> Option<WebIdentity> {
    let block = input.blocks("assume_role_with_web_identity").first()?;
    let token = match non_empty(block.get("web_identity_token")) {
        Some(token) => Some(WebIdentityToken::Text(Secret::new(token))),
        None => non_empty(block.get("web_identity_token_file"))
            .map(|file| super::paths::expanded(&file, input.environment))
            .map(|file| WebIdentityToken::File(file.into())),
    };
    Some(WebIdentity {
        role_arn: non_empty(block.get("role_arn")),
        session_name: non_empty(block.get("session_name")),
        token,
        duration: length(block),
        policy: non_empty(block.get("policy")),
        policy_arns: texts(block.get("policy_arns")).collect(),
    })
}

fn length(block: &Value) -> Option<Duration> {
    non_empty(block.get("duration")).and_then(|text| duration::parse(&text).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(block: &str, arguments: &[(&'static str, &str)]) -> Vec<String> {
        let role = arguments.iter().map(|(name, text)| (*name, Value::from(*text)));
        let block = Value::object([(block, Value::List(vec![Value::object(role)]))]);
        let paths = validate(&block);
        paths.iter().filter_map(|one| Some(one.path.as_ref()?.to_string())).collect()
    }

    #[test]
    fn one_block_without_a_role_is_a_warning_and_one_of_several_is_an_error() {
        let role = |arn: &str| Value::object([("role_arn", Value::from(arn))]);
        let roles = |all: Vec<Value>| Value::object([("assume_role", Value::List(all))]);
        let desks = "arn:aws:iam::123456789012:role/desks";
        for (block, errors, said) in [
            (roles(vec![role(desks)]), 0, 0),
            (roles(vec![role("")]), 0, 1),
            (roles(vec![Value::object([("role_arn", Value::Null)])]), 0, 1),
            (roles(vec![role(desks), role("")]), 1, 0),
        ] {
            assert_eq!(validate(&block).iter().count(), errors, "{block:?}");
            assert_eq!(warnings(&block).iter().count(), said, "{block:?}");
        }
    }

    #[test]
    fn a_role_has_an_arn_one_token_and_at_most_twelve_hours() {
        let arn = ("role_arn", "arn:aws:iam::123456789012:role/desks");
        let web = "assume_role_with_web_identity";
        let token = ("web_identity_token", "a");
        let file = ("web_identity_token_file", "b");
        assert!(paths("assume_role", &[arn, ("duration", "12h")]).is_empty());
        assert!(paths(web, &[token]).is_empty() && paths(web, &[file]).is_empty());
        for (block, arguments, path) in [
            ("assume_role", vec![arn, ("duration", "13h")], "assume_role[0].duration"),
            (web, vec![token, file], "assume_role_with_web_identity[0].web_identity_token"),
        ] {
            assert_eq!(paths(block, &arguments), [path]);
        }
    }
}
