//! Before anything is made: the arguments and the plan.

use terraform_provider_aws_workspaces::provider::Instance;
use terraform_provider_aws_workspaces::sim::Settings;
use terraform_provider_aws_workspaces::sim::builtin::*;
use terraform_provider_aws_workspaces::tf::Value;

use super::{KEY, Messages};
use crate::support::in_process::{Desk, id};

pub(super) async fn arguments(messages: &mut Messages) {
    let desk = Desk::new(Settings::default()).await;
    let of = &desk.provider.resources()[0];
    let key = |region: &str| format!("arn:aws:kms:{region}:123456789012:key/0a1b");
    for (met, argument) in [
        ("the ID of the primary is not valid", ("primary_workspace_id", Value::from("i-0a1b2c3d"))),
        ("a Region is not valid", ("primary_region", "us-est".into())),
        ("the primary is in the standby Region", ("primary_region", "us-west-2".into())),
        ("the primary is in another partition", ("primary_region", "cn-north-1".into())),
        (
            "AWS does not document standbys for the Region",
            ("primary_region", "ap-southeast-2".into()),
        ),
        ("the key is in another Region", ("volume_encryption_key", key("eu-west-1").into())),
        ("the key is not a KMS key ID, alias or ARN", ("volume_encryption_key", "my key".into())),
        ("data_replication is not valid", ("data_replication", "BOTH_WAYS".into())),
        (
            "the value of a tag is too long",
            ("tags", Value::map([("a", "x".repeat(256).as_str().into())])),
        ),
        ("a timeout is not a duration", ("timeouts", timeouts("create", "soon"))),
        ("a timeout is too short", ("timeouts", timeouts("delete", "0s"))),
        (
            "the key of a tag begins with aws:",
            ("tags", Value::map([("aws:owner", Value::from("me"))])),
        ),
        ("a read-only attribute is set", ("ip_address", "10.0.0.1".into())),
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
    messages.add(
        "the standby would have more than 50 tags",
        &desk.plan(&absent, &config).await.diagnostics,
    );

    let desk = Desk::new(Settings::default()).await;
    let config = desk.standby(PRIMARIES[0], &[("primary_region", STANDBY_REGION.into())]);
    let planned = desk.plan(&absent, &config).await;
    messages.add(
        "the primary is in the provider's Region, and region is not set",
        &planned.diagnostics,
    );

    let desk = Desk::new(Settings::default()).await;
    desk.plan(&absent, &desk.standby(PRIMARIES[0], &[])).await;
    let tagged = desk.standby(PRIMARIES[0], &[("tags", Value::map([("a", Value::from("1"))]))]);
    let planned = desk.plan(&absent, &tagged).await;
    messages.add("two resources have the same primary", &planned.diagnostics);

    let config = desk.standby(PRIMARIES[1], &[]);
    let standby = desk.created(&config).await;
    let elsewhere = desk.another(&[("region", FRANKFURT.into())]).await;
    let planned = elsewhere.plan(&standby, &config).await;
    messages.add(
        "a standby in another Region is imported, and region is not set",
        &planned.diagnostics,
    );

    let ignored = Value::Set(vec!["Team".into()]);
    let ignored = Value::List(vec![Value::object([("keys", ignored)])]);
    let ignoring = Desk::with(Settings::default(), &[("ignore_tags", ignored)]).await;
    let team = [("tags", Value::map([("Team", Value::from("dr"))]))];
    let planned = ignoring.plan(&absent, &ignoring.standby(PRIMARIES[0], &team)).await;
    messages.add("ignore_tags covers a tag", &planned.diagnostics);

    let desk = Desk::new(Settings::default()).await;
    let replicated = [
        ("data_replication", Value::from("PRIMARY_AS_SOURCE")),
        ("volume_encryption_key", KEY.into()),
    ];
    let prior = desk.created(&desk.standby(PRIMARIES[0], &replicated)).await;
    let left_out = desk.standby(PRIMARIES[0], &replicated[1..]);
    let planned = desk.plan(&prior, &left_out).await;
    messages.add("data_replication is removed from the configuration", &planned.diagnostics);
    let by_alias = [replicated[0].clone(), ("volume_encryption_key", "alias/desktops".into())];
    let imported = desk.another(&[]).await.imported(id(&prior)).await;
    let planned = desk.plan(&imported, &desk.standby(PRIMARIES[0], &by_alias)).await;
    messages.add(
        "an imported standby has a key, and the configuration has an alias",
        &planned.diagnostics,
    );

    let desk = Desk::with(Settings::default(), &[("preflight", true.into())]).await;
    let config = desk.standby(OCCUPIED_PRIMARY, &[]);
    let planned = desk.plan(&absent, &config).await;
    messages.add("preflight: the user has a WorkSpace in the directory", &planned.diagnostics);
    for (met, primary, directory) in [
        ("preflight: the primary does not exist", "ws-0unknown1", STANDBY_DIRECTORY_ID),
        ("preflight: the primary runs Linux", LINUX_PRIMARY, STANDBY_DIRECTORY_ID),
        ("preflight: the primary has a graphics bundle", GRAPHICS_PRIMARY, STANDBY_DIRECTORY_ID),
        ("preflight: the directory is not registered", PRIMARIES[0], "d-0123456789"),
        ("preflight: the directory was deregistered", PRIMARIES[0], DEREGISTERED_DIRECTORY_ID),
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
    messages.add(
        "preflight: the directory is a Simple AD and data replication is on",
        &planned.diagnostics,
    );
    let desk = desk.another(&[("preflight", true.into())]).await;
    let config = desk.standby(PRIMARIES[0], &[]);
    let existing = desk.created(&config).await;
    let desk = desk.another(&[("preflight", true.into())]).await;
    let planned = desk.plan(&absent, &config).await;
    messages.add("preflight: the primary already has a standby", &planned.diagnostics);
    let abroad = [("region", FRANKFURT.into()), ("preflight", true.into())];
    let desk = desk.another(&abroad).await;
    let reversed = [("primary_region", STANDBY_REGION.into())];
    let planned = desk.plan(&absent, &desk.standby(id(&existing), &reversed)).await;
    messages.add("preflight: the primary is a standby", planned.diagnostics.iter().take(1));
    for (met, fault) in [
        ("preflight: AWS does not respond", "slow=300s"),
        ("preflight: DescribeWorkspaces is denied", "error=AccessDeniedException"),
    ] {
        let desk = desk.another(&[("preflight", true.into())]).await;
        desk.faults(&[&format!("DescribeWorkspaces@us-east-1:{fault}:1")]);
        messages.add(met, &desk.plan(&absent, &config).await.diagnostics);
    }
}
