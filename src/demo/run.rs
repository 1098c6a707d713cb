use std::collections::BTreeMap;
use std::path::Path;

use tokio_util::sync::CancellationToken;

use super::directory::Directory;
use super::output::Output;
use super::simulator::DemoSimulator;
use super::steps::Steps;
use super::terraform::Terraform;
use super::{Error, offer, stop_requested};

/// The exit code of a program that Ctrl-C ended, as shells report it.
const STOPPED: i32 = 130;

/// The options of `demo`.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// Keep the working directory
    #[arg(long)]
    pub keep: bool,

    /// Download Terraform without asking if neither terraform nor tofu is on the PATH
    #[arg(long)]
    pub yes: bool,
}

/// Runs the demo with `terraform` or `tofu` from the PATH, or with a Terraform that it downloads after
/// asking. Returns the exit code: 0 if all checks
/// passed, 1 if a check failed, 130 if the demo was stopped.
///
/// `program` is the path of this program, which Terraform runs as the provider.
///
/// # Errors
/// There is no Terraform, a command failed, or the simulator or the working directory could not be
/// set up.
pub async fn run(
    options: &Options,
    program: &Path,
    environment: &BTreeMap<String, String>,
) -> Result<i32, Error> {
    let output = Output::new(environment);
    let found = match Terraform::find(environment) {
        Some(found) => found,
        None => match offer::terraform(options.yes, environment, &output).await {
            Err(Error::Stopped) => return Ok(STOPPED),
            downloaded => (downloaded?, "terraform"),
        },
    };
    let stop = CancellationToken::new();
    tokio::spawn({
        let stop = stop.clone();
        async move {
            stop_requested().await;
            stop.cancel();
        }
    });
    let simulator = DemoSimulator::start().await?;
    let directory = Directory::new(program, environment)?;
    let terraform = Terraform::new(found, environment, &directory, &simulator, stop);
    let passed = Steps::new(&terraform, &simulator, &directory, &output).run().await;
    if matches!(passed, Err(Error::Stopped)) {
        output.heading("Stopped.")?;
    }
    if options.keep {
        keep(&output, &terraform, program, directory)?;
    }
    match passed {
        Ok(true) => Ok(0),
        Ok(false) => Ok(1),
        Err(Error::Stopped) => Ok(STOPPED),
        Err(error) => Err(error),
    }
}

/// Keeps the working directory and explains how to use it.
fn keep(
    output: &Output,
    terraform: &Terraform,
    program: &Path,
    directory: Directory,
) -> Result<(), Error> {
    let settings = directory.cli_configuration();
    let path = directory.keep();
    output.heading("The working directory is kept")?;
    output.text(&format!(
        "Path: {}\n\
         The simulator of this demo stops now. To continue, start another one in a second terminal:\n\n  \
         {} simulate\n\n\
         Then apply main.tf here:\n\n  \
         cd {}\n  \
         export TF_CLI_CONFIG_FILE={}\n  \
         export AWS_ENDPOINT_URL=http://127.0.0.1:4566\n  \
         export AWS_ACCESS_KEY_ID=demo AWS_SECRET_ACCESS_KEY=demo\n  \
         {} apply",
        path.display(),
        program.display(),
        path.display(),
        settings.display(),
        terraform.name(),
    ))
}
