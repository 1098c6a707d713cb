//! Puts the program where `terraform init` finds it without a registry.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::provider;

/// The options of `install`.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// The mirror to install into, instead of the user's own
    #[arg(long, value_name = "FOLDER")]
    pub dir: Option<PathBuf>,
}

/// Why the program could not be installed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The user's own mirror is not known.
    #[error(
        "the environment names no home folder, so Terraform's plugin folder is not known; name a folder with --dir"
    )]
    NoHome,
    /// This kind of machine has no name in Terraform.
    #[error("Terraform has no name for this kind of machine ({os}, {architecture})")]
    UnknownMachine {
        /// The operating system, as Rust names it.
        os: &'static str,
        /// The processor architecture, as Rust names it.
        architecture: &'static str,
    },
    /// The file could not be put there.
    #[error("{} could not be written", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// Copies the program into an implied local mirror, which `terraform init` searches before any
/// registry, and tells what was done and what to put into a configuration.
///
/// <https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories>
///
/// # Errors
/// The place is not known or cannot be written.
pub fn run(
    options: &Options,
    program: &Path,
    environment: &BTreeMap<String, String>,
) -> Result<String, Error> {
    let mirror = match &options.dir {
        Some(folder) => folder.clone(),
        None => implied_mirror(environment).ok_or(Error::NoHome)?,
    };
    let version = env!("CARGO_PKG_VERSION");
    let file = mirror.join(provider::ADDRESS).join(version).join(platform()?).join(format!(
        "{}_v{version}{}",
        env!("CARGO_PKG_NAME"),
        std::env::consts::EXE_SUFFIX
    ));
    place(program, &file).map_err(|source| Error::Write { path: file.clone(), source })?;

    let (source, local_name) = (provider::ADDRESS, "aws-workspaces");
    let (_, short) = source.split_once('/').unwrap_or(("", source));
    let hint = if options.dir.is_some() {
        format!(
            "Tell Terraform of the folder, in its CLI configuration file (~/.terraformrc):\n\n\
             provider_installation {{\n  filesystem_mirror {{\n    path    = \"{}\"\n    \
             include = [\"{source}\"]\n  }}\n  direct {{\n    exclude = [\"{source}\"]\n  }}\n}}",
            mirror.display()
        )
    } else {
        "terraform init finds it there.".to_owned()
    };
    Ok(format!(
        "Installed {}\n{hint}\n\nPut this into a configuration:\n\n\
         terraform {{\n  required_providers {{\n    {local_name} = {{\n      \
         source  = \"{short}\"\n      version = \"{version}\"\n    }}\n  }}\n}}",
        file.display()
    ))
}

/// Copies beside the target first: a file that is being run cannot be overwritten, but replaced.
fn place(program: &Path, file: &Path) -> std::io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let beside = folder.join(".installing");
    std::fs::copy(program, &beside)?;
    std::fs::rename(&beside, file).inspect_err(|_| {
        // The copy would only confuse; that it could not be moved is the error that counts.
        let _ = std::fs::remove_file(&beside);
    })
}

/// The folder of the user that `terraform init` searches by itself.
fn implied_mirror(environment: &BTreeMap<String, String>) -> Option<PathBuf> {
    let folder =
        |name: &str| environment.get(name).filter(|text| !text.is_empty()).map(PathBuf::from);
    if cfg!(windows) {
        return Some(folder("APPDATA")?.join("terraform.d").join("plugins"));
    }
    Some(folder("HOME")?.join(".terraform.d").join("plugins"))
}

/// The machine in the words of Go, which are Terraform's.
fn platform() -> Result<String, Error> {
    use std::env::consts::{ARCH, OS};
    let unknown = Error::UnknownMachine { os: OS, architecture: ARCH };
    let os = match OS {
        "linux" | "windows" | "freebsd" | "openbsd" => OS,
        "macos" => "darwin",
        "solaris" | "illumos" => "solaris",
        _ => return Err(unknown),
    };
    let architecture = match ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        "arm" => "arm",
        _ => return Err(unknown),
    };
    Ok(format!("{os}_{architecture}"))
}
