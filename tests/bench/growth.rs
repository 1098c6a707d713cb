//! A fleet of any size over the plugin protocol, without Terraform in the way: time, calls and
//! memory for each standby should not grow with their number.

use std::time::Instant;

use futures_util::{StreamExt, stream};
use terraform_provider_aws_workspaces::sim::{self, Simulator, builtin};
use terraform_provider_aws_workspaces::tf::{Type, Value};

use super::counted;
use super::process::{cpu_seconds, memory};
use super::rows::Case;
use super::table::{Judged, Section};
use crate::support::client::Terraform;
use crate::support::process::Environment;
use crate::support::requests::{Core, Stored, errors, no_errors};

/// How many resources are worked on at a time.
const PARALLELISM: usize = 50;
/// The goals: the CPU seconds of the provider for a creation, and its peak memory in MiB after the
/// deletion, by size.
const MOST_CPU: [(u32, f64); 1] = [(100, 0.1)];
const MOST_MEMORY: [(u32, f64); 2] = [(1000, 20.0), (5000, 50.0)];

pub(super) async fn measure(name: &str, sizes: &[u32]) -> Section {
    let title = format!("{name} (without Terraform, parallelism {PARALLELISM})");
    let mut section = Section::new(
        &title,
        &["step", "standbys", "seconds", "calls", "calls each", "CPU seconds", "peak MiB", "goals"],
    );
    for size in sizes {
        fleet(*size, &mut section).await;
    }
    section
}

async fn fleet(size: u32, section: &mut Section) {
    let simulator = Simulator::new(Case::Plain.settings(size)).unwrap();
    let address = ([127, 0, 0, 1], 0).into();
    let listening = sim::listen(simulator.clone(), address, None).await.unwrap();
    let url = listening.url();
    let listener = tokio::spawn(listening.serve(std::future::pending()));
    let terraform = Terraform::start(Environment::of_terraform()).await;
    let core = Core::meet(terraform.provider()).await;
    assert_eq!(errors(&core.configure(&provider_block(&core, &url)).await), no_errors());

    let process = terraform.process.id();
    let mut cpu_before = cpu_seconds(process);
    let mut told = |step: &str, begun: Instant| {
        let seconds = begun.elapsed().as_secs_f64();
        let (calls, _) = counted(&simulator.stats());
        simulator.reset_stats();
        let cpu = cpu_seconds(process) - std::mem::replace(&mut cpu_before, cpu_seconds(process));
        let peak = memory(process, "VmHWM");
        let subject = format!("{size} {step}");
        let (goals, figure, unit): (&[(u32, f64)], f64, &str) = match step {
            "create" => (&MOST_CPU, cpu, "CPU seconds"),
            "delete" => (&MOST_MEMORY, peak, "MiB"),
            _ => (&[], 0.0, ""),
        };
        let goals = goals.iter().filter(|(of, _)| *of == size);
        let goals = goals.map(|(_, most)| Judged::at_most(&subject, figure, *most, unit)).collect();
        let cells = vec![
            step.to_owned(),
            size.to_string(),
            format!("{seconds:.2}"),
            calls.to_string(),
            format!("{:.3}", calls as f64 / f64::from(size)),
            format!("{cpu:.2}"),
            format!("{peak:.1}"),
        ];
        section.push(cells, goals);
    };
    simulator.reset_stats();
    let begun = Instant::now();
    let made: Vec<(Value, Stored)> = stream::iter(1..=size)
        .map(|number| {
            let core = &core;
            async move {
                let config = core.standby.config([
                    ("primary_workspace_id", builtin::synthetic_primary_id(number).into()),
                    ("primary_region", builtin::PRIMARY_REGION.into()),
                    ("directory_id", builtin::STANDBY_DIRECTORY_ID.into()),
                ]);
                let stored = core.change(&Stored::absent(), &config).await.1.succeeded();
                (config, stored)
            }
        })
        .buffer_unordered(PARALLELISM)
        .collect()
        .await;
    told("create", begun);

    let begun = Instant::now();
    let reads = stream::iter(&made).map(|(_, stored)| core.read(stored));
    reads.buffer_unordered(PARALLELISM).for_each(|read| async { drop(read.succeeded()) }).await;
    told("refresh", begun);

    let begun = Instant::now();
    let listing = core.data["aws_workspaces_standbys"].nothing();
    let (_, diagnostics) = core.read_data("aws_workspaces_standbys", &listing).await;
    assert_eq!(errors(&diagnostics), no_errors());
    told("list", begun);

    let begun = Instant::now();
    let deletes = stream::iter(&made).map(|(_, stored)| core.change(stored, &Value::Null));
    let deleted = deletes.buffer_unordered(PARALLELISM);
    deleted.for_each(|(_, answer)| async { drop(answer.succeeded()) }).await;
    told("delete", begun);
    terraform.shutdown().await;
    listener.abort();
}

/// A provider block that leads to the simulator.
fn provider_block(core: &Core, url: &str) -> Value {
    let nothing = core.provider.nothing();
    let Type::Object(root) = &core.provider.object else { panic!("a block is an object") };
    let Type::List(endpoints) = &root["endpoints"] else { panic!("endpoints is a block") };
    let Type::Object(names) = &**endpoints else { panic!("a block is an object") };
    let endpoint = |name: &String| match name.as_str() {
        "workspaces" | "sts" | "resourcegroupstaggingapi" => Value::from(url),
        _ => Value::Null,
    };
    let endpoints = Value::object(names.keys().map(|name| (name.clone(), endpoint(name))));
    let mut block = nothing;
    block.set("region", builtin::STANDBY_REGION.into());
    block.set("access_key", "AKIAEXAMPLE".into());
    block.set("secret_key", "not-a-secret".into());
    block.set("endpoints", Value::List(vec![endpoints]));
    block
}
