//! Connection aliases with a real Terraform.

use std::fs;

use terraform_provider_aws_workspaces::sim::builtin::{STANDBY_DIRECTORY_ID, STANDBY_REGION};
use terraform_provider_aws_workspaces::sim::{FleetConnectionAlias, Settings};

use crate::support::cores::Core;
use crate::support::terraform::{SOURCE, brisk};

const ALIAS: &str = "wsca-0desktop1";

/// A fleet with one alias.
fn settings() -> Settings {
    let mut settings = brisk();
    let region = settings.fleet.regions.get_mut(STANDBY_REGION).expect("the usual Region");
    region.connection_aliases = vec![FleetConnectionAlias {
        alias_id: ALIAS.to_owned(),
        connection_string: "desktop.example.com".to_owned(),
        ..FleetConnectionAlias::default()
    }];
    settings
}

fn association() -> String {
    format!(
        "resource \"aws_workspaces_connection_alias_association\" \"west\" {{\n  alias_id = \
         \"{ALIAS}\"\n  directory_id = \"{STANDBY_DIRECTORY_ID}\"\n}}\n"
    )
}

#[test]
fn an_alias_is_associated_shared_read_and_released_on_every_core() {
    for core in Core::all() {
        let Some(terraform) = core.start(settings()) else { return };
        let permission = format!(
            "resource \"aws_workspaces_connection_alias_permission\" \"other\" {{\n  alias_id = \
             \"{ALIAS}\"\n  shared_account_id = \"210987654321\"\n}}\n"
        );
        let data = "data \"aws_workspaces_connection_aliases\" \"all\" {\n  depends_on = \
                    [aws_workspaces_connection_alias_association.west]\n}\noutput \"identifier\" \
                    {\n  value = data.aws_workspaces_connection_aliases.all.connection_aliases[0]\
                    .connection_identifier\n}\n";
        terraform.configure(&(association() + &permission + data));
        terraform.apply().succeeded().says(&["2 added"]);
        let address = "aws_workspaces_connection_alias_association.west";
        let attributes = terraform.attributes(address);
        assert_eq!(attributes["association_status"], "ASSOCIATED_WITH_OWNER_ACCOUNT");
        let outputs = terraform.run(&["output", "-json"]).json();
        assert_eq!(outputs["identifier"]["value"], attributes["connection_identifier"]);
        let plan = terraform.plan();
        assert_eq!(plan.code, Some(0), "{}", plan.output);
        terraform.run(&["state", "rm", address]).succeeded();
        terraform.run(&["import", address, ALIAS]).succeeded();
        let plan = terraform.plan();
        assert_eq!(plan.code, Some(0), "{}", plan.output);
        terraform.destroy().succeeded().says(&["2 destroyed"]);
    }
}

#[test]
fn a_query_lists_the_association_and_writes_a_configuration_without_changes() {
    let Some(newer) = Core::newer() else { return };
    let Some(terraform) = newer.start(settings()) else { return };
    terraform.configure(&association());
    terraform.apply().succeeded();
    fs::remove_file(terraform.path("terraform.tfstate")).expect("there is a state");
    let required = format!("aws-workspaces = {{ source = \"{SOURCE}\" }}");
    terraform.write(&format!(
        "terraform {{\n  required_providers {{\n    {required}\n  }}\n}}\n{}",
        terraform.provider("aws-workspaces", ""),
    ));
    let list = "list \"aws_workspaces_connection_alias_association\" \"all\" {\n  provider = \
                aws-workspaces\n}\n";
    fs::write(terraform.path("aliases.tfquery.hcl"), list).expect("it can be written");
    let told = format!("desktop.example.com, associated with {STANDBY_DIRECTORY_ID}");
    let query = ["query", "-no-color", "-generate-config-out=written.tf"];
    terraform.run(&query).succeeded().says(&[&told]);
    terraform.plan().says(&["1 to import, 0 to add, 0 to change, 0 to destroy"]);
    terraform.apply().succeeded().says(&["1 imported, 0 added, 0 changed, 0 destroyed"]);
}
