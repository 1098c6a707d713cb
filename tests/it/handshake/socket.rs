//! Where it listens, who can reach that, and that nothing is left of it.

use std::{
    fs::{self, Permissions},
    os::unix::{
        fs::{MetadataExt, PermissionsExt},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::Command,
};

use rustix::process::{Signal, getegid, geteuid};
use serde_json::Value as Json;

use super::{handshake, refusal};
use crate::support::{
    client::Terraform,
    process::{Environment, Process},
};

#[tokio::test]
async fn the_socket_is_nobody_elses_and_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    let in_own_folder =
        Environment::of_terraform().with("PLUGIN_UNIX_SOCKET_DIR", folder.path().to_str().unwrap());
    let in_temporary_folder = Environment::of_terraform();
    let temporary_folder = in_temporary_folder.folder().to_owned();
    for (environment, folder) in
        [(in_own_folder, folder.path()), (in_temporary_folder, &temporary_folder)]
    {
        let _kept = environment.clone();
        let terraform = Terraform::start(environment).await;
        let socket = Path::new(&terraform.handshake.address);
        assert!(socket.starts_with(folder), "{socket:?}");
        assert_eq!(mode(socket), 0o600);
        assert_eq!(mode(socket.parent().unwrap()), 0o700);
        terraform.shutdown().await;
        assert_eq!(fs::read_dir(folder).unwrap().count(), 0, "something is left in {folder:?}");
    }
}

#[tokio::test]
async fn the_socket_is_removed_when_a_signal_ends_the_process() {
    for signal in [Signal::TERM, Signal::HUP] {
        let environment = Environment::of_terraform();
        let (mut process, _) = handshake(&environment).await;
        process.signal(signal);
        assert_eq!(process.wait().await.code, Some(0));
        assert_eq!(fs::read_dir(environment.folder()).unwrap().count(), 0);
    }
}

#[tokio::test]
async fn a_group_may_be_let_in() {
    let group = getegid().as_raw();
    let environment =
        Environment::of_terraform().with("PLUGIN_UNIX_SOCKET_GROUP", &group.to_string());
    let (_process, handshake) = handshake(&environment).await;
    let socket = Path::new(&handshake.address);
    assert_eq!((mode(socket), mode(socket.parent().unwrap())), (0o660, 0o710));
    assert_eq!(fs::metadata(socket).unwrap().gid(), group);

    // The last one means "do not change the group" to the system.
    for group in ["no such group", "-1", "4294967296", "4294967295"] {
        let environment = Environment::of_terraform().with("PLUGIN_UNIX_SOCKET_GROUP", group);
        let report = refusal(&environment).await;
        assert!(report.stderr.contains("PLUGIN_UNIX_SOCKET_GROUP"), "{report:?}");
    }
}

#[tokio::test]
async fn a_folder_for_plugins_that_cannot_be_written_is_named() {
    let folder = "/dev/null/folder";
    let report = refusal(&Environment::of_terraform().with("PLUGIN_UNIX_SOCKET_DIR", folder)).await;
    assert!(report.stderr.contains(folder), "{report:?}");
    assert!(report.stderr.contains("PLUGIN_UNIX_SOCKET_DIR"), "{report:?}");
}

#[tokio::test]
async fn a_temporary_folder_that_cannot_be_written_is_replaced_by_another() {
    let terraform =
        Terraform::start(Environment::of_terraform().with("TMPDIR", "/dev/null/folder")).await;
    let socket = Path::new(&terraform.handshake.address).to_owned();
    assert!(socket.starts_with("/tmp"), "{socket:?}");
    assert_eq!(mode(socket.parent().unwrap()), 0o700);
    terraform.shutdown().await;
    assert!(!socket.exists());
}

