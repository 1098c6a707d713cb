//! Which source wins: the argument over the environment over the profile.

use serde_json::{Value, json};

use super::sources::section;
use super::stage::Stage;
use crate::support::secrets::secret;

/// A block, variables of the environment, and whose keys are used.
type KeysCase<'a> = (&'a Value, &'a [(&'a str, String)], &'a str);

/// Whose keys are used where several sources have some.
#[tokio::test]
async fn keys_of_the_block_come_before_the_environment_before_the_profile() {
    let block = json!({ "access_key": "AKIABLOCK", "secret_key": secret("block") });
    let environment = [
        ("AWS_ACCESS_KEY_ID", "AKIAENVIRONMENT".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", secret("environment")),
    ];
    let by_variable = [("AWS_PROFILE", "other".to_owned())];
    let both = [environment.clone().to_vec(), by_variable.clone().to_vec()].concat();
    let named = json!({ "profile": "desks" });
    let cases: [KeysCase<'_>; 6] = [
        (&block, &environment, "AKIABLOCK"),
        (&block, &by_variable, "AKIABLOCK"),
        (&json!({}), &both, "AKIAENVIRONMENT"),
        (&json!({}), &by_variable, "AKIAOTHER"),
        // A profile that the block names is an argument too.
        (&named, &both, "AKIADESKS"),
        (&json!({}), &[], "AKIAUSUAL"),
    ];
    for (block, variables, signer) in cases {
        let mut stage = Stage::new();
        for (name, value) in variables {
            stage = stage.with(name, value);
        }
        let files = ["default", "desks", "other"]
            .map(|name| section(name, if name == "default" { "usual" } else { name }));
        stage.file(".aws/credentials", &files.concat());
        stage.run(block.clone()).await.succeeded();
        assert_eq!(stage.signer(), signer, "{block} {variables:?}");
    }
}

/// Where calls go: the argument, the variable of the service, the variable of all services, the
/// profile.
#[tokio::test]
async fn the_region_of_the_block_comes_before_the_environment_before_the_profile() {
    let config = "[default]\nregion = eu-central-1\n";
    for (argument, variables, region) in [
        (Some("eu-west-1"), vec![("AWS_REGION", "eu-west-2")], "eu-west-1"),
        (None, vec![("AWS_REGION", "eu-west-2"), ("AWS_DEFAULT_REGION", "eu-west-3")], "eu-west-2"),
        (None, vec![("AWS_DEFAULT_REGION", "eu-west-3")], "eu-west-3"),
        (None, vec![], "eu-central-1"),
    ] {
        let mut stage = Stage::new()
            .with("AWS_ACCESS_KEY_ID", "AKIAENVIRONMENT")
            .with("AWS_SECRET_ACCESS_KEY", &secret("environment"));
        for (name, value) in &variables {
            stage = stage.with(name, value);
        }
        stage.file(".aws/config", config);
        stage.run(json!({ "region": argument })).await.succeeded();
        let regions = stage.cloud.simulator.stats().operation("GetCallerIdentity").regions;
        assert_eq!(regions.keys().collect::<Vec<_>>(), [region], "{argument:?} {variables:?}");
    }
}
