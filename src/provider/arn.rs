use std::fmt;

/// The parts of an ARN, `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::provider) struct Arn<'a> {
    pub(in crate::provider) partition: &'a str,
    pub(in crate::provider) service: &'a str,
    pub(in crate::provider) region: &'a str,
    pub(in crate::provider) account: &'a str,
    pub(in crate::provider) resource: &'a str,
}

impl<'a> Arn<'a> {
    /// The parts of a text; nothing where it is not an ARN.
    pub(in crate::provider) fn parse(text: &'a str) -> Option<Self> {
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        match parts[..] {
            ["arn", partition, service, region, account, resource] => {
                Some(Self { partition, service, region, account, resource })
            }
            _ => None,
        }
    }

    /// The parts of an ARN of this service.
    pub(in crate::provider) fn of(service: &str, text: &'a str) -> Option<Self> {
        Self::parse(text).filter(|arn| arn.service == service)
    }
}

impl fmt::Display for Arn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { partition, service, region, account, resource } = self;
        write!(f, "arn:{partition}:{service}:{region}:{account}:{resource}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_comes_back_as_it_was_and_other_texts_are_refused() {
        let text = "arn:aws:workspaces:eu-west-1:123456789012:workspace/ws-0a1b2c3d4";
        let arn = Arn::of("workspaces", text).expect("an ARN");
        assert_eq!((arn.region, arn.account), ("eu-west-1", "123456789012"));
        assert_eq!(arn.to_string(), text);
        for other in ["", "ws-0a1b2c3d4", "arn:aws:kms:eu-west-1:123456789012:key/a"] {
            assert_eq!(Arn::of("workspaces", other), None, "{other}");
        }
    }
}
