use std::time::Duration;

use serde_json::Value;
use terraform_provider_aws_workspaces::sim::builtin::{PRIMARY_REGION, STANDBY_DIRECTORY_ID};
use terraform_provider_aws_workspaces::sim::{Rate, Settings, Stats};

use crate::support::terraform::{Run, Terraform, brisk};

const MANY: u64 = 100;

/// Most calls of each step, STS left out.
struct Most {
    apply: u64,
    plan: u64,
    destroy: u64,
}

#[test]
fn a_hundred_standbys_share_their_calls() {
    // A hundred of these are DescribeTags.
    fleet(settings(), "", &Most { apply: 40, plan: 115, destroy: 145 });
}

#[test]
fn a_hundred_standbys_share_their_tag_reads_too() {
    let provider = "tag_reads = \"tagging_api\"";
    fleet(settings(), provider, &Most { apply: 40, plan: 25, destroy: 50 });
}

#[test]
fn a_hundred_standbys_are_hardly_refused_where_aws_throttles() {
    let rate = Some(Rate { per_second: 5.0, burst: 10.0 });
    let provider = "tag_reads = \"tagging_api\"";
    let settings = Settings { rate, ..settings() };
    fleet(settings, provider, &Most { apply: 45, plan: 30, destroy: 55 });
}

fn settings() -> Settings {
    let latency = Duration::from_millis(50);
    Settings { synthetic_primaries: 100, latency, ..brisk() }
}

/// Applies, plans and destroys many, and counts.
fn fleet(settings: Settings, provider: &str, most: &Most) {
    let Some(terraform) = Terraform::start(settings) else { return };
    terraform.configure_with(
        provider,
        &format!(
            r#"
resource "aws_workspaces_standby" "desk" {{
  count                = {MANY}
  primary_workspace_id = format("ws-synthetic%05d", count.index + 1)
  primary_region       = "{PRIMARY_REGION}"
  directory_id         = "{STANDBY_DIRECTORY_ID}"
}}
"#
        ),
    );

    let applied = terraform.apply_alone().succeeded().says(&["100 added"]);
    let applying = taken(&terraform, "apply", &applied);
    assert_eq!(terraform.standbys().len(), 100);
    let creating = applying.operation("CreateStandbyWorkspaces");
    assert!(creating.calls * 4 <= MANY, "{creating:?}");
    shared(&applying, most.apply);

    let planned = terraform.plan();
    assert_eq!(planned.code, Some(0), "{}", planned.output);
    let planning = taken(&terraform, "plan", &planned);
    assert_eq!(planning.operation("DescribeWorkspaces").identifiers, MANY);
    shared(&planning, most.plan);

    let destroyed = terraform.destroy().succeeded().says(&["100 destroyed"]);
    let destroying = taken(&terraform, "destroy", &destroyed);
    assert_eq!(terraform.standbys(), Vec::<Value>::new());
    assert!(destroying.operation("TerminateWorkspaces").calls * 4 <= MANY);
    shared(&destroying, most.destroy);
}

/// The counts of a step, which are shown, and a fresh start for the next.
#[expect(clippy::print_stdout, reason = "the figures are for whoever wants to see them")]
fn taken(terraform: &Terraform, step: &str, run: &Run) -> Stats {
    let stats = terraform.all_stats();
    terraform.reset_stats();
    println!("{step} of {MANY} standbys in {:.1} s:", run.elapsed.as_secs_f64());
    for (operation, counts) in &stats.operations {
        println!(
            "  {operation}: {} calls, {} refused, {} ids, at most {} a call",
            counts.calls, counts.throttles, counts.identifiers, counts.most_identifiers
        );
    }
    stats
}

/// Looking travels together, and hardly a call is refused.
#[track_caller]
fn shared(stats: &Stats, most: u64) {
    let looks = stats.operation("DescribeWorkspaces");
    assert!(looks.calls * 2 <= looks.identifiers, "{looks:?}");
    let of_workspaces = || stats.operations.iter().filter(|(name, _)| *name != "GetCallerIdentity");
    let calls: u64 = of_workspaces().map(|(_, counts)| counts.calls).sum();
    let refused: u64 = of_workspaces().map(|(_, counts)| counts.throttles).sum();
    assert!(calls <= most, "{calls} calls: {stats:?}");
    assert!(refused * 20 <= calls, "{refused} of {calls} calls were refused: {stats:?}");
}
