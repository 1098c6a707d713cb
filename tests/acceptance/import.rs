use std::fs;

use terraform_provider_aws_workspaces::sim::builtin::{
    FRANKFURT, ORDINARY_WORKSPACE, PRIMARIES, PRIMARY_REGION, STANDBY_DIRECTORY_ID, STANDBY_REGION,
};

use crate::support::terraform::{ADDRESS, SOURCE, Terraform, brisk, standby};

const TAGGED: &str = r#"
  tags             = { Team = "design" }
  data_replication = "PRIMARY_AS_SOURCE"
"#;

/// A standby that exists and that the state does not know; with its id.
fn forgotten() -> Option<(Terraform, String)> {
    let terraform = Terraform::start(brisk())?;
    terraform.configure(&standby(TAGGED));
    terraform.apply().succeeded();
    let id = terraform.attributes(ADDRESS)["id"].as_str().unwrap().to_owned();
    fs::remove_file(terraform.path("terraform.tfstate")).unwrap();
    Some((terraform, id))
}

#[test]
fn a_standby_is_imported_by_its_id_and_by_id_and_region() {
    let Some((terraform, id)) = forgotten() else { return };
    for name in [id.clone(), format!("{id}@{STANDBY_REGION}")] {
        let import = ["import", "-no-color", "-input=false", ADDRESS, &name];
        terraform.run(&import).succeeded();
        let imported = terraform.attributes(ADDRESS);
        assert_eq!(imported["id"], id);
        assert_eq!(imported["primary_workspace_id"], PRIMARIES[0]);
        assert_eq!(imported["primary_region"], PRIMARY_REGION);
        assert_eq!(imported["directory_id"], STANDBY_DIRECTORY_ID);
        terraform.holds();
        fs::remove_file(terraform.path("terraform.tfstate")).unwrap();
    }
}

#[test]
fn a_standby_is_imported_by_a_block_and_out_of_the_provider_s_region() {
    let Some((terraform, id)) = forgotten() else { return };
    // The provider looks elsewhere by default, so the Region of the id counts.
    let block = format!("import {{\n  to = {ADDRESS}\n  id = \"{id}@{STANDBY_REGION}\"\n}}");
    let resource = standby(&format!("region = \"{STANDBY_REGION}\"\n{TAGGED}"));
    terraform.configure(&format!("{block}\n{resource}"));
    let configuration = fs::read_to_string(terraform.path("main.tf")).unwrap();
    let provider_region = format!("  region     = \"{STANDBY_REGION}\"");
    assert!(configuration.contains(&provider_region));
    let elsewhere = format!("  region     = \"{FRANKFURT}\"");
    terraform.write(&configuration.replacen(&provider_region, &elsewhere, 1));

    terraform.plan().says(&["1 to import, 0 to add, 0 to change, 0 to destroy"]);
    terraform.apply().succeeded().says(&["1 imported, 0 added, 0 changed"]);
    assert_eq!(terraform.attributes(ADDRESS)["id"], id);
}

/// With the usual local name: what Terraform 1.11 writes always names the provider by the last part
/// of its address, whatever the module calls it.
#[test]
fn the_configuration_that_terraform_writes_for_an_import_plans_no_change() {
    let Some((terraform, id)) = forgotten() else { return };
    terraform.write(&format!(
        "terraform {{\n  required_providers {{\n    aws-workspaces = {{ source = \"{SOURCE}\" }}\n  \
         }}\n}}\n{}import {{\n  to       = {ADDRESS}\n  id       = \"{id}\"\n  provider = \
         aws-workspaces\n}}\n",
        terraform.provider("aws-workspaces", ""),
    ));
    terraform
        .run(&["plan", "-no-color", "-input=false", "-generate-config-out=written.tf"])
        .succeeded()
        .says(&["1 to import, 0 to add, 0 to change, 0 to destroy"]);
    terraform.run(&["validate", "-no-color"]).succeeded();
    terraform.apply().succeeded();
}

