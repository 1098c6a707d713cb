use serde_json::Value;
use terraform_provider_aws_workspaces::sim::builtin::{PRIMARY_REGION, STANDBY_DIRECTORY_ID};
use terraform_provider_aws_workspaces::sim::{Settings, Stats};

use crate::support::terraform::{Run, Terraform, brisk};

const MANY: u64 = 100;

#[test]
fn a_hundred_standbys_share_their_calls() {
    let settings = Settings { synthetic_primaries: 100, ..brisk() };
    let Some(terraform) = Terraform::start(settings) else { return };
    terraform.configure(&format!(
        r#"
resource "aws_workspaces_standby" "desk" {{
  count                = {MANY}
  primary_workspace_id = format("ws-synthetic%05d", count.index + 1)
  primary_region       = "{PRIMARY_REGION}"
  directory_id         = "{STANDBY_DIRECTORY_ID}"
}}
"#
    ));

    let applied = terraform.apply_alone().succeeded().says(&["100 added"]);
    let applying = taken(&terraform, "apply", &applied);
    assert_eq!(terraform.standbys().len(), 100);
    let creating = applying.operation("CreateStandbyWorkspaces");
    assert!(creating.calls * 4 <= MANY, "{creating:?}");
    shared(&applying);

    let planned = terraform.plan();
    assert_eq!(planned.code, Some(0), "{}", planned.output);
    let planning = taken(&terraform, "plan", &planned);
    assert_eq!(planning.operation("DescribeWorkspaces").identifiers, MANY);
    shared(&planning);

    let destroyed = terraform.destroy().succeeded().says(&["100 destroyed"]);
    let destroying = taken(&terraform, "destroy", &destroyed);
    assert_eq!(terraform.standbys(), Vec::<Value>::new());
    assert!(destroying.operation("TerminateWorkspaces").calls < MANY);
    shared(&destroying);
}

/// The counts of a step, which are shown, and a fresh start for the next.
#[expect(clippy::print_stdout, reason = "the figures are for whoever wants to see them")]
fn taken(terraform: &Terraform, step: &str, run: &Run) -> Stats {
    let stats = terraform.all_stats();
    terraform.reset_stats();
    println!("{step} of {MANY} standbys in {:.1} s:", run.elapsed.as_secs_f64());
    for (operation, counts) in &stats.operations {
        println!(
            "  {operation}: {} calls, {} ids, at most {} a call",
            counts.calls, counts.identifiers, counts.most_identifiers
        );
    }
    stats
}

/// Looking travels together: well over one id a call.
#[track_caller]
fn shared(stats: &Stats) {
    let looks = stats.operation("DescribeWorkspaces");
    assert!(looks.most_identifiers > 1, "{looks:?}");
    assert!(looks.calls * 2 <= looks.identifiers, "{looks:?}");
}
