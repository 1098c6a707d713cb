//! Several provider blocks in one configuration, and blocks that wait for other resources, with a
//! real Terraform.

use terraform_provider_aws_workspaces::sim::builtin::{PRIMARIES, STANDBY_REGION};
use terraform_provider_aws_workspaces::sim::{Fleet, Settings};

use crate::support::secrets::secret;
use crate::support::terraform::{ADDRESS, SOURCE, Terraform, brisk, standby, standby_of};

fn required() -> String {
    format!(
        "terraform {{\n  required_providers {{\n    aws = {{ source = \"{SOURCE}\" }}\n  }}\n}}\n"
    )
}

#[test]
fn two_aliases_have_keys_and_tags_of_their_own() {
    let Some(terraform) = Terraform::start(brisk()) else { return };
    let alias = |name: &str| {
        let more = format!(
            "alias = \"{name}\"\n  access_key = \"AKIA{}\"\n  secret_key = \"{}\"\n  default_tags {{\n    \
             tags = {{ team = \"{name}\" }}\n  }}",
            name.to_uppercase(),
            secret(name)
        );
        terraform.provider("aws", &more)
    };
    let second = standby_of(PRIMARIES[1], "provider = aws.two").replace("desk\"", "second\"");
    terraform.write(&format!(
        "{}{}{}{}{second}",
        required(),
        alias("one"),
        alias("two"),
        standby("provider = aws.one"),
    ));
    terraform.apply().succeeded().says(&["2 added"]);
    let keys = terraform.stats("CreateStandbyWorkspaces").access_keys;
    assert_eq!(keys.keys().collect::<Vec<_>>(), ["AKIAONE", "AKIATWO"]);
    assert_eq!(terraform.attributes(ADDRESS)["tags_all"]["team"], "one");
    terraform.destroy().succeeded();
    assert_eq!(terraform.standbys().len(), 0);
}

/// Each alias in its Region, with a directory there.
#[test]
fn two_aliases_have_regions_of_their_own() {
    const OTHER_REGION: &str = "eu-central-1";
    const OTHER_DIRECTORY: &str = "d-9876543210";
    let mut settings = brisk();
    add_directory(&mut settings.fleet, OTHER_REGION, OTHER_DIRECTORY);
    let Some(terraform) = Terraform::start(settings) else { return };
    let other =
        terraform.provider("aws", "alias = \"other\"").replace(STANDBY_REGION, OTHER_REGION);
    let second =
        standby_of(PRIMARIES[1], "provider = aws.other").replace("desk\"", "second\"").replace(
            terraform_provider_aws_workspaces::sim::builtin::STANDBY_DIRECTORY_ID,
            OTHER_DIRECTORY,
        );
    let first = terraform.provider("aws", "");
    terraform.write(&format!("{}{first}{other}{}{second}", required(), standby("")));
    terraform.apply().succeeded().says(&["2 added"]);
    let regions = terraform.stats("CreateStandbyWorkspaces").regions;
    assert_eq!(regions.keys().collect::<Vec<_>>(), [OTHER_REGION, STANDBY_REGION]);
}

fn add_directory(fleet: &mut Fleet, region: &str, id: &str) {
    let usual = fleet.regions.iter().find(|(name, _)| *name == STANDBY_REGION);
    let mut of_its_own = usual.expect("the fleet has the usual Region").1.clone();
    of_its_own.directories.truncate(1);
    of_its_own.directories[0].directory_id = id.to_owned();
    of_its_own.workspaces.clear();
    fleet.regions.insert(region.to_owned(), of_its_own);
}

/// The block depends on a resource that is made in the same apply.
#[test]
fn a_block_may_wait_for_another_resource() {
    let Some(terraform) = Terraform::start(brisk()) else { return };
    let url = terraform.url();
    let waiting = format!(
        "resource \"terraform_data\" \"region\" {{\n  input = \"{STANDBY_REGION}\"\n}}\n\
         provider \"aws\" {{\n  region = terraform_data.region.output\n  endpoints {{\n    \
         workspaces = \"{url}\"\n    sts = \"{url}\"\n  }}\n}}\n"
    );
    terraform.write(&format!("{}{waiting}{}", required(), standby("")));
    let plan = terraform.plan();
    assert_eq!(plan.code, Some(2), "{}", plan.output);
    terraform.apply().succeeded().says(&["2 added"]);
    assert_eq!(terraform.attributes(ADDRESS)["region"], STANDBY_REGION);
    terraform.destroy().succeeded();
}

/// Secrets in the block and in the environment, and everything that comes of a run.
#[test]
fn neither_plan_nor_state_nor_log_shows_a_secret() {
    let Some(terraform) = Terraform::start(Settings::default()) else { return };
    terraform.configure("");
    terraform.configure(&standby("tags = { Team = \"desks\" }"));
    let plan = terraform.plan();
    assert_eq!(plan.code, Some(2), "{}", plan.output);
    // Terraform shows everything that is in the plan, and it is searched like every output.
    assert!(terraform.planned()["resource_changes"].is_array());
    terraform.apply().succeeded();
    terraform.run(&["show", "-json"]).succeeded();
    terraform.run(&["providers", "schema", "-json"]).succeeded();
    let log = std::fs::read_to_string(terraform.path("provider.log")).unwrap();
    assert!(log.contains("[TRACE]"), "the provider logs at TRACE");
}
