//! What Linux says of a process in `/proc`. Where there is no such file, the figures are zero.

use std::fs;

/// How many units of CPU time in `/proc` are a second: USER_HZ, which is the same on all processors.
const TICKS_A_SECOND: f64 = 100.0;

/// A figure in `/proc/PID/status`, in MiB.
pub(super) fn memory(process: u32, name: &str) -> f64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(name));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
    kilobytes.unwrap_or(0.0) / 1024.0
}

/// The CPU time of a process so far, in seconds.
pub(super) fn cpu_seconds(process: u32) -> f64 {
    ticks(&process.to_string(), 14)
}

/// The CPU time, in seconds, of the processes that this one has started and that have ended, and of
/// the processes that those have started.
pub(super) fn ended_children_cpu_seconds() -> f64 {
    ticks("self", 16)
}

/// Two neighboring fields of `/proc/PID/stat`, in user mode and in the kernel, as proc_pid_stat(5)
/// numbers them.
fn ticks(process: &str, first: usize) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The second field is the name, in parentheses, and may have spaces.
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: f64 =
        fields.skip(first - 3).take(2).filter_map(|field| field.parse::<f64>().ok()).sum();
    ticks / TICKS_A_SECOND
}
