//! The machine and the programs of a measurement.

use std::fs;
use std::thread::available_parallelism;

use terraform_provider_aws_workspaces::sim::Settings;

use crate::support::terraform::Terraform;

/// What the figures depend on, as names and values.
pub(super) fn described() -> Vec<(&'static str, String)> {
    let line_of = |file: &str, name: &str| {
        let text = fs::read_to_string(file).unwrap_or_default();
        let value = text.lines().find_map(|line| line.strip_prefix(name));
        let value = value.map(|value| value.trim_matches([' ', '\t', ':', '=', '"']).to_owned());
        value.unwrap_or_else(|| "unknown".to_owned())
    };
    let kilobytes = line_of("/proc/meminfo", "MemTotal");
    let kilobytes: f64 = kilobytes.trim_end_matches(" kB").parse().unwrap_or_default();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let build = if cfg!(debug_assertions) { ", without optimization" } else { "" };
    vec![
        ("Processors", available_parallelism().map_or(0, usize::from).to_string()),
        ("Processor", line_of("/proc/cpuinfo", "model name")),
        ("Memory", format!("{:.0} GiB", kilobytes / 1024.0 / 1024.0)),
        (
            "System",
            format!("{}, kernel {}", line_of("/etc/os-release", "PRETTY_NAME"), kernel.trim()),
        ),
        ("Terraform", terraform_version()),
        ("Provider", format!("{}{build}", env!("CARGO_PKG_VERSION"))),
    ]
}

fn terraform_version() -> String {
    let Some(terraform) = Terraform::start(Settings::default()) else { return String::new() };
    let version = terraform.run(&["version"]).stdout;
    version.lines().next().unwrap_or_default().trim_start_matches("Terraform v").to_owned()
}
