//! Figures of the built program: how soon it is there, what it holds in memory, and how many calls
//! and seconds a fleet costs. It prints and asserts nothing about time.
//!
//! `cargo bench` takes the parts that end within some minutes; `cargo bench -- all` takes all, and
//! `cargo bench -- start growth` those that are named. The parts are `start`, `growth` (without
//! Terraform, up to 1,000 standbys), `large` (the same with 5,000), `terraform` (with a real one, up
//! to 100 standbys) and `thousand` (the same with 1,000).

#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on is to fail there")]
#![expect(clippy::print_stdout, reason = "the figures are for whoever runs this")]

mod growth;
mod start;
#[expect(dead_code, unused_imports, reason = "the tests use all of it")]
mod support;
mod whole;

use std::env;
use std::fs;
use std::time::Duration;

use terraform_provider_aws_workspaces::sim::{Settings, Stats};

/// What is measured where nothing is named.
const USUAL: [&str; 3] = ["start", "growth", "terraform"];
/// What there is.
const ALL: [&str; 5] = ["start", "growth", "large", "terraform", "thousand"];

fn main() {
    // Cargo adds an option of its own.
    let named: Vec<String> = env::args().skip(1).filter(|name| !name.starts_with("--")).collect();
    let parts: Vec<&str> = match named.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => USUAL.to_vec(),
        ["all"] => ALL.to_vec(),
        ref named => named.to_vec(),
    };
    for part in parts {
        match part {
            "start" => wait_for(start::measure()),
            "growth" => wait_for(growth::measure(&[1, 100, 500, 1000])),
            "large" => wait_for(growth::measure(&[5000])),
            "terraform" => whole::measure(&[1, 100]),
            "thousand" => whole::measure(&[1000]),
            other => println!("There is no part {other}. There are: {}.", ALL.join(", ")),
        }
    }
}

fn wait_for(measuring: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(measuring);
}

/// AWS as it is waited for on a good day: an answer takes 50 ms.
fn plain(standbys: u32) -> Settings {
    Settings {
        synthetic_primaries: standbys,
        latency: Duration::from_millis(50),
        ..Settings::default()
    }
}

/// All calls, and how many of them were throttled.
fn counted(stats: &Stats) -> (u64, u64) {
    let all = stats.operations.values();
    all.fold((0, 0), |(calls, refused), of| (calls + of.calls, refused + of.throttles))
}

/// A figure of a process in `/proc/PID/status`, in MiB; none where there is no such file.
fn memory(process: u32, name: &str) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with(name))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1024.0)
}
