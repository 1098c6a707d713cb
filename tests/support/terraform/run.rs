use std::fs;
use std::io::Read;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::Value;

use super::super::secrets::assert_none;
use super::path;

/// The longest that one run of Terraform may take, on a machine that does other things too.
pub(super) const PATIENCE: Duration = Duration::from_secs(120);

/// The provider's log in the working folder, at TRACE.
pub(super) const LOG: &str = "provider.log";
/// What else Terraform leaves in the working folder and somebody may read.
const LEFT_BEHIND: [&str; 3] = [LOG, "terraform.tfstate", "terraform.tfstate.backup"];

/// Terraform while it runs, in a process group of its own, which is ended when this is dropped.
pub(crate) struct Running {
    child: Child,
    readers: [Option<JoinHandle<String>>; 2],
    told: String,
    folder: PathBuf,
}

impl Running {
    /// Starts Terraform in a folder that is its home too, with nothing else in its environment.
    pub(crate) fn start(folder: &Path, variables: &[(String, String)], arguments: &[&str]) -> Self {
        let mut child = Command::new("terraform")
            .args(arguments)
            .current_dir(folder)
            .env_clear()
            .env("PATH", path::path())
            .env("HOME", folder)
            .env("TMPDIR", folder)
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("CHECKPOINT_DISABLE", "1")
            // A run is short, and collecting its garbage is a quarter of what it costs.
            .env("GOGC", "off")
            .env("GOMEMLIMIT", "512MiB")
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .expect("terraform was there a moment ago");
        let readers = [
            Some(text_of(child.stdout.take().unwrap())),
            Some(text_of(child.stderr.take().unwrap())),
        ];
        Self {
            child,
            readers,
            told: format!("terraform {}", arguments.join(" ")),
            folder: folder.to_owned(),
        }
    }

    /// Does what Ctrl-C in a terminal does: SIGINT to everybody in the process group.
    pub(crate) fn interrupt(&self) {
        kill_process_group(self.group(), Signal::INT).unwrap();
    }

    /// Waits for the end, and searches everything that came out of it for secrets.
    ///
    /// # Panics
    /// It does not come, or a secret is shown.
    #[track_caller]
    pub(crate) fn finish(self) -> Run {
        self.finish_within(PATIENCE)
    }

    /// The same with another patience.
    ///
    /// # Panics
    /// It does not come.
    #[track_caller]
    pub(crate) fn finish_within(mut self, patience: Duration) -> Run {
        let started = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(started.elapsed() < patience, "{} does not end", self.told);
            thread::sleep(Duration::from_millis(10));
        };
        let elapsed = started.elapsed();
        // Whatever is left of the group holds the other ends of the output.
        self.end();
        let [stdout, stderr] =
            self.readers.each_mut().map(|reader| reader.take().unwrap().join().unwrap());
        assert_none("standard output", stdout.as_bytes());
        assert_none("standard error", stderr.as_bytes());
        for name in LEFT_BEHIND {
            // Not every run leaves every file.
            let text = fs::read(self.folder.join(name)).unwrap_or_default();
            assert_none(&format!("{name} after {}", self.told), &text);
        }
        Run {
            code: status.code(),
            signal: status.signal(),
            output: format!("{stdout}{stderr}"),
            stdout,
            elapsed,
        }
    }

    fn group(&self) -> Pid {
        Pid::from_raw(self.child.id().cast_signed()).unwrap()
    }

    fn end(&mut self) {
        // An error says that nobody is left.
        let _ = kill_process_group(self.group(), Signal::KILL);
        let _ = self.child.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

/// How a run ended and what it said.
#[derive(Debug)]
pub(crate) struct Run {
    /// The exit code, unless a signal ended it.
    pub(crate) code: Option<i32>,
    /// The signal that ended it.
    pub(crate) signal: Option<i32>,
    /// Standard output and then standard error.
    pub(crate) output: String,
    /// Standard output alone.
    pub(crate) stdout: String,
    /// From the moment the end was waited for to the end, to within 10 ms.
    pub(crate) elapsed: Duration,
}

impl Run {
    /// Asserts that it went well.
    #[track_caller]
    pub(crate) fn succeeded(self) -> Self {
        assert_eq!((self.code, self.signal), (Some(0), None), "{}", self.output);
        self
    }

    /// Asserts that it ended with an error that says all of this.
    #[track_caller]
    pub(crate) fn failed_with(self, parts: &[&str]) -> Self {
        assert_eq!((self.code, self.signal), (Some(1), None), "{}", self.output);
        self.says(parts)
    }

    /// Asserts that all of this is in the output, however the lines are broken.
    #[track_caller]
    pub(crate) fn says(self, parts: &[&str]) -> Self {
        let text = self.flat();
        for part in parts {
            assert!(text.contains(part), "{part:?} is not in:\n{}", self.output);
        }
        self
    }

    /// The output in one line, without the frames that Terraform draws around diagnostics.
    pub(crate) fn flat(&self) -> String {
        let unframed = self.output.replace(['│', '╷', '╵'], " ");
        unframed.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|_| panic!("no JSON: {}", self.output))
    }
}

fn text_of(mut stream: impl Read + Send + 'static) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // What came before an error is shown all the same.
        let _ = stream.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    })
}
