use serde_json::Value;
use terraform_provider_aws_workspaces::sim::Settings;

use crate::support::terraform::{Terraform, brisk, fleet};

const MANY: u32 = 20;

/// Windows so long that no machine is too slow to fill a batch; what a hundred cost at the usual
/// ones is counted in virtual time.
const PROVIDER: &str = r#"
  tag_reads = "tagging_api"
  batching {
    send_after = "2s"
  }
"#;

#[test]
fn a_fleet_shares_its_calls() {
    let settings = Settings { synthetic_primaries: MANY, ..brisk() };
    let Some(terraform) = Terraform::start(settings) else { return };
    terraform.configure_with(PROVIDER, &fleet(MANY, ""));
    let run = |arguments: &[&str]| {
        terraform.reset_stats();
        let parallelism = format!("-parallelism={MANY}");
        terraform.run(&[arguments, &["-no-color", "-input=false", &parallelism]].concat())
    };

    run(&["apply", "-auto-approve"]).succeeded().says(&["20 added"]);
    assert_eq!(terraform.standbys().len(), 20);
    assert_eq!(calls(&terraform, "CreateStandbyWorkspaces"), (1, 20));
    let (looks, ids) = calls(&terraform, "DescribeWorkspaces");
    assert!(looks * 4 <= ids, "{ids} ids in {looks} calls");

    run(&["plan", "-detailed-exitcode"]).succeeded();
    assert_eq!(calls(&terraform, "DescribeWorkspaces"), (1, 20));
    assert_eq!(calls(&terraform, "GetResources"), (1, 20));

    run(&["destroy", "-auto-approve"]).succeeded().says(&["20 destroyed"]);
    assert_eq!(terraform.standbys(), Vec::<Value>::new());
    assert_eq!(calls(&terraform, "TerminateWorkspaces"), (1, 20));
}

/// How many calls of an operation there were, and how many ids they named.
fn calls(terraform: &Terraform, operation: &str) -> (u64, u64) {
    let counts = terraform.stats(operation);
    (counts.calls, counts.identifiers)
}
