//! The built program as a process, started the way Terraform starts it and watched from outside.

use std::{
    collections::BTreeMap,
    env,
    os::unix::process::ExitStatusExt,
    path::Path,
    process::Stdio,
    sync::Arc,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use tokio::{
    io::{AsyncRead, AsyncReadExt},
    process::{Child, Command},
    sync::watch,
    task::JoinHandle,
    time::timeout,
};

use super::program::PROGRAM;

/// How long a test waits for something that is to happen at once, on a machine that may be busy.
pub(crate) const SOON: Duration = Duration::from_secs(20);

/// The whole environment of a process, with a temporary folder of its own.
#[derive(Clone)]
pub(crate) struct Environment {
    variables: BTreeMap<String, String>,
    folder: Arc<tempfile::TempDir>,
}

impl Environment {
    /// PATH and an empty TMPDIR, nothing else.
    pub(crate) fn bare() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let environment = Self { variables: BTreeMap::new(), folder: Arc::new(folder) };
        let folder = environment.folder().to_str().unwrap().to_owned();
        environment.with("PATH", &env::var("PATH").unwrap_or_default()).with("TMPDIR", &folder)
    }

    /// What Terraform adds to its own environment, except the certificate.
    pub(crate) fn of_terraform() -> Self {
        Self::bare()
            .with(
                "TF_PLUGIN_MAGIC_COOKIE",
                "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
            )
            .with("PLUGIN_PROTOCOL_VERSIONS", "5,6")
            .with("PLUGIN_MIN_PORT", "10000")
            .with("PLUGIN_MAX_PORT", "25000")
    }

    /// Sets a variable.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Unsets a variable.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.variables.remove(name);
        self
    }

    /// The folder that TMPDIR names at first; it goes with the last copy of this environment.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// A running process, killed when dropped.
pub(crate) struct Process {
    /// When it was started.
    pub(crate) started: Instant,
    child: Child,
    stdout: Output,
    stderr: Output,
    /// Keeps the temporary folder until the process has gone.
    _environment: Environment,
}

impl Process {
    /// Starts the program under test.
    pub(crate) fn start(arguments: &[&str], environment: &Environment) -> Self {
        Self::start_other(PROGRAM, arguments, environment)
    }

    /// Starts another program.
    pub(crate) fn start_other(
        program: &str,
        arguments: &[&str],
        environment: &Environment,
    ) -> Self {
        let started = Instant::now();
        let mut child = Command::new(program)
            .args(arguments)
            .env_clear()
            .envs(&environment.variables)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let stdout = Output::capture(child.stdout.take().unwrap());
        let stderr = Output::capture(child.stderr.take().unwrap());
        Self { started, child, stdout, stderr, _environment: environment.clone() }
    }

    /// The number of the process while it runs.
    pub(crate) fn id(&self) -> u32 {
        self.child.id().unwrap()
    }

    /// The first line on standard output, without its line feed, or how the process ended without
    /// one.
    pub(crate) async fn first_line(&mut self) -> Result<String, ExitReport> {
        match timeout(SOON, self.stdout.first_line())
            .await
            .expect("the program neither writes a line nor ends")
        {
            Some(line) => Ok(line),
            None => Err(self.wait().await),
        }
    }

    /// Sends a signal.
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_raw(self.id().cast_signed()).unwrap(), signal).unwrap();
    }

    /// Closes the reading end of standard error, as a dead Terraform does.
    pub(crate) fn close_stderr(&mut self) {
        self.stderr.reader.abort();
    }

    /// What it has written to standard error so far.
    pub(crate) fn stderr(&self) -> String {
        self.stderr.text()
    }

    /// Waits for the end, and for all output.
    ///
    /// # Panics
    /// The process does not end by itself.
    pub(crate) async fn wait(&mut self) -> ExitReport {
        let status =
            timeout(SOON, self.child.wait()).await.expect("the program does not end").unwrap();
        self.output_ended().await;
        ExitReport {
            code: status.code(),
            signal: status.signal(),
            stdout: self.stdout.text(),
            stderr: self.stderr.text(),
        }
    }

    /// Waits until nobody has the writing ends of standard output and error any more.
    pub(crate) async fn output_ended(&mut self) {
        for output in [&mut self.stdout, &mut self.stderr] {
            // A reader that was stopped early has an error to say so.
            let _ = timeout(SOON, &mut output.reader).await.expect("the output is still open");
        }
    }
}

/// How a process ended and what it said.
#[derive(Debug)]
pub(crate) struct ExitReport {
    /// The exit code, unless a signal ended it.
    pub(crate) code: Option<i32>,
    /// The signal that ended it.
    pub(crate) signal: Option<i32>,
    /// Everything on standard output.
    pub(crate) stdout: String,
    /// Everything on standard error.
    pub(crate) stderr: String,
}

/// A stream read to its end in the background.
struct Output {
    bytes: watch::Receiver<Vec<u8>>,
    reader: JoinHandle<()>,
}

impl Output {
    fn capture(mut stream: impl AsyncRead + Send + Unpin + 'static) -> Self {
        let (sender, bytes) = watch::channel(Vec::new());
        let reader = tokio::spawn(async move {
            let mut buffer = [0; 8192];
            while let Ok(length @ 1..) = stream.read(&mut buffer).await {
                sender.send_modify(|bytes| bytes.extend_from_slice(&buffer[..length]));
            }
        });
        Self { bytes, reader }
    }

    async fn first_line(&mut self) -> Option<String> {
        let bytes = self.bytes.wait_for(|bytes| bytes.contains(&b'\n')).await.ok()?;
        bytes
            .split(|byte| *byte == b'\n')
            .next()
            .map(|line| String::from_utf8_lossy(line).into_owned())
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes.borrow()).into_owned()
    }
}
