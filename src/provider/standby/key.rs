//! Spellings of a KMS key: id, alias, key ARN and alias ARN.
//!
//! <https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id>

/// The parts of a key or alias ARN, `arn:PARTITION:kms:REGION:ACCOUNT:key/ID`.
///
/// <https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id-key-ARN>
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct KeyArn<'a> {
    pub(super) partition: &'a str,
    pub(super) region: &'a str,
    /// `key/ID` or `alias/NAME`.
    pub(super) resource: &'a str,
}

/// The parts of an ARN of a KMS key or alias; nothing if the text is not such an ARN.
pub(super) fn parse_arn(text: &str) -> Option<KeyArn<'_>> {
    let mut parts = text.splitn(6, ':');
    match (parts.next()?, parts.next()?, parts.next()?, parts.next()?, parts.next()?, parts.next()?)
    {
        ("arn", partition, "kms", region, _account, resource) => {
            Some(KeyArn { partition, region, resource })
        }
        _ => None,
    }
}

/// Whether two spellings certainly name the same key: equal texts, or an ARN and the id or alias
/// that it ends in. An alias and a key id cannot be compared without a call to KMS.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    one == other
        || match (parse_arn(one), parse_arn(other)) {
            (Some(arn), None) => is_resource(&arn, other),
            (None, Some(arn)) => is_resource(&arn, one),
            _ => false,
        }
}

fn is_resource(arn: &KeyArn<'_>, text: &str) -> bool {
    arn.resource == text || arn.resource.strip_prefix("key/") == Some(text)
}

/// Whether a spelling is an alias that may belong to the key of this ARN.
pub(super) fn may_be_alias_of(alias: &str, key: &str) -> bool {
    let Some(key) = parse_arn(key).filter(|arn| arn.resource.starts_with("key/")) else {
        return false;
    };
    match parse_arn(alias) {
        Some(alias) => alias.resource.starts_with("alias/") && alias.region == key.region,
        None => alias.starts_with("alias/"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_are_one_key_only_where_that_can_be_told() {
        const ARN: &str = "arn:aws:kms:eu-west-1:123456789012:key/0a1b";
        const ALIAS: &str = "arn:aws:kms:eu-west-1:123456789012:alias/desktops";
        for (one, other, same) in [
            (ARN, ARN, true),
            (ARN, "0a1b", true),
            ("0a1b", ARN, true),
            (ARN, "key/0a1b", true),
            (ALIAS, "alias/desktops", true),
            (ARN, "0a1c", false),
            (ARN, "alias/desktops", false),
            (ARN, ALIAS, false),
            ("alias/desktops", "0a1b", false),
        ] {
            assert_eq!(is_same(one, other), same, "{one} and {other}");
        }
        assert!(may_be_alias_of("alias/desktops", ARN) && may_be_alias_of(ALIAS, ARN));
        assert!(!may_be_alias_of("0a1b", ARN) && !may_be_alias_of(ALIAS, ALIAS));
    }
}
