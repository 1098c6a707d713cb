//! The listener: a private Unix socket, or a loopback port if a socket is not possible.

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
    /// Binds a Unix socket. Binds a TCP port if the system has no Unix sockets, if the path is too
    /// long, or if no temporary directory is writable.
    ///
    /// # Errors
    /// `PLUGIN_UNIX_SOCKET_DIR` is not writable, the group cannot be set, or no port in the range is
    /// free.
    pub(super) fn bind(settings: &ListenSettings) -> Result<Self, Error> {
        #[cfg(unix)]
        if let Some(listener) = unix::bind(settings)? {
            return Ok(listener);
        }
        bind_loopback(&settings.ports)
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
            fs::{PermissionsExt, chown},
            net::SocketAddr,
        },
        path::{self, Path},
    };

    use tokio::net::UnixListener;

    use super::super::leftovers::Directory;
    use super::{Acceptor, Error, ListenSettings, Listener};

    /// Binds a socket in a new directory. Returns `None` if the path is not usable.
    ///
    /// Between creating the socket and setting its mode, the directory protects it: with mode 0700
    /// no other user can access what is inside, whatever the umask.
    pub(super) fn bind(settings: &ListenSettings) -> Result<Option<Listener>, Error> {
        let group = settings.socket_group.as_deref();
        let group_id = group.map(group_id).transpose()?;
        let failed = |source| Error::SocketDirectory {
            directory: settings.socket_directory.clone(),
            source,
        };
        let Some(directory) = directory(settings).map_err(failed)? else {
            return Ok(None);
        };
        let socket = directory.path().join("socket");
        let Some(address) = as_address(&socket) else {
            return Ok(None);
        };

        let listener = UnixListener::bind(&socket).map_err(failed)?;
        set_mode(&socket, 0o600).map_err(failed)?;
        if let Some((group, number)) = group.zip(group_id) {
            allow_group(directory.path(), &socket, number)
                .map_err(|source| Error::Group { group: group.to_owned(), source })?;
        }
        Ok(Some(Listener {
            acceptor: Acceptor::Unix(listener),
            network: "unix",
            address,
            directory: Some(directory),
        }))
    }

    /// Creates the directory of the socket. Returns `None` if no temporary directory is writable.
    ///
    /// Terraform does not show this error to the user, so if the temporary directory is not writable,
    /// /tmp is used, and then a port. An explicitly configured directory is required.
    fn directory(settings: &ListenSettings) -> io::Result<Option<Directory>> {
        match new_directory(&settings.socket_directory) {
            Err(error) if settings.is_explicit => Err(error),
            Err(_) => Ok(new_directory(Path::new("/tmp")).ok()),
            Ok(directory) => Ok(Some(directory)),
        }
    }

    fn new_directory(parent: &Path) -> io::Result<Directory> {
        Directory::new(&path::absolute(parent)?)
    }

    /// The path as text, if it is short enough for a socket (108 bytes on Linux, 104 on macOS) and
    /// valid in a handshake line.
    fn as_address(socket: &Path) -> Option<String> {
        SocketAddr::from_pathname(socket).ok()?;
        socket.to_str().filter(|path| !path.contains(['|', '\n', '\r'])).map(str::to_owned)
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
        if let Ok(number) = group.parse() {
            return Ok(number);
        }
        let groups = fs::read_to_string("/etc/group").unwrap_or_default();
        let number = groups.lines().find_map(|line| {
            let mut fields = line.split(':');
            (fields.next() == Some(group)).then(|| fields.nth(1)?.parse().ok()).flatten()
        });
        number.ok_or_else(|| Error::UnknownGroup { group: group.to_owned() })
    }
}