/// Folders that exist, and in which no socket can be.
fn folders_without_room(parent: &Path) -> Vec<PathBuf> {
    let names = ["a".repeat(100), "one|two".to_owned(), "one\ntwo".to_owned()];
    let folders: Vec<PathBuf> = names.iter().map(|name| parent.join(name)).collect();
    folders.iter().for_each(|folder| fs::create_dir_all(folder).unwrap());
    folders
}

#[tokio::test]
async fn a_temporary_folder_whose_path_no_socket_can_have_is_replaced_by_another() {
    let parent = tempfile::tempdir().unwrap();
    let of_the_user = parent.path().join("run");
    fs::create_dir(&of_the_user).unwrap();
    for folder in folders_without_room(parent.path()) {
        let environment = Environment::of_terraform().with("TMPDIR", folder.to_str().unwrap());
        let with_another =
            environment.clone().with("XDG_RUNTIME_DIR", of_the_user.to_str().unwrap());
        for (environment, parent) in
            [(environment, Path::new("/tmp")), (with_another, &of_the_user)]
        {
            let terraform = Terraform::start(environment).await;
            let socket = PathBuf::from(&terraform.handshake.address);
            assert!(socket.starts_with(parent), "{socket:?}");
            assert_eq!(mode(socket.parent().unwrap()), 0o700);
            terraform.shutdown().await;
            assert!(!socket.exists());
        }
    }
}

/// Without TLS the socket is all that keeps other users away, so there is no other kind of address.
#[tokio::test]
async fn in_debug_mode_the_address_is_a_socket_that_no_other_user_reaches() {
    let parent = tempfile::tempdir().unwrap();
    let shared = parent.path().join("shared");
    fs::create_dir(&shared).unwrap();
    fs::set_permissions(&shared, Permissions::from_mode(0o777)).unwrap();
    let mut folders = folders_without_room(parent.path());
    folders.extend([parent.path().to_owned(), shared.clone(), "/dev/null/folder".into()]);
    for folder in folders {
        let environment = Environment::bare().with("TMPDIR", folder.to_str().unwrap());
        let mut process = Process::start(&["--debug"], &environment);
        let line = process.first_line().await.unwrap();
        let (_, json) = line.split_once('=').unwrap();
        let json: Json = serde_json::from_str(json.trim_matches('\'')).unwrap();
        let address = &json["registry.terraform.io/workspaces-dr/aws-workspaces"]["Addr"];
        assert_eq!(address["Network"], "unix", "{line}");
        let socket = PathBuf::from(address["String"].as_str().unwrap());
        assert!(!socket.starts_with(&shared), "{socket:?}");
        assert_eq!((mode(&socket), mode(socket.parent().unwrap())), (0o600, 0o700));
        // Only root can ask as another user.
        if geteuid().is_root() {
            let mut list = Command::new("ls");
            let listed = list.arg(&socket).uid(65534).gid(65534).output().unwrap();
            assert!(!listed.status.success(), "{listed:?}");
        }
        process.signal(Signal::INT);
        assert_eq!(process.wait().await.code, Some(0));
        assert!(!socket.exists());
    }
}

#[tokio::test]
async fn a_folder_for_sockets_whose_path_no_socket_can_have_is_named() {
    let parent = tempfile::tempdir().unwrap();
    for folder in folders_without_room(parent.path()) {
        let environment = Environment::of_terraform();
        let environment = environment.with("PLUGIN_UNIX_SOCKET_DIR", folder.to_str().unwrap());
        let report = refusal(&environment).await;
        assert!(report.stderr.contains("PLUGIN_UNIX_SOCKET_DIR"), "{report:?}");
    }
}

#[tokio::test]
async fn a_range_that_makes_no_sense_is_an_error() {
    for (lowest, highest) in [("2", "1"), ("many", "1"), ("1", "65536")] {
        let environment = Environment::of_terraform()
            .with("PLUGIN_MIN_PORT", lowest)
            .with("PLUGIN_MAX_PORT", highest);
        let report = refusal(&environment).await;
        assert!(report.stderr.contains("_PORT"), "{report:?}");
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}
