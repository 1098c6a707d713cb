use serde_json::{Value, json};
use terraform_provider_aws_workspaces::sim::builtin::STANDBY_REGION;

use crate::support::terraform::{ADDRESS, Terraform, brisk, standby};

const DEFAULTS: &str = r#"
  default_tags {
    tags = { Owner = "desktops", Team = "none" }
  }
  ignore_tags {
    keys         = ["Patched"]
    key_prefixes = ["scan/"]
  }
"#;

#[test]
fn default_and_ignored_tags_make_no_lasting_difference() {
    let Some(terraform) = Terraform::start(brisk()) else { return };
    // Team differs from the default and Owner repeats it.
    let own = r#"tags = { Team = "design", Owner = "desktops", A = "" }"#;
    terraform.configure_with(DEFAULTS, &standby(own));
    terraform.apply().succeeded();
    let id = terraform.attributes(ADDRESS)["id"].as_str().unwrap().to_owned();
    let tags = || terraform.workspace(STANDBY_REGION, &id)["Tags"].take();
    let all = json!({"Owner": "desktops", "Team": "design", "A": ""});
    assert_eq!(terraform.attributes(ADDRESS)["tags_all"], all);
    assert_eq!(tags(), all);

    // Without tags of its own the standby has the defaults, and no tags is no tags.
    terraform.configure_with(DEFAULTS, &standby(""));
    terraform.apply().succeeded().says(&["1 changed"]);
    let made = terraform.attributes(ADDRESS);
    assert_eq!(made["tags"], Value::Null);
    assert_eq!(tags(), json!({"Owner": "desktops", "Team": "none"}));

    terraform.configure_with(DEFAULTS, &standby("tags = {}"));
    terraform.apply().succeeded();

    // Without the defaults nothing is left.
    terraform.configure(&standby(""));
    terraform.apply().succeeded();
    assert_eq!(tags(), json!({}));
}

#[test]
fn the_tags_that_others_set_are_left_alone() {
    let Some(terraform) = Terraform::start(brisk()) else { return };
    // Made by a configuration that does not ignore them yet.
    terraform
        .configure(&standby(r#"tags = { Patched = "yes", "scan/last" = "today", Mine = "1" }"#));
    terraform.apply().succeeded();
    let id = terraform.attributes(ADDRESS)["id"].as_str().unwrap().to_owned();

    terraform.configure_with(DEFAULTS, &standby(r#"tags = { Mine = "2" }"#));
    terraform.apply().succeeded();
    let expected = json!({
        "Patched": "yes", "scan/last": "today", "Mine": "2", "Owner": "desktops", "Team": "none",
    });
    assert_eq!(terraform.workspace(STANDBY_REGION, &id)["Tags"], expected);
}

#[test]
fn tags_that_are_known_later_are_planned_as_unknown() {
    let Some(terraform) = Terraform::start(brisk()) else { return };
    let with_unknown = format!(
        "resource \"terraform_data\" \"later\" {{\n  input = \"x\"\n}}\n{}",
        standby("tags = { Made = terraform_data.later.id }")
    );
    terraform.configure(&with_unknown);
    terraform.apply().succeeded();
    let made = terraform.attributes(ADDRESS);
    assert_eq!(made["tags"], made["tags_all"]);
}
