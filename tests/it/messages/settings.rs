//! The provider block.

use terraform_provider_aws_workspaces::sim::Settings;
use terraform_provider_aws_workspaces::tf::Value;

use super::Messages;
use crate::support::in_process::Desk;

const ROLE: &str = "arn:aws:iam::123456789012:role/workspaces-standby";

/// A list of one block with one argument.
fn block(argument: &'static str, value: Value) -> Value {
    Value::List(vec![Value::object([(argument, value)])])
}

pub(super) async fn provider_blocks(messages: &mut Messages) {
    let desk = Desk::new(Settings::default()).await;
    let tagged = |key: &str| block("tags", Value::map([(key, Value::from("x"))]));
    let accounts = || Value::Set(vec!["999999999999".into()]);
    let no_account = ("skip_requesting_account_id", Value::from(true));
    let no_endpoints = ("endpoints", Value::List(Vec::new()));
    let fips = ("use_fips_endpoint", Value::from(true));
    for (met, arguments) in [
        ("the provider's Region is not valid", vec![("region", Value::from("us-est"))]),
        ("the provider does not know the Region", vec![("region", "eu-west-9".into())]),
        ("access_key is set without secret_key", vec![("secret_key", Value::Null)]),
        ("a secret key contains a line break", vec![("secret_key", "wJalr\n".into())]),
        ("max_retries is too large", vec![("max_retries", Value::Number(5000_i64.into()))]),
        ("the retry mode is not valid", vec![("retry_mode", "eager".into())]),
        ("the key of a default tag begins with aws:", vec![("default_tags", tagged("aws:owner"))]),
        ("the account is not allowed", vec![("allowed_account_ids", accounts())]),
        (
            "allowed_account_ids is set and the account ID is not requested",
            vec![("allowed_account_ids", accounts()), no_account],
        ),
        (
            "the Region has no FIPS endpoint",
            vec![("region", "eu-west-1".into()), no_endpoints, fips.clone()],
        ),
        ("use_fips_endpoint is set with a custom endpoint", vec![fips]),
    ] {
        messages.add(met, &desk.configuring(&arguments).await);
    }
    for (met, fault) in [
        ("the credentials are not valid", "error=InvalidClientTokenId:1"),
        ("GetCallerIdentity is denied", "error=AccessDenied:1"),
        ("AWS STS does not respond", "slow=300s:1"),
    ] {
        desk.faults(&[&format!("GetCallerIdentity:{fault}")]);
        messages.add(met, &desk.configuring(&[]).await);
    }
    desk.faults(&["AssumeRole:error=AccessDenied:1"]);
    let role = [("assume_role", block("role_arn", ROLE.into()))];
    messages.add("the role cannot be assumed", &desk.configuring(&role).await);
}
