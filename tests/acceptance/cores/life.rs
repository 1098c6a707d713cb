use std::fs;

use serde_json::{Value, json};
use terraform_provider_aws_workspaces::sim::builtin::STANDBY_REGION;

use crate::support::cores::Core;
use crate::support::terraform::{ADDRESS, brisk, standby};

/// From nothing to nothing, with an empty plan after every step.
fn whole_life(core: &Core) {
    let Some(terraform) = core.start(brisk()) else { return };
    terraform.configure(&standby(r#"tags = { Team = "design" }"#));
    terraform.run(&["validate", "-no-color"]).succeeded();
    let plan = terraform.plan();
    assert_eq!(plan.code, Some(2), "{}: {}", core.name, plan.output);
    terraform.apply().succeeded().says(&["1 added, 0 changed, 0 destroyed"]);
    let id = terraform.attributes(ADDRESS)["id"].as_str().unwrap().to_owned();

    let updated = standby(
        "tags             = { Team = \"art\" }\n  data_replication = \"PRIMARY_AS_SOURCE\"",
    );
    terraform.configure(&updated);
    terraform.plan().says(&["will be updated in-place", "0 to add, 1 to change, 0 to destroy"]);
    terraform.apply().succeeded().says(&["0 added, 1 changed, 0 destroyed"]);
    assert_eq!(terraform.attributes(ADDRESS)["id"], id);
    assert_eq!(terraform.workspace(STANDBY_REGION, &id)["Tags"], json!({"Team": "art"}));

    fs::remove_file(terraform.path("terraform.tfstate")).unwrap();
    terraform.run(&["import", "-no-color", "-input=false", ADDRESS, &id]).succeeded();
    assert_eq!(terraform.attributes(ADDRESS)["id"], id);
    terraform.holds();

    terraform.destroy().succeeded().says(&["1 destroyed"]);
    assert_eq!(terraform.standbys(), Vec::<Value>::new());
    assert_eq!(terraform.instance(ADDRESS), Value::Null);
}

#[test]
fn a_standby_lives_its_whole_life_on_the_terraform_on_path() {
    whole_life(&Core::on_path());
}

#[test]
fn a_standby_lives_its_whole_life_on_the_newer_terraform() {
    let Some(newer) = Core::newer() else { return };
    whole_life(&newer);
}

#[test]
fn a_state_goes_to_the_newer_terraform_and_back() {
    let (older, Some(newer)) = (Core::on_path(), Core::newer()) else { return };
    let Some(terraform) = older.start(brisk()) else { return };
    terraform.configure(&standby(r#"tags = { Team = "design" }"#));
    terraform.apply().succeeded();
    let made = terraform.attributes(ADDRESS);

    let terraform = newer.take_over(terraform);
    terraform.holds();
    terraform.run(&["apply", "-refresh-only", "-auto-approve", "-no-color"]).succeeded();
    // Whoever wrote the state, it says from now on which standby this is.
    assert_eq!(terraform.instance(ADDRESS)["identity"]["id"], made["id"]);

    let terraform = older.take_over(terraform);
    terraform.holds();
    terraform.configure(&standby(r#"tags = { Team = "art" }"#));
    terraform.apply().succeeded().says(&["0 added, 1 changed, 0 destroyed"]);
    assert_eq!(terraform.attributes(ADDRESS)["id"], made["id"]);

    let terraform = newer.take_over(terraform);
    terraform.destroy().succeeded();
    assert_eq!(terraform.standbys(), Vec::<Value>::new());
}
