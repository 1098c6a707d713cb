//! One run of a row: the commands of Terraform one after the other, on a simulated AWS of its own.

use std::fs;
use std::os::unix::fs::symlink;
use std::time::Duration;

use super::columns::{Column, Kind};
use super::counted;
use super::floor::WithoutCalls;
use super::process;
use super::rows::{Row, Step};
use crate::support::reattached::Reattached;
use crate::support::terraform::{Run, SOURCE, Terraform};

/// How long a command may take: hashicorp/aws takes minutes where calls are throttled.
const PATIENCE: Duration = Duration::from_secs(3600);

/// What a command of Terraform cost.
#[derive(Clone, Copy, Debug)]
pub(super) struct Figures {
    /// From the start of Terraform to its end.
    pub(super) seconds: f64,
    /// Of all processors together, for Terraform and the provider that it starts.
    pub(super) cpu_seconds: f64,
    /// All calls to AWS.
    pub(super) calls: u64,
    /// Those of them that were throttled.
    pub(super) refused: u64,
}

/// Runs the commands of a row and tells what each has cost.
///
/// # Panics
/// Terraform cannot be run, or one of the commands fails.
pub(super) fn run(column: &Column, row: &Row) -> Vec<(Step, Figures)> {
    let terraform = Terraform::start(row.case.settings(row.size)).expect("TF_ACC is not 0");
    // As somebody runs it: without the log, and with the defaults for memory.
    let terraform = terraform
        .without("TF_LOG_PROVIDER")
        .without("TF_LOG_PATH")
        .with("GOGC", "100")
        .with("GOMEMLIMIT", "off");
    let floor = (column.kind == Kind::Floor).then(|| {
        Reattached::start(&format!("registry.terraform.io/{SOURCE}"), WithoutCalls::new())
    });
    let terraform = match &floor {
        Some(floor) => terraform.with("TF_REATTACH_PROVIDERS", &floor.variable),
        None => terraform,
    };
    let folder = terraform.path("provider");
    fs::create_dir(&folder).unwrap();
    let kind = column.source().rsplit('/').next().unwrap_or_default();
    symlink(&column.program, folder.join(format!("terraform-provider-{kind}"))).unwrap();
    terraform.take_provider(column.source(), &folder);
    terraform.configure_other(column.source(), column.provider(), &column.resources(row));
    let steps = row.steps.iter().map(|(step, _)| {
        if *step == Step::DestroyAlone {
            measured(&terraform, row, Step::Apply);
        }
        (*step, measured(&terraform, row, *step))
    });
    let figures: Vec<(Step, Figures)> = steps.collect();
    if column.kind == Kind::Floor {
        assert!(figures.iter().all(|(_, figures)| figures.calls == 0), "{figures:?}");
    }
    figures
}

fn measured(terraform: &Terraform, row: &Row, step: Step) -> Figures {
    let parallelism = format!("-parallelism={}", row.parallelism);
    let common = ["-no-color", "-input=false", &parallelism];
    terraform.reset_stats();
    let before = process::ended_children_cpu_seconds();
    let arguments = [step.arguments(), &common].concat();
    let Run { elapsed, .. } = terraform.begin(&arguments).finish_within(PATIENCE).succeeded();
    let cpu_seconds = process::ended_children_cpu_seconds() - before;
    let (calls, refused) = counted(&terraform.all_stats());
    Figures { seconds: elapsed.as_secs_f64(), cpu_seconds, calls, refused }
}
