//! The main job with nothing to prepare.

use std::collections::BTreeMap;
use std::path::Path;

/// The options of `demo`.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// Leave the working folder, and say where it is
    #[arg(long)]
    pub keep: bool,
}

/// Why the demonstration could not be held.
#[derive(Debug, thiserror::Error)]
#[error("not yet")]
pub struct Error;

/// Runs it.
///
/// # Errors
/// Always, so far.
pub async fn run(
    _options: &Options,
    _program: &Path,
    _environment: &BTreeMap<String, String>,
) -> Result<i32, Error> {
    Err(Error)
}

/// Resolves when the process is asked to end by Ctrl-C or SIGTERM.
pub async fn stop_asked_for() {
    let _ = tokio::signal::ctrl_c().await;
}
