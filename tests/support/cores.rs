//! The Terraforms that a test can run: the usual one, and 1.15.5, which is downloaded on first use.

use std::env;
use std::ffi::OsString;
use std::io::{self, Write};
use std::sync::OnceLock;

use terraform_provider_aws_workspaces::demo::package::NEWEST;
use terraform_provider_aws_workspaces::sim::Settings;

use super::terraform::{Terraform, path};

/// One Terraform.
pub(crate) struct Core {
    /// How messages call it.
    pub(crate) name: &'static str,
    /// Where its `terraform` is found first.
    path: OsString,
}

impl Core {
    /// The `terraform` on PATH, or what takes its place.
    pub(crate) fn on_path() -> Self {
        Self { name: "terraform on PATH", path: path::path() }
    }

    /// Terraform 1.15.5; none where it cannot be downloaded, which is then said, or where TF_ACC=0 is
    /// set.
    ///
    /// # Panics
    /// It cannot be downloaded although `REQUIRE_BOTH_CORES=1` says that it has to be there.
    pub(crate) fn newer() -> Option<Self> {
        static FOUND: OnceLock<Option<OsString>> = OnceLock::new();
        let found = FOUND.get_or_init(|| {
            if env::var("TF_ACC").is_ok_and(|value| value == "0") {
                return None;
            }
            let installed = NEWEST.install(&path::downloads());
            let required = env::var("REQUIRE_BOTH_CORES").is_ok_and(|value| value == "1");
            match installed {
                Ok(folder) => Some(path::before_path(&folder)),
                Err(error) if required => {
                    panic!("REQUIRE_BOTH_CORES=1 is set, and there is no Terraform 1.15.5: {error}")
                }
                Err(error) => {
                    // Past the capture of a test's output, which nobody sees where the test passes.
                    let _ = writeln!(
                        io::stderr(),
                        "\nleft out: the tests on Terraform 1.15.5, which cannot be downloaded: {error}"
                    );
                    None
                }
            }
        });
        Some(Self { name: "Terraform 1.15.5", path: found.clone()? })
    }

    /// Whether it knows resource identity, which came with Terraform 1.12. The one on PATH may.
    pub(crate) fn has_identity(&self) -> bool {
        self.name != Self::on_path().name
    }

    /// Whether it has `terraform query`, which came with Terraform 1.14. The one on PATH may.
    pub(crate) fn has_query(&self) -> bool {
        self.has_identity()
    }

    /// All there are.
    pub(crate) fn all() -> Vec<Self> {
        [Self::on_path()].into_iter().chain(Self::newer()).collect()
    }

    /// As [`Terraform::start`], for this core.
    pub(crate) fn start(&self, settings: Settings) -> Option<Terraform> {
        Some(self.take_over(Terraform::start(settings)?))
    }

    /// A folder that another core has worked in: from here on this one does.
    pub(crate) fn take_over(&self, terraform: Terraform) -> Terraform {
        terraform.with("PATH", self.path.to_str().expect("PATH is text"))
    }
}
