//! The directories of sockets, also those of processes that were killed.
//!
//! A process that is killed cannot remove its directory. Each process locks a file in its directory,
//! and the system releases the lock when the process ends, however it ends. So a directory whose lock
//! is free is a leftover, and the next process of the same user removes it.

use std::{
    fs::{self, File, Permissions},
    io,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
};

use rustix::process::geteuid;

/// The prefix of the names of the directories.
const PREFIX: &str = "terraform-plugin-";

/// The locked file in a directory.
const LOCK: &str = "lock";

/// The directory of a socket. Dropping it removes it.
pub(super) struct Directory {
    directory: tempfile::TempDir,
    _lock: File,
}

impl Directory {
    /// A new directory in this one, which no other user can access.
    ///
    /// # Errors
    /// The directory is not writable.
    pub(super) fn new(parent: &Path) -> io::Result<Self> {
        let directory = tempfile::Builder::new()
            .prefix(PREFIX)
            .permissions(Permissions::from_mode(0o700))
            .tempdir_in(parent)?;
        // Under its name only when it is locked: a directory without a lock file is never removed.
        let unlocked = directory.path().join("unlocked");
        let lock = File::create(&unlocked)?;
        lock.try_lock()?;
        fs::rename(&unlocked, directory.path().join(LOCK))?;
        Ok(Self { directory, _lock: lock })
    }

    pub(super) fn path(&self) -> &Path {
        self.directory.path()
    }

    /// The directory that this one is in.
    pub(super) fn parent(&self) -> PathBuf {
        self.path().parent().map(Path::to_owned).unwrap_or_default()
    }
}

/// Removes what processes of this user that were killed have left in a directory. What cannot be
/// removed stays.
pub(super) fn remove(parent: &Path) {
    let Ok(entries) = fs::read_dir(parent) else { return };
    let named = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().starts_with(PREFIX);
    for entry in entries.flatten().filter(named) {
        let path = entry.path();
        if is_leftover(&path) && fs::remove_dir_all(&path).is_ok() {
            tracing::debug!(path = %path.display(), "removed the socket of a killed process");
        }
    }
}

fn is_leftover(directory: &Path) -> bool {
    let is_own = fs::symlink_metadata(directory)
        .is_ok_and(|found| found.is_dir() && found.uid() == geteuid().as_raw());
    is_own && File::open(directory.join(LOCK)).is_ok_and(|lock| lock.try_lock().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_process_left_is_removed_and_nothing_else() {
        let parent = tempfile::tempdir().expect("a temporary directory");
        let in_use = Directory::new(parent.path()).expect("a directory");
        let killed = Directory::new(parent.path()).expect("a directory");
        let left = killed.path().to_owned();
        File::create(left.join("socket")).expect("a file");
        let Directory { directory, _lock: lock } = killed;
        // As the system does for a process that was killed.
        let _ = directory.keep();
        drop(lock);
        let without_lock = parent.path().join(format!("{PREFIX}other"));
        fs::create_dir(&without_lock).expect("a directory");
        let others = parent.path().join("other");
        fs::create_dir(&others).expect("a directory");
        File::create(others.join(LOCK)).expect("a file");

        remove(parent.path());
        assert!(!left.exists());
        for kept in [in_use.path(), &without_lock, &others] {
            assert!(kept.exists(), "{kept:?}");
        }
    }
}
