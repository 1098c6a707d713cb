use std::{
    fs::{self, Permissions},
    ops::RangeInclusive,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
};

use super::*;
use crate::plugin::handshake::SocketDirectories;

fn bind(
    directories: SocketDirectories,
    ports: RangeInclusive<u16>,
    is_encrypted: bool,
) -> Result<Listener, Error> {
    let settings = ListenSettings { socket_directories: directories, socket_group: None, ports };
    Listener::bind(&settings, is_encrypted)
}

/// Directories in which no socket can be made.
fn unsuitable(parent: &Path) -> Vec<PathBuf> {
    let names = ["long ".repeat(30), "field|field".to_owned(), "line\nline".to_owned()];
    let directories: Vec<PathBuf> = names.iter().map(|name| parent.join(name)).collect();
    directories.iter().for_each(|directory| fs::create_dir(directory).expect("a new folder"));
    directories.into_iter().chain([parent.join("absent")]).collect()
}

#[tokio::test]
async fn the_first_suitable_directory_is_used() {
    let parent = tempfile::tempdir().unwrap();
    let mut directories = unsuitable(parent.path());
    let (good, next) = (parent.path().join("good"), parent.path().join("next"));
    for directory in [&good, &next] {
        fs::create_dir(directory).unwrap();
        directories.push(directory.clone());
    }
    for is_encrypted in [false, true] {
        let directories = SocketDirectories::Preferred(directories.clone());
        let listener = bind(directories, 0..=0, is_encrypted).unwrap();
        assert_eq!(listener.network, "unix");
        assert!(Path::new(&listener.address).starts_with(&good), "{}", listener.address);
    }
}

#[tokio::test]
async fn a_port_is_only_used_with_tls() {
    let parent = tempfile::tempdir().unwrap();
    for directory in unsuitable(parent.path()) {
        let directories = || SocketDirectories::Preferred(vec![directory.clone()]);
        let listener = bind(directories(), 20000..=30000, true).unwrap();
        assert_eq!(listener.network, "tcp");
        let port: u16 = listener.address.strip_prefix("127.0.0.1:").unwrap().parse().unwrap();
        assert!((20000..=30000).contains(&port), "{port}");
        assert!(bind(directories(), 0..=0, true).unwrap().address.starts_with("127.0.0.1:"));
        let Err(Error::Unprotected { reasons }) = bind(directories(), 0..=0, false) else {
            panic!("{directory:?} was used without TLS");
        };
        assert!(reasons.contains(&format!("{directory:?}")), "{reasons}");
    }
}

#[tokio::test]
async fn a_range_without_a_free_port_is_an_error() {
    let taken = StdTcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let directories = SocketDirectories::Preferred(Vec::new());
    let found = bind(directories, port..=port, true);
    assert!(matches!(found, Err(Error::PortsTaken { .. })));
}

#[tokio::test]
async fn a_required_directory_is_not_replaced_by_another() {
    let parent = tempfile::tempdir().unwrap();
    for directory in unsuitable(parent.path()) {
        for is_encrypted in [false, true] {
            let found = bind(SocketDirectories::Required(directory.clone()), 0..=0, is_encrypted);
            assert!(matches!(found, Err(Error::SocketDirectory { .. })), "{directory:?}");
        }
    }
}

#[tokio::test]
async fn without_tls_a_directory_in_which_others_can_replace_files_is_not_used() {
    let parent = tempfile::tempdir().unwrap();
    let (shared, own) = (parent.path().join("shared"), parent.path().join("shared/own"));
    fs::create_dir_all(&own).unwrap();
    let link = parent.path().join("link");
    symlink(&own, &link).unwrap();
    for (mode, is_protected) in [(0o777, false), (0o770, false), (0o1777, true), (0o755, true)] {
        fs::set_permissions(&shared, Permissions::from_mode(mode)).unwrap();
        for directory in [&shared, &own, &link] {
            let directories = || SocketDirectories::Preferred(vec![directory.clone()]);
            assert!(bind(directories(), 0..=0, true).is_ok());
            let found = bind(directories(), 0..=0, false);
            assert_eq!(found.is_ok(), is_protected, "{directory:?} below mode {mode:o}");
        }
    }
    // Only root can give a directory to another user.
    if std::os::unix::fs::chown(&shared, Some(65534), None).is_ok() {
        assert!(bind(SocketDirectories::Preferred(vec![own]), 0..=0, false).is_err());
    }
}
