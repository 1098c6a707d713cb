//! `install`: where it puts the program.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use crate::support::program::PROGRAM;

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn install(home: Option<&Path>, arguments: &[&str]) -> Output {
    let mut command = Command::new(PROGRAM);
    command.arg("install").args(arguments).env_clear();
    if let Some(home) = home {
        command.env("HOME", home);
    }
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The only file below a mirror, as a path from there.
fn only_file(mirror: &Path) -> PathBuf {
    let mut place = mirror.to_owned();
    while place.is_dir() {
        let entries: Vec<_> =
            fs::read_dir(&place).unwrap().map(|entry| entry.unwrap().path()).collect();
        let [entry] = entries.try_into().expect("one entry a folder");
        place = entry;
    }
    place.strip_prefix(mirror).unwrap().to_owned()
}

#[test]
fn it_is_put_where_terraform_looks_for_this_version_and_machine() {
    let folder = tempfile::tempdir().unwrap();
    let mirror = folder.path().join("mirror");
    let output = install(None, &["--dir", mirror.to_str().unwrap()]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let told = text(&output.stdout);
    let file = only_file(&mirror);
    let parts: Vec<_> = file.iter().map(|part| part.to_str().unwrap()).collect();
    let [host, namespace, name, version, machine, program] = parts.try_into().unwrap();
    assert_eq!(
        [host, namespace, name],
        ["registry.terraform.io", "workspaces-dr", "aws-workspaces"]
    );
    assert_eq!(version, VERSION);
    assert!(machine.contains('_'), "{machine}");
    assert_eq!(program, format!("terraform-provider-aws-workspaces_v{VERSION}"));
    assert_eq!(fs::read(mirror.join(&file)).unwrap(), fs::read(PROGRAM).unwrap());
    assert!(told.contains(mirror.join(file).to_str().unwrap()), "{told}");
    assert!(told.contains("filesystem_mirror") && told.contains("exclude"), "{told}");
    // Once more, over the one that is there.
    assert!(install(None, &["--dir", mirror.to_str().unwrap()]).status.success());
    only_file(&mirror);
}

#[test]
fn without_a_home_it_says_what_to_do() {
    let output = install(None, &[]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(&output.stdout), "");
    assert!(text(&output.stderr).contains("--dir"), "{}", text(&output.stderr));
}

fn install_into(mirror: &Path) -> Child {
    let mut command = Command::new(PROGRAM);
    command.arg("install").arg("--dir").arg(mirror).env_clear();
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

#[test]
fn several_at_once_all_succeed() {
    let folder = tempfile::tempdir().unwrap();
    let running: Vec<Child> = (0..6).map(|_| install_into(folder.path())).collect();
    for process in running {
        let output = process.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
    }
    let file = folder.path().join(only_file(folder.path()));
    assert_eq!(fs::read(file).unwrap(), fs::read(PROGRAM).unwrap());
}

/// What somebody else may have put where the program goes.
#[test]
fn what_has_its_name_is_replaced_and_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let mirror = folder.path().join("mirror");
    assert!(install_into(&mirror).wait().unwrap().success());
    let file = mirror.join(only_file(&mirror));
    let precious = folder.path().join("precious");
    fs::write(&precious, "as it was").unwrap();
    let put_link: &dyn Fn(&Path) = &|at| symlink(&precious, at).unwrap();
    let put_pipe: &dyn Fn(&Path) =
        &|at| assert!(Command::new("mkfifo").arg(at).status().unwrap().success());
    for put in [put_link, put_pipe] {
        fs::remove_file(&file).unwrap();
        put(&file);
        // The name of the temporary file of an earlier version.
        let temporary = file.with_file_name(".installing");
        put(&temporary);
        let output = install_into(&mirror).wait_with_output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        fs::remove_file(temporary).unwrap();
        assert!(fs::symlink_metadata(&file).unwrap().is_file());
        assert_eq!(fs::read(&file).unwrap(), fs::read(PROGRAM).unwrap());
        assert_eq!(fs::read_to_string(&precious).unwrap(), "as it was");
    }
}

/// A file system of one megabyte, which only root can make.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"]).arg(folder.path());
        let mounted = mount.stderr(Stdio::null()).status();
        mounted.is_ok_and(|status| status.success()).then_some(Self(folder))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).status();
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "a test that is left out must say so")]
fn a_full_disk_leaves_nothing() {
    let Some(disk) = SmallDisk::mount() else {
        println!("left out: a small file system cannot be mounted here");
        return;
    };
    let output = install_into(&disk.0.path().join("mirror")).wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("cannot write"), "{}", text(&output.stderr));
    assert_eq!(fs::read_dir(disk.0.path()).unwrap().count(), 0);
}

#[test]
fn a_relative_directory_is_named_in_full() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(PROGRAM);
    command.args(["install", "--dir", "./mirror"]).env_clear().current_dir(folder.path());
    let told = text(&command.output().unwrap().stdout);
    let mirror = fs::canonicalize(folder.path()).unwrap().join("mirror");
    assert!(told.contains(&format!("path    = {mirror:?}")), "{told}");
    assert!(!told.contains("./mirror"), "{told}");
}

#[test]
fn it_says_whether_terraform_looks_there() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path();
    let told = || text(&install(Some(home), &[]).stdout);
    assert!(told().contains("terraform init finds it in this directory.\n"), "{}", told());
    let file = home.join(".terraformrc");
    fs::write(&file, "provider_installation {\n  direct {}\n}\n").unwrap();
    let left_out = told();
    assert!(left_out.contains("does not find it"), "{left_out}");
    assert!(left_out.contains(file.to_str().unwrap()), "{left_out}");
    // With the block that it prints, Terraform looks there.
    let from = left_out.find("  filesystem_mirror").expect("it prints a block");
    let block = left_out[from..].split("\n\n").next().unwrap();
    fs::write(&file, format!("provider_installation {{\n{block}\n  direct {{}}\n}}\n")).unwrap();
    assert!(told().contains(&format!("which {} names", file.display())), "{}", told());
}
