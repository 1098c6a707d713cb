//! Signal handling. Ctrl-C reaches the whole process group, but Terraform decides what happens: the
//! plugin must not exit, so that it can finish the current calls.

use super::Error;

/// Signal handlers that replace the defaults of the system.
///
/// Once installed, an interrupt no longer ends the process, whether it is awaited or not.
pub(super) struct Signals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    hang_up: tokio::signal::unix::Signal,
    #[cfg(windows)]
    interrupt: tokio::signal::windows::CtrlC,
    #[cfg(windows)]
    terminate: tokio::signal::windows::CtrlBreak,
}

#[cfg(unix)]
impl Signals {
    /// Installs the handlers. Requires a Tokio runtime.
    ///
    /// # Errors
    /// The system rejects a handler.
    pub(super) fn install() -> Result<Self, Error> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt()).map_err(Error::Signals)?,
            terminate: signal(SignalKind::terminate()).map_err(Error::Signals)?,
            hang_up: signal(SignalKind::hangup()).map_err(Error::Signals)?,
        })
    }

    /// Waits for SIGTERM or SIGHUP.
    pub(super) async fn terminated(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.hang_up.recv() => {}
        }
    }

    /// Waits for Ctrl-C, SIGTERM or SIGHUP.
    pub(super) async fn interrupted(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            _ = self.hang_up.recv() => {}
        }
    }
}

#[cfg(windows)]
impl Signals {
    /// Installs the handlers. Requires a Tokio runtime.
    ///
    /// # Errors
    /// The system rejects a handler.
    pub(super) fn install() -> Result<Self, Error> {
        use tokio::signal::windows::{ctrl_break, ctrl_c};
        Ok(Self {
            interrupt: ctrl_c().map_err(Error::Signals)?,
            terminate: ctrl_break().map_err(Error::Signals)?,
        })
    }

    /// Waits for Ctrl-Break.
    pub(super) async fn terminated(&mut self) {
        self.terminate.recv().await;
    }

    /// Waits for Ctrl-C or Ctrl-Break.
    pub(super) async fn interrupted(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