/// Every standby of a Region, with its tags, in one apply and without a list of ids.
#[test]
fn a_fleet_is_imported_from_the_data_source_with_its_tags_and_nothing_changes() {
    let Some(terraform) = Terraform::start(brisk()) else { return };
    let primaries = PRIMARIES.map(|primary| format!("\"{primary}\"")).join(", ");
    terraform.configure(&format!(
        r#"
resource "aws_workspaces_standby" "user" {{
  for_each             = toset([{primaries}])
  primary_workspace_id = each.value
  primary_region       = "{PRIMARY_REGION}"
  directory_id         = "{STANDBY_DIRECTORY_ID}"
  data_replication     = each.value == "{}" ? "PRIMARY_AS_SOURCE" : "NO_REPLICATION"
  tags                 = each.value == "{}" ? {{}} : {{ Primary = each.value }}
}}
"#,
        PRIMARIES[0], PRIMARIES[1]
    ));
    terraform.apply().succeeded();
    fs::remove_file(terraform.path("terraform.tfstate")).unwrap();
    let imported = r#"
data "aws_workspaces_standbys" "all" {
  include_tags = true
}

locals {
  existing = { for one in data.aws_workspaces_standbys.all.standbys : one.user_name => one }
}

import {
  for_each = local.existing
  to       = aws_workspaces_standby.user[each.key]
  id       = each.value.id
}

resource "aws_workspaces_standby" "user" {
  for_each              = local.existing
  primary_workspace_id  = each.value.primary_workspace_id
  primary_region        = each.value.primary_region
  directory_id          = each.value.directory_id
  data_replication      = each.value.data_replication
  volume_encryption_key = each.value.volume_encryption_key
  tags                  = each.value.tags
}
"#;
    terraform.configure(imported);
    terraform.plan().says(&["5 to import, 0 to add, 0 to change, 0 to destroy"]);
    terraform.apply().succeeded().says(&["5 imported, 0 added, 0 changed, 0 destroyed"]);
}

/// The plan says what to add before it replaces anything.
#[test]
fn an_import_into_a_resource_without_its_region_is_told_what_to_add() {
    let Some((terraform, id)) = forgotten() else { return };
    let block = format!("import {{\n  to = {ADDRESS}\n  id = \"{id}@{STANDBY_REGION}\"\n}}");
    terraform.configure(&format!("{block}\n{}", standby(TAGGED)));
    let configuration = fs::read_to_string(terraform.path("main.tf")).unwrap();
    let elsewhere = configuration.replacen(
        &format!("  region     = \"{STANDBY_REGION}\""),
        &format!("  region     = \"{FRANKFURT}\""),
        1,
    );
    terraform.write(&elsewhere);
    terraform.plan().says(&[
        "is in another Region than the provider",
        &format!("region = \"{STANDBY_REGION}\""),
        "1 to import, 1 to add, 0 to change, 1 to destroy",
    ]);
}

/// The plan of the second resource says so.
#[test]
fn two_resources_with_one_primary_are_found_while_planning() {
    let Some(terraform) = Terraform::start(brisk()) else { return };
    let again = standby("tags = { Again = \"yes\" }").replace("\"desk\"", "\"again\"");
    terraform.configure(&(standby("") + &again));
    terraform.plan().says(&["Two resources have the primary", PRIMARIES[0], "2 to add"]);
    // Not for a replacement, which Terraform plans twice.
    terraform.configure(&standby(""));
    terraform.apply().succeeded();
    let replace = ["plan", "-no-color", "-input=false", "-replace", ADDRESS];
    let planned = terraform.run(&replace).succeeded();
    assert!(!planned.output.contains("Two resources"), "{}", planned.output);
}

#[test]
fn what_is_no_standby_is_refused_and_told() {
    let Some(terraform) = Terraform::start(brisk()) else { return };
    terraform.configure(&standby(""));
    for (id, reasons) in [
        (ORDINARY_WORKSPACE.to_owned(), ["ordinary WorkSpace", "no primary"]),
        (format!("{}@{PRIMARY_REGION}", PRIMARIES[0]), [PRIMARIES[0], "cannot become a"]),
        ("ws-0nobody00".to_owned(), ["shows no WorkSpace ws-0nobody00", STANDBY_REGION]),
        ("i-0123456789".to_owned(), ["Invalid import ID", "ws-0a1b2c3d4@eu-west-1"]),
    ] {
        let import = ["import", "-no-color", "-input=false", ADDRESS, &id];
        terraform.run(&import).failed_with(&reasons);
    }
}
