//! The examples, in a copy of their whole tree: modules are where their callers look for them.

// Formatted, and valid against the real schema.
mod valid;
// Their own tests.
mod tested;
// A failover from nothing to nothing.
mod failover;

use std::path::Path;
use std::process::Command;

use terraform_provider_aws_workspaces::sim::Settings;

use crate::support::cores::Core;
use crate::support::hashicorp_aws::HashicorpAws;
use crate::support::terraform::{Run, Terraform};

/// A Terraform with a copy of the examples, both providers, and the simulator in the environment.
pub(crate) struct Examples {
    pub(crate) terraform: Terraform,
    aws: HashicorpAws,
}

impl Examples {
    /// The folder of the examples in the repository.
    pub(crate) fn source() -> &'static Path {
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/examples"))
    }

    /// Starts a core; none where such tests are left out.
    pub(crate) fn start(core: &Core, settings: Settings) -> Option<Self> {
        let terraform = core.start(settings)?;
        let aws = HashicorpAws::start(terraform.simulator().clone());
        let url = terraform.url().to_owned();
        let terraform = terraform
            .with("TF_REATTACH_PROVIDERS", &aws.reattached.variable)
            .with("AWS_ENDPOINT_URL", &url);
        let copied = Command::new("cp")
            .arg("-r")
            .args([Self::source(), &terraform.path("examples")])
            .status();
        assert!(copied.unwrap().success());
        Some(Self { terraform, aws })
    }

    /// The provider hashicorp/aws.
    pub(crate) fn aws(&self) -> &HashicorpAws {
        &self.aws
    }

    /// Runs Terraform in the folder of an example.
    pub(crate) fn run(&self, folder: &str, arguments: &[&str]) -> Run {
        let folder = format!("-chdir=examples/{folder}");
        self.terraform.run(&[&[folder.as_str()], arguments].concat())
    }

    /// Finds the modules of an example. `terraform init` would also look for the providers.
    pub(crate) fn get(&self, folder: &str) {
        self.run(folder, &["get", "-no-color"]).succeeded();
    }
}
