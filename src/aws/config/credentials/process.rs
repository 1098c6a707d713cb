use std::process::Stdio;
#[cfg(unix)]
use std::sync::Mutex;
use std::time::Duration;

use aws_credential_types::Credentials;
#[cfg(unix)]
use rustix::process::Pid;
use tokio::io::AsyncReadExt;
use tokio::process::{Child, Command};

use crate::aws::config::credentials::answer;
#[cfg(unix)]
use crate::aws::lock::lock;

/// How long a program may take. It may ask a person for a code.
const PATIENCE: Duration = Duration::from_secs(120);

/// How long output may take that follows the end of the program, from children it left behind.
const AFTER_THE_END: Duration = Duration::from_millis(500);

/// The longest output, in bytes; credentials have some thousand.
const MOST_OUTPUT: usize = 64 << 10;

/// Credentials that a program prints (`credential_process`). The program and its children do not
/// outlive the call.
///
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html>
///
/// # Errors
/// Why there are none. What the program prints is not part of it, because it can contain secrets.
pub(super) async fn credentials(command: &str) -> Result<Credentials, String> {
    let running = tokio::time::timeout(PATIENCE, run(command));
    let output = running.await.unwrap_or_else(|_elapsed| {
        Err(format!("it did not end within {} seconds", PATIENCE.as_secs()))
    });
    let output = output.map_err(|why| format!("credential_process: {why}"))?;
    answer::credentials(&output, "credential_process")
        .map_err(|why| format!("credential_process: {why}"))
}

async fn run(command: &str) -> Result<Vec<u8>, String> {
    let mut shell = if cfg!(windows) { Command::new("cmd.exe") } else { Command::new("sh") };
    shell.args([if cfg!(windows) { "/C" } else { "-c" }, command]);
    shell.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
    // A group of its own, so that its children can be ended with it.
    #[cfg(unix)]
    shell.process_group(0);
    let mut child = shell.spawn().map_err(|error| format!("it cannot be started: {error}"))?;
    let stdout = child.stdout.take().ok_or("it has no output")?;
    let mut group = Group::of(child);
    let mut output = Vec::new();
    let mut limited = stdout.take(u64::try_from(MOST_OUTPUT).unwrap_or(u64::MAX) + 1);
    let status = {
        let reading = limited.read_to_end(&mut output);
        tokio::pin!(reading);
        tokio::select! {
            // Either it closed its output, or it printed too much.
            read = &mut reading => {
                read.map_err(|error| format!("its output cannot be read: {error}"))?;
                None
            }
            status = group.child.wait() => {
                let _elapsed = tokio::time::timeout(AFTER_THE_END, reading).await;
                Some(status)
            }
        }
    };
    if output.len() > MOST_OUTPUT {
        return Err(format!("it printed more than {} KiB", MOST_OUTPUT >> 10));
    }
    let status = match status {
        Some(status) => status,
        None => group.child.wait().await,
    };
    match status {
        Ok(status) if status.success() => Ok(output),
        Ok(status) => Err(format!("it failed with {status}")),
        Err(error) => Err(format!("its end cannot be waited for: {error}")),
    }
}

/// A program and its children, which end when this is dropped.
struct Group {
    child: Child,
    #[cfg(unix)]
    id: Option<Pid>,
}

/// The groups that run. Nothing is dropped when the process exits.
#[cfg(unix)]
static RUNNING: Mutex<Vec<Pid>> = Mutex::new(Vec::new());

/// Ends all programs that still run. To be called before the process exits.
pub fn end_programs() {
    #[cfg(unix)]
    lock(&RUNNING).drain(..).for_each(kill);
}

impl Group {
    fn of(child: Child) -> Self {
        #[cfg(unix)]
        let id = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        #[cfg(unix)]
        lock(&RUNNING).extend(id);
        Self {
            child,
            #[cfg(unix)]
            id,
        }
    }
}

#[cfg(unix)]
impl Drop for Group {
    fn drop(&mut self) {
        if let Some(id) = self.id {
            lock(&RUNNING).retain(|running| *running != id);
            kill(id);
        }
    }
}

#[cfg(unix)]
fn kill(group: Pid) {
    // None is left if all of them ended by themselves.
    let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
}
