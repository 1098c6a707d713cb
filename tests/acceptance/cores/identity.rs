use std::fs;

use serde_json::{Value, json};
use terraform_provider_aws_workspaces::sim::builtin::{
    ACCOUNT_ID, FRANKFURT, ORDINARY_WORKSPACE, PRIMARIES, PRIMARY_REGION, STANDBY_REGION,
};

use crate::support::cores::Core;
use crate::support::terraform::{ADDRESS, SOURCE, Terraform, brisk, standby};

const TAGGED: &str = r#"tags = { Team = "design" }"#;

/// A standby that exists and that the state of the newer Terraform does not know; with its id.
fn forgotten() -> Option<(Terraform, String)> {
    let terraform = Core::newer()?.start(brisk())?;
    terraform.configure(&standby(TAGGED));
    terraform.apply().succeeded();
    let id = terraform.attributes(ADDRESS)["id"].as_str().unwrap().to_owned();
    forget(&terraform);
    Some((terraform, id))
}

fn forget(terraform: &Terraform) {
    fs::remove_file(terraform.path("terraform.tfstate")).unwrap();
}

/// All of what is known of the identity of a standby.
fn whole_identity(id: &str) -> Value {
    json!({"account_id": ACCOUNT_ID, "region": STANDBY_REGION, "id": id})
}

/// The identity in the state and, the same, in `show -json`.
#[track_caller]
fn identity(terraform: &Terraform) -> Value {
    let stored = terraform.instance(ADDRESS)["identity"].take();
    let shown = terraform.run(&["show", "-json"]).json();
    let shown = &shown["values"]["root_module"]["resources"][0];
    assert_eq!(shown["identity"], stored, "{shown:#}");
    stored
}

/// An import block that names the standby by identity; `parts` are the identity's arguments.
fn import_by(parts: &str) -> String {
    format!("import {{\n  to = {ADDRESS}\n  identity = {{ {parts} }}\n}}\n")
}

/// Moves the provider to another Region than the standby's.
fn look_elsewhere(terraform: &Terraform) {
    let written = fs::read_to_string(terraform.path("main.tf")).unwrap();
    let here = format!("  region     = \"{STANDBY_REGION}\"");
    assert!(written.contains(&here), "{written}");
    let elsewhere = format!("  region     = \"{FRANKFURT}\"");
    terraform.write(&written.replacen(&here, &elsewhere, 1));
}

#[test]
fn the_identity_is_in_the_state_from_the_creation_on_and_stays() {
    let Some(newer) = Core::newer() else { return };
    let Some(terraform) = newer.start(brisk()) else { return };
    terraform.configure(&standby(TAGGED));
    terraform.apply().succeeded();
    let id = terraform.attributes(ADDRESS)["id"].as_str().unwrap().to_owned();
    let expected = whole_identity(&id);
    assert_eq!(identity(&terraform), expected, "after create");

    terraform.run(&["apply", "-refresh-only", "-auto-approve", "-no-color"]).succeeded();
    assert_eq!(identity(&terraform), expected, "after refresh");

    terraform.configure(&standby(r#"tags = { Team = "art" }"#));
    terraform.apply().succeeded().says(&["1 changed"]);
    assert_eq!(identity(&terraform), expected, "after update");
}

#[test]
fn a_standby_is_imported_by_its_identity() {
    let Some((terraform, id)) = forgotten() else { return };
    for more in ["".to_owned(), format!(", account_id = \"{ACCOUNT_ID}\"")] {
        let block = import_by(&format!("id = \"{id}\"{more}"));
        terraform.configure(&format!("{block}{}", standby(TAGGED)));
        terraform.plan().says(&["1 to import, 0 to add, 0 to change, 0 to destroy"]);
        terraform.apply().succeeded().says(&["1 imported, 0 added, 0 changed, 0 destroyed"]);
        // What the block leaves out is known afterwards.
        assert_eq!(identity(&terraform), whole_identity(&id), "{more}");
        forget(&terraform);
    }
}

#[test]
fn the_region_of_the_identity_counts_and_not_that_of_the_provider() {
    let Some((terraform, id)) = forgotten() else { return };
    let block = import_by(&format!(
        "id = \"{id}\", region = \"{STANDBY_REGION}\", account_id = \"{ACCOUNT_ID}\""
    ));
    let resource = standby(&format!("region = \"{STANDBY_REGION}\"\n  {TAGGED}"));
    terraform.configure(&format!("{block}{resource}"));
    look_elsewhere(&terraform);
    terraform.apply().succeeded().says(&["1 imported, 0 added, 0 changed, 0 destroyed"]);
    assert_eq!(identity(&terraform), whole_identity(&id));
}

#[test]
fn an_identity_that_leads_to_no_standby_is_refused_and_told() {
    let Some((terraform, id)) = forgotten() else { return };
    for (parts, reasons) in [
        (
            format!("id = \"{id}\", account_id = \"210987654321\""),
            [&*format!("Could not import {id}"), "210987654321", ACCOUNT_ID],
        ),
        (
            format!("id = \"{id}\", region = \"{FRANKFURT}\""),
            [
                &*format!("shows no WorkSpace {id} in {FRANKFURT}"),
                "region of the identity",
                "region",
            ],
        ),
        (
            format!("id = \"{ORDINARY_WORKSPACE}\""),
            [ORDINARY_WORKSPACE, "ordinary WorkSpace", "no primary"],
        ),
        (
            format!("id = \"{}\", region = \"{PRIMARY_REGION}\"", PRIMARIES[0]),
            [
                &*format!("{} is a primary WorkSpace, not a standby", PRIMARIES[0]),
                &*format!("Its standby is {id}@{STANDBY_REGION}"),
                "import that",
            ],
        ),
        ("id = \"i-0123456789\"".to_owned(), ["Invalid import identity", "i-0123456789", "ws-"]),
    ] {
        terraform.configure(&format!("{}{}", import_by(&parts), standby("")));
        terraform.plan().failed_with(&reasons);
        assert_eq!(terraform.instance(ADDRESS), Value::Null, "{parts}");
    }
}

/// With the usual local name, because Terraform writes the last part of the provider's address.
#[test]
fn the_configuration_that_terraform_writes_for_an_identity_plans_no_change() {
    let Some((terraform, id)) = forgotten() else { return };
    terraform.write(&format!(
        "terraform {{\n  required_providers {{\n    aws-workspaces = {{ source = \"{SOURCE}\" }}\n  \
         }}\n}}\n{}import {{\n  to       = {ADDRESS}\n  identity = {{ id = \"{id}\" }}\n  provider \
         = aws-workspaces\n}}\n",
        terraform.provider("aws-workspaces", ""),
    ));
    terraform
        .run(&["plan", "-no-color", "-input=false", "-generate-config-out=written.tf"])
        .succeeded()
        .says(&["1 to import, 0 to add, 0 to change, 0 to destroy"]);
    terraform.run(&["validate", "-no-color"]).succeeded();
    terraform.apply().succeeded().says(&["1 imported, 0 added, 0 changed, 0 destroyed"]);
    assert_eq!(identity(&terraform), whole_identity(&id));
}
