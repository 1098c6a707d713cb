//! Before anything is made: the provider block, the arguments, the plan.

use terraform_provider_aws_workspaces::provider::Instance;
use terraform_provider_aws_workspaces::sim::Settings;
use terraform_provider_aws_workspaces::sim::builtin::*;
use terraform_provider_aws_workspaces::tf::Value;

use super::Messages;
use crate::support::in_process::Desk;

pub(super) async fn provider_blocks(messages: &mut Messages) {
    let desk = Desk::new(Settings::default()).await;
    let tagged = |key: &str| {
        Value::List(vec![Value::object([("tags", Value::map([(key, Value::from("x"))]))])])
    };
    for (met, arguments) in [
        ("the provider's Region is none", vec![("region", Value::from("us-est"))]),
        ("an access key comes without its secret", vec![("secret_key", Value::Null)]),
        ("a secret key ends in a line break", vec![("secret_key", "wJalr\n".into())]),
        ("there are too many retries", vec![("max_retries", Value::Number(5000_i64.into()))]),
        ("the retry mode is unknown", vec![("retry_mode", "eager".into())]),
        ("a default tag is AWS's own", vec![("default_tags", tagged("aws:owner"))]),
    ] {
        messages.add(met, &desk.configuring(&arguments).await);
    }
    for (met, fault) in [
        ("STS refuses the credentials", "error=InvalidClientTokenId:1"),
        ("STS may not be asked", "error=AccessDenied:1"),
        ("STS does not answer", "slow=300s:1"),
    ] {
        desk.faults(&[&format!("GetCallerIdentity:{fault}")]);
        messages.add(met, &desk.configuring(&[]).await);
    }
}

pub(super) async fn arguments(messages: &mut Messages) {
    let desk = Desk::new(Settings::default()).await;
    let of = &desk.provider.resources()[0];
    let key = |region: &str| format!("arn:aws:kms:{region}:123456789012:key/0a1b");
    for (met, argument) in [
        ("a primary's id is malformed", ("primary_workspace_id", Value::from("i-0a1b2c3d"))),
        ("a Region is none", ("primary_region", "us-est".into())),
        ("the primary is in the standby Region", ("primary_region", "us-west-2".into())),
        ("the primary is in another partition", ("primary_region", "cn-north-1".into())),
        ("the Region is not documented", ("primary_region", "ap-southeast-2".into())),
        ("the key is in another Region", ("volume_encryption_key", key("eu-west-1").into())),
        ("the key is none", ("volume_encryption_key", "my key".into())),
        ("the data replication is unknown", ("data_replication", "BOTH_WAYS".into())),
        (
            "a tag's value is too long",
            ("tags", Value::map([("a", "x".repeat(256).as_str().into())])),
        ),
        ("a timeout is no time", ("timeouts", timeouts("create", "soon"))),
        ("a timeout is too short", ("timeouts", timeouts("delete", "0s"))),
        ("a tag is AWS's own", ("tags", Value::map([("aws:owner", Value::from("me"))]))),
        ("a computed attribute is set", ("ip_address", "10.0.0.1".into())),
        ("a required attribute is missing", ("directory_id", Value::Null)),
    ] {
        let mut config = desk.standby(PRIMARIES[0], &[("region", "us-west-2".into())]);
        config.set(argument.0, argument.1);
        messages.add(met, &desk.provider.validate_resource(of, &config));
    }
}

/// A block with one timeout.
fn timeouts(name: &str, text: &str) -> Value {
    let names = ["create", "update", "delete"];
    let set = |each: &str| if each == name { Value::from(text) } else { Value::Null };
    Value::object(names.map(|each| (each, set(each))))
}

pub(super) async fn plans(messages: &mut Messages) {
    let absent = Instance::absent();
    let many = (0..40).map(|n| (format!("own{n}"), Value::from("x")));
    let tags = Value::map((0..20).map(|n| (format!("default{n}"), Value::from("x"))));
    let defaults = Value::List(vec![Value::object([("tags", tags)])]);
    let desk = Desk::with(Settings::default(), &[("default_tags", defaults)]).await;
    let config = desk.standby(PRIMARIES[0], &[("tags", Value::map(many))]);
    messages.add("there are too many tags", &desk.plan(&absent, &config).await.diagnostics);

    let desk = Desk::new(Settings::default()).await;
    let config = desk.standby(PRIMARIES[0], &[("primary_region", STANDBY_REGION.into())]);
    let planned = desk.plan(&absent, &config).await;
    messages.add("the primary is in the provider's Region", &planned.diagnostics);

    let desk = Desk::new(Settings::default()).await;
    desk.plan(&absent, &desk.standby(PRIMARIES[0], &[])).await;
    let tagged = desk.standby(PRIMARIES[0], &[("tags", Value::map([("a", Value::from("1"))]))]);
    let planned = desk.plan(&absent, &tagged).await;
    messages.add("two resources have one primary", &planned.diagnostics);

    let config = desk.standby(PRIMARIES[1], &[]);
    let standby = desk.created(&config).await;
    let elsewhere = desk.another(&[("region", FRANKFURT.into())]).await;
    let planned = elsewhere.plan(&standby, &config).await;
    messages.add("a standby is imported and its Region is not configured", &planned.diagnostics);

    let desk = Desk::with(Settings::default(), &[("preflight", true.into())]).await;
    let config = desk.standby(OCCUPIED_PRIMARY, &[]);
    let planned = desk.plan(&absent, &config).await;
    messages.add("preflight finds a WorkSpace of the user", &planned.diagnostics);
    for (met, primary, directory) in [
        ("preflight does not find the primary", "ws-0unknown1", STANDBY_DIRECTORY_ID),
        ("preflight finds a Linux primary", LINUX_PRIMARY, STANDBY_DIRECTORY_ID),
        ("preflight finds a graphics bundle", GRAPHICS_PRIMARY, STANDBY_DIRECTORY_ID),
        ("preflight does not find the directory", PRIMARIES[0], "d-0123456789"),
        ("preflight finds no registered directory", PRIMARIES[0], DEREGISTERED_DIRECTORY_ID),
    ] {
        let desk = desk.another(&[("preflight", true.into())]).await;
        let config = desk.standby(primary, &[("directory_id", directory.into())]);
        messages.add(met, &desk.plan(&absent, &config).await.diagnostics);
    }
    let simple = [
        ("directory_id", SIMPLE_AD_DIRECTORY_ID.into()),
        ("data_replication", "PRIMARY_AS_SOURCE".into()),
    ];
    let desk = desk.another(&[("preflight", true.into())]).await;
    let planned = desk.plan(&absent, &desk.standby(PRIMARIES[0], &simple)).await;
    messages.add("preflight finds a Simple AD", &planned.diagnostics);
    let desk = desk.another(&[("preflight", true.into())]).await;
    let config = desk.standby(PRIMARIES[0], &[]);
    desk.created(&config).await;
    let desk = desk.another(&[("preflight", true.into())]).await;
    let planned = desk.plan(&absent, &config).await;
    messages.add("preflight finds a standby", &planned.diagnostics);
    let desk = desk.another(&[("preflight", true.into())]).await;
    desk.faults(&["DescribeWorkspaces@us-east-1:slow=300s:1"]);
    let planned = desk.plan(&absent, &config).await;
    messages.add("preflight gets no answer", &planned.diagnostics);
}
