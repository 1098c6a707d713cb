//! Apply, plan and destroy with a real `terraform`: calls, refusals and seconds.

use std::time::{Duration, Instant};

use terraform_provider_aws_workspaces::sim::builtin::{PRIMARY_REGION, STANDBY_DIRECTORY_ID};
use terraform_provider_aws_workspaces::sim::{Rate, Settings};

use super::{counted, plain};
use crate::support::terraform::{Run, Terraform};

/// How many resources Terraform works on at a time: by default, and where somebody is in a hurry.
const PARALLELISMS: [u32; 2] = [10, 50];

/// What hashicorp/aws 3.39.0 needed for a hundred ordinary WorkSpaces, ten at a time, in calls and,
/// where five calls a second were let through, in seconds: apply, plan and destroy.
const HASHICORP_CALLS: [f64; 3] = [400.0, 200.0, 400.0];
const HASHICORP_SECONDS: [f64; 3] = [86.0, 47.0, 115.0];

/// How long a run may take: a thousand at five calls a second take a quarter of an hour.
const PATIENCE: Duration = Duration::from_secs(3600);

pub(super) fn measure(sizes: &[u32]) {
    println!(
        "with terraform:\n  {:<26}  {:>8}  {:>4}  {:<8}  {:>8}  {:>7}  {:>10}  {:>8}  hashicorp/aws",
        "AWS", "standbys", "-p", "step", "seconds", "calls", "calls/each", "refused"
    );
    for size in sizes {
        let throttled = Rate { per_second: 5.0, burst: 10.0 };
        for (name, settings) in [
            ("50 ms", plain(*size)),
            ("5/s, 10 at once", Settings { rate: Some(throttled), ..plain(*size) }),
            (
                "ready in 5 s, seen in 1 s",
                Settings {
                    provisioning: Duration::from_secs(5),
                    visible_after: Duration::from_secs(1),
                    termination: Duration::from_secs(2),
                    ..plain(*size)
                },
            ),
        ] {
            for parallelism in PARALLELISMS {
                fleet(name, settings.clone(), *size, parallelism);
            }
        }
    }
}

fn fleet(name: &str, settings: Settings, size: u32, parallelism: u32) {
    let is_throttled = settings.rate.is_some();
    let Some(terraform) = Terraform::start(settings) else { return };
    terraform.configure(&format!(
        r#"
resource "aws_workspaces_standby" "desk" {{
  count                = {size}
  primary_workspace_id = format("ws-synthetic%05d", count.index + 1)
  primary_region       = "{PRIMARY_REGION}"
  directory_id         = "{STANDBY_DIRECTORY_ID}"
}}
"#
    ));
    let at_a_time = format!("-parallelism={parallelism}");
    let steps: [(&str, &[&str]); 3] = [
        ("apply", &["apply", "-auto-approve", "-no-color", &at_a_time]),
        ("plan", &["plan", "-no-color", &at_a_time]),
        ("destroy", &["destroy", "-auto-approve", "-no-color", &at_a_time]),
    ];
    for (index, (step, arguments)) in steps.into_iter().enumerate() {
        terraform.reset_stats();
        let begun = Instant::now();
        let Run { code, output, .. } = terraform.begin(arguments).finish_within(PATIENCE);
        let seconds = begun.elapsed().as_secs_f64();
        assert_eq!(code, Some(0), "{output}");
        let (calls, refused) = counted(&terraform.all_stats());
        let calls = calls as f64;
        let comparison = match (size, parallelism, is_throttled) {
            (100, 10, false) => format!("{:.2} of its calls", calls / HASHICORP_CALLS[index]),
            (100, 10, true) => format!("{:.2} of its seconds", seconds / HASHICORP_SECONDS[index]),
            _ => String::new(),
        };
        println!(
            "  {name:<26}  {size:>8}  {parallelism:>4}  {step:<8}  {seconds:>8.1}  {calls:>7}  \
             {:>10.2}  {:>7.0}%  {comparison}",
            calls / f64::from(size),
            100.0 * refused as f64 / calls,
        );
    }
}
