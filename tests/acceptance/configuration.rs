use std::time::Duration;

use terraform_provider_aws_workspaces::sim::builtin::{
    PRIMARIES, PRIMARY_REGION, STANDBY_DIRECTORY_ID, STANDBY_REGION,
};

use crate::support::terraform::{
    ADDRESS, SOURCE, Terraform, brisk, nobodys_url, standby, standby_of,
};

/// How long a mistake in the provider block may take to be told.
const AT_ONCE: Duration = Duration::from_secs(45);

#[test]
fn the_usual_local_name_and_aws_work_side_by_side() {
    let Some(terraform) = Terraform::start(brisk()) else { return };
    let only = |name: &str| {
        format!(
            "terraform {{\n  required_providers {{\n    {name} = {{ source = \"{SOURCE}\" }}\n  }}\n}}\n"
        )
    };
    // A module knows a provider by one name, so the second name is that of a second module.
    let module = terraform.path("second");
    std::fs::create_dir(&module).unwrap();
    let second = standby_of(PRIMARIES[1], "provider = aws-workspaces");
    std::fs::write(module.join("main.tf"), only("aws-workspaces") + &second).unwrap();
    let first = standby("");
    terraform.write(&format!(
        "{}{}{first}\nmodule \"second\" {{\n  source = \"./second\"\n  providers = {{\n    \
         aws-workspaces = aws\n  }}\n}}\n",
        only("aws"),
        terraform.provider("aws", ""),
    ));
    terraform.run(&["get", "-no-color"]).succeeded();
    terraform.apply().succeeded().says(&["2 added"]);
    assert_eq!(terraform.standbys().len(), 2);
}

#[test]
fn the_usual_local_name_works_with_a_provider_line_on_the_resource() {
    let Some(terraform) = Terraform::start(brisk()) else { return };
    terraform.write(&format!(
        "terraform {{\n  required_providers {{\n    aws-workspaces = {{ source = \"{SOURCE}\" }}\n  \
         }}\n}}\n{}{}",
        terraform.provider("aws-workspaces", ""),
        standby("provider = aws-workspaces"),
    ));
    terraform.apply().succeeded();
    assert_eq!(terraform.attributes(ADDRESS)["region"], STANDBY_REGION);
}

/// Plans with a provider block that cannot work: one error, which says all of this, soon.
fn useless(terraform: &Terraform, block: &str, parts: &[&str]) {
    terraform.write(&format!(
        "terraform {{\n  required_providers {{\n    aws = {{ source = \"{SOURCE}\" }}\n  }}\n}}\n\
         provider \"aws\" {{\n{block}\n}}\n{}",
        standby("")
    ));
    let plan = terraform.plan();
    assert_eq!(plan.output.matches("Error: ").count(), 1, "{}", plan.output);
    assert!(plan.elapsed < AT_ONCE, "{:?}: {}", plan.elapsed, plan.output);
    plan.failed_with(parts);
}

const CREDENTIALS: &str = "access_key = \"AKIAEXAMPLE\"\nsecret_key = \"xMARKEDxSECRETx\"";

#[test]
fn no_region_is_one_clear_error() {
    let Some(terraform) = Terraform::start(brisk()) else { return };
    useless(&terraform, CREDENTIALS, &["No Region", "Set region", "AWS_REGION"]);
}

#[test]
fn no_credentials_are_one_clear_error() {
    let Some(terraform) = Terraform::start(brisk()) else { return };
    let terraform = terraform.without("AWS_ACCESS_KEY_ID");
    let parts = ["No valid credential sources", "AWS_ACCESS_KEY_ID", "profile", "metadata"];
    useless(&terraform, "region = \"us-west-2\"", &parts);
}

#[test]
fn an_endpoint_that_is_not_there_is_one_clear_error() {
    let Some(terraform) = Terraform::start(brisk()) else { return };
    let url = nobodys_url();
    let block = format!(
        "region = \"us-west-2\"\n{CREDENTIALS}\nendpoints {{\n  workspaces = \"{url}\"\n  \
         sts = \"{url}\"\n}}"
    );
    useless(&terraform, &block, &["Could not connect to AWS in us-west-2", "endpoints"]);
}

#[test]
fn the_environment_takes_the_place_of_the_block() {
    let Some(terraform) = Terraform::start(brisk()) else { return };
    let url = terraform.url().to_owned();
    let terraform = terraform.with("AWS_REGION", STANDBY_REGION).with("AWS_ENDPOINT_URL", &url);
    terraform.write(&format!(
        "terraform {{\n  required_providers {{\n    aws = {{ source = \"{SOURCE}\" }}\n  }}\n}}\n{}",
        standby("wait_for_ready = false")
    ));
    terraform.apply().succeeded();
    assert_eq!(terraform.attributes(ADDRESS)["region"], STANDBY_REGION);
}

#[test]
fn validate_finds_mistakes_without_a_call() {
    let Some(terraform) = Terraform::start(brisk()) else { return };
    for (resource, part) in [
        (standby_of("i-0123456789", ""), "primary_workspace_id"),
        (standby(&format!("region = \"{PRIMARY_REGION}\"")), "in the same Region"),
        (standby("region = \"cn-north-1\""), "different partitions"),
        (standby("data_replication = \"SOMETIMES\""), "PRIMARY_AS_SOURCE"),
        (standby("tags = { \"aws:x\" = \"1\" }"), "reserved for AWS"),
        (standby("timeouts {\n    create = \"soon\"\n  }"), "create"),
        (standby("").replace(STANDBY_DIRECTORY_ID, "dir-1"), "directory_id"),
    ] {
        terraform.configure(&resource);
        terraform.run(&["validate", "-no-color"]).failed_with(&[part]);
    }
    assert_eq!(terraform.all_stats().connections, 0);
}
