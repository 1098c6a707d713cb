use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::Error;
use crate::install;

/// What is demonstrated, as a person would write it. Its ids are those of
/// [`crate::sim::builtin`]; two of its lines are commented out until the update.
pub(super) const CONFIGURATION: &str = include_str!("main.tf");

/// The lines that [`Folder::change`] brings into force: as they are commented out, and as they
/// hold.
const CHANGES: [(&str, &str); 2] = [
    (
        "# data_replication   = \"PRIMARY_AS_SOURCE\"",
        "data_replication     = \"PRIMARY_AS_SOURCE\"",
    ),
    ("# Drill = \"autumn\"", "Drill   = \"autumn\""),
];

/// A folder of its own for Terraform, removed at the end unless it is kept.
pub(super) struct Folder {
    folder: TempDir,
}

impl Folder {
    /// Writes the configuration, a mirror with the provider in it, and what keeps Terraform and the
    /// provider away from the user's own settings.
    pub(super) fn new(
        program: &Path,
        environment: &BTreeMap<String, String>,
    ) -> Result<Self, Error> {
        let folder =
            tempfile::Builder::new().prefix("standby-demo-").tempdir().map_err(Error::Folder)?;
        let this = Self { folder };
        install::run(&install::Options { dir: Some(this.mirror()) }, program, environment)?;
        this.write("main.tf", CONFIGURATION)?;
        this.write("aws-profiles", "")?;
        this.write("terraform.rc", &cli_configuration(&this.mirror()))?;
        Ok(this)
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Terraform's own settings: look for providers in the mirror and nowhere else.
    pub(super) fn cli_configuration(&self) -> PathBuf {
        self.path().join("terraform.rc")
    }

    /// Stands in for the user's AWS profiles, which could name a Region, a role or an endpoint.
    pub(super) fn profiles(&self) -> PathBuf {
        self.path().join("aws-profiles")
    }

    /// Brings the commented lines of the configuration into force, and gives them as they are now.
    pub(super) fn change(&self) -> Result<Vec<&'static str>, Error> {
        self.write("main.tf", &changed())?;
        Ok(CHANGES.into_iter().map(|(_, line)| line).collect())
    }

    /// Leaves the folder where it is.
    pub(super) fn keep(self) -> PathBuf {
        self.folder.keep()
    }

    fn mirror(&self) -> PathBuf {
        self.path().join("plugins")
    }

    fn write(&self, name: &str, text: &str) -> Result<(), Error> {
        std::fs::write(self.path().join(name), text).map_err(Error::Folder)
    }
}

fn changed() -> String {
    CHANGES.iter().fold(CONFIGURATION.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// <https://developer.hashicorp.com/terraform/cli/config/config-file#provider-installation>
fn cli_configuration(mirror: &Path) -> String {
    // HCL escapes quotes and backslashes as Rust does.
    let path = mirror.display().to_string();
    format!("provider_installation {{\n  filesystem_mirror {{\n    path = {path:?}\n  }}\n}}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider;
    use crate::sim::builtin;

    #[test]
    fn the_configuration_names_what_the_simulator_has() {
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
    fn every_change_is_a_comment_at_first_and_holds_afterwards() {
        let changed = changed();
        for (comment, line) in CHANGES {
            assert_eq!(CONFIGURATION.matches(comment).count(), 1, "{comment}");
            assert!(!changed.contains(comment), "{comment}");
            assert_eq!(changed.matches(line).count(), 1, "{line}");
        }
    }

    #[test]
    fn a_folder_name_cannot_break_the_cli_configuration() {
        let text = cli_configuration(Path::new("C:\\a \"b\""));
        assert!(text.contains(r#"path = "C:\\a \"b\"""#), "{text}");
    }
}
