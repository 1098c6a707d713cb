use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::Error;
use crate::install;

/// The configuration of the demo. The IDs are those of [`crate::sim::builtin`]. Two lines are
/// commented out until the update.
pub(super) const CONFIGURATION: &str = include_str!("main.tf");

/// The lines that [`Directory::uncomment`] uncomments: before and after.
const CHANGES: [(&str, &str); 2] = [
    (
        "# data_replication   = \"PRIMARY_AS_SOURCE\"",
        "data_replication     = \"PRIMARY_AS_SOURCE\"",
    ),
    ("# Drill = \"autumn\"", "Drill   = \"autumn\""),
];

/// The working directory of Terraform. It is removed at the end unless it is kept.
pub(super) struct Directory {
    directory: TempDir,
}

impl Directory {
    /// Writes the configuration, a filesystem mirror with the provider, and files that replace the
    /// Terraform and AWS settings of the user.
    pub(super) fn new(
        program: &Path,
        environment: &BTreeMap<String, String>,
    ) -> Result<Self, Error> {
        let directory =
            tempfile::Builder::new().prefix("standby-demo-").tempdir().map_err(Error::Directory)?;
        let this = Self { directory };
        install::run(&install::Options { dir: Some(this.mirror()) }, program, environment)?;
        this.write("main.tf", CONFIGURATION)?;
        this.write("aws-profiles", "")?;
        this.write("terraform.rc", &cli_configuration(&this.mirror()))?;
        Ok(this)
    }

    pub(super) fn path(&self) -> &Path {
        self.directory.path()
    }

    /// The CLI configuration file of Terraform. The mirror is the only source of providers.
    pub(super) fn cli_configuration(&self) -> PathBuf {
        self.path().join("terraform.rc")
    }

    /// An empty file that replaces the AWS profiles of the user.
    pub(super) fn profiles(&self) -> PathBuf {
        self.path().join("aws-profiles")
    }

    /// Uncomments the lines of the update and returns them.
    pub(super) fn uncomment(&self) -> Result<Vec<&'static str>, Error> {
        self.write("main.tf", &changed())?;
        Ok(CHANGES.into_iter().map(|(_, line)| line).collect())
    }

    /// Keeps the directory and returns its path.
    pub(super) fn keep(self) -> PathBuf {
        self.directory.keep()
    }

    fn mirror(&self) -> PathBuf {
        self.path().join("plugins")
    }

    fn write(&self, name: &str, text: &str) -> Result<(), Error> {
        std::fs::write(self.path().join(name), text).map_err(Error::Directory)
    }
}

fn changed() -> String {
    CHANGES.iter().fold(CONFIGURATION.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// <https://developer.hashicorp.com/terraform/cli/config/config-file#provider-installation>
fn cli_configuration(mirror: &Path) -> String {
    // HCL and Rust escape quotes and backslashes in the same way.
    let path = mirror.display().to_string();
    format!("provider_installation {{\n  filesystem_mirror {{\n    path = {path:?}\n  }}\n}}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider;
    use crate::sim::builtin;

    #[test]
    fn the_configuration_uses_the_built_in_fleet() {
        for name in [
            provider::ADDRESS,
            builtin::PRIMARIES[0],
            builtin::PRIMARIES[1],
            builtin::PRIMARY_REGION,
            builtin::STANDBY_REGION,
            builtin::STANDBY_DIRECTORY_ID,
        ] {
            assert!(CONFIGURATION.contains(&format!("\"{name}\"")), "{name}");
        }
    }

    #[test]
    fn the_update_uncomments_each_line_once() {
        let changed = changed();
        for (comment, line) in CHANGES {
            assert_eq!(CONFIGURATION.matches(comment).count(), 1, "{comment}");
            assert!(!changed.contains(comment), "{comment}");
            assert_eq!(changed.matches(line).count(), 1, "{line}");
        }
    }

    #[test]
    fn the_path_is_escaped_in_the_cli_configuration() {
        let text = cli_configuration(Path::new("C:\\a \"b\""));
        assert!(text.contains(r#"path = "C:\\a \"b\"""#), "{text}");
    }
}
