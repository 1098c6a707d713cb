//! docs/simulator.md names everything that there is.

use clap::CommandFactory;

use super::*;
use crate::sim::model::MODEL;
use crate::sim::{Fleet, Options, control, fault};

const PAGE: &str = include_str!("../../../docs/simulator.md");
const SCHEMA: &str = include_str!("../../../docs/fleet.schema.json");

#[derive(clap::Parser)]
struct Command {
    #[command(flatten)]
    _options: Options,
}

#[test]
fn every_option_kind_of_fault_operation_and_endpoint_is_documented() {
    let command = Command::command();
    let options = command.get_arguments().filter_map(|argument| argument.get_long());
    let named = options
        .filter(|name| *name != "help")
        .map(|name| format!("| `--{name}"))
        .chain(fault::KINDS.iter().map(|(kind, meaning)| format!("| `{kind}` | {meaning} |")))
        .chain(MODEL.operations().map(|operation| format!("`{}`", operation.name)))
        .chain(control::ROUTES.iter().map(|(method, path, _)| format!("| `{method} {path}` |")));
    let missing: Vec<String> = named.filter(|text| !PAGE.contains(text.as_str())).collect();
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn the_fleet_of_the_page_can_be_started_and_its_schema_has_no_member_too_many() {
    let (_, rest) = PAGE.split_once("```json\n").expect("the page has a fleet");
    let (example, _) = rest.split_once("```").expect("it ends");
    let fleet: Fleet = serde_json::from_str(example).expect("a fleet");
    Simulator::new(Settings { fleet, ..Settings::default() }).expect("it can be simulated");
    // A fleet with every member of the schema is read, because unknown ones are refused.
    let schema: Value = serde_json::from_str(SCHEMA).expect("JSON");
    let made = |name: &str| {
        let properties = schema["$defs"][name]["properties"].as_object().expect("members");
        let value = |member: &Value| match member["type"].as_str() {
            Some("integer") => json!(1),
            Some("array") => json!([]),
            Some("string") => json!("x"),
            _ => json!({}),
        };
        let members = properties.iter().map(|(name, member)| (name.clone(), value(member)));
        Value::Object(members.collect())
    };
    let mut region = made("Region");
    region["Directories"] = json!([made("Directory")]);
    region["Workspaces"] = json!([made("Workspace")]);
    region["ConnectionAliases"] = json!([made("ConnectionAlias")]);
    let whole = json!({"AccountId": ACCOUNT_ID, "Regions": {PRIMARY_REGION: region}});
    serde_json::from_value::<Fleet>(whole).expect("the schema names what a fleet can have");
}
