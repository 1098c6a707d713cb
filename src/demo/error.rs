use crate::{install, sim};

/// Why the demonstration could not be held, or not to its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no Terraform to demonstrate with.
    #[error(
        "neither terraform nor tofu is on PATH; install one of them, from \
         https://developer.hashicorp.com/terraform/install or \
         https://opentofu.org/docs/intro/install/, and run this again"
    )]
    NoTerraform,
    /// The working folder could not be made or written.
    #[error("the working folder could not be written")]
    Folder(#[source] std::io::Error),
    /// The program could not be put where `terraform init` looks.
    #[error("the provider could not be put into the working folder")]
    Install(#[from] install::Error),
    /// The simulator did not start.
    #[error("the simulator could not be started")]
    Simulator(#[from] sim::Error),
    /// Terraform could not be run at all.
    #[error("{command} could not be run")]
    Command {
        /// What was to be run, as one would type it.
        command: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// Terraform ended with another exit status than the step needs.
    #[error("{command} ended with {actual}, where exit status {expected} was expected")]
    Status {
        /// What was run, as one would type it.
        command: String,
        /// The exit status a good run has.
        expected: i32,
        /// How it ended, in the words of the system.
        actual: std::process::ExitStatus,
    },
    /// Standard output went away.
    #[error("standard output could not be written")]
    Output(#[source] std::io::Error),
    /// Ctrl-C or SIGTERM.
    #[error("stopped")]
    Stopped,
}
