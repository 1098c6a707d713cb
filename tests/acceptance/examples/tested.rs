use std::time::Duration;

use serde_json::Value;
use terraform_provider_aws_workspaces::sim::{Fleet, Settings};

use super::Examples;
use crate::support::cores::Core;
use crate::support::terraform::brisk;

/// The folders with tests, and how many runs they have.
const TESTED: [(&str, usize); 3] = [("tests", 3), ("modules/fleet", 6), ("failover", 3)];

#[test]
fn the_tests_of_the_examples_pass_on_every_core() {
    for core in Core::all() {
        for (folder, runs) in TESTED {
            // The first snapshot is later than the end of the test.
            let mut settings = Settings { snapshot_after: Duration::from_secs(3600), ..brisk() };
            let fleet = Examples::source().join(folder).join("tests/fleet.json");
            if fleet.exists() {
                settings.fleet = Fleet::read(&fleet).unwrap();
            }
            let Some(examples) = Examples::start(&core, settings) else { return };
            examples.get(folder);
            let simulator = format!("-var=simulator={}", examples.terraform.url());
            let variables = if folder == "tests" { vec![simulator.as_str()] } else { Vec::new() };
            examples
                .run(folder, &[&["test", "-no-color"], variables.as_slice()].concat())
                .succeeded()
                .says(&[&format!("Success! {runs} passed, 0 failed.")]);
            // They clear up behind themselves.
            let left = examples.terraform.standbys();
            assert_eq!(left, Vec::<Value>::new(), "{folder} on {}", core.name);
        }
    }
}
