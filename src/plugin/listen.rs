//! The listener: a private Unix socket, or a loopback port with TLS if a socket is not possible.

use std::{
    io,
    net::{Ipv4Addr, TcpListener as StdTcpListener},
    ops::RangeInclusive,
};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpListener,
};

use super::{Error, handshake::ListenSettings};

/// A bound socket, and its address for the handshake line.
pub(super) struct Listener {
    /// Accepts the connections.
    pub(super) acceptor: Acceptor,
    /// `unix` or `tcp`.
    pub(super) network: &'static str,
    /// An absolute path, or an IP address with port.
    pub(super) address: String,
    /// Must live as long as the socket is used.
    pub(super) directory: SocketDirectory,
}

/// The directory of a Unix socket. Dropping it removes both.
#[cfg(unix)]
pub(super) type SocketDirectory = Option<super::leftovers::Directory>;
#[cfg(not(unix))]
pub(super) type SocketDirectory = Option<()>;

/// Accepts connections of either kind.
pub(super) enum Acceptor {
    #[cfg(unix)]
    Unix(tokio::net::UnixListener),
    Tcp(TcpListener),
}

/// A connection of either kind.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

impl Listener {
    /// Binds a Unix socket. Only if that is not possible, binds a TCP port, and only for an encrypted
    /// connection: every user of the machine can connect to a port, and Terraform sends credentials.
    ///
    /// # Errors
    /// `PLUGIN_UNIX_SOCKET_DIR` is not usable, the group cannot be set, no port in the range is free,
    /// or there is no private place for a connection that is not encrypted.
    pub(super) fn bind(settings: &ListenSettings, is_encrypted: bool) -> Result<Self, Error> {
        let mut unsuitable = Vec::new();
        #[cfg(unix)]
        if let Some(listener) = unix::bind(settings, is_encrypted, &mut unsuitable)? {
            return Ok(listener);
        }
        if is_encrypted {
            return bind_loopback(&settings.ports);
        }
        if cfg!(not(unix)) {
            unsuitable.push("this program has no Unix sockets on this system".to_owned());
        }
        Err(Error::Unprotected { reasons: unsuitable.join("; ") })
    }
}

impl Acceptor {
    /// Waits for the next connection.
    ///
    /// # Errors
    /// The process has no free file descriptors, or the peer has disconnected.
    pub(super) async fn accept(&self) -> io::Result<Box<dyn Stream>> {
        match self {
            #[cfg(unix)]
            Self::Unix(listener) => Ok(Box::new(listener.accept().await?.0)),
            Self::Tcp(listener) => {
                let stream = listener.accept().await?.0;
                stream.set_nodelay(true)?;
                Ok(Box::new(stream))
            }
        }
    }
}

/// Binds the first free port of the range.
fn bind_loopback(ports: &RangeInclusive<u16>) -> Result<Listener, Error> {
    let mut last = io::Error::from(io::ErrorKind::AddrInUse);
    for port in ports.clone() {
        match StdTcpListener::bind((Ipv4Addr::LOCALHOST, port)).and_then(from_std) {
            Ok((listener, address)) => {
                return Ok(Listener {
                    acceptor: Acceptor::Tcp(listener),
                    network: "tcp",
                    address,
                    directory: None,
                });
            }
            Err(error) => last = error,
        }
    }
    Err(Error::PortsTaken { lowest: *ports.start(), highest: *ports.end(), source: last })
}

fn from_std(listener: StdTcpListener) -> io::Result<(TcpListener, String)> {
    let address = listener.local_addr()?.to_string();
    listener.set_nonblocking(true)?;
    Ok((TcpListener::from_std(listener)?, address))
}

#[cfg(unix)]
mod unix {
    use std::{
        fs::{self, Permissions},
        io,
        os::unix::{
            fs::{MetadataExt, PermissionsExt, chown},
            net::SocketAddr,
        },
        path::{self, Path, PathBuf},
    };

    use rustix::process::geteuid;
    use tokio::net::UnixListener;

    use super::super::handshake::SocketDirectories;
    use super::super::leftovers::Directory;
    use super::{Acceptor, Error, ListenSettings, Listener};

