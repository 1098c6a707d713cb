//! Installs the program where `terraform init` finds it without a registry.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::provider;

/// The options of `install`.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// The filesystem mirror to install into, instead of the plugin directory of the user
    #[arg(long, value_name = "DIRECTORY")]
    pub dir: Option<PathBuf>,
}

/// Why the program could not be installed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The home directory of the user is not known.
    #[error(
        "the home directory is not set in the environment, so the plugin directory of Terraform is unknown; use --dir to set a directory"
    )]
    NoHome,
    /// Terraform does not support this platform.
    #[error("Terraform does not support this platform ({os}, {architecture})")]
    UnsupportedPlatform {
        /// The operating system, in the naming of Rust.
        os: &'static str,
        /// The processor architecture, in the naming of Rust.
        architecture: &'static str,
    },
    /// The file could not be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        source: std::io::Error,
    },
}

/// Copies the program into an implied local mirror, which `terraform init` searches before a registry.
/// Returns a message that says where it is and what to add to the configuration.
///
/// <https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories>
///
/// # Errors
/// The directory is not known or not writable, or Terraform does not support the platform.
pub fn run(
    options: &Options,
    program: &Path,
    environment: &BTreeMap<String, String>,
) -> Result<String, Error> {
    let mirror = match &options.dir {
        Some(directory) => directory.clone(),
        None => implied_mirror(environment).ok_or(Error::NoHome)?,
    };
    let version = env!("CARGO_PKG_VERSION");
    let file = mirror.join(provider::ADDRESS).join(version).join(platform()?).join(format!(
        "{}_v{version}{}",
        env!("CARGO_PKG_NAME"),
        std::env::consts::EXE_SUFFIX
    ));
    replace(program, &file).map_err(|source| Error::Write { path: file.clone(), source })?;
    Ok(format!(
        "Installed {}\n{}\n\nAdd this to your configuration:\n\n{}",
        file.display(),
        match &options.dir {
            Some(mirror) => cli_configuration(mirror),
            None => "terraform init finds it in this directory.".to_owned(),
        },
        required_providers(version),
    ))
}

fn cli_configuration(mirror: &Path) -> String {
    let source = provider::ADDRESS;
    format!(
        "Add the directory to the Terraform CLI configuration file (~/.terraformrc):\n\n\
         provider_installation {{\n  filesystem_mirror {{\n    path    = \"{}\"\n    \
         include = [\"{source}\"]\n  }}\n  direct {{\n    exclude = [\"{source}\"]\n  }}\n}}",
        mirror.display()
    )
}

fn required_providers(version: &str) -> String {
    let (source, local_name) = (provider::ADDRESS, "aws-workspaces");
    let (_, short) = source.split_once('/').unwrap_or(("", source));
    format!(
        "terraform {{\n  required_providers {{\n    {local_name} = {{\n      \
         source  = \"{short}\"\n      version = \"{version}\"\n    }}\n  }}\n}}"
    )
}

/// Copies the program to a temporary file and renames it: a running program cannot be overwritten,
/// but it can be replaced.
fn replace(program: &Path, file: &Path) -> std::io::Result<()> {
    let directory = file.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(directory)?;
    let temporary = directory.join(".installing");
    std::fs::copy(program, &temporary)?;
    std::fs::rename(&temporary, file).inspect_err(|_| {
        // The error of the rename matters more than an error of the cleanup.
        let _ = std::fs::remove_file(&temporary);
    })
}

/// The directory of the user that `terraform init` searches by default.
fn implied_mirror(environment: &BTreeMap<String, String>) -> Option<PathBuf> {
    let directory =
        |name: &str| environment.get(name).filter(|text| !text.is_empty()).map(PathBuf::from);
    if cfg!(windows) {
        return Some(directory("APPDATA")?.join("terraform.d").join("plugins"));
    }
    Some(directory("HOME")?.join(".terraform.d").join("plugins"))
}

/// The platform in the naming of Go, which Terraform uses.
fn platform() -> Result<String, Error> {
    use std::env::consts::{ARCH, OS};
    let unsupported = Error::UnsupportedPlatform { os: OS, architecture: ARCH };
    let os = match OS {
        "linux" | "windows" | "freebsd" | "openbsd" => OS,
        "macos" => "darwin",
        "solaris" | "illumos" => "solaris",
        _ => return Err(unsupported),
    };
    let architecture = match ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        "arm" => "arm",
        _ => return Err(unsupported),
    };
    Ok(format!("{os}_{architecture}"))
}
