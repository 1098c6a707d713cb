//! Where it listens, who can reach that, and that nothing is left of it.

use std::{
    fs,
    net::{Ipv4Addr, TcpListener},
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::Path,
};

use rustix::process::{Signal, getegid};

use super::{handshake, refusal};
use crate::support::{client::Terraform, process::Environment};

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

    let environment = Environment::of_terraform().with("PLUGIN_UNIX_SOCKET_GROUP", "no such group");
    let report = refusal(&environment).await;
    assert!(report.stderr.contains("PLUGIN_UNIX_SOCKET_GROUP"), "{report:?}");
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

#[tokio::test]
async fn a_path_too_long_for_a_socket_leads_to_a_port_of_the_range() {
    let environment = with_long_folder(Environment::of_terraform());
    let terraform = Terraform::start(environment.clone()).await;
    assert_eq!(terraform.handshake.network, "tcp");
    let port =
        terraform.handshake.address.strip_prefix("127.0.0.1:").unwrap().parse::<u16>().unwrap();
    assert!((10000..=25000).contains(&port), "{port}");
    terraform.shutdown().await;

    let environment = environment.without("PLUGIN_MIN_PORT").without("PLUGIN_MAX_PORT");
    assert!(handshake(&environment).await.1.address.starts_with("127.0.0.1:"));
}

#[tokio::test]
async fn a_range_without_a_free_port_is_an_error() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let environment = with_long_folder(Environment::of_terraform());
    let report =
        refusal(&environment.with("PLUGIN_MIN_PORT", &port).with("PLUGIN_MAX_PORT", &port)).await;
    assert!(report.stderr.contains(&port), "{report:?}");
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

/// With a TMPDIR that exists but is too long for the path of a socket.
fn with_long_folder(environment: Environment) -> Environment {
    let folder = environment.folder().join("a".repeat(100));
    fs::create_dir_all(&folder).unwrap();
    environment.with("TMPDIR", folder.to_str().unwrap())
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}
