use serde_json::{Value, json};
use terraform_provider_aws_workspaces::sim::builtin::{
    PRIMARIES, PRIMARY_DIRECTORY_ID, PRIMARY_REGION, STANDBY_DIRECTORY_ID, STANDBY_REGION, USERS,
};

use super::Examples;
use crate::support::cores::Core;
use crate::support::terraform::brisk;

const FOLDER: &str = "failover";
const DRILL: &str = "failover/drill";
const APPLY: [&str; 4] = ["apply", "-auto-approve", "-input=false", "-no-color"];

/// An outage of the primary Region.
const OUTAGE: &str = "*@us-east-1:5xx-before:1";

fn readme() -> String {
    std::fs::read_to_string(Examples::source().join(FOLDER).join("README.md")).unwrap()
}

/// Both folders get the variables of the README, with the directories of the simulator, and those
/// that its fleet needs.
fn start(core: &Core) -> Option<Examples> {
    // The example makes the aliases.
    let mut settings = brisk();
    settings.fleet.regions.values_mut().for_each(|region| region.connection_aliases.clear());
    let examples = Examples::start(core, settings)?;
    let readme = readme()
        .replace("d-90670a1b2c", PRIMARY_DIRECTORY_ID)
        .replace("d-92670a1b2c", STANDBY_DIRECTORY_ID);
    let blocks: Vec<&str> =
        readme.split("```hcl\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert_eq!(blocks.len(), 2, "the variables of {FOLDER} and those of {DRILL}");
    let more = json!({"excluded_users": ["gil", "hana", "ivo", "jun", "fatou"]});
    let drill_more = json!({"users": [USERS[0], USERS[1]]});
    for (folder, variables, more) in [(FOLDER, blocks[0], more), (DRILL, blocks[1], drill_more)] {
        let path = |name| examples.terraform.path("examples").join(folder).join(name);
        std::fs::write(path("terraform.tfvars"), variables).unwrap();
        std::fs::write(path("more.auto.tfvars.json"), more.to_string()).unwrap();
    }
    examples.get(FOLDER);
    Some(examples)
}

/// The associated directories of the connection aliases in a Region.
fn associated(examples: &Examples, region: &str) -> Vec<Value> {
    let aliases = examples.aws().aliases(region);
    aliases.iter().map(|alias| alias["Associations"][0]["ResourceId"].clone()).collect()
}

fn lives_its_whole_life(core: &Core) {
    let Some(examples) = start(core) else { return };
    let plan = ["plan", "-detailed-exitcode", "-input=false", "-no-color"];
    examples.run(FOLDER, &APPLY).succeeded().says(&["12 added"]);
    assert_eq!(examples.terraform.standbys().len(), USERS.len());
    assert_eq!(associated(&examples, PRIMARY_REGION), [PRIMARY_DIRECTORY_ID]);
    assert_eq!(associated(&examples, STANDBY_REGION), [STANDBY_DIRECTORY_ID]);
    examples.run(FOLDER, &plan).succeeded();

    let outputs = examples.run(FOLDER, &["output", "-json"]).json();
    let identifiers = outputs["connection_identifiers"]["value"].clone();
    assert!(identifiers["primary"].is_string() && identifiers["primary"] != identifiers["standby"]);
    assert_eq!(outputs["primaries"]["value"][USERS[0]], PRIMARIES[0]);
    assert_eq!(outputs["uncovered"]["value"], json!({}));

    let drill = [&APPLY[..], &["-var=failed_over=true"]].concat();
    examples.run(FOLDER, &drill).succeeded().says(&["0 added, 1 changed, 0 destroyed"]);
    examples.run(FOLDER, &APPLY).succeeded().says(&["0 added, 1 changed, 0 destroyed"]);

    // During an outage: with the list in a file, the standbys are planned without the primary Region,
    // and also if one of them has failed.
    let list = json!({"primaries": outputs["primaries"]["value"]}).to_string();
    let path = format!("examples/{FOLDER}/primaries.tfvars.json");
    std::fs::write(examples.terraform.path(&path), list).unwrap();
    examples.terraform.arm(&[OUTAGE]);
    let fleet = [&plan[..], &["-target=module.fleet", "-var-file=primaries.tfvars.json"]].concat();
    examples.run(FOLDER, &fleet).succeeded();
    let failed = outputs["standbys"]["value"][USERS[0]]["id"].as_str().unwrap();
    let path = format!("workspaces/{STANDBY_REGION}/{failed}");
    examples.terraform.control("POST", &path, &json!({"State": "ERROR"}));
    let readme = readme();
    let command = readme.lines().find(|line| line.starts_with("terraform plan ")).unwrap();
    let command: Vec<&str> = command.split(' ').skip(1).chain(["-no-color"]).collect();
    examples.run(FOLDER, &command).succeeded().says(&["+ ana = \"The standby is ERROR.\""]);
    examples.terraform.control("POST", &path, &json!({"State": null}));
    examples.terraform.arm(&[]);

    let destroy = ["destroy", "-auto-approve", "-input=false", "-no-color"];
    examples.run(FOLDER, &destroy).succeeded().says(&["12 destroyed"]);
    assert_eq!(examples.terraform.standbys(), Vec::<Value>::new());
    for region in [PRIMARY_REGION, STANDBY_REGION] {
        assert_eq!(examples.aws().aliases(region), Vec::<Value>::new());
    }
}

#[test]
fn a_failover_lives_its_whole_life_on_the_terraform_on_path() {
    lives_its_whole_life(&Core::on_path());
}

#[test]
fn a_failover_lives_its_whole_life_on_the_newer_terraform() {
    let Some(newer) = Core::newer() else { return };
    lives_its_whole_life(&newer);
}

#[test]
fn a_drill_needs_the_standby_region_alone() {
    let Some(newer) = Core::newer() else { return };
    let Some(examples) = start(&newer) else { return };
    examples.run(FOLDER, &APPLY).succeeded();
    examples.terraform.arm(&[OUTAGE]);
    for (action, said) in [("stop", "2 of 2 stopped"), ("start", "2 of 2 running")] {
        let invoke = format!("-invoke=action.aws_workspaces_{action}_workspaces.standbys");
        examples.run(DRILL, &[&APPLY[..], &[&invoke]].concat()).succeeded().says(&[said]);
    }
    examples.run(DRILL, &APPLY).succeeded();
    let outputs = examples.run(DRILL, &["output", "-json"]).json();
    assert_eq!(outputs["registration_codes"]["value"], json!(["desktop.example.com"]));
    assert_eq!(outputs["readiness"]["value"][USERS[0]]["standby"], "AVAILABLE");
}
