//! How soon the program is there, and what it holds before anybody asks for anything.

use std::time::{Duration, Instant};

use terraform_provider_aws_workspaces::rpc::proto::get_provider_schema;

use super::memory;
use crate::support::client::Terraform;
use crate::support::process::{Environment, Process};

/// How often the program is started.
const STARTS: usize = 30;

pub(super) async fn measure() {
    let (mut lines, mut schemas, mut idle) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..STARTS {
        // Without the client certificate: its making would count as ours.
        let mut process = Process::start(&[], &Environment::of_terraform());
        process.first_line().await.expect("the program starts");
        lines.push(process.started.elapsed());
    }
    for _ in 0..STARTS {
        let begun = Instant::now();
        let terraform = Terraform::start(Environment::of_terraform()).await;
        let certificate = terraform.process.started - begun;
        let mut provider = terraform.provider();
        provider.get_provider_schema(get_provider_schema::Request {}).await.expect("OK");
        schemas.push(begun.elapsed() - certificate);
        idle.extend(memory(terraform.process.id(), "VmRSS"));
        terraform.shutdown().await;
    }
    println!("start, the median (and the worst) of {STARTS}:");
    println!("  to the handshake line, without TLS     {}", shown(&mut lines));
    println!("  to the schemas, mutual TLS included    {}", shown(&mut schemas));
    idle.sort_by(f64::total_cmp);
    if let Some(median) = idle.get(idle.len() / 2) {
        println!("  resident after the schemas             {median:.1} MiB");
    }
}

fn shown(times: &mut [Duration]) -> String {
    times.sort_unstable();
    let milliseconds = |index: usize| times[index].as_secs_f64() * 1e3;
    format!("{:.1} ms ({:.1} ms)", milliseconds(times.len() / 2), milliseconds(times.len() - 1))
}
