//! How soon the program is there, and what it holds before anybody asks for anything.

use std::fs;
use std::time::Instant;

use terraform_provider_aws_workspaces::rpc::proto::get_provider_schema;

use super::process::memory;
use super::table::{Judged, Section};
use crate::support::client::Terraform;
use crate::support::process::{Environment, Process};
use crate::support::program::PROGRAM;

/// How often the program is started.
const STARTS: usize = 30;

pub(super) async fn measure() -> Section {
    let (mut lines, mut schemas, mut idle) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..STARTS {
        // Without the client certificate: its making would count as ours.
        let mut process = Process::start(&[], &Environment::of_terraform());
        process.first_line().await.expect("the program starts");
        lines.push(process.started.elapsed().as_secs_f64() * 1e3);
    }
    for _ in 0..STARTS {
        let begun = Instant::now();
        let terraform = Terraform::start(Environment::of_terraform()).await;
        let certificate = terraform.process.started - begun;
        let mut provider = terraform.provider();
        provider.get_provider_schema(get_provider_schema::Request {}).await.expect("OK");
        schemas.push((begun.elapsed() - certificate).as_secs_f64() * 1e3);
        idle.push(memory(terraform.process.id(), "VmRSS"));
        terraform.shutdown().await;
    }
    let program = vec![fs::metadata(PROGRAM).unwrap().len() as f64 / 1024.0 / 1024.0];
    let title = format!("start (without Terraform, {STARTS} times)");
    let mut section = Section::new(&title, &["figure", "median", "worst", "goals"]);
    for (figure, mut all, most, unit) in [
        ("to the handshake line, without TLS", lines, 2.0, "ms"),
        ("to the schemas, with mutual TLS", schemas, 6.5, "ms"),
        ("resident after the schemas", idle, 9.0, "MiB"),
        ("the program itself", program, 14.4, "MiB"),
    ] {
        all.sort_by(f64::total_cmp);
        let (median, worst) = (all[all.len() / 2], all[all.len() - 1]);
        let cells =
            vec![figure.to_owned(), format!("{median:.1} {unit}"), format!("{worst:.1} {unit}")];
        // As it is shown.
        let median = (median * 10.0).round() / 10.0;
        section.push(cells, vec![Judged::at_most(figure, median, most, unit)]);
    }
    section
}