    /// Binds a socket in a new directory, in the first parent that is suitable. Returns `None` if
    /// there is none, and adds the reasons to `unsuitable`.
    pub(super) fn bind(
        settings: &ListenSettings,
        is_encrypted: bool,
        unsuitable: &mut Vec<String>,
    ) -> Result<Option<Listener>, Error> {
        let group = settings.socket_group.as_deref();
        let group = group.map(|group| group_id(group).map(|number| (group, number))).transpose()?;
        let socket = match &settings.socket_directories {
            SocketDirectories::Required(parent) => {
                let failed = |source| Error::SocketDirectory { directory: parent.clone(), source };
                Some(
                    path::absolute(parent)
                        .and_then(|parent| Socket::new(&parent))
                        .map_err(failed)?,
                )
            }
            SocketDirectories::Preferred(parents) => parents.iter().find_map(|parent| {
                let socket = suitable(parent, is_encrypted).and_then(|parent| Socket::new(&parent));
                socket.inspect_err(|why| unsuitable.push(format!("{parent:?}: {why}"))).ok()
            }),
        };
        let Some(Socket { directory, path, address, listener }) = socket else { return Ok(None) };
        if let Some((group, number)) = group {
            allow_group(directory.path(), &path, number)
                .map_err(|source| Error::Group { group: group.to_owned(), source })?;
        }
        Ok(Some(Listener {
            acceptor: Acceptor::Unix(listener),
            network: "unix",
            address,
            directory: Some(directory),
        }))
    }

    /// A socket in a directory of its own.
    struct Socket {
        directory: Directory,
        path: PathBuf,
        /// The path as text.
        address: String,
        listener: UnixListener,
    }

    impl Socket {
        /// Creates the directory and the socket, which no other user can access.
        ///
        /// Between creating the socket and setting its mode, the directory protects it: with mode
        /// 0700 no other user can access what is inside, whatever the umask.
        ///
        /// # Errors
        /// The directory is not writable, or the path is not usable.
        fn new(parent: &Path) -> io::Result<Self> {
            let directory = Directory::new(parent)?;
            let path = directory.path().join("socket");
            let address = as_address(&path)?;
            let listener = UnixListener::bind(&path)?;
            set_mode(&path, 0o600)?;
            Ok(Self { directory, path, address, listener })
        }
    }

    /// The path as text, if it is short enough for a socket (108 bytes on Linux, 104 on macOS) and
    /// valid in a handshake line.
    fn as_address(socket: &Path) -> io::Result<String> {
        SocketAddr::from_pathname(socket)?;
        let text = socket.to_str().filter(|path| !path.contains(['|', '\n', '\r']));
        text.map(str::to_owned).ok_or_else(|| {
            io::Error::other("its path has a character that the handshake line cannot contain")
        })
    }

    /// The real path of a directory. If the connection is not encrypted, the protection is that no
    /// other user can replace the socket: then nobody else may be able to rename what is in the
    /// directory or above it.
    fn suitable(directory: &Path, is_encrypted: bool) -> io::Result<PathBuf> {
        let directory = fs::canonicalize(directory)?;
        if is_encrypted {
            return Ok(directory);
        }
        // The owner of the root directory is root, or root as a container shows it.
        let trusted = [0, geteuid().as_raw(), fs::metadata("/")?.uid()];
        for ancestor in directory.ancestors() {
            let found = fs::metadata(ancestor)?;
            let (is_shared, is_sticky) = (found.mode() & 0o022 != 0, found.mode() & 0o1000 != 0);
            if !trusted.contains(&found.uid()) || is_shared && !is_sticky {
                let message = format!("other users can replace files in {ancestor:?}");
                return Err(io::Error::other(message));
            }
        }
        Ok(directory)
    }

    /// Allows a group to enter the directory and write to the socket.
    fn allow_group(directory: &Path, socket: &Path, group: u32) -> io::Result<()> {
        for (path, mode) in [(directory, 0o710), (socket, 0o660)] {
            chown(path, None, Some(group))?;
            set_mode(path, mode)?;
        }
        Ok(())
    }

    /// Sets the mode, whatever the umask is.
    fn set_mode(path: &Path, mode: u32) -> io::Result<()> {
        fs::set_permissions(path, Permissions::from_mode(mode))
    }

    /// The ID of a group, given by ID or by its name in `/etc/group`. Other group databases require
    /// the C library, which is not worth it: only container runtimes set this variable.
    fn group_id(group: &str) -> Result<u32, Error> {
        let groups = fs::read_to_string("/etc/group").unwrap_or_default();
        let named = || {
            groups.lines().find_map(|line| {
                let mut fields = line.split(':');
                (fields.next() == Some(group)).then(|| fields.nth(1)?.parse().ok()).flatten()
            })
        };
        // The system takes the highest number for "do not change the group".
        let number = group.parse().ok().or_else(named).filter(|number| *number != u32::MAX);
        number.ok_or_else(|| Error::UnknownGroup { group: group.to_owned() })
    }
}

#[cfg(all(test, unix))]
mod tests;
