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

#[test]
fn a_null_tag_is_one_that_is_not_set() {
    let Some(terraform) = Terraform::start(brisk()) else { return };
    let defaults = r#"
  default_tags {
    tags = { Team = "desktops", Cost = null }
  }
"#;
    terraform.configure_with(defaults, &standby(r#"tags = { Name = "a", Owner = null }"#));
    terraform.apply().succeeded();
    let made = terraform.attributes(ADDRESS);
    let id = made["id"].as_str().unwrap().to_owned();
    let all = json!({"Name": "a", "Team": "desktops"});
    assert_eq!(made["tags_all"], all);
    assert_eq!(terraform.workspace(STANDBY_REGION, &id)["Tags"], all);
    // Set, and null again: the tag goes.
    terraform.configure_with(defaults, &standby(r#"tags = { Name = "a", Owner = "ana" }"#));
    terraform.apply().succeeded().says(&["1 changed"]);
    terraform.configure_with(defaults, &standby(r#"tags = { Name = null, Owner = null }"#));
    terraform.apply().succeeded().says(&["1 changed"]);
    let left = json!({"Team": "desktops"});
    assert_eq!(terraform.workspace(STANDBY_REGION, &id)["Tags"], left);
}

#[test]
fn default_tags_that_are_not_known_yet_are_no_removals() {
    let Some(terraform) = Terraform::start(brisk()) else { return };
    let own = standby(r#"tags = { Name = "a" }"#);
    let later = |input: &str| {
        format!("resource \"terraform_data\" \"later\" {{\n  input = \"{input}\"\n}}\n{own}")
    };
    let defaults = r#"
  default_tags {
    tags = { Team = terraform_data.later.output }
  }
"#;
    terraform.configure_with(defaults, &later("x"));
    terraform.apply().succeeded();
    terraform.configure_with(defaults, &later("y"));
    assert_eq!(terraform.plan().code, Some(2));
    let change = terraform.change(ADDRESS);
    assert_eq!(change["before"]["tags"], json!({"Name": "a"}), "{change}");
    assert_eq!(change["after"]["tags"], json!({"Name": "a"}), "{change}");
    assert_eq!(change["after_unknown"]["tags_all"], true, "{change}");
    terraform.apply().succeeded();
    assert_eq!(terraform.attributes(ADDRESS)["tags_all"], json!({"Name": "a", "Team": "y"}));
}

#[test]
fn an_ignored_tag_is_a_warning_and_no_lasting_difference() {
    let Some(terraform) = Terraform::start(brisk()) else { return };
    terraform.configure_with(DEFAULTS, &standby(r#"tags = { Patched = "yes", Name = "a" }"#));
    terraform.apply().succeeded().says(&["Ignored tag", "Patched"]);
    let made = terraform.attributes(ADDRESS);
    let id = made["id"].as_str().unwrap().to_owned();
    let all = json!({"Name": "a", "Owner": "desktops", "Team": "none"});
    assert_eq!(terraform.workspace(STANDBY_REGION, &id)["Tags"], all);
}
