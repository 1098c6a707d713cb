use super::state::partition;
use crate::sim::random::Random;

/// The key ARN that AWS reads back for a key given as id, alias, key ARN or alias ARN.
///
/// The simulator knows no keys: every well-formed one is taken, and an alias stands for the same
/// key each time.
///
/// # Errors
/// The text is not a key, or its ARN is of another Region.
pub(crate) fn key_arn(key: &str, region: &str, account_id: &str) -> Result<String, String> {
    let partition = partition(region);
    let resource = match key.split(':').collect::<Vec<_>>()[..] {
        ["arn", arn_partition, "kms", arn_region, account, resource] => {
            if arn_partition != partition || arn_region != region {
                return Err(format!("The KMS key {key} is not in the Region {region}."));
            }
            if account.len() != 12 || !account.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(format!("The KMS key {key} is not valid."));
            }
            resource
        }
        [name] => name,
        _ => return Err(format!("The KMS key {key} is not valid.")),
    };
    let account = key.split(':').nth(4).unwrap_or(account_id);
    let id = match resource.strip_prefix("alias/") {
        Some(alias) if !alias.is_empty() => Random::stable(&["kms", account, region, alias]).uuid(),
        Some(_) => return Err(format!("The KMS key {key} is not valid.")),
        None => resource.strip_prefix("key/").unwrap_or(resource).to_owned(),
    };
    if !is_key_id(&id) {
        return Err(format!("The KMS key {key} is not valid."));
    }
    Ok(format!("arn:{partition}:kms:{region}:{account}:key/{id}"))
}

/// The key that AWS uses where the volumes are to be encrypted and no key is named.
pub(crate) fn managed_key_arn(region: &str, account_id: &str) -> String {
    let id = Random::stable(&["kms", account_id, region, "aws/workspaces"]).uuid();
    format!("arn:{}:kms:{region}:{account_id}:key/{id}", partition(region))
}

/// A UUID, or `mrk-` and 32 hexadecimal digits for a multi-Region key.
fn is_key_id(text: &str) -> bool {
    let hex = |part: &str| part.bytes().all(|byte| byte.is_ascii_hexdigit());
    match text.strip_prefix("mrk-") {
        Some(digits) => digits.len() == 32 && hex(digits),
        None => {
            let parts: Vec<&str> = text.split('-').collect();
            parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12]) && parts.into_iter().all(hex)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNT: &str = "123456789012";
    const ID: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";

    #[test]
    fn every_spelling_of_a_key_reads_back_as_its_arn() {
        let arn = format!("arn:aws:kms:us-west-2:{ACCOUNT}:key/{ID}");
        for spelling in [ID, &arn] {
            assert_eq!(key_arn(spelling, "us-west-2", ACCOUNT).as_ref(), Ok(&arn));
        }
        let alias = key_arn("alias/desk", "us-west-2", ACCOUNT).unwrap();
        assert!(alias.starts_with("arn:aws:kms:us-west-2:123456789012:key/"));
        let alias_arn = format!("arn:aws:kms:us-west-2:{ACCOUNT}:alias/desk");
        assert_eq!(key_arn(&alias_arn, "us-west-2", ACCOUNT), Ok(alias.clone()));
        assert_ne!(key_arn("alias/desk", "eu-west-1", ACCOUNT), Ok(alias));
    }

    #[test]
    fn what_is_no_key_of_the_region_is_refused() {
        for wrong in [
            "",
            "desk",
            "alias/",
            "arn:aws:kms:us-west-2:1:key/x",
            &format!("arn:aws:kms:us-east-1:{ACCOUNT}:key/{ID}"),
        ] {
            assert!(key_arn(wrong, "us-west-2", ACCOUNT).is_err(), "{wrong}");
        }
    }
}
