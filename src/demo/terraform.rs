use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::directory::Directory;
use super::simulator::DemoSimulator;
use super::{Error, output::Output};

/// `terraform` or `tofu`, with an environment without the Terraform and AWS settings of
/// the user.
pub(super) struct Terraform {
    program: PathBuf,
    name: &'static str,
    environment: BTreeMap<String, String>,
    directory: PathBuf,
    stop: CancellationToken,
}

/// The exit status and the output of a command.
pub(super) struct Run {
    command: String,
    status: ExitStatus,
    pub(super) text: String,
}

impl Terraform {
    /// Finds `terraform`, or otherwise `tofu`, on the PATH.
    pub(super) fn find(environment: &BTreeMap<String, String>) -> Option<(PathBuf, &'static str)> {
        let path = environment.iter().find(|(name, _)| name.eq_ignore_ascii_case("PATH"));
        let directories: Vec<PathBuf> =
            path.map(|(_, value)| std::env::split_paths(value).collect()).unwrap_or_default();
        let find = |name: &'static str| {
            let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
            let found = directories
                .iter()
                .map(|directory| directory.join(&file))
                .find(|at| is_executable(at));
            found.map(|program| (program, name))
        };
        find("terraform").or_else(|| find("tofu"))
    }

    pub(super) fn new(
        (program, name): (PathBuf, &'static str),
        environment: &BTreeMap<String, String>,
        directory: &Directory,
        simulator: &DemoSimulator,
        stop: CancellationToken,
    ) -> Self {
        let mut environment = environment.clone();
        environment.retain(|name, _| !is_setting(name));
        let file = |path: PathBuf| path.display().to_string();
        let profiles = file(directory.profiles());
        let settings = [
            ("TF_CLI_CONFIG_FILE", file(directory.cli_configuration())),
            ("TF_IN_AUTOMATION", "1".to_owned()),
            ("TF_INPUT", "0".to_owned()),
            ("CHECKPOINT_DISABLE", "1".to_owned()),
            ("AWS_ENDPOINT_URL", simulator.url().to_owned()),
            ("AWS_ACCESS_KEY_ID", "demo".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "demo".to_owned()),
            ("AWS_CONFIG_FILE", profiles.clone()),
            ("AWS_SHARED_CREDENTIALS_FILE", profiles),
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
        ];
        environment.extend(settings.map(|(name, value)| (name.to_owned(), value)));
        Self { program, name, environment, directory: directory.path().to_owned(), stop }
    }

    /// `terraform` or `tofu`.
    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    /// The version, such as `Terraform v1.11.4`.
    pub(super) async fn version(&self) -> Result<String, Error> {
        let mut first = None;
        let run = self.run(&["version"], |line| {
            first.get_or_insert_with(|| line.to_owned());
            Ok(())
        });
        run.await?.expect_unseen(0)?;
        Ok(first.unwrap_or_else(|| self.name.to_owned()))
    }

    /// Runs a command and shows those lines of its output for which `shown` is true.
    pub(super) async fn quoted(
        &self,
        arguments: &[&str],
        output: &Output,
        shown: impl Fn(&str) -> bool,
    ) -> Result<Run, Error> {
        let mut arguments = arguments.to_vec();
        if !output.has_color() {
            arguments.push("-no-color");
        }
        // Skip blank lines at the start, and show several blank lines as one.
        let mut blank = true;
        let mut pending = false;
        let run = self.run(&arguments, |line| {
            // A blank line may contain the escape sequence that ends a color.
            let is_blank = line.replace("\u{1b}[0m", "").trim().is_empty();
            if is_blank {
                pending = !blank;
                return Ok(());
            }
            if !shown(line) {
                return Ok(());
            }
            if std::mem::take(&mut pending) {
                output.quote("")?;
            }
            blank = false;
            output.quote(line)
        });
        run.await
    }

    /// Runs a command and passes each line of its output to `take`.
    ///
    /// Ctrl-C reaches both Terraform and this process, because they share a process group. This
    /// function waits for Terraform, so that the working directory is not removed while it runs.
    async fn run(
        &self,
        arguments: &[&str],
        mut take: impl FnMut(&str) -> Result<(), Error>,
    ) -> Result<Run, Error> {
        if self.stop.is_cancelled() {
            return Err(Error::Stopped);
        }
        let shown = arguments.iter().filter(|argument| **argument != "-no-color");
        let command =
            shown.fold(self.name.to_owned(), |text, argument| format!("{text} {argument}"));
        let failed = |source| Error::Command { command: command.clone(), source };
        let mut child = self.spawn(arguments).map_err(failed)?;
        let (sender, mut lines) = mpsc::unbounded_channel();
        forward(child.stdout.take(), sender.clone());
        forward(child.stderr.take(), sender);

        let mut text = String::new();
        let mut result = Ok(());
        while let Some(line) = lines.recv().await {
            text.push_str(&line);
            text.push('\n');
            // If the output fails, keep reading so that Terraform can finish.
            if result.is_ok() {
                result = take(&line);
            }
        }
        let status = child.wait().await.map_err(failed)?;
        if self.stop.is_cancelled() {
            return Err(Error::Stopped);
        }
        result?;
        Ok(Run { command, status, text })
    }

    fn spawn(&self, arguments: &[&str]) -> std::io::Result<Child> {
        Command::new(&self.program)
            .args(arguments)
            .env_clear()
            .envs(&self.environment)
            .current_dir(&self.directory)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
    }
}

impl Run {
    /// The output if the exit status is as expected.
    pub(super) fn expect(self, expected: i32) -> Result<String, Error> {
        let Self { command, status: actual, text } = self;
        if actual.code() == Some(expected) {
            return Ok(text);
        }
        Err(Error::Status { command, expected, actual, output: String::new() })
    }

    /// The same for a command whose output was not shown: the error has it.
    pub(super) fn expect_unseen(self, expected: i32) -> Result<String, Error> {
        let unseen = format!(":\n{}", self.text.trim());
        self.expect(expected).map_err(|error| match error {
            Error::Status { command, expected, actual, .. } => {
                Error::Status { command, expected, actual, output: unseen }
            }
            error => error,
        })
    }
}

/// Sends the lines of a stream, without line feeds.
fn forward<R>(stream: Option<R>, lines: mpsc::UnboundedSender<String>)
where
    R: AsyncRead + Unpin + Send + 'static,
{
    let Some(stream) = stream else { return };
    tokio::spawn(async move {
        let mut parts = BufReader::new(stream).split(b'\n');
        while let Ok(Some(line)) = parts.next_segment().await {
            let line = String::from_utf8_lossy(&line);
            // The receiver lives longer than all senders.
            let _ = lines.send(line.trim_end_matches('\r').to_owned());
        }
    });
}

/// Whether a variable configures Terraform, the AWS SDK or a proxy.
fn is_setting(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let prefixes = ["TF_", "AWS_", "PLUGIN_", "CHECKPOINT_"];
    prefixes.iter().any(|prefix| name.starts_with(prefix)) || name.ends_with("_PROXY")
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(path: &Path) -> bool {
    path.is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_terraform_and_aws_settings_are_removed() {
        for name in ["TF_LOG", "TF_CLI_ARGS", "AWS_PROFILE", "https_proxy", "NO_PROXY"] {
            assert!(is_setting(name), "{name}");
        }
        for name in ["PATH", "HOME", "TMPDIR", "TFENV_ROOT", "SystemRoot"] {
            assert!(!is_setting(name), "{name}");
        }
    }
}
