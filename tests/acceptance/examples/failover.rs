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

/// Both folders get their variables from files, as a user's would.
fn start(core: &Core) -> Option<Examples> {
    let examples = Examples::start(core, brisk())?;
    let site = |region: &str, directory: &str| json!({"region": region, "directory_id": directory});
    let standby = site(STANDBY_REGION, STANDBY_DIRECTORY_ID);
    let whole = json!({
        "primary": site(PRIMARY_REGION, PRIMARY_DIRECTORY_ID),
        "standby": standby,
        "connection_string": "desktop.example.com",
        "zone_id": "Z0123456789ABCDEFGHIJ",
        "alarm": {"name": "desktops-unreachable", "region": STANDBY_REGION},
        "excluded_users": ["gil", "hana", "ivo", "jun", "fatou"],
    });
    let drill = json!({"standby": standby, "users": [USERS[0], USERS[1]]});
    for (folder, variables) in [(FOLDER, whole), (DRILL, drill)] {
        let path = format!("examples/{folder}/terraform.tfvars.json");
        std::fs::write(examples.terraform.path(&path), variables.to_string()).unwrap();
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

    // On the day: with the list in a file, the standbys are planned without the primary Region.
    let list = json!({"primaries": outputs["primaries"]["value"]}).to_string();
    let path = format!("examples/{FOLDER}/primaries.tfvars.json");
    std::fs::write(examples.terraform.path(&path), list).unwrap();
    examples.terraform.arm(&[OUTAGE]);
    let fleet = [&plan[..], &["-target=module.fleet", "-var-file=primaries.tfvars.json"]].concat();
    examples.run(FOLDER, &fleet).succeeded();
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
