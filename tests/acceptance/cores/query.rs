use std::fs;

use serde_json::json;
use terraform_provider_aws_workspaces::sim::builtin::{
    PRIMARIES, PRIMARY_REGION, STANDBY_DIRECTORY_ID, STANDBY_REGION, USERS,
};

use crate::support::cores::Core;
use crate::support::terraform::{SOURCE, Terraform, brisk};

/// The primaries of the first `count` users with a standby each, which the state does not know.
fn forgotten(core: &Core, count: usize) -> Option<Terraform> {
    let terraform = core.start(brisk())?;
    let primaries: Vec<String> =
        PRIMARIES[..count].iter().map(|primary| format!("\"{primary}\"")).collect();
    terraform.configure(&format!(
        "resource \"aws_workspaces_standby\" \"user\" {{\n  for_each = toset([{}])\n  \
         primary_workspace_id = each.value\n  primary_region = \"{PRIMARY_REGION}\"\n  directory_id \
         = \"{STANDBY_DIRECTORY_ID}\"\n  tags = {{ Primary = each.value }}\n}}\n",
        primaries.join(", ")
    ));
    terraform.apply().succeeded();
    fs::remove_file(terraform.path("terraform.tfstate")).unwrap();
    // With the usual local name, because Terraform writes the last part of the provider's address.
    let required = format!("aws-workspaces = {{ source = \"{SOURCE}\" }}");
    terraform.write(&format!(
        "terraform {{\n  required_providers {{\n    {required}\n  }}\n}}\n{}",
        terraform.provider("aws-workspaces", ""),
    ));
    Some(terraform)
}

fn query(terraform: &Terraform, more: &str) {
    let list = format!(
        "list \"aws_workspaces_standby\" \"all\" {{\n  provider = aws-workspaces\n  {more}\n}}\n"
    );
    fs::write(terraform.path("standbys.tfquery.hcl"), list).unwrap();
}

#[test]
fn a_query_lists_the_standbys_by_user_and_primary() {
    let Some(newer) = Core::newer() else { return };
    let Some(terraform) = forgotten(&newer, 3) else { return };
    query(&terraform, "");
    let mut listed = terraform.run(&["query", "-no-color"]).succeeded();
    for (user, primary) in USERS.iter().zip(PRIMARIES).take(3) {
        listed = listed.says(&[&format!("{user}, standby of {primary} in {PRIMARY_REGION}")]);
    }
    // Narrowed to nothing, cut off, and refused.
    query(&terraform, "config {\n    primary_region = \"eu-west-1\"\n  }");
    let listed = terraform.run(&["query", "-no-color"]).succeeded();
    assert!(!listed.output.contains("standby of"), "{}", listed.output);
    query(&terraform, "limit = 1");
    let listed = terraform.run(&["query", "-no-color"]).succeeded();
    assert_eq!(listed.output.matches("standby of").count(), 1, "{}", listed.output);
    query(&terraform, "config {\n    directory_id = \"here\"\n  }");
    terraform.run(&["query", "-no-color"]).failed_with(&["directory_id", "d-90670a1b2c"]);
}

#[test]
fn the_configuration_that_a_query_writes_plans_no_change() {
    let Some(newer) = Core::newer() else { return };
    let Some(terraform) = forgotten(&newer, 3) else { return };
    query(&terraform, "");
    terraform.run(&["query", "-no-color", "-generate-config-out=written.tf"]).succeeded();
    terraform.run(&["validate", "-no-color"]).succeeded();
    let told = ["3 to import, 0 to add, 0 to change, 0 to destroy"];
    let plan = terraform.plan().says(&told);
    // Terraform's own, about the folder of the provider.
    assert_eq!(plan.output.matches("Warning:").count(), 1, "{}", plan.output);
    terraform.apply().succeeded().says(&["3 imported, 0 added, 0 changed, 0 destroyed"]);
    for standby in terraform.standbys() {
        let tags = json!({"Primary": standby["RelatedWorkspaces"][0]["WorkspaceId"]});
        let id = standby["WorkspaceId"].as_str().unwrap();
        assert_eq!(terraform.workspace(STANDBY_REGION, id)["Tags"], tags);
    }
}

#[test]
fn functions_are_called_on_every_core() {
    const ARN: &str = "arn:aws:workspaces:eu-west-1:123456789012:workspace/ws-0f1e2d3c4";
    for core in Core::all() {
        let Some(terraform) = core.start(brisk()) else { return };
        let output = |name: &str, value: &str| format!("output \"{name}\" {{ value = {value} }}\n");
        let parts = format!("provider::aws::parse_standby_arn(\"{ARN}\")");
        let import_id = "provider::aws::standby_import_id(\"ws-0f1e2d3c4\", \"eu-west-1\")";
        terraform.configure(&(output("import_id", import_id) + &output("parts", &parts)));
        terraform.apply().succeeded();
        let outputs = terraform.run(&["output", "-json"]).json();
        assert_eq!(outputs["import_id"]["value"], "ws-0f1e2d3c4@eu-west-1", "{}", core.name);
        let expected = json!({
            "partition": "aws", "region": "eu-west-1", "account_id": "123456789012",
            "id": "ws-0f1e2d3c4",
        });
        assert_eq!(outputs["parts"]["value"], expected, "{}", core.name);
        let wrong = "provider::aws::standby_import_id(\"i-0\", \"eu-west-1\")";
        terraform.configure(&output("import_id", wrong));
        terraform.plan().failed_with(&["standby_import_id", "is not a WorkSpace ID"]);
    }
}
