//! Nothing is lost, whatever happens: a real `terraform` is interrupted in the middle of its work,
//! and afterwards everything that exists is compared with the state and the errors.
//!
//! `cargo test --test chaos` runs the trials of [`plan::SHORT`], in about a minute, and holds them
//! to the goals. Options, after `--`: `--long` goes on for an hour with further seeds, `--minutes N`
//! for another time, `--trial N` repeats one trial and shows what it said, `--list-trials` lists
//! them.
//!
//! What exists is asked of the API alone, so another API of the same contract can stand in for the
//! simulator: `CHAOS_ENDPOINT` gives its address, which is HTTP. It needs primaries without standbys
//! in `CHAOS_PRIMARY_REGION` (us-east-1) and a registered directory in `CHAOS_STANDBY_REGION`
//! (us-west-2). Faults are only injected into the simulator.

#![expect(clippy::unwrap_used, reason = "a trial that cannot go on is to fail where it stands")]
#![expect(clippy::print_stdout, reason = "the figures are for whoever runs this")]

mod api;
mod cloud;
mod figures;
mod folder;
mod plan;
mod support;
mod trial;
mod verdict;

use std::collections::VecDeque;
use std::env;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use cloud::Cloud;
use figures::Figures;
use plan::Plan;
use trial::Outcome;

/// How many trials run side by side: they wait most of the time.
const LANES: usize = 6;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let has = |name: &str| arguments.iter().any(|argument| argument == name);
    let number = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        Some(arguments.get(at + 1)?.parse::<u64>().expect("a number"))
    };
    // What runners of tests ask of every program of tests.
    if has("--list") {
        if !has("--ignored") {
            println!("chaos: test");
        }
        return ExitCode::SUCCESS;
    }
    if has("--list-trials") {
        (0..plan::SHORT).for_each(|trial| println!("{}", Plan::of(trial)));
        return ExitCode::SUCCESS;
    }
    if env::var("TF_ACC").is_ok_and(|value| value == "0") {
        println!("left out: TF_ACC=0 is set");
        return ExitCode::SUCCESS;
    }
    let minutes = if has("--long") { Some(60) } else { number("--minutes") };
    let until = minutes.map(|minutes| Instant::now() + Duration::from_secs(60 * minutes));
    let only = number("--trial");
    let outcomes = run(only, until);
    if only.is_some() {
        outcomes.iter().for_each(|outcome| println!("{}", outcome.told));
    }
    conclude(&outcomes)
}

/// Runs one trial, those of a short run, or as many as there is time for.
fn run(only: Option<u64>, until: Option<Instant>) -> Vec<Outcome> {
    let first = match (only, until) {
        (Some(only), _) => VecDeque::from([only]),
        (None, _) => (0..plan::SHORT).collect(),
    };
    let (waiting, next) = (Arc::new(Mutex::new(first)), Arc::new(Mutex::new(plan::SHORT)));
    let take = move || {
        if let Some(number) = waiting.lock().unwrap().pop_front() {
            return Some(number);
        }
        let mut next = next.lock().unwrap();
        until.filter(|until| only.is_none() && Instant::now() < *until)?;
        *next += 1;
        Some(*next - 1)
    };
    let lanes = if Cloud::is_given() || only.is_some() { 1 } else { LANES };
    let lanes = (0..lanes).map(|_| {
        let take = take.clone();
        thread::spawn(move || {
            let mut outcomes = Vec::new();
            while let Some(number) = take() {
                outcomes.push(trial::run(Plan::of(number)));
            }
            outcomes
        })
    });
    let lanes: Vec<_> = lanes.collect();
    let outcomes = lanes.into_iter().flat_map(|lane| lane.join().expect("a trial ends"));
    let mut outcomes: Vec<Outcome> = outcomes.collect();
    outcomes.sort_by_key(|outcome| outcome.plan.number);
    outcomes
}

/// Shows the figures by signal, and what falls short of the goals.
fn conclude(outcomes: &[Outcome]) -> ExitCode {
    println!("\n{}", Figures::HEADING);
    for signal in plan::SIGNALS {
        let of_signal = outcomes.iter().filter(|outcome| outcome.plan.signal == signal);
        let figures: Figures = of_signal.map(|outcome| outcome.figures).sum();
        if figures.trials > 0 {
            println!("{}", figures.row(signal.name()));
        }
    }
    let short: Vec<&Outcome> = outcomes.iter().filter(|one| !one.complaints.is_empty()).collect();
    for outcome in &short {
        println!("\n{} falls short:", outcome.plan);
        outcome.complaints.iter().for_each(|complaint| println!("  {complaint}"));
    }
    let (failed, held) = (short.len(), outcomes.len() - short.len());
    let verdict = if failed == 0 { "ok" } else { "FAILED" };
    println!("\ntest result: {verdict}. {held} passed; {failed} failed; 0 ignored");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
