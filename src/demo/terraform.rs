use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::Command;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::cloud::Cloud;
use super::folder::Folder;
use super::{Error, narrator::Narrator};

/// The `terraform` or `tofu` of the PATH, with an environment that holds nothing of the user's
/// Terraform or AWS settings.
pub(super) struct Terraform {
    program: PathBuf,
    name: &'static str,
    environment: BTreeMap<String, String>,
    folder: PathBuf,
    stop: CancellationToken,
}

/// How one command ended, and what it wrote.
pub(super) struct Run {
    command: String,
    status: ExitStatus,
    pub(super) text: String,
}

impl Terraform {
    /// The first of `terraform` and `tofu` that is on the PATH.
    pub(super) fn find(
        environment: &BTreeMap<String, String>,
    ) -> Result<(PathBuf, &'static str), Error> {
        let path = environment.iter().find(|(name, _)| name.eq_ignore_ascii_case("PATH"));
        let folders: Vec<PathBuf> =
            path.map(|(_, value)| std::env::split_paths(value).collect()).unwrap_or_default();
        let find = |name: &'static str| {
            let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
            let found =
                folders.iter().map(|folder| folder.join(&file)).find(|at| is_executable(at));
            found.map(|program| (program, name))
        };
        find("terraform").or_else(|| find("tofu")).ok_or(Error::NoTerraform)
    }

    pub(super) fn new(
        (program, name): (PathBuf, &'static str),
        environment: &BTreeMap<String, String>,
        folder: &Folder,
        cloud: &Cloud,
        stop: CancellationToken,
    ) -> Self {
        let mut environment = environment.clone();
        environment.retain(|name, _| !is_setting(name));
        let file = |path: PathBuf| path.display().to_string();
        let profiles = file(folder.profiles());
        let settings = [
            ("TF_CLI_CONFIG_FILE", file(folder.cli_configuration())),
            ("TF_IN_AUTOMATION", "1".to_owned()),
            ("TF_INPUT", "0".to_owned()),
            ("CHECKPOINT_DISABLE", "1".to_owned()),
            ("AWS_ENDPOINT_URL", cloud.url().to_owned()),
            ("AWS_ACCESS_KEY_ID", "demo".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "demo".to_owned()),
            ("AWS_CONFIG_FILE", profiles.clone()),
            ("AWS_SHARED_CREDENTIALS_FILE", profiles),
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
        ];
        environment.extend(settings.map(|(name, value)| (name.to_owned(), value)));
        Self { program, name, environment, folder: folder.path().to_owned(), stop }
    }

    /// `terraform` or `tofu`.
    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    /// What it calls itself, such as `Terraform v1.11.4`.
    pub(super) async fn version(&self) -> Result<String, Error> {
        let mut first = None;
        let run = self.run(&["version"], |line| {
            first.get_or_insert_with(|| line.to_owned());
            Ok(())
        });
        run.await?.expect(0)?;
        Ok(first.unwrap_or_else(|| self.name.to_owned()))
    }

    /// Runs one command and quotes what it writes, while it writes it, as far as `shown` says.
    pub(super) async fn quoted(
        &self,
        arguments: &[&str],
        narrator: &Narrator,
        shown: impl Fn(&str) -> bool,
    ) -> Result<Run, Error> {
        let mut arguments = arguments.to_vec();
        if !narrator.has_colour() {
            arguments.push("-no-color");
        }
        // Blank lines at the beginning are left out, and several in a row are one.
        let mut blank = true;
        let mut owed = false;
        let run = self.run(&arguments, |line| {
            // With colour, a blank line may hold the end of a colour.
            let is_blank = line.replace("\u{1b}[0m", "").trim().is_empty();
            if is_blank {
                owed = !blank;
                return Ok(());
            }
            if !shown(line) {
                return Ok(());
            }
            if std::mem::take(&mut owed) {
                narrator.quote("")?;
            }
            blank = false;
            narrator.quote(line)
        });
        run.await
    }

    /// Runs one command and hands over each line of its output.
    ///
    /// A Ctrl-C reaches Terraform as it reaches this process, since both are of one process group;
    /// it is waited for, so that nothing works on in a folder that is being removed.
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
        let unable = |source| Error::Command { command: command.clone(), source };
        let mut child = Command::new(&self.program)
            .args(arguments)
            .env_clear()
            .envs(&self.environment)
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(unable)?;
        let (sender, mut lines) = mpsc::unbounded_channel();
        forward(child.stdout.take(), sender.clone());
        forward(child.stderr.take(), sender);

        let mut text = String::new();
        let mut taken = Ok(());
        while let Some(line) = lines.recv().await {
            text.push_str(&line);
            text.push('\n');
            // Whoever does not listen any more must not keep Terraform from ending.
            if taken.is_ok() {
                taken = take(&line);
            }
        }
        let status = child.wait().await.map_err(unable)?;
        if self.stop.is_cancelled() {
            return Err(Error::Stopped);
        }
        taken?;
        Ok(Run { command, status, text })
    }
}

impl Run {
    pub(super) fn succeeded(&self) -> bool {
        self.status.success()
    }

    /// The output, if it ended with the exit status given.
    pub(super) fn expect(self, expected: i32) -> Result<String, Error> {
        let Self { command, status: actual, text } = self;
        if actual.code() == Some(expected) {
            return Ok(text);
        }
        Err(Error::Status { command, expected, actual })
    }
}

/// Sends each line on, without its end, until there are no more.
fn forward<R>(stream: Option<R>, lines: mpsc::UnboundedSender<String>)
where
    R: AsyncRead + Unpin + Send + 'static,
{
    let Some(stream) = stream else { return };
    tokio::spawn(async move {
        let mut parts = BufReader::new(stream).split(b'\n');
        while let Ok(Some(line)) = parts.next_segment().await {
            let line = String::from_utf8_lossy(&line);
            // The receiver stays until all senders are gone.
            let _ = lines.send(line.trim_end_matches('\r').to_owned());
        }
    });
}

/// Whether a variable steers Terraform, the AWS SDK or the way to loopback.
fn is_setting(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let beginnings = ["TF_", "AWS_", "PLUGIN_", "CHECKPOINT_"];
    beginnings.iter().any(|beginning| name.starts_with(beginning)) || name.ends_with("_PROXY")
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
    fn settings_of_the_user_are_kept_out_and_the_rest_is_left() {
        for name in ["TF_LOG", "TF_CLI_ARGS", "AWS_PROFILE", "https_proxy", "NO_PROXY"] {
            assert!(is_setting(name), "{name}");
        }
        for name in ["PATH", "HOME", "TMPDIR", "TFENV_ROOT", "SystemRoot"] {
            assert!(!is_setting(name), "{name}");
        }
    }

    #[test]
    fn without_a_program_on_the_path_it_says_where_to_get_one() {
        let error = Terraform::find(&BTreeMap::new()).unwrap_err().to_string();
        assert!(error.contains("developer.hashicorp.com/terraform/install"), "{error}");
    }
}
