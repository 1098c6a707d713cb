//! Installs the program where `terraform init` finds it without a registry.

mod cli_config;
mod syntax;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::provider;
use cli_config::{Search, search};

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
        source: io::Error,
    },
}

/// Copies the program into an implied local mirror, which `terraform init` searches before a registry.
/// Returns a message that says where it is, whether Terraform searches the directory, and what to add
/// to the configuration.
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
        Some(directory) => std::path::absolute(directory)
            .map_err(|source| Error::Write { path: directory.clone(), source })?,
        None => implied_mirror(environment).ok_or(Error::NoHome)?,
    };
    let version = env!("CARGO_PKG_VERSION");
    let file = mirror.join(provider::ADDRESS).join(version).join(platform()?).join(format!(
        "{}_v{version}{}",
        env!("CARGO_PKG_NAME"),
        std::env::consts::EXE_SUFFIX
    ));
    replace(program, &file).map_err(|source| Error::Write { path: file.clone(), source })?;
    let is_implied = options.dir.is_none();
    Ok(format!(
        "Installed {}\n{}\n\nAdd this to your configuration:\n\n{}",
        file.display(),
        advice(&mirror, is_implied, &search(&mirror, provider::ADDRESS, environment)),
        required_providers(version),
    ))
}

/// Whether `terraform init` finds what is in a mirror, and what to do if it does not.
fn advice(mirror: &Path, is_implied: bool, search: &Search) -> String {
    let source = provider::ADDRESS;
    let method = filesystem_mirror(mirror);
    match search {
        Search::Implied if is_implied => "terraform init finds it in this directory.".to_owned(),
        Search::Named(file) => {
            format!("terraform init finds it in this directory, which {} names.", file.display())
        }
        Search::Implied => format!(
            "Add the directory to the Terraform CLI configuration file (~/.terraformrc):\n\n\
             provider_installation {{\n{method}\n  direct {{\n    exclude = [\"{source}\"]\n  }}\n}}"
        ),
        Search::LeftOut(file) => format!(
            "terraform init does not find it: the provider_installation block in {} does not use \
             this directory for {source}. Add this to the block, and exclude = [\"{source}\"] to its \
             other methods:\n\n{method}",
            file.display()
        ),
        Search::Overridden(file) => format!(
            "Terraform does not use it: dev_overrides in {} names another directory for {source}. \
             Remove the entry.",
            file.display()
        ),
        Search::Unknown(file, why) => format!(
            "Check that terraform init finds it: {} cannot be read ({why}). If it has a \
             provider_installation block, add this to the block:\n\n{method}",
            file.display()
        ),
    }
}

/// A method of a `provider_installation` block.
fn filesystem_mirror(mirror: &Path) -> String {
    let source = provider::ADDRESS;
    // A string in JSON is one in HCL, unless it has a template.
    let path = serde_json::Value::from(mirror.display().to_string()).to_string();
    let path = path.replace("${", "$${").replace("%{", "%%{");
    format!("  filesystem_mirror {{\n    path    = {path}\n    include = [\"{source}\"]\n  }}")
}

fn required_providers(version: &str) -> String {
    let (source, local_name) = (provider::ADDRESS, "aws-workspaces");
    let (_, short) = source.split_once('/').unwrap_or(("", source));
    format!(
        "terraform {{\n  required_providers {{\n    {local_name} = {{\n      \
         source  = \"{short}\"\n      version = \"{version}\"\n    }}\n  }}\n}}"
    )
}

/// Copies the program to a new temporary file and renames it: a running program cannot be overwritten,
/// but it can be replaced. Whatever has the name of the file is replaced and not opened. After an
/// error nothing is left.
fn replace(program: &Path, file: &Path) -> io::Result<()> {
    let directory = file.parent().unwrap_or(Path::new("."));
    let missing: Vec<&Path> = directory.ancestors().take_while(|path| !path.exists()).collect();
    let copied = fs::create_dir_all(directory).and_then(|()| copy(program, directory, file));
    if copied.is_err() {
        // From the innermost one; a directory that something else uses by now stays.
        missing.iter().for_each(|created| drop(fs::remove_dir(created)));
    }
    copied
}

fn copy(program: &Path, directory: &Path, file: &Path) -> io::Result<()> {
    let mut from = File::open(program)?;
    let permissions = from.metadata()?.permissions();
    // Removed if it does not get its final name.
    let mut temporary = tempfile::Builder::new().prefix(".installing-").tempfile_in(directory)?;
    io::copy(&mut from, temporary.as_file_mut())?;
    temporary.as_file().set_permissions(permissions)?;
    temporary.persist(file)?;
    Ok(())
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
