//! Whether the machine has something else to do while it is measured.

use std::fmt;
use std::fs;
use std::hint::black_box;
use std::thread::available_parallelism;
use std::time::Instant;

/// How often the loop runs, and how many steps it has: about 10 ms.
const LOOPS: usize = 50;
const STEPS: u64 = 10_000_000;
/// The most that a quiet machine has to do, as a share of its processors.
const MOST_LOAD: f64 = 0.25;
/// The most that a run of the loop takes longer than the quickest, nine times of ten.
const MOST_SPREAD: f64 = 0.1;

/// What was found.
pub(super) struct Quiet {
    /// The load average of the last minute; none where the system does not tell.
    load: Option<f64>,
    processors: usize,
    /// How much longer than the quickest run of the loop nine of ten runs take at most.
    spread: f64,
}

/// Looks at the load, and runs a loop that takes equally long each time where nothing disturbs it.
pub(super) fn check() -> Quiet {
    let load = fs::read_to_string("/proc/loadavg").ok();
    let load = load.and_then(|text| text.split(' ').next()?.parse().ok());
    let mut times: Vec<f64> = (0..LOOPS).map(|_| loop_seconds()).collect();
    times.sort_by(f64::total_cmp);
    let spread = times[LOOPS * 9 / 10] / times[0] - 1.0;
    Quiet { load, processors: available_parallelism().map_or(1, usize::from), spread }
}

fn loop_seconds() -> f64 {
    let begun = Instant::now();
    let sum =
        (0..STEPS).fold(1_u64, |sum, step| black_box(sum.wrapping_mul(31).wrapping_add(step)));
    black_box(sum);
    begun.elapsed().as_secs_f64()
}

impl Quiet {
    fn is_quiet(&self) -> bool {
        let most_load = MOST_LOAD * self.processors as f64;
        self.load.is_none_or(|load| load <= most_load) && self.spread <= MOST_SPREAD
    }
}

impl fmt::Display for Quiet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self.is_quiet() {
            true => "The machine was quiet: ",
            false => "Warning: the machine was not quiet, and the figures may be too high: ",
        })?;
        if let Some(load) = self.load {
            write!(formatter, "load average {load:.2} with {} processors, ", self.processors)?;
        }
        write!(formatter, "a loop of fixed length varied by {:.0} %.", self.spread * 100.0)
    }
}
