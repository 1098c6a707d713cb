//! Writes what is derived from the schema and the examples: the documentation pages of the
//! registry, the schema as JSON, the registry manifest, shell completions and the man page.
//!
//! The pages have the layout and the section order of terraform-plugin-docs, which the registries
//! expect: <https://developer.hashicorp.com/terraform/registry/providers/docs>.

mod guides;
mod notes;
mod page;
mod schema;
mod schema_json;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::provider::{Clock, Provider};

/// The options of `generate`.
#[derive(Debug, clap::Args)]
pub struct Options {
    #[command(subcommand)]
    target: Target,
}

/// What to generate.
#[derive(Debug, clap::Subcommand)]
enum Target {
    /// Write the documentation pages, the schema and the registry manifest into the repository
    Docs {
        /// The root of the repository
        #[arg(long, value_name = "DIRECTORY", default_value = ".")]
        root: PathBuf,
    },
    /// Print the registry manifest
    Manifest,
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the man page
    Man,
}

/// Why a file could not be generated.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file that the pages are made from could not be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// A generated file could not be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The output could not be written.
    #[error("cannot write the output")]
    Output(#[from] io::Error),
}

/// A generated file.
#[derive(Debug)]
pub struct File {
    /// Path from the root of the repository.
    pub path: String,
    /// The whole text.
    pub text: String,
}

/// The registry manifest: without it a registry assumes protocol version 5.0.
///
/// <https://developer.hashicorp.com/terraform/registry/providers/publishing#terraform-registry-manifest-file>
const MANIFEST: &str =
    "{\n  \"version\": 1,\n  \"metadata\": {\n    \"protocol_versions\": [\"6.0\"]\n  }\n}\n";

/// Runs `generate`. `command` is the parser of the whole program.
///
/// # Errors
/// A file cannot be read or written.
pub fn run(
    options: &Options,
    mut command: clap::Command,
    output: &mut dyn Write,
) -> Result<(), Error> {
    match &options.target {
        Target::Docs { root } => {
            for file in files(root)? {
                let path = root.join(&file.path);
                write(&path, &file.text)
                    .map_err(|source| Error::Write { path: path.clone(), source })?;
                writeln!(output, "{}", file.path)?;
            }
        }
        Target::Manifest => output.write_all(MANIFEST.as_bytes())?,
        Target::Completions { shell } => {
            // clap_complete panics if it cannot write, for example to a closed pipe.
            let mut script = Vec::new();
            let name = command.get_name().to_owned();
            clap_complete::generate(*shell, &mut command, name, &mut script);
            output.write_all(&script)?;
        }
        Target::Man => clap_mangen::Man::new(command).render(output)?,
    }
    Ok(())
}

/// All files that `generate docs` writes. Examples and messages are read from the repository.
///
/// # Errors
/// A file cannot be read.
pub fn files(root: &Path) -> Result<Vec<File>, Error> {
    // Nothing is configured, so neither the clock nor the environment matters.
    let provider =
        Provider::new(BTreeMap::new(), Clock::starting_at(jiff::Timestamp::UNIX_EPOCH), None);
    let mut files = vec![page::index(&provider, root)?];
    files.extend(page::types(&provider, root)?);
    files.push(guides::troubleshooting(root)?);
    files.push(schema_json::file(&provider));
    files.push(File {
        path: "terraform-registry-manifest.json".to_owned(),
        text: MANIFEST.to_owned(),
    });
    Ok(files)
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    if let Some(directory) = path.parent() {
        std::fs::create_dir_all(directory)?;
    }
    std::fs::write(path, text)
}

/// Reads a file of the repository.
fn read(root: &Path, path: &str) -> Result<String, Error> {
    let path = root.join(path);
    std::fs::read_to_string(&path).map_err(|source| Error::Read { path, source })
}
