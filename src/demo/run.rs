use std::collections::BTreeMap;
use std::path::Path;

use tokio_util::sync::CancellationToken;

use super::cloud::Cloud;
use super::folder::Folder;
use super::narrator::Narrator;
use super::story::Story;
use super::terraform::Terraform;
use super::{Error, stop_asked_for};

/// What a shell reports for a program that Ctrl-C ended.
const STOPPED: i32 = 130;

/// The options of `demo`.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// Leave the working folder, and say where it is
    #[arg(long)]
    pub keep: bool,
}

/// Holds the demonstration with the `terraform` or `tofu` of the PATH, and gives the exit code: 0
/// when all held, 1 when something did not, 130 when it was stopped.
///
/// `program` is the file of this program, which Terraform is to run as its provider.
///
/// # Errors
/// There is no Terraform, or it failed where it should not, or the stage could not be set.
pub async fn run(
    options: &Options,
    program: &Path,
    environment: &BTreeMap<String, String>,
) -> Result<i32, Error> {
    let found = Terraform::find(environment)?;
    let stop = CancellationToken::new();
    tokio::spawn({
        let stop = stop.clone();
        async move {
            stop_asked_for().await;
            stop.cancel();
        }
    });
    let narrator = Narrator::new(environment);
    let cloud = Cloud::start().await?;
    let folder = Folder::new(program, environment)?;
    let terraform = Terraform::new(found, environment, &folder, &cloud, stop);
    let told = Story::new(&terraform, &cloud, &folder, &narrator).tell().await;
    if matches!(told, Err(Error::Stopped)) {
        narrator.heading("Stopped, and Terraform with it.")?;
    }
    if options.keep {
        keep(&narrator, &terraform, program, folder)?;
    }
    match told {
        Ok(true) => Ok(0),
        Ok(false) => Ok(1),
        Err(Error::Stopped) => Ok(STOPPED),
        Err(error) => Err(error),
    }
}

/// Leaves the folder and tells how to go on in it.
fn keep(
    narrator: &Narrator,
    terraform: &Terraform,
    program: &Path,
    folder: Folder,
) -> Result<(), Error> {
    let settings = folder.cli_configuration();
    let path = folder.keep();
    narrator.heading("The working folder stays")?;
    narrator.say(&format!(
        "It is {}.\n\
         This simulator ends now. To go on, start another in a second terminal:\n\n  \
         {} simulate\n\n\
         and apply main.tf to it from here:\n\n  \
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
