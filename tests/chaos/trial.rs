//! One trial: what is interrupted, what is left of it, and whether the next run puts it right.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;
use std::thread;
use std::time::Duration;

use crate::cloud::{Cloud, Live};
use crate::figures::Figures;
use crate::folder::{Folder, Run, Wanted};
use crate::plan::{MANY, Phase, Plan};
use crate::verdict::{compare, duplicates};

/// What came of a trial.
pub(crate) struct Outcome {
    pub(crate) plan: Plan,
    pub(crate) figures: Figures,
    /// Where it falls short of the goals.
    pub(crate) complaints: Vec<String>,
    /// What Terraform said.
    pub(crate) told: String,
}

/// Runs a trial; one that cannot go on falls short.
pub(crate) fn run(plan: Plan) -> Outcome {
    let mut outcome = Outcome {
        plan,
        figures: Figures { trials: 1, ..Figures::default() },
        complaints: Vec::new(),
        told: String::new(),
    };
    let ended = catch_unwind(AssertUnwindSafe(|| attempt(&mut outcome)));
    if let Err(panic) = ended {
        let text = panic.downcast_ref::<String>().map_or("", String::as_str);
        outcome.complaints.push(format!("it could not go on: {text}"));
    }
    outcome
}

fn attempt(outcome: &mut Outcome) {
    let plan = outcome.plan;
    let cloud = Cloud::start(plan.number, MANY);
    assert_eq!(cloud.primaries.len(), MANY, "there are too few primaries");
    let folder = Folder::new();
    let wanted =
        Wanted { batching: plan.batching, adopt_existing: false, updated: false, wait: true };
    folder.configure(&cloud, wanted);
    if plan.phase != Phase::Create {
        folder.apply().succeeded();
    }

    let run = interrupted(&cloud, &folder, plan, wanted);
    outcome.told = run.output.clone();
    let live = cloud.settled(Duration::from_millis(1500 + 1000 * plan.slowest));
    outcome.figures = compare(&live, &folder.stored(), &run);
    if plan.phase == Phase::Destroy {
        // Those that end are not there any more for anybody but the state.
        outcome.figures.phantoms = 0;
    }
    outcome.figures.plan_errors = usize::from(folder.plan().code == Some(1));
    judge_interrupted(outcome);

    let next = next_run(&folder, &cloud, plan, wanted);
    outcome.told.push_str(&format!("\n--- next run\n{}", next.output));
    judge_next(outcome, &cloud, &folder, &live, &next);
    if plan.phase != Phase::Destroy {
        folder.destroy();
    }
    cloud.clear();
}

/// Begins the work of the phase and sends the signal in the middle of it.
fn interrupted(cloud: &Cloud, folder: &Folder, plan: Plan, wanted: Wanted) -> Run {
    cloud.inject(&plan.trouble.faults(plan.slowest));
    let (command, begun) = match plan.phase {
        Phase::Create => ("apply", ": Creating..."),
        Phase::Update => ("apply", ": Modifying..."),
        Phase::Destroy => ("destroy", ": Destroying..."),
    };
    if plan.phase == Phase::Update {
        folder.configure(cloud, Wanted { updated: true, ..wanted });
    }
    let arguments = [command, "-auto-approve", "-input=false", "-no-color", "-parallelism=10"];
    let mut running = folder.begin(&arguments);
    running.until(begun);
    thread::sleep(plan.moment);
    running.signal(plan.signal);
    let run = running.finish();
    cloud.inject(&[]);
    run
}

/// What a user does next. After a signal that leaves no time, or a lost answer, what exists is
/// taken over.
fn next_run(folder: &Folder, cloud: &Cloud, plan: Plan, wanted: Wanted) -> Run {
    static CAN_ADOPT: OnceLock<bool> = OnceLock::new();
    if plan.phase == Phase::Destroy {
        return folder.destroy();
    }
    let adopt_existing = plan.phase == Phase::Create
        && (plan.signal.kills() || plan.trouble.loses_answers())
        && *CAN_ADOPT.get_or_init(|| folder.can_adopt());
    let updated = plan.phase == Phase::Update;
    folder.configure(cloud, Wanted { adopt_existing, updated, ..wanted });
    folder.apply()
}

/// The goals for the moment after the signal.
fn judge_interrupted(outcome: &mut Outcome) {
    let Outcome { plan, figures, complaints, .. } = outcome;
    let mut complain = |count: usize, what: &str| {
        if count > 0 {
            complaints.push(format!("{count} of {}: {what}", figures.live));
        }
    };
    complain(figures.hangs, "it did not end");
    complain(figures.duplicates, "a primary has two standbys");
    complain(figures.phantoms, "in the state although it does not exist");
    if plan.signal.kills() {
        return;
    }
    complain(figures.tainted, "tainted");
    complain(figures.unnamed, "named nowhere");
    complain(figures.ambiguous, "named by several errors");
    complain(figures.unanswered, "Terraform was not answered");
    if !(plan.phase == Phase::Create && plan.trouble.loses_answers()) {
        complain(figures.named, "named by an error and not in the state");
    }
}

/// The goals for the next run: everything is as the configuration says, and nothing was replaced.
fn judge_next(outcome: &mut Outcome, cloud: &Cloud, folder: &Folder, before: &[Live], next: &Run) {
    let expected = if outcome.plan.phase == Phase::Destroy { 0 } else { MANY };
    let (live, stored) = (cloud.live(), folder.stored());
    let is_kept = |one: &Live| stored.iter().any(|it| it.id == one.id && !it.is_tainted);
    let missing = expected.abs_diff(live.iter().filter(|one| is_kept(one)).count());
    let beyond = live.iter().filter(|one| !is_kept(one)).count();
    let replaced = match expected {
        0 => 0,
        _ => before.iter().filter(|before| !live.contains(before)).count(),
    };
    outcome.figures.replaced = replaced;
    let mut wrong = Vec::new();
    if next.code != Some(0) || next.hung {
        wrong.push(format!("the next run ended with {:?}", next.code));
    }
    for (count, what) in [
        (missing, "missing after the next run"),
        (beyond, "exist beyond the state after the next run"),
        (replaced, "were replaced by the next run"),
        (duplicates(&live), "primaries have two standbys after the next run"),
    ] {
        if count > 0 {
            wrong.push(format!("{count} {what}"));
        }
    }
    outcome.figures.healed = usize::from(wrong.is_empty());
    outcome.complaints.append(&mut wrong);
}
